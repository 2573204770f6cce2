"""Milliseconds per submission by part: sandbox, probes, judging, keeping; medians of several rounds."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from autograder.cohort.spool import Result, keep
from autograder.cohort.store import Store
from autograder.cohort.tables import Handed
from autograder.grading.bundle import Bundle
from autograder.grading.evidence import Evidence
from autograder.grading.grade import Settings, judged, worlds_for
from autograder.grading.judging import InProcess
from autograder.grading.plan import planned
from autograder.grading.run import run_plan, session_for
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.conversation import Conversation
from autograder.sandbox.grader.keeping import Keeping
from autograder.sandbox.grader.libraries import needs_torch
from autograder.sandbox.wire.messages import Job, ProbeCall, Submission
from bench.submissions import kinds

WORKERS = "all workers, one for each question"
STAGES: dict[str, tuple[tuple[type, str], ...]] = {
    "– ending the worker before, fork": ((Keeping, "start"),),
    "– parking and waking": ((Keeping, "park"), (Keeping, "wake")),
    "– layers": ((Conversation, "greet"),),
    "– reading the text, taking the probes": ((Conversation, "prepare"), (Conversation, "more")),
    "– loading the submission": ((Conversation, "load"),),
    "– running the cases": ((Conversation, "call"),),
}
NOTHING = "def nothing(student, world):\n    return 0\n"


def by_part(source: AssignmentSource, bundle: Bundle, rounds: int = 10) -> dict[str, Any]:
    """Medians over `rounds` submissions of different kinds, in milliseconds of wall and of processor time."""
    texts = list(kinds(source).items())
    rows: list[dict[str, tuple[float, float]]] = []
    start_seconds = {name: _start(torch) for name, torch in (("without PyTorch", False), ("with PyTorch", True))}
    with Sandbox.start() as sandbox, tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        run = store.add_run("bench", "bench", bundle, "bench", {})
        for i in range(rounds):
            name, text = texts[i % len(texts)]
            rows.append(_one(sandbox, store, run, source, bundle, f"{name}_{i}", f"{text}\n# {i}\n"))
    parts = {part: [_median(rows, part, 0), _median(rows, part, 1)] for part in rows[0]}
    return {"rounds": rounds, "sandbox_start_seconds": start_seconds, "parts": parts, "layers": list(sandbox.layers)}


def _start(torch: bool) -> float:
    """Seconds until a first session is open."""
    started = time.monotonic()
    with Sandbox.start() as sandbox, sandbox.session(Submission.of_text("first", "first", ""), torch=torch):
        return time.monotonic() - started


def _median(rows: list[dict[str, tuple[float, float]]], part: str, which: int) -> float:
    return 1000 * statistics.median(row[part][which] for row in rows)


@contextmanager
def _stages(found: dict[str, tuple[float, float]]) -> Iterator[None]:
    """Add up the time spent in the methods that talk to workers, part by part."""

    def clocked(part: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            wall, processor = time.monotonic(), time.process_time()
            try:
                return method(*args, **named)
            finally:
                before = found[part]
                found[part] = before[0] + time.monotonic() - wall, before[1] + time.process_time() - processor

        return call

    found |= dict.fromkeys(STAGES, (0.0, 0.0))
    with ExitStack() as stack:
        for part, methods in STAGES.items():
            for owner, name in methods:
                stack.enter_context(mock.patch.object(owner, name, clocked(part, getattr(owner, name))))
        yield


def _one(
    sandbox: Sandbox, store: Store, run: int, source: AssignmentSource, bundle: Bundle, name: str, text: str
) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    module = source.spec.submission.module

    def timed(part: str, work: Callable[[], Any]) -> Any:
        wall, processor = time.monotonic(), time.process_time()
        value = work()
        found[part] = (time.monotonic() - wall, time.process_time() - processor)
        return value

    empty = Submission.of_text(name, module, "")
    bare = Job("bench", True, module, NOTHING, (ProbeCall("nothing", 0),))

    def session_with_one_worker() -> None:
        with sandbox.session(empty, bundle.support, torch=needs_torch(empty, bundle.support, "")) as session:
            session.run(bare)

    timed("session and first worker (fork, layers), empty file", session_with_one_worker)
    submission = Submission.of_text(name, module, text)
    worlds = worlds_for(bundle, submission.digest, Settings())
    seeds = {c: (bundle.expectation(c, w).seed,) for c, w in worlds.items()}
    plan = timed("cutting the jobs", lambda: planned(source.spec, source.cases, seeds))
    found[WORKERS] = (0.0, 0.0)  # its place is above its parts
    with session_for(sandbox, source.cases, submission, bundle.support) as session, _stages(found):
        found_answers = timed(WORKERS, lambda: run_plan(session, plan))
    answers = {case: several[0] for case, several in found_answers.items()}
    timed("judging", lambda: InProcess().verdicts(bundle, answers, worlds))
    evidence = Evidence(name, submission.digest, bundle.digest, answers, worlds)
    grade = judged(sandbox, bundle, evidence, 0.0)
    handed = Handed(name, "", "", submission.main, "", (), submission.digest)
    result: Result = timed("grade and evidence into blobs", lambda: keep(store.blobs, name, handed, grade, evidence))
    timed("event into the store (a commit each)", lambda: store.add(run, "graded", [result]))
    return found
