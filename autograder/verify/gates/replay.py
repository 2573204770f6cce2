"""Replay: what the handout ships is worth nothing, as the outputs of a case, and as what functions return."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.authoring.case import Case
from autograder.grading.terms import check_of
from autograder.grading.worlds import HANDOUT, Recorded, for_practice
from autograder.sandbox.wire.messages import Answer
from autograder.verify.allowed import Finding, found_row
from autograder.verify.broken import replaying
from autograder.verify.gate import Exam
from autograder.verify.report import Problem, Row
from autograder.verify.variants import Made, Variant, Workshop

REPLAY = "replay"
_UNSHIPPED = ("satisfies", "outline", "derivation")


def shipped(cases: tuple[Case, ...]) -> list[Case]:
    """Public cases whose whole outputs, in the handout's world, are part of the handout."""
    return [c for c in cases if c.public and c.kind == "case" and check_of(c).kind not in _UNSHIPPED]


def replayed(shop: Workshop) -> Made:
    """For each question, the reference whose functions there know what the handout tells, on the cases that earn."""
    cases = shop.source.cases
    for question, names in shop.to_write.items():
        own = cases.of(question)
        known = {c.name: shop.seeds[c.name][HANDOUT.index] for c in shipped(own)}
        earning = [c.name for c in own if c.name in shop.seeds and not for_practice(c)]
        graded = {name: shop.seeds[name] for name in earning if name not in shop.dear}
        if known and graded:
            text = replaying(shop.source.reference, names, cases.probes(list(known)), known)
            yield Variant("replay", question, text, graded)


def replay_gate(exam: Exam) -> Row:
    """A program that replays all values of the handout earns nothing."""
    findings = [*_as_outputs(exam), *_as_returns(exam)]
    count = len(shipped(exam.usable.cases.cases))
    looked = [c.name for c in exam.usable.cases.cases]
    return found_row(exam.source, REPLAY, f"the values of {count} public cases earn nothing", findings, looked)


def _as_returns(exam: Exam) -> Iterator[Finding]:
    """Cases that functions pass which return what the handout tells of them."""
    for verdicts in exam.verdicts("replay").values():
        for case, several in verdicts.items():
            graded = several[1:] if several[0].public else several
            paid = [v for v in graded if v.credit]
            if paid:
                what = (
                    f"functions that return what the handout tells get {float(max(v.credit for v in paid)):.2g} of its "
                    f"points in {len(paid)} of {len(graded)} worlds"
                )
                fix = "draw inputs from its world, other than those of public cases; or let a public case show less"
                yield Finding(case, Problem(f"case `{case}`", what, fix))


def _as_outputs(exam: Exam) -> Iterator[Finding]:
    """Cases that the outputs of a public case of their question pass."""
    judge = exam.judge
    expected = judge.bundle.expected
    for case in judge.bundle.cases.cases:
        if for_practice(case) or case.kind != "case":
            continue
        first = 1 if case.public else 0
        for known in shipped(judge.bundle.cases.of(case.question)):
            answer = Answer(case.name, "returned", payload=expected[known.name][HANDOUT.index].payload)
            worlds = range(first, len(expected[case.name]))
            if any(judge.memory.case(judge.bundle, case, answer, Recorded(w)).credit for w in worlds):
                what = f"the outputs of the public case `{known.name}`, which the handout ships, get points"
                fix = "draw its inputs from the world"
                yield Finding(case.name, Problem(f"case `{case.name}`", what, fix))
                break
