"""Stand-ins for what is slow or dangerous, written against the interface of the real thing."""

from __future__ import annotations

import os
import signal
import threading
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any

from autograder.authoring.world import World
from autograder.sandbox.grader.plan import Plan, plan_of
from autograder.sandbox.wire.messages import Answer, Job, ProbeCall, Submission
from autograder.sandbox.worker.explaining import Origin
from autograder.sandbox.worker.loading import Loaded
from autograder.sandbox.worker.running import Probe, run_case
from autograder.values.codec import decode

ONE_AT_A_TIME = threading.RLock()
"""What is printed is one case's."""


class FakeSandbox:
    """A `Sandbox` without a process: runs the submission right here. For trusted test code only."""

    mode = "off"
    layers: tuple[str, ...] = ("fake",)

    def __enter__(self) -> FakeSandbox:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def load(self, torch: bool) -> None:
        return None

    def session(
        self, submission: Submission, support: Mapping[str, bytes] | None = None, *, torch: bool = True
    ) -> FakeSession:
        return FakeSession(submission)


class FakeSession:
    """A `Session`: every question gets its own module, as every worker does."""

    problems: tuple[str, ...] = ()

    def __init__(self, submission: Submission) -> None:
        self.submission = submission

    def __enter__(self) -> FakeSession:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, *jobs: Job) -> list[Answer]:
        return self.run_plan(plan_of(jobs))

    def takes(self, plan: Plan) -> bool:
        return True

    def close(self) -> None:
        return None

    def run_plan(self, plan: Plan) -> list[Answer]:
        modules: dict[str, types.ModuleType | str] = {}
        answers: list[Answer] = []
        for visit in plan.visits():
            module = modules.setdefault(visit.worker, self._loaded(visit.job.module))
            answers += self._answers(visit.job, module)
        return answers

    def _loaded(self, name: str) -> types.ModuleType | str:
        module = types.ModuleType(name)
        text = dict(self.submission.files)[self.submission.main].decode("utf-8-sig")
        try:
            exec(compile(text, self.submission.main, "exec"), module.__dict__)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return module

    def _answers(self, job: Job, module: types.ModuleType | str) -> list[Answer]:
        if isinstance(module, str):
            return [Answer(call.case, "error", message=module) for call in job.calls]
        probes: dict[str, Any] = {}
        exec(compile(job.source, "probes.py", "exec"), probes)
        loaded = Loaded(module, Origin("/nowhere", frozenset({self.submission.main})))
        return [self._answer(call, probes[call.case], loaded) for call in job.calls]

    def _answer(self, call: ProbeCall, probe: Probe, loaded: Loaded) -> Answer:
        stops = (KeyboardInterrupt, SystemExit)  # the end of the process that this runs in, not of a case
        world = World(call.seed)
        with ONE_AT_A_TIME, no_end_meanwhile(), redirect_stdout(StringIO()) as said:
            ran = run_case(loaded, probe, world, through=stops, stand_ins=call.stand_ins)
        value = decode(ran.payload) if ran.status == "returned" else None
        draws = tuple(world.draws)
        return Answer(
            call.case, ran.status, value, ran.payload, ran.message, ran.trace, said.getvalue(), seconds=0.001,
            draws=draws,
        )  # fmt: skip


@contextmanager
def no_end_meanwhile() -> Iterator[None]:
    """SIGTERM ends this process after the block, not in it: a case catches whatever is raised while it runs."""
    if threading.current_thread() is not threading.main_thread():  # handlers run in the main thread only
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if came:
            os.kill(os.getpid(), signal.SIGTERM)
