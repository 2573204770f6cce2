"""Budgets: the largest right answer stays ten times below what a judge takes of one answer.

What is above a budget costs its case (`protocol`), so no right answer may come near one, however it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.checks.evaluation import OPERATIONS, OverBudget, allowance
from autograder.grading.bundle import Bundle
from autograder.grading.terms import check_of
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import decode
from autograder.values.counting import MAX_ITEMS, MAX_NODES, MAX_NUMBERS, count
from autograder.verify.gate import Exam
from autograder.verify.matrix import Answers
from autograder.verify.report import Problem, Row, row
from autograder.verify.variants import RIGHT

FACTOR = 10
BUDGETS = {"items": MAX_ITEMS, "numbers": MAX_NUMBERS, "nodes": MAX_NODES, "operations": OPERATIONS}


@dataclass(frozen=True)
class Use:
    """How much of a budget an answer took."""

    budget: str
    used: int
    program: str
    case: str

    @property
    def near(self) -> bool:
        """Whether it is less than the factor away."""
        return self.used * FACTOR > BUDGETS[self.budget]


def budgets_gate(exam: Exam) -> Row:
    """See the module."""
    right = {name: answers for kind in RIGHT for name, answers in exam.answers(kind).items()}
    largest: dict[str, Use] = {}
    near: dict[tuple[str, str], Use] = {}
    for use in uses(exam.judge.bundle, right):
        if use.used >= largest.get(use.budget, use).used:
            largest[use.budget] = use
        if use.near:
            near[use.budget, use.case] = use
    problems = [
        Problem(
            f"case `{use.case}`, {use.program}",
            f"takes {use.used:,} {use.budget} of the {BUDGETS[use.budget]:,} that one answer may take; "
            f"right answers stay below a tenth",
            "ask for less in one case: fewer examples, a smaller formula, an array in place of a list",
        )
        for use in near.values()
    ]
    figures = ", ".join(f"{use.used:,} {name}" for name, use in largest.items())
    return row("budgets", f"at most {figures}" if figures else "no values", problems)


def uses(bundle: Bundle, right: Mapping[str, Answers]) -> Iterator[Use]:
    """What right answers take; the same answer in the same case and world is looked at once."""
    seen: set[tuple[str, int, bytes]] = set()
    for program, answers in right.items():
        for case, several in answers.items():
            for world, answer in enumerate(several):
                if answer.status == "returned" and (case, world, answer.payload) not in seen:
                    seen.add((case, world, answer.payload))
                    yield from _use(bundle, program, case, Recorded(world), answer)


def _use(bundle: Bundle, program: str, case: str, world: Recorded, answer: Answer) -> Iterator[Use]:
    counts = count(answer.payload)
    for budget, used in vars(counts).items():
        yield Use(budget, used, program, case)
    if not counts.nodes and not count(bundle.expectation(case, world).payload).nodes:
        return
    check = check_of(bundle.cases.get(case))
    with allowance() as left:
        try:
            outputs, expected = decode(answer.payload), bundle.expected_value(case, world)
            check.judge(outputs, expected, bundle.world(case, world), bundle.tolerances.get(case))
        except OverBudget:
            pass  # then nothing is left
        except Exception:  # what a check raises is told by the gate of right answers
            return
    yield Use("operations", OPERATIONS - max(left.left, 0), program, case)
