"""Reach: a case that is out of reach of a change need not be run again."""

from __future__ import annotations

from autograder.authoring.loading import load_cases
from autograder.grading.reach import changed_names, known_names, reach_of
from autograder.verify.flaky import planned

REFERENCE = """
import numpy as np
SCALE = 2
def helper(x): return SCALE * x
def first(x): return helper(x)
def second(x): return x
class Third:
    def go(self): return second(1)
"""
CASES = '''
from autograder.authoring import case
def run(student, world): return student.first(world.normal())
@case("q")
def one(student, world):
    """One."""
    return run(student, world)
@case("q")
def two(student, world):
    """Two."""
    return student.Third().go()
@case("q")
def by_name(student, world):
    """By name."""
    return [getattr(student, name)(1) for name in ("second",)]
'''


def test_a_change_reaches_the_cases_that_call_it_through_others() -> None:
    reach = reach_of(REFERENCE, load_cases(CASES))
    assert reach.cases({"SCALE"}) == ("one",)
    assert reach.cases({"second"}) == ("two", "by_name")
    assert reach.cases({"nothing"}) == ()
    assert reach.cases(None) == ("one", "two", "by_name")


def test_changed_names_are_those_whose_definition_differs() -> None:
    assert changed_names(REFERENCE, REFERENCE.replace("SCALE * x", "SCALE + x")) == {"helper"}
    assert changed_names(REFERENCE, REFERENCE.replace("SCALE = 2", "SCALE = 3")) == {"SCALE"}
    assert changed_names(REFERENCE, REFERENCE + "\ndef second(x): return -x\n") == {"second"}
    assert changed_names(REFERENCE, REFERENCE + "\n# a comment\n") == frozenset()


def test_code_that_binds_nothing_may_change_everything() -> None:
    assert changed_names(REFERENCE, REFERENCE + "\nnp.seterr(all='ignore')\n") is None


def test_reseeded_runs_are_shared_out_by_cost() -> None:
    plan = planned({"cheap": 0.001, "dear": 2.0}, {"cheap": 5, "dear": 5}, 200, 60.0)
    assert plan == {"cheap": 200, "dear": 5}
    assert planned({"dear": 100.0}, {"dear": 5}, 200, 60.0) == {"dear": 3}


STUB = """
import numpy as np
def first(x): raise NotImplementedError
def second(x): raise NotImplementedError
class Third: pass
"""


def test_a_helper_that_students_do_not_have_is_known_by_the_functions_that_use_it() -> None:
    known = known_names(REFERENCE, STUB)
    assert known["first"] == ("first",)
    assert known["helper"] == known["SCALE"] == ("first",)
    assert known["Third"] == ("Third",)
    assert known["second"] == ("second",)  # Third uses it, and it has a name of its own


def test_a_helper_of_several_functions_is_known_by_all_of_them_and_an_idle_one_by_none() -> None:
    reference = (
        "def a(x): return h(x)\ndef b(x): return g(x)\ndef g(x): return h(x)\ndef h(x): return x\ndef idle(): pass\n"
    )
    known = known_names(reference, "def a(x): ...\ndef b(x): ...\n")
    assert known == {"a": ("a",), "b": ("b",), "g": ("b",), "h": ("a", "b")}
