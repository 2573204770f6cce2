"""Gates of right work: reference and alternates lose nothing, and no case needs what a later question asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.checks.compare import compare_close
from autograder.checks.plain import DEFAULT_TOLERANCE as OF_NUMBERS
from autograder.grading.source import AssignmentSource
from autograder.grading.terms import check_of
from autograder.grading.verdict import Verdict
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import decode
from autograder.verify.calibration import margins_gate
from autograder.verify.flaky import flaky_gate
from autograder.verify.gate import Exam
from autograder.verify.judging import Verdicts
from autograder.verify.places import alternate_place, in_alternate
from autograder.verify.report import Problem, Row, row
from autograder.verify.unjudged import told_once
from autograder.verify.variants import LATER

AGAIN = "alternate again"


def reference_gate(exam: Exam) -> Row:
    """The reference passes every case in every world, whenever it is run and on however many threads."""
    fix = "mend the case: the reference itself must pass, whenever and with however many threads it runs"
    verdicts = exam.verdicts("right") if exam.usable.cases.cases else {}
    made = full_marks("reference 100", verdicts, fix, exam.source)
    missing = [*exam.reference[1], *told_once(exam.unjudged)]
    if not missing:
        return made
    every = len(exam.asked.cases.cases)
    figures = f"fails in {every - len(exam.usable.cases.cases)} of {every} cases" if verdicts else "cannot be run"
    return row(made.gate, figures, [*missing, *made.problems])


def alternates_gate(exam: Exam) -> Row:
    """Every alternate passes every case in every world."""
    fix, every = "mend the alternate, or a case that asks too much", exam.verdicts("alternate")
    made = full_marks("alternates 100", every, fix, exam.source)
    drawn = _of_chance(exam, {p.where.split(",")[0] for p in made.problems})
    own = [
        Problem(p.where, in_alternate(exam.source, name, p.what), p.fix)
        for p in made.problems
        if (name := p.where.split(",")[0]) not in drawn
    ]
    return row(made.gate, made.figures, [*drawn.values(), *own])


def _of_chance(exam: Exam, names: Collection[str]) -> dict[str, Problem]:
    """Those of these alternates that return something else in a second run, each in one problem."""
    once = {v.name: v for v in exam.programs if v.kind == "alternate" and v.name in names}
    exam.matrix.fill([replace(v, kind=AGAIN, again=1) for v in once.values()])
    found = {}
    for name, first in once.items():
        again = exam.matrix.made[AGAIN, name]
        other = [c for c, several in exam.matrix.made[first.key].items() if _differ(several, again[c])]
        if other:
            what = f"returns something else in another run, in case `{'`, `'.join(other)}`"
            fix = "draw from the generator that it is handed, or from np.random.default_rng(SEED)"
            found[name] = Problem(alternate_place(exam.source, name), what, fix)
    return found


def _differ(first: Sequence[Answer], second: Sequence[Answer]) -> bool:
    """Whether two runs returned other values, in more than their last digits."""
    returned = [
        (decode(a.payload), decode(b.payload))
        for a, b in zip(first, second, strict=True)
        if a.status == b.status == "returned"
    ]
    return any(compare_close(a, b, False, OF_NUMBERS).message for a, b in returned)


def full_marks(gate: str, verdicts: Mapping[str, Verdicts], fix: str, source: AssignmentSource) -> Row:
    """Every one of these programs passes every case in every world."""
    problems = [p for name, found in verdicts.items() for p in _losses(source, name, found, fix)]
    count = sum(len(several) for found in verdicts.values() for several in found.values())
    names = f"{len(verdicts)} × " if len(verdicts) != 1 else ""
    return row(gate, f"{names}100 %, {count} runs" if not problems else f"{len(problems)} losses", problems)


def _losses(source: AssignmentSource, name: str, verdicts: Verdicts, fix: str) -> Iterator[Problem]:
    for case, several in verdicts.items():
        lost = [v for v in several if not v.status.passed]
        if lost:
            worlds = ", ".join(v.world.shown for v in lost)
            what = f"{lost[0].status} in world {worlds}: {said(lost[0])}"
            yield Problem(f"{name}, case `{case}`", what, bit_for_bit(source, lost[0]) or fix)


def bit_for_bit(source: AssignmentSource, verdict: Verdict) -> str:
    """The way out where `exact` sees a difference that nobody else can; "" elsewhere."""
    if verdict.status.passed or not verdict.got or verdict.got != verdict.expected:
        return ""
    exact = check_of(source.cases.get(verdict.case)).kind == "exact"
    return "exact() compares floats bit for bit; for values that are computed write close()" if exact else ""


def said(verdict: Verdict) -> str:
    """What a verdict says, in one line."""
    parts = [verdict.message]
    if verdict.got:
        parts.append(f"got {verdict.got}, expected {verdict.expected}")
    if verdict.diagnosis:
        parts.append(verdict.diagnosis)
    return "; ".join(p for p in parts if p)[:400]


def later_gate(exam: Exam) -> Row:
    """No case needs a function that a later question asks for."""
    problems = []
    verdicts = exam.verdicts("later")
    for question, found in verdicts.items():
        for case, several in found.items():
            bad = next((v for v in several if not v.status.passed), None)
            if bad:
                used = bad.message.split(f"{LATER}: ")[-1].split(" ")[0] if LATER in bad.message else bad.message[:160]
                fix = "a case (and the reference's function) may use this and earlier questions only"
                problems.append(Problem(f"case `{case}` of `{question}`", f"uses what comes later: {used}", fix))
    count = sum(len(found) for found in verdicts.values())
    return row("no later question", f"{count} cases" if not problems else f"{len(problems)} cases", problems)


def margins(exam: Exam) -> Row:
    """Every tolerance has its factor of 10 on both sides."""
    return margins_gate(exam.margins)


def reseeded(exam: Exam) -> Row | None:
    """No right solution fails in a world that was never recorded."""
    return flaky_gate(exam.reseeded) if exam.reseeded is not None else None
