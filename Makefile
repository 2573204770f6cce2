# Each target makes the virtual environment that it needs. PYTHON and VENV may be set from outside.
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin

.PHONY: demo test test-all lint bench e2e clean

demo: $(VENV)/installed
	$(RUN)/autograder demo -o demo

# Attacks run in two shards beside each other: what one leaves behind is laid to it alone (tests/hostile/den.py).
test: $(VENV)/installed lint
	$(RUN)/python -m pytest -n 2 --dist loadfile --ignore tests/hostile -m "not docker and not gpu and not slow"
	$(RUN)/python -m pytest -n 2 --dist worksteal tests/hostile -m "not docker and not gpu and not slow"

test-all: $(VENV)/installed
	$(RUN)/python -m pytest -n 2 --dist loadfile --ignore tests/hostile -m "not docker and not gpu"
	$(RUN)/python -m pytest -n 2 --dist worksteal tests/hostile -m "not docker and not gpu"

lint: $(VENV)/installed
	$(RUN)/ruff check .
	$(RUN)/ruff format --check autograder tests
	$(RUN)/mypy

bench: $(VENV)/installed
	$(RUN)/python -m bench

e2e: $(VENV)/installed
	$(RUN)/python -m pytest -m docker tests/e2e

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN)/pip install -q -c constraints.txt -e ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) demo out build dist
