"""Recording: the reference and the misconceptions run as if they were submissions, and their outputs are kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from autograder.authoring.world import stream_digest
from autograder.errors import AuthorError
from autograder.grading.bundle import Bundle, Expectation, MisconceptionRecord
from autograder.grading.cells import NO_CELLS, Cells, Program, Runs
from autograder.grading.environment import environment
from autograder.grading.fixtures import draw_keys
from autograder.grading.mutants_file import fresh
from autograder.grading.reach import numbered, reach_of, signatures
from autograder.grading.recorded import Recordings
from autograder.grading.source import AssignmentSource, Misconception
from autograder.grading.worlds import seeds_of
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer
from autograder.values.rendering import without_place

Progress = Callable[[str], None]


def world_seeds(source: AssignmentSource, purpose: str = "") -> dict[str, tuple[int, ...]]:
    """Seeds of every case's worlds; see `worlds.seed_of`."""
    return seeds_of(source.keys.salt, source.cases.cases, purpose)


def run_variant(
    sandbox: Sandbox,
    source: AssignmentSource,
    program: Program,
    seeds: Mapping[str, tuple[int, ...]],
    cells: Cells = NO_CELLS,
) -> dict[str, tuple[Answer, ...]]:
    """Answers of a variant of the reference; those that `cells` knows are not run again."""
    with Runs(sandbox, source, program, cells) as runs:
        return runs.answers(seeds)


def record_reference(
    sandbox: Sandbox,
    source: AssignmentSource,
    seeds: Mapping[str, tuple[int, ...]] | None = None,
    cells: Cells = NO_CELLS,
) -> dict[str, tuple[Expectation, ...]]:
    """What the reference returns, per case and world; of milestones the worlds alone, since nothing is compared.

    Args:
        seeds: cases and the seeds of their worlds; all cases in their own worlds when None.

    Raises:
        AuthorError: the reference does not return values in some case.
    """
    seeds = world_seeds(source) if seeds is None else seeds
    drawn = {c.name for c in source.cases.cases if c.kind != "case"}
    told = {name: tuple(Expectation(s, kind="nothing") for s in seeds[name]) for name in seeds if name in drawn}
    seeds = {name: several for name, several in seeds.items() if name not in drawn}
    answers = run_variant(sandbox, source, Program("reference", source.reference), seeds, cells)
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
        name: tuple(
            Expectation(seed, answer.payload, draws=answer.draws)
            for seed, answer in zip(seeds[name], found, strict=True)
        )
        for name, found in answers.items()
    } | told


def record_misconception(
    sandbox: Sandbox,
    source: AssignmentSource,
    misconception: Misconception,
    expected: Mapping[str, tuple[Expectation, ...]],
    cells: Cells = NO_CELLS,
) -> MisconceptionRecord:
    """What a misconception returns in the cases that it fails, whole and in each of its functions alone.

    Args:
        expected: what the reference returned; its worlds are the ones that are recorded.
    """
    fails = [name for name in misconception.fails if source.cases.get(name).kind == "case"]
    seeds = {name: tuple(w.seed for w in expected[name]) for name in fails}

    def run(text: str) -> dict[str, tuple[Answer, ...]]:
        return run_variant(sandbox, source, Program(misconception.id, text, wrong=True), seeds, cells)

    whole = misconception_record(misconception, run(source.variant(misconception)))
    return replace(whole, parts=tuple(_shown(run(text), expected) for text in source.parts(misconception)))


def _shown(answers: Mapping[str, tuple[Answer, ...]], expected: Mapping[str, tuple[Expectation, ...]]) -> Recordings:
    """What came back in the cases whose outputs are others than the reference's in every world."""
    return {
        case: tuple(map(_kept, several))
        for case, several in answers.items()
        if all(a.payload != w.payload for a, w in zip(several, expected[case], strict=True))
    }


def _kept(answer: Answer) -> tuple[str, bytes]:
    """The status, with what came back or how it ended; never the line of code where: a handout carries this."""
    return answer.status, answer.payload or without_place(answer.message).encode()


def misconception_record(
    misconception: Misconception, answers: Mapping[str, tuple[Answer, ...]]
) -> MisconceptionRecord:
    """The record of a misconception's answers in the cases that it fails; the message where it returned nothing."""
    fails = [n for n in misconception.fails if n in answers]
    outputs = {n: tuple(map(_kept, answers[n])) for n in fails}
    return MisconceptionRecord(
        misconception.id, misconception.question, misconception.feedback, misconception.hint, outputs
    )


def build_bundle(
    sandbox: Sandbox, source: AssignmentSource, progress: Progress | None = None, cells: Cells = NO_CELLS
) -> Bundle:
    """The bundle of an assignment, recorded now.

    Args:
        progress: told the name of what is being recorded.
        cells: runs that need not be made again, an exam's for example.
    """
    tell = progress or (lambda _: None)
    tell("reference")
    expected = record_reference(sandbox, source, cells=cells)

    def record(misconception: Misconception) -> MisconceptionRecord:
        tell(misconception.id)
        return record_misconception(sandbox, source, misconception, expected, cells)

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
        reach=numbered(reach_of(source.reference, source.cases)),
        signatures=signatures(source.reference, source.cases),
        mutants=fresh(source, {case: [w.seed for w in worlds] for case, worlds in expected.items()}),
        key=source.keys.of("world"),
        draws=draw_keys(source),
        recorded=environment(),
        stream=stream_digest(),
    )
