"""Luck: the same mistake costs the same, whichever of the recorded worlds a student got."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from autograder.verify.allowed import Finding, found_row
from autograder.verify.gate import Exam
from autograder.verify.judging import Verdicts
from autograder.verify.luck import FIX, QUARTER, lucky, of_mutants
from autograder.verify.report import Problem, Row


def luck_gate(exam: Exam) -> Row:
    """Every misconception loses the same points in every world; of mutants, all but a few (in a full mutation run)."""
    verdicts = exam.verdicts("misconception", explain=True)
    findings = [found for name, table in verdicts.items() for found in _of_misconception(name, table)]
    figures = f"{len(verdicts)} misconceptions cost the same in every world"
    if exam.mutation is not None and exam.options.full:
        every = [fate for fate in exam.mutation.counted if fate.verdicts]
        found = of_mutants([[c for c, _ in lucky(fate.verdicts or {}, QUARTER)] for fate in every])
        figures += f", {found.figures}"
        findings += found.findings
    return found_row(exam.source, "luck", figures, findings, [c.name for c in exam.usable.cases.cases])


def _of_misconception(name: str, verdicts: Verdicts) -> Iterator[Finding]:
    for case, several in lucky(verdicts, Fraction(0)):
        shown = ", ".join(f"{float(v.credit):.2g} in world {v.world.shown}" for v in several)
        what = f"misconception `{name}` gets other shares of it in other worlds: {shown}"
        yield Finding(case, Problem(f"case `{case}`", what, FIX))
