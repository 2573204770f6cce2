"""Follow-on: a function that is wrong costs its own question; what it costs in others is at most a quarter of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from autograder.grading.terms import case_points
from autograder.verify.allowed import Finding, found_row
from autograder.verify.broken import KINDS, SCALE, broken
from autograder.verify.gate import Exam
from autograder.verify.judging import Verdicts
from autograder.verify.report import Problem, Row
from autograder.verify.variants import Made, Variant, Workshop

FOLLOW_ON = "follow-on"
QUARTER = Fraction(1, 4)


@dataclass(frozen=True)
class Cost:
    """Points that a function broken in some way loses: in its own question, and in each of the others."""

    function: str
    kind: str
    own: Fraction
    others: Mapping[str, Fraction]
    most: Fraction

    @property
    def elsewhere(self) -> Fraction:
        """In all other questions together."""
        return sum(self.others.values(), Fraction(0))

    @property
    def counts(self) -> bool:
        """Whether it is a mistake at all: a factor means nothing to a function that is free of scale."""
        return self.kind != SCALE or self.own > 0


def one_broken(shop: Workshop) -> Made:
    """For every function that a student writes, the reference with that function broken, in each way, on what earns."""
    earning = {c.name for c in shop.source.cases.cases if case_points(shop.source, c) > 0}
    for name in (n for names in shop.to_write.values() for n in names):
        cases = shop.one_world(c for c in shop.reach.cases({name}) if c in earning)
        for kind in KINDS:
            yield Variant("broken", f"{name}, {kind}", broken(shop.source.reference, name, kind), cases)


def follow_on_gate(exam: Exam) -> Row:
    """See the module."""
    every = costs(exam)
    findings = []
    for cost in every:
        if cost.counts and cost.elsewhere > cost.most:
            where = ", ".join(f"{q} {float(p):.3g}" for q, p in sorted(cost.others.items(), key=lambda i: -i[1]) if p)
            what = (
                f"broken alone ({cost.kind}) it loses {float(cost.elsewhere):.3g} points in other questions ({where}); "
                f"at most {float(cost.most):.3g}, a quarter of its own question's"
            )
            fix = "name a stand-in in those cases (given={...}), or cut the dependency in the probe"
            findings.append(Finding(cost.function, Problem(f"function `{cost.function}`", what, fix)))
    worst = max((c for c in every if c.counts), key=lambda c: c.elsewhere, default=None)
    figures = f"{len({c.function for c in every})} functions"
    if worst is not None:
        figures += f", at most {float(worst.elsewhere):.3g} points elsewhere (`{worst.function}`)"
    return found_row(exam.source, FOLLOW_ON, figures, findings, [c.function for c in every])


def costs(exam: Exam) -> list[Cost]:
    """What each function costs where, broken in each way; noise first."""
    owner = {name: question for question, names in exam.shop.to_write.items() for name in names}
    found = []
    for variant, verdicts in exam.verdicts("broken").items():
        function, _, kind = variant.partition(", ")
        found.append(_cost(exam, function, kind, owner[function], verdicts))
    return sorted(found, key=lambda c: KINDS.index(c.kind))


def _cost(exam: Exam, function: str, kind: str, own: str, verdicts: Verdicts) -> Cost:
    bundle = exam.judge.bundle
    lost: dict[str, Fraction] = {}
    for case, several in verdicts.items():
        question = bundle.cases.get(case).question
        points = case_points(bundle, bundle.cases.get(case)) * (1 - several[0].credit)
        lost[question] = lost.get(question, Fraction(0)) + points
    most = QUARTER * Fraction(exam.source.spec.question(own).points)
    return Cost(function, kind, lost.pop(own, Fraction(0)), lost, most)
