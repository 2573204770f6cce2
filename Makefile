# Each target makes the virtual environment that it needs. PYTHON and VENV may be set from outside.
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin
# A script that brings up a Docker engine and makes a base image, for `make e2e` on machines that have neither.
DOCKER_UP ?= $(wildcard ../shared/docker/up)
# What `make test` leaves to targets of their own.
QUICK = not (slow or docker or gpu or browser or venv or slurm or exam)
PYTEST = $(RUN)/python -m pytest --durations=20 --durations-min=1

.PHONY: demo test test-all test-pythons test-debian13 exam exam-all docs lint bench browser venv slurm gpu e2e has-docker clean

demo: $(VENV)/installed
	$(RUN)/autograder demo -o demo

# Attacks run in two shards beside each other: what one leaves behind is laid to it alone (tests/hostile/den.py).
test: $(VENV)/installed lint
	$(PYTEST) -n 2 --dist loadfile --ignore tests/hostile -m "$(QUICK)"
	$(PYTEST) -n 2 --dist worksteal tests/hostile -m "$(QUICK)"

test-all: $(VENV)/installed
	$(PYTEST) -n 2 --dist loadfile --ignore tests/hostile -m "not (docker or gpu or slurm)"
	$(PYTEST) -n 2 --dist worksteal tests/hostile -m "not (docker or gpu or slurm)"

# Assignments that changed since BASE (by itself: since the main branch), or all of them.
exam: $(VENV)/installed
	$(RUN)/python -m tests.assignments.exam --base "$(BASE)"

exam-all: $(VENV)/installed
	$(RUN)/python -m tests.assignments.exam --all

# The suite on other Pythons that are here; and on Debian 13's Python and PyTorch, in a folder of its own (root, network).
test-pythons:
	.ci/pythons

test-debian13:
	.ci/debian13

# Pages that are made from the code; tests hold that they are fresh.
docs: $(VENV)/installed
	$(RUN)/python -m autograder.cli.reference README.md
	$(RUN)/python -m autograder.cli.manual docs/reference.md
	$(RUN)/python -m autograder.cli.curriculum docs/curriculum.md

lint: $(VENV)/installed
	$(RUN)/ruff check .
	$(RUN)/ruff format --check autograder tests
	$(RUN)/mypy

bench: $(VENV)/installed
	$(RUN)/python -m bench

# Tests that need something: each marker has its target. Exit status 5 of pytest: no test has the marker yet.
venv slurm gpu: $(VENV)/installed
	$(PYTEST) -m "$@" tests || [ $$? -eq 5 ]

browser: $(VENV)/with-browser
	$(PYTEST) -m "browser and not slow" tests || [ $$? -eq 5 ]

e2e: $(VENV)/installed
	AUTOGRADER_DOCKER_UP="$(DOCKER_UP)" $(PYTEST) -m docker tests/e2e

has-docker:
	@docker info >/dev/null 2>&1 || [ -n "$(DOCKER_UP)" ]

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN)/pip install -q -c constraints.txt -e ".[dev]"
	touch $@

$(VENV)/with-browser: $(VENV)/installed
	$(RUN)/pip install -q -c constraints.txt -e ".[dev,browser]"
	touch $@

clean:
	rm -rf $(VENV) .venv-* demo out build dist
