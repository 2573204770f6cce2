"""Holding gates: each by itself. One that cannot judge fails with its own message; the others are held all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.errors import AuthorError
from autograder.verify.gate import Exam, Gate
from autograder.verify.places import located, problem_of
from autograder.verify.report import Problem, Row

UNJUDGED, CERTIFICATE = "cannot be judged", "certificate"


@dataclass(frozen=True)
class Held:
    """A gate that was held: its row, and what is wrong with programs that could not be made for it."""

    row: Row
    faults: tuple[Problem, ...]


def held(gate: Gate, exam: Exam) -> Held | None:
    """Hold a gate; one that cannot judge fails by itself. None where it has nothing to speak of."""
    row: Row | None
    try:
        some = bool(exam.usable.cases.cases)
        if gate.runs and not some:
            return Held(Row(gate.name, "skip", "no case is left to judge"), ())
        faults = tuple(p for maker in gate.needs for p in exam.faults_of(maker)) if some else ()
        if faults and not any(exam.made_by[maker] for maker in gate.needs):
            row = Row(gate.name, "fail", UNJUDGED)
        else:
            row = gate.judge(exam)
    except AuthorError as error:
        row, faults = Row(gate.name, "fail", UNJUDGED), (problem_of(error),)
    if row is None:
        return None
    return Held(replace(row, problems=tuple(located(exam.source, p) for p in row.problems)), faults)


def once(gates: Sequence[Held]) -> tuple[Row, ...]:
    """The rows, each fault of a program at the first gate that needs it; the others judge what there is."""
    seen: dict[Problem, str] = {}
    rows = []
    for one in gates:
        row = one.row
        fresh = tuple(p for p in one.faults if p not in seen)
        if fresh:
            row = replace(row, status="fail", problems=(*fresh, *row.problems))
        elif row.figures == UNJUDGED:
            row = replace(row, status="skip", figures=f"{UNJUDGED}: see `{seen[one.faults[0]]}`")
        rows.append(row)
        seen.update(dict.fromkeys(fresh, row.gate))
    return tuple(rows)


def uncertified(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of an exam that was to write a certificate, which it does not where a gate fails."""
    failed = [f"`{r.gate}`" for r in rows if r.status == "fail"]
    if not failed:
        return tuple(rows)
    figures = f"not written: {', '.join(failed[:3])}{' …' if len(failed) > 3 else ''} failed"
    return tuple(replace(r, status="skip", figures=figures) if r.gate == CERTIFICATE else r for r in rows)
