"""The terms of a case: the check that it is judged by, and what it is worth."""

from __future__ import annotations

from fractions import Fraction

from autograder.authoring.case import Case
from autograder.checks.judgement import Check
from autograder.checks.plain import close
from autograder.grading.bundle import Bundle


def check_of(case: Case) -> Check:
    """The check of a case; `close()` where its author named none."""
    return case.check or close()  # type: ignore[return-value]  # CheckLike is what authoring may know of a Check


def case_points(bundle: Bundle, case: Case) -> Fraction:
    """Points of a case: the author's, or an equal share of its question's."""
    question = bundle.spec.question(case.question)
    if question.case_points:
        return question.case_points[case.name]
    return question.points / len(bundle.cases.of(case.question))
