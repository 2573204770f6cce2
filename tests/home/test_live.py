"""A running notebook: places as it shows them, the text in force, and the bans of grading."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import IPython
import pytest
from IPython.core.interactiveshell import InteractiveShell

from autograder.grading.bundle import Bundle
from autograder.home.examining import examined
from autograder.home.installed import Public
from autograder.home.live import CellIds, from_names
from autograder.home.results import QuestionResult
from tests.home.support import public_of


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance(history_manager=None)
    made.history_manager.enabled = False
    monkeypatch.setattr(IPython, "get_ipython", lambda: made)  # tests of workers leave a stand-in there
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


@pytest.fixture
def public(bundle: Bundle) -> Public:
    made = public_of(bundle)
    first = replace(made.facts.questions[0], forbidden=("numpy.dot", "numpy.einsum"), functions=("neuron",))
    return Public(made.bundle, replace(made.facts, questions=(first, *made.facts.questions[1:])))


def check(public: Public, shell: Any, ids: CellIds | None = None) -> QuestionResult:
    loaded, index = from_names(shell.user_ns, public.facts, ids)
    return examined(public, public.facts.question("neuron"), loaded, index)


def run(shell: Any, text: str, cell_id: str | None = None) -> None:
    shell.run_cell(text, store_history=True, cell_id=cell_id)


def test_a_mistake_is_placed_in_the_cell_as_the_notebook_numbers_it(shell: Any, public: Public) -> None:
    run(shell, "import numpy as np")
    run(shell, "BIAS = 0.25\n\n\ndef neuron(w, x):\n    return w @ x + BIAS + [][3]")
    (case,) = check(public, shell).cases
    assert case.verdict.message == (
        "IndexError: list index out of range (cell In[2], line 5, in `neuron`: `return w @ x + BIAS + [][3]`)"
    )


def test_an_exception_of_the_call_itself_is_never_placed_in_our_files(shell: Any, public: Public) -> None:
    run(shell, "def neuron(w):\n    return 1.0")
    (case,) = check(public, shell).cases
    assert "takes 1 positional argument but 2 were given" in case.verdict.message
    assert "(in the test case, at `return student.neuron(three(world), three(world))`)" in case.verdict.message
    assert "selfcheck" not in case.verdict.message
    assert "autograder" not in case.verdict.message


def test_a_forbidden_name_is_found_in_the_cell_that_uses_it(shell: Any, public: Public) -> None:
    run(shell, "import numpy as np\nBIAS = 0.25")
    run(shell, "def neuron(w, x):\n    return float(np.dot(w, x) + BIAS)\ngrader.check('neuron')")
    (case,) = check(public, shell).cases
    assert case.verdict.status == "forbidden"
    assert case.verdict.message == (
        "`numpy.dot` may not be used in this question (cell In[2], line 2: `return float(np.dot(w, x) + BIAS)`)"
    )


def test_what_was_replaced_is_not_held_against_anybody(shell: Any, public: Public) -> None:
    run(shell, "import numpy as np\nBIAS = 0.25")
    run(shell, "def neuron(w, x):\n    return float(np.dot(w, x) + BIAS)")
    run(shell, "def neuron(w, x):\n    return float(w @ x + BIAS)")
    result = check(public, shell)
    assert result.good, result


def test_of_a_cell_that_ran_twice_the_later_text_counts(shell: Any, public: Public) -> None:
    ids = CellIds()
    ids.listen(shell)
    run(shell, "from numpy import dot as times\nBIAS = 0.25", "a")
    run(shell, "def neuron(w, x):\n    return float(times(w, x) + BIAS)", "b")
    assert check(public, shell, ids).cases[0].verdict.status == "forbidden"
    run(shell, "times = lambda w, x: w @ x\nBIAS = 0.25", "a")
    assert check(public, shell, ids).good


def test_a_function_that_is_still_to_be_written_is_told_although_all_cases_pass(shell: Any, public: Public) -> None:
    first = replace(public.facts.questions[0], functions=("neuron", "later", "C.method"))
    public = Public(public.bundle, replace(public.facts, questions=(first,)))
    run(shell, "BIAS = 0.25\ndef neuron(w, x):\n    return float(w @ x + BIAS)")
    run(shell, 'def later(x):\n    raise NotImplementedError("write later")')
    run(shell, 'class C:\n    def method(self):\n        raise NotImplementedError("write C.method")')
    result = check(public, shell)
    assert result.passed == 1
    assert result.unwritten == ("later", "C.method")
    assert not result.good


def test_without_a_shell_there_are_names_and_no_text(public: Public) -> None:
    names: dict[str, Any] = {}
    exec(compile(ast.parse("def neuron(w, x):\n    return [][0]"), "<somewhere>", "exec"), names)
    loaded, index = from_names(names, public.facts)
    assert index is None
    (case,) = examined(public, public.facts.question("neuron"), loaded, index).cases
    assert case.verdict.message == "IndexError: list index out of range (your code, line 2, in `neuron`)"
