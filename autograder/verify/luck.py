"""Luck of mistakes: cases in which the same mistake costs another share in another world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.grading.verdict import Verdict
from autograder.verify.allowed import Finding
from autograder.verify.judging import Verdicts
from autograder.verify.report import Problem

QUARTER = Fraction(1, 4)
MOST_LUCKY = 0.02
"""Share of machine-made mutants whose loss may hang on the world."""
_OF_ALL = f"at most {MOST_LUCKY:.0%} of all may"
FIX = "draw inputs that show the mistake in every world: away from special values, of fixed sizes"


def lucky(verdicts: Verdicts, more_than: Fraction = QUARTER) -> Iterator[tuple[str, tuple[Verdict, ...]]]:
    """Cases whose credit differs between the worlds that are graded: a public case's first one is the handout's."""
    for case, several in verdicts.items():
        graded = several[1:] if several and several[0].public and len(several) > 1 else several
        credits = [v.credit for v in graded]
        if credits and max(credits) - min(credits) > more_than:
            yield case, graded


@dataclass(frozen=True)
class OfMutants:
    """What a run of all mutants in all worlds says of luck."""

    figures: str
    findings: tuple[Finding, ...]


def of_mutants(every: Sequence[Sequence[str]]) -> OfMutants:
    """Findings where more than the share that is allowed hang on the world.

    Args:
        every: of each mutant the cases whose loss hangs on the world.
    """
    hanging = [cases for cases in every if cases]
    share = len(hanging) / len(every) if every else 0.0
    findings = [
        Finding(case, Problem(f"case `{case}`", f"the loss of {count} mutants hangs on the world ({_OF_ALL})", FIX))
        for case, count in Counter(case for cases in hanging for case in cases).most_common()
        if share > MOST_LUCKY
    ]
    return OfMutants(f"of {len(every):,} mutants the loss of {share:.2%} hangs on the world", tuple(findings))
