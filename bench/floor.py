"""The floor: the same submissions and cases in one warm process without isolation, beside grading them in the sandbox.

Both sides load the submission, run every case, encode and decode the outputs, and judge them. Nothing is kept and no
page is written. They take turns, so that what else the machine does falls on both.
"""

from __future__ import annotations

import contextlib
import io
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission, worlds_for
from autograder.grading.judging import InProcess
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.course_code import with_code
from autograder.sandbox.wire.messages import Answer, Submission
from autograder.sandbox.worker.loading import compiled, load, prepare
from autograder.sandbox.worker.running import run_case
from autograder.values.codec import decode
from bench.submissions import kinds

AIM_RATIO, AIM_MS = 1.5, 10.0


def against_floor(source: AssignmentSource, bundle: Bundle, rounds: int = 20) -> dict[str, Any]:
    """Medians in milliseconds over `rounds` submissions of different kinds, and the ratio of the two.

    Args:
        rounds: at least 1; one more submission goes before them on both sides, to warm them.
    """
    texts = list(kinds(source).items())
    file = source.spec.submission.file
    probes = probes_of(source)
    pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder, Sandbox.start() as sandbox, _one_thread():
        for name, data in with_code(bundle.support).items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        for i in range(rounds + 1):
            name, text = texts[i % len(texts)]
            submission = Submission.of(name, file, {file: f"{text}\n# {i}\n".encode()})
            bare = _milliseconds(partial(without_isolation, bundle, probes, submission, folder))
            ours = _milliseconds(partial(grade_submission, sandbox, bundle, submission, name, Settings()))
            pairs.append((bare, ours))
    floor, ours = (statistics.median(pair[side] for pair in pairs[1:]) for side in (0, 1))
    return {
        "rounds": rounds, "floor_ms": floor, "ours_ms": ours, "ratio": ours / floor, "layers": list(sandbox.layers),
        "aim_ms": AIM_RATIO * floor + AIM_MS,
    }  # fmt: skip


def probes_of(source: AssignmentSource) -> dict[str, Any]:
    """Every case's probe, by name."""
    found: dict[str, Any] = {}
    for question in source.spec.graded():
        names = [case.name for case in source.cases.of(question.id)]
        space: dict[str, Any] = {}
        exec(compile(source.cases.probes(names), "<probes>", "exec"), space)
        found |= {name: space[name] for name in names}
    return found


def without_isolation(bundle: Bundle, probes: Mapping[str, Any], submission: Submission, folder: str) -> list[str]:
    """The statuses of all cases, run and judged in this very process."""
    worlds = worlds_for(bundle, submission.digest, Settings())
    (Path(folder) / submission.main).write_bytes(dict(submission.files)[submission.main])
    with _as_before(), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
        loaded, cells = prepare(folder, submission.main, bundle.spec.submission.module)
        load(loaded, compiled(loaded, cells))
        answers = {}
        for case, world in worlds.items():
            ran = run_case(loaded, probes[case], bundle.world(case, world))
            value = decode(ran.payload) if ran.status == "returned" else None
            answers[case] = Answer(case, ran.status, value, ran.payload, ran.message, ran.trace)
    return [str(verdict.status) for verdict in InProcess().verdicts(bundle, answers, worlds)]


@contextlib.contextmanager
def _as_before() -> Iterator[None]:
    """Folder and import path as they were."""
    folder, path = os.getcwd(), list(sys.path)
    try:
        yield
    finally:
        os.chdir(folder)
        sys.path[:] = path


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """PyTorch with one thread, as a worker has it."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _milliseconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)
