"""What was trained once and written down earns nothing where training is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.grading.source import AssignmentSource
from autograder.verify import gate
from autograder.verify.report import Report
from tests.small_course import CASES
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
LOOKS = """
from autograder.checks import Measured, satisfies


def _near(value):
    return lambda outputs, world: Measured(abs(float(outputs) - value(world)), "far from the mean")


def _of_the_world(world):
    return world.normal((3,)).mean()
"""
WORDS = (
    "case `mean_of_a_matrix`: what was trained once, in the world of the handout, gets 1 of its points in another\n"
    "    fix: train in the world of the case"
)


def learning(inputs: str, public: str, hidden: str) -> str:
    """The small course whose second question stands for a training on `inputs`, with these checks."""
    cases = CASES.replace("import close\n", "import close\n" + LOOKS)
    cases = cases.replace("student.mean(world.normal((3,)))", f"student.mean({inputs})")
    cases = cases.replace("student.mean(world.normal((3, 5)))", f"student.mean({inputs})")
    head, first, second = cases.rsplit("check=close()", 2)
    return f"{head}check={public}{first}check={hidden}{second}"


@pytest.fixture(autouse=True)
def every_case_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "DEAR", -1.0)


def test_a_training_whose_result_is_the_same_in_every_world_is_found(course: Make, exam: Exam) -> None:
    same = "satisfies(_near(lambda world: 2.0), 1e-2)"
    cases = learning("np.array([1.0, 2.0, 3.0]) + world.normal((3,)) * 1e-4", same, same)
    text = said(exam(course(cases=cases.replace("from autog", "import numpy as np\nfrom autog", 1))), "trained answers")
    assert text.startswith("fail")
    assert " ".join(WORDS.split()) in " ".join(text.split())


def test_a_training_in_the_world_of_the_case_passes(course: Make, exam: Exam) -> None:
    own = "satisfies(_near(_of_the_world), 1e-9)"
    row = exam(course(cases=learning("world.normal((3,))", own, own))).gate("trained answers")
    assert (row.status, row.figures) == ("pass", "4 cases that train give nothing to results of another training")


def test_what_the_handout_does_not_show_is_known_to_who_ran_it(course: Make, exam: Exam) -> None:
    same = "satisfies(_near(lambda world: 2.0), 1e-2)"
    cases = learning("np.array([1.0, 2.0, 3.0]) + world.normal((3,)) * 1e-4", same, same)
    report = exam(course(cases=cases.replace("from autog", "import numpy as np\nfrom autog", 1)))
    assert "mean_of_a_matrix" not in said(report, "replay")


def test_without_training_there_is_no_such_gate(course: Make, exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "DEAR", 1.0)
    assert all(row.gate != "trained answers" for row in exam(course()).rows)
