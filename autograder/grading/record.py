"""Recording: the reference and the misconceptions run as if they were submissions, and their outputs are kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from autograder.authoring.loading import CaseSet
from autograder.authoring.world import seed_from
from autograder.errors import AuthorError
from autograder.grading.bundle import Bundle, MisconceptionRecord, WorldRecord
from autograder.grading.run import run_submission
from autograder.grading.source import AssignmentSource, Misconception
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Submission

Progress = Callable[[str], None]


def world_seeds(source: AssignmentSource, cases: CaseSet | None = None, salt: str = "") -> dict[str, tuple[int, ...]]:
    """Seeds of every case's worlds.

    They hang on the private sources, so that a student cannot compute them, and are the same for every build.
    `salt` gives other worlds of the same kind (for flakiness runs).
    """
    secret = hashlib.sha256((source.reference + source.cases.source + salt).encode()).hexdigest()
    return {c.name: tuple(seed_from(secret, c.name, i) for i in range(c.worlds)) for c in (cases or source.cases).cases}


def run_variant(
    sandbox: Sandbox, source: AssignmentSource, name: str, text: str, seeds: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[Answer, ...]]:
    """Answers of a variant of the reference, given as text."""
    submission = Submission.of_text(name, source.spec.submission.module, text)
    return run_submission(sandbox, source.spec, source.cases, submission, seeds, source.support)


def record_reference(
    sandbox: Sandbox, source: AssignmentSource, seeds: Mapping[str, tuple[int, ...]] | None = None
) -> dict[str, tuple[WorldRecord, ...]]:
    """What the reference returns, per case and world.

    Args:
        seeds: cases and the seeds of their worlds; all cases in their own worlds when None.

    Raises:
        AuthorError: the reference does not return values in some case.
    """
    seeds = world_seeds(source) if seeds is None else seeds
    answers = run_variant(sandbox, source, "reference", source.reference, seeds)
    for name, found in answers.items():
        for answer in found:
            if answer.status != "returned":
                raise AuthorError(
                    f"the reference ends with `{answer.status}` in case `{name}`",
                    where=source.cases.place_of(source.cases.get(name)),
                    found=answer.message,
                    fix="mend the reference or the probe",
                )
    return {
        name: tuple(WorldRecord(seed, answer.payload) for seed, answer in zip(seeds[name], found, strict=True))
        for name, found in answers.items()
    }


def record_misconception(
    sandbox: Sandbox, source: AssignmentSource, misconception: Misconception
) -> MisconceptionRecord:
    """What a misconception returns in the cases that it fails."""
    every = world_seeds(source)
    seeds = {name: every[name] for name in misconception.fails}
    answers = run_variant(sandbox, source, misconception.id, source.variant(misconception), seeds)
    return misconception_record(misconception, answers)


def misconception_record(
    misconception: Misconception, answers: Mapping[str, tuple[Answer, ...]]
) -> MisconceptionRecord:
    """The record of a misconception's answers in the cases that it fails; the message where it returned nothing."""
    outputs = {n: tuple((a.status, a.payload or a.message.encode()) for a in answers[n]) for n in misconception.fails}
    return MisconceptionRecord(
        misconception.id, misconception.question, misconception.feedback, misconception.hint, outputs
    )


def build_bundle(sandbox: Sandbox, source: AssignmentSource, progress: Progress | None = None) -> Bundle:
    """The bundle of an assignment, recorded now.

    Args:
        progress: told the name of what is being recorded.
    """
    tell = progress or (lambda _: None)
    tell("reference")
    expected = record_reference(sandbox, source)

    def record(misconception: Misconception) -> MisconceptionRecord:
        tell(misconception.id)
        return record_misconception(sandbox, source, misconception)

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        records = list(pool.map(record, source.misconceptions))
    return Bundle(
        spec=source.spec,
        spec_text=source.spec_text,
        cases=source.cases,
        support=source.support,
        expected=expected,
        misconceptions=tuple(records),
        tolerances=source.tolerances,
    )
