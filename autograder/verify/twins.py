"""Twins of listed mistakes: machine-made ones that public cases, in the handout's world, cannot tell from them.

Cases that students do not see can; those who sit at home cannot ask them. A listed mistake is listed because people
make it, a machine-made one because a machine can, so the author's sentence stands unless it would lead those astray who
made the other one:

* a twin of other functions sends them to the wrong place;
* where no public case shows a value of the listed mistake, only how it ended ("size 3 is different from 2"), every slip
  of that function that ends there is as good a reading, and the line in the message says more than a name would.

Where values came back that are those of the listed mistake, its sentence is about these very values, and a twin is in
the same function: the student looks in the right place. Two arguments exchanged throughout are what a machine does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from autograder.checks.fingerprints import Fingerprint
from autograder.grading.reach import changed_names
from autograder.grading.readings import MachineMade, Reading
from autograder.grading.recorded import MisconceptionRecord
from autograder.sandbox.wire.messages import Answer
from autograder.verify.fingerprinting import Scope
from autograder.verify.gate import Exam
from autograder.verify.words import EXCHANGED

Failed = Mapping[str, tuple[int, Fingerprint]]


@dataclass(frozen=True)
class Twins:
    """The twins of a listed mistake: those that would be led astray by its sentence, and the others."""

    astray: tuple[Reading, ...]
    near: tuple[Reading, ...]


def twins_of(exam: Exam, made: MachineMade) -> dict[str, Twins]:
    """Listed mistake → its twins, where it has any."""
    bundle, scope = exam.judge.bundle, Scope(exam.judge)
    public = frozenset(c.name for c in bundle.cases.cases if c.public)
    question = {c.name: c.question for c in bundle.cases.cases}
    variants = {m.id: exam.source.variant(m) for m in exam.source.misconceptions}
    found = {}
    for record in bundle.misconceptions:
        failed = {c: (0, mark) for c, mark in _marks(scope, record).items() if c in made.shown}
        shown = {c: f for c, f in failed.items() if c in public}
        asked = {question[c] for c in shown}
        passed = [c for c in made.shown if question[c] in asked and c not in record.outputs]
        same = made.fitting(shown, [c for c in passed if c in public]) - made.fitting(failed, passed)
        readings = dict.fromkeys(made.readings[made.of[m]] for m in sorted(same))
        home = changed_names(exam.source.reference, variants[record.id])
        valued = any(record.outputs[c][0][0] == "returned" for c in shown)
        astray = tuple(r for r in readings if leads_astray(r, home, valued))
        if readings:
            found[record.id] = Twins(astray, tuple(r for r in readings if r not in astray))
    return found


def leads_astray(twin: Reading, home: Collection[str] | None, valued: bool) -> bool:
    """Whether the sentence of a listed mistake would mislead someone who made its twin; see the module.

    Args:
        home: functions of the listed mistake; None where that is not known.
        valued: whether a public case shows a value of it.
    """
    if home is not None and not set(twin.functions.split(", ")) & set(home):
        return True
    return not valued and twin.words != EXCHANGED


def _marks(scope: Scope, record: MisconceptionRecord) -> dict[str, Fingerprint]:
    """Case → what a listed mistake came back with in the handout's world, where it can be told from the right one."""
    found = {}
    for case, ((status, payload), *_) in record.outputs.items():
        text = "" if status == "returned" else payload.decode(errors="replace")
        mark = scope.one(case, 0, Answer(case, status, payload=b"" if text else payload, message=text))  # type: ignore[arg-type]
        if mark is not None:
            found[case] = mark
    return found
