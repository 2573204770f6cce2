"""The terms of a case: the check that it is judged by, and what it is worth."""

from __future__ import annotations

from fractions import Fraction

from autograder.authoring.case import Case
from autograder.checks.judgement import Check
from autograder.checks.plain import close
from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from autograder.grading.worlds import for_practice


def keeps_mistakes(case: Case) -> bool:
    """Whether a handout lacks what known mistakes return in a case: there it would be the answer, but for a part."""
    return check_of(case).kind in ("derivation", "satisfies", "outline")


def check_of(case: Case) -> Check:
    """The check of a case; `close()` where its author named none."""
    return case.check or close()  # type: ignore[return-value]  # CheckLike is what authoring may know of a Check


def case_points(bundle: Bundle | AssignmentSource, case: Case) -> Fraction:
    """Points of a case: the author's, or an equal share of its question's; 0 for one that is for practice.

    In a question that has cases for practice only, they share its points (`verify` refuses such a question).
    """
    question = bundle.spec.question(case.question)
    if question.case_points:
        return question.case_points[case.name]
    own = bundle.cases.of(case.question)
    earning = [c.name for c in own if not for_practice(c)] or [c.name for c in own]
    return question.points / len(earning) if case.name in earning else Fraction(0)
