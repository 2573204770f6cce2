"""Gates of right work: reference and alternates lose nothing, and no case needs what a later question asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autograder.grading.verdict import Verdict
from autograder.verify.calibration import margins_gate
from autograder.verify.flaky import flaky_gate
from autograder.verify.gate import Exam
from autograder.verify.judging import Verdicts
from autograder.verify.places import in_alternate
from autograder.verify.report import Problem, Row, row
from autograder.verify.variants import LATER


def reference_gate(exam: Exam) -> Row:
    """The reference passes every case in every world, whenever it is run and on however many threads."""
    fix = "mend the case: the reference itself must pass, whenever and with however many threads it runs"
    verdicts = exam.verdicts("right") if exam.usable.cases.cases else {}
    made = full_marks("reference 100", verdicts, fix)
    missing = exam.reference[1]
    if not missing:
        return made
    figures = f"fails in {len(missing)} of {len(exam.asked.cases.cases)} cases" if verdicts else "cannot be run"
    return row(made.gate, figures, [*missing, *made.problems])


def alternates_gate(exam: Exam) -> Row:
    """Every alternate passes every case in every world."""
    made = full_marks("alternates 100", exam.verdicts("alternate"), "mend the alternate, or a case that asks too much")
    own = [Problem(p.where, in_alternate(exam.source, p.where.split(",")[0], p.what), p.fix) for p in made.problems]
    return row(made.gate, made.figures, own)


def full_marks(gate: str, verdicts: Mapping[str, Verdicts], fix: str) -> Row:
    """Every one of these programs passes every case in every world."""
    problems = [p for name, found in verdicts.items() for p in _losses(name, found, fix)]
    count = sum(len(several) for found in verdicts.values() for several in found.values())
    names = f"{len(verdicts)} × " if len(verdicts) != 1 else ""
    return row(gate, f"{names}100 %, {count} runs" if not problems else f"{len(problems)} losses", problems)


def _losses(name: str, verdicts: Verdicts, fix: str) -> Iterator[Problem]:
    for case, several in verdicts.items():
        lost = [v for v in several if not v.status.passed]
        if lost:
            worlds = ", ".join(v.world.shown for v in lost)
            yield Problem(f"{name}, case `{case}`", f"{lost[0].status} in world {worlds}: {said(lost[0])}", fix)


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
