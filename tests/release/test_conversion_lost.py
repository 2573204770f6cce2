"""Conversion loses nothing without a word, and what it makes of a notebook can be written on by students."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.cli.converting import at_its_cell
from autograder.errors import AuthorError
from autograder.release.conversion.imports import without_idle_imports
from autograder.release.conversion.probes import apart
from autograder.release.conversion.reading import read_notebook
from autograder.release.conversion.writing import Converted, converted
from autograder.release.sections import without_answer_cell
from autograder.release.stub import make_stub
from autograder.spec.loading import parse_model
from autograder.spec.models import Question
from autograder.spec.rubric import Rubric
from tests.release.notebook_cells import answer, code, graded, md, otter, raw, write

SOLUTION = "def f(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION"
TESTED = '""" # BEGIN TEST CONFIG\npoints: 2\nhidden: true\nfailure_message: Stable?\n"""'
TESTED += " # END TEST CONFIG\nassert f(1) == 1"
PROMPTED = (
    "def f(x):\n    # BEGIN SOLUTION NO PROMPT\n    return x\n    # END SOLUTION\n"
    '    """ # BEGIN PROMPT\n    y = ...\n    return y\n    """; # END PROMPT'
)


def made_of(folder: Path, *cells: object) -> Converted:
    return converted(read_notebook(write(folder, *cells)), "lab")  # type: ignore[arg-type]


def test_points_and_messages_of_tests_are_reported(tmp_path: Path) -> None:
    todo = "\n".join(made_of(tmp_path, *otter("name: q1\npoints: [1, 2]\nall_or_nothing: true", SOLUTION, TESTED)).todo)
    for said in ("`points`: 2", "`failure_message`: 'Stable?'", "[1, 2]", "`case_points`", "all_or_nothing"):
        assert said in todo


def test_the_cell_on_exporting_is_left_out_and_named(tmp_path: Path) -> None:
    made = made_of(tmp_path, *otter("name: q1", SOLUTION, "assert f(1) == 1"), md("Run the export cell below."))
    assert "export" not in made.files["solutions/lab/lab.py"] + made.files["assignments/lab/handout.md"]
    assert "'Run the export cell below.'" in "\n".join(made.todo)


@pytest.mark.parametrize("tool", ["otter", "nbgrader"])
def test_a_written_question_has_a_cell_for_the_answer_and_a_rubric(tmp_path: Path, tool: str) -> None:
    cells = {
        "otter": [raw("# BEGIN QUESTION\nname: why\nmanual: true\npoints: 2"), md("## Why\n\nWhy?"),
                  raw("# BEGIN SOLUTION"), code("plot(1)  # SOLUTION"), raw("# END SOLUTION"), raw("# END QUESTION")],
        "nbgrader": [md("## Why\n\nWhy?"), md("Because.", grade=True, solution=True, grade_id="why", points=2)],
    }[tool]  # fmt: skip
    made = made_of(tmp_path, *cells)
    assert made.files["solutions/lab/lab.py"].rstrip().endswith("# %% [markdown]\n# *Your answer:*")
    (item,) = parse_model(made.files["solutions/lab/rubric.toml"], "rubric.toml", Rubric).items
    assert (item.question, item.points) == ("why", 2)
    right = "plot(1)" if tool == "otter" else "Because."
    assert right in made.files["solutions/lab/rubric.md"]
    assert "SOLUTION" not in made.files["solutions/lab/rubric.md"]


def test_a_place_for_the_answer_is_a_cell_or_the_mark() -> None:
    why = Question(id="why", title="Why", kind="written", points=2)
    head = "# %% [markdown]\n# ## Why (`why`)\n"
    assert without_answer_cell(head, [why]) == ("why",)
    assert without_answer_cell(head + "#\n# *Your answer:*\n", [why]) == ()
    assert without_answer_cell(head + "\n# %% [markdown]\n# *Write your answer here.*\n", [why]) == ()


def test_a_prompt_in_a_string_is_what_students_get(tmp_path: Path) -> None:
    made = made_of(tmp_path, *otter("name: q1", PROMPTED, "assert f(1) == 1"))
    stub = make_stub(made.files["solutions/lab/lab.py"], "lab.py")
    assert "    y = ...\n    return y" in stub
    assert "return x" not in stub


def test_what_asserts_that_something_raises_is_a_case_by_itself(tmp_path: Path) -> None:
    raising = "try:\n    f(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no')"
    assert [len(part.splitlines()) for part in apart(f"a = 1\nassert f(a) == 1\n{raising}")] == [2, 7]
    tests = f"assert f(1) == 1\n### BEGIN HIDDEN TESTS\nassert f(2) == 2\n### END HIDDEN TESTS\n{raising}"
    made = made_of(tmp_path, md("## F"), answer(SOLUTION, "f"), graded(tests))
    cases = made.files["solutions/lab/cases/f.py"].split("@case(")[1:]
    assert [("public=True" in c, "TODO" in c, "AssertionError" in c) for c in cases] == [
        (True, False, False), (True, True, True), (False, False, False),
    ]  # fmt: skip


def test_imports_that_nothing_uses_are_left_out() -> None:
    text = "import numpy as np\nimport matplotlib.pyplot as plt\nfrom math import (\n    pi,\n)\n\nx = np.ones(2)\n"
    assert without_idle_imports(text) == ("import numpy as np\n\nx = np.ones(2)\n", ["matplotlib.pyplot", "math"])


def test_a_fault_of_what_was_made_is_told_at_the_notebook() -> None:
    error = AuthorError("`# END PROMPT` without its begin", where="/c/solutions/lab/lab.py:2")
    text = at_its_cell(error, Path("lab.ipynb"), {"solutions/lab/lab.py": "a\n  # END PROMPT\n"}).text()
    for said in ("lab.ipynb: nothing can be made of it", "found:    # END PROMPT", "nothing was written"):
        assert said in text
    assert "lab.py" not in text
