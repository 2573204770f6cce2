"""Luck: the same mistake costs the same, whichever of the recorded worlds a student got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from autograder.grading.verdict import Verdict
from autograder.verify.allowed import Finding, found_row
from autograder.verify.gate import Exam
from autograder.verify.judging import Verdicts
from autograder.verify.report import Problem, Row

QUARTER = Fraction(1, 4)
MOST_LUCKY = 0.02
"""Share of machine-made mutants whose loss may hang on the world."""


def luck_gate(exam: Exam) -> Row:
    """Every misconception loses the same points in every world; of mutants, all but a few (in a full mutation run)."""
    verdicts = exam.verdicts("misconception", explain=True)
    findings = [found for name, table in verdicts.items() for found in _of_misconception(name, table)]
    figures = f"{len(verdicts)} misconceptions cost the same in every world"
    if exam.mutation is not None and exam.options.full:
        every = [fate for fate in exam.mutation.counted if fate.verdicts]
        lucky = [cases for fate in every if (cases := [c for c, _ in _lucky(fate.verdicts or {}, QUARTER)])]
        share = len(lucky) / len(every) if every else 0.0
        figures += f", {share:.1%} of {len(every)} mutants do not"
        if share > MOST_LUCKY:
            for case, count in Counter(case for cases in lucky for case in cases).most_common():
                what = f"the loss of {count} mutants hangs on the world (in all {share:.1%}; at most {MOST_LUCKY:.0%})"
                findings.append(Finding(case, Problem(f"case `{case}`", what, _FIX)))
    return found_row(exam.source, "luck", figures, findings, [c.name for c in exam.usable.cases.cases])


_FIX = "draw inputs that show the mistake in every world: away from special values, of fixed sizes"


def _of_misconception(name: str, verdicts: Verdicts) -> Iterator[Finding]:
    for case, several in _lucky(verdicts, Fraction(0)):
        shown = ", ".join(f"{float(v.credit):.2g} in world {v.world.shown}" for v in several)
        what = f"misconception `{name}` gets other shares of it in other worlds: {shown}"
        yield Finding(case, Problem(f"case `{case}`", what, _FIX))


def _lucky(verdicts: Verdicts, more_than: Fraction) -> Iterator[tuple[str, tuple[Verdict, ...]]]:
    """Cases whose credit differs between the worlds that are graded: a public case's first one is the handout's."""
    for case, several in verdicts.items():
        graded = several[1:] if several and several[0].public and len(several) > 1 else several
        credits = [v.credit for v in graded]
        if credits and max(credits) - min(credits) > more_than:
            yield case, graded
