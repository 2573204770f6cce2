"""Renewal: the current source of an assignment as a bundle in the worlds of an old one.

Stored outputs were made in the old bundle's worlds, which are not today's where the salt is another one. So a changed
check is applied with what the *current* reference and misconceptions return in the *old* worlds. What has not changed
since the old bundle was made (its origin tells) is taken over; only the rest is run again, and of that only our own
code, never a student's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from autograder.authoring.world import stream_digest
from autograder.grading.bundle import Bundle, Expectation, MisconceptionRecord
from autograder.grading.drawing import NO_KEYS
from autograder.grading.environment import environment
from autograder.grading.fixtures import draw_keys
from autograder.grading.mutants_file import fresh
from autograder.grading.reach import numbered, reach_of, signatures
from autograder.grading.record import record_misconception, record_reference, world_seeds
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox

Origin = Mapping[str, str]
NeedSandbox = Callable[[], Sandbox]


def probe_digest(holder: Bundle | AssignmentSource, case: str) -> str:
    """What a case's outputs hang on beside the submission: its probe, the forbidden names, and the support files."""
    question = holder.spec.question(holder.cases.get(case).question)
    support = sorted((name, hashlib.sha256(data).hexdigest()) for name, data in holder.support.items())
    probes = holder.cases.probes([name for name in (case, holder.cases.get(case).predict) if name])
    return _digest([probes, sorted(question.forbidden_names), holder.spec.submission.module, support])


def origin_of(source: AssignmentSource) -> dict[str, str]:
    """Digests of what a bundle's recorded outputs came from: the reference's text, and every misconception's."""
    found = {"": _digest(source.reference)}
    for misconception in source.misconceptions:
        found[misconception.id] = _digest(source.variant(misconception))
    return found


def _digest(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def renewed(source: AssignmentSource, old: Bundle, origin: Origin | None, sandbox: NeedSandbox) -> Bundle:
    """The bundle of `source` in the worlds of `old`; cases that `old` lacks get worlds of their own.

    Args:
        origin: of `old`, where it is known; without it everything is recorded again.
        sandbox: called only if something must be run.

    Raises:
        AuthorError: the current reference does not return values in some case.
    """
    own = world_seeds(source)
    seeds = {
        c.name: tuple(w.seed for w in old.expected[c.name]) if c.name in old.expected else own[c.name]
        for c in source.cases.cases
    }
    now = origin_of(source)
    same_probe = {c for c in seeds if c in old.expected and probe_digest(source, c) == probe_digest(old, c)}
    same_probe |= {c.name for c in source.cases.cases if c.kind != "case"}  # nothing of them is recorded
    kept = same_probe if origin is not None and origin.get("") == now[""] else set()
    rest = {c: seeds[c] for c in seeds if c not in kept}
    expected = {c: old.expected[c] for c in kept} | (record_reference(sandbox(), source, rest) if rest else {})
    return Bundle(
        spec=source.spec,
        spec_text=source.spec_text,
        cases=source.cases,
        support=source.support,
        expected={c: expected[c] for c in seeds},
        misconceptions=_misconceptions(source, old, expected, same_probe, origin or {}, now, sandbox),
        tolerances=source.tolerances,
        reach=numbered(reach_of(source.reference, source.cases)),
        signatures=signatures(source.reference, source.cases),
        mutants=fresh(source, seeds),
        key=old.key or source.keys.of("world"),
        draws=old.draws if old.draws != NO_KEYS else draw_keys(source),
        recorded=environment(),
        stream=stream_digest(),
    )


def _misconceptions(
    source: AssignmentSource,
    old: Bundle,
    expected: Mapping[str, tuple[Expectation, ...]],
    same_probe: set[str],
    origin: Origin,
    now: Origin,
    sandbox: NeedSandbox,
) -> tuple[MisconceptionRecord, ...]:
    """Records of the current misconceptions; an old one is taken over when text, probes and cases are the same."""
    before = {m.id: m for m in old.misconceptions}
    records = []
    for m in source.misconceptions:
        known = before.get(m.id)
        fails = {name for name in m.fails if source.cases.get(name).kind == "case"}
        if known and origin.get(m.id) == now[m.id] and set(known.outputs) == fails and fails <= same_probe:
            records.append(MisconceptionRecord(m.id, m.question, m.feedback, m.hint, known.outputs, known.parts))
            continue
        records.append(record_misconception(sandbox(), source, m, expected))
    return tuple(records)
