"""A function that draws from a generator of its own, not from the one that it is handed, loses a case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from autograder.grading.source import AssignmentSource
from autograder.verify.exam import GATES, Options, verify_assignment
from autograder.verify.report import Row
from tests.fakes import FakeSandbox
from tests.small_course import CASES, REFERENCE

Make = Callable[..., AssignmentSource]
DRAWS = REFERENCE.replace("def mean(x):", "def mean(x, rng):").replace(
    "return float(np.mean(x))", "return x + rng.standard_normal(x.shape)"
)
JUDGES = """
import numpy as np
from autograder.checks import Measured, array_of, satisfies


def _any_draw(outputs, world):
    return Measured(0.0 if array_of(outputs) is not None else np.inf)


def _one_seed_one_answer(outputs, world):
    if not isinstance(outputs, list) or len(outputs) != 3:
        return Measured(np.inf, "three are asked for")
    first, again, other = map(array_of, outputs)
    return Measured(0.0 if np.array_equal(first, again) and not np.array_equal(first, other) else np.inf)


def _same_twice(outputs, world):
    return Measured(0.0 if np.array_equal(*map(array_of, outputs[:2])) else np.inf)

"""
THREE = "[student.mean(np.zeros(5), rng=np.random.default_rng(s)) for s in (7, 7, 8)]"


def row_of(course: Make, check: str, probe: str, allowed: str = "") -> Row:
    cases = CASES.replace("import close\n", "import close\n" + JUDGES)
    for shape in ("(3,)", "(3, 5)"):
        cases = cases.replace(f"student.mean(world.normal({shape}))", probe)
    head, first, second = cases.rsplit("check=close()", 2)
    source = course(cases=f"{head}check={check}{first}check={check}{second}", reference=DRAWS, misconceptions="")
    (Path(source.private_folder) / "allowed.toml").write_text(allowed)
    gates = tuple(g for g in GATES if g.name == "generators")
    return verify_assignment(FakeSandbox(), source, Options(jobs=1), gates=gates).gate("generators")


def test_a_case_that_any_draw_passes_is_told(course: Make) -> None:
    row = row_of(course, "satisfies(_any_draw)", "student.mean(np.zeros(5), np.random.default_rng(7))")
    assert row.status == "fail"
    (problem,) = row.problems
    assert problem.where.startswith("solutions/small/small.py:")
    assert problem.where.endswith("function `mean`")
    assert "ignoring the generator that it is handed costs nothing (it draws from one that always has" in problem.what


def test_who_is_compared_with_the_reference_loses(course: Make) -> None:
    row = row_of(course, "close()", "student.mean(np.zeros(5), np.random.default_rng(7))")
    assert (row.status, row.figures) == ("pass", "1 functions are handed one; a generator of their own loses a case")


def test_two_draws_of_one_seed_and_one_of_another_tell_both_ways(course: Make) -> None:
    assert row_of(course, "satisfies(_one_seed_one_answer)", THREE).status == "pass"


def test_two_draws_of_one_seed_alone_let_a_fixed_seed_pass(course: Make) -> None:
    row = row_of(course, "satisfies(_same_twice)", THREE)
    assert [p.what[-53:] for p in row.problems] == ["nothing (it draws from one that always has the same seed)"[-53:]]


def test_what_the_text_leaves_open_is_allowed_with_a_reason(course: Make) -> None:
    entry = '[[allowed]]\ngate = "generators"\nfunction = "mean"\nreason = "the text says: any draw"\n'
    row = row_of(course, "satisfies(_any_draw)", "student.mean(np.zeros(5), np.random.default_rng(7))", entry)
    assert (row.status, row.figures[-9:]) == ("pass", "1 allowed")


def test_without_a_generator_there_is_no_such_gate(course: Make) -> None:
    gates = tuple(g for g in GATES if g.name == "generators")
    assert verify_assignment(FakeSandbox(), course(), Options(jobs=1), gates=gates).rows == ()
