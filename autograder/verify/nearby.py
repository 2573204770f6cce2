"""Programs of the course run near by: in a forked child of the exam, without walls, for fingerprints alone.

Machine-made mistakes are the author's own text but for one place; a thousand of them in the sandbox take an hour, of
which most is walls. What is run, how and in which order of events is the worker's own code (sandbox/worker), one child
a program, so that nothing of one mistake is seen by the next. A child that takes too long in a case, or dies in it, is
replaced for the cases that are left; it may take as much memory as a question allows beyond what it began with.
Not covered: forbidden names (no mistake is made of them), replays and milestones.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import pickle
import resource
import select
import signal
import struct
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.authoring.world import World
from autograder.grading.plan import Seeds
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.course_code import with_code
from autograder.sandbox.grader.libraries import needs_torch
from autograder.sandbox.wire.messages import PROBES, Answer
from autograder.sandbox.worker.loading import Loaded, compiled, load, prepare, remember
from autograder.sandbox.worker.running import run_case
from autograder.sandbox.worker.standins import without_graders
from autograder.sandbox.worker.state import State, keep, restore
from autograder.sandbox.worker.worker import rehearse

Call = tuple[str, int]
_LENGTH = struct.Struct("<Q")
_LOADING = 30.0
"""Seconds for a program's top level; the reference takes a part of one."""


class Nearby:
    """Where programs of one assignment are run.

    Args:
        seconds: case → what one run may take.
    """

    def __init__(self, source: AssignmentSource, seconds: Mapping[str, float]) -> None:
        self.source, self.seconds = source, seconds
        self._beside = {PurePosixPath(n).parts[0].removesuffix(".py") for n in (*source.support, *source.artifacts)}
        _ready(needs_torch(source.submission("reference", source.reference), source.support, source.cases.source))
        self._code = {
            c.name: compile(source.cases.probes([c.name]), PROBES, "exec", dont_inherit=True)
            for c in source.cases.cases
            if c.kind == "case"
        }

    def answers(self, name: str, text: str, seeds: Seeds) -> dict[str, tuple[Answer, ...]]:
        """Case → what a program came back with, world by world; on given ground too where a case has one."""
        left: list[Call] = [(case, seed) for case, several in seeds.items() for seed in several]
        found: dict[Call, Answer] = {}
        with tempfile.TemporaryDirectory(prefix="nearby-") as folder:
            main = self._written(Path(folder), name, text)
            while left:
                answers = self._child(folder, main, left)
                found |= dict(zip(left, answers, strict=False))
                left = left[len(answers) :]
        return {case: tuple(found[case, seed] for seed in several) for case, several in seeds.items()}

    def _written(self, folder: Path, name: str, text: str) -> str:
        """Write what a program finds beside itself; gives its path below the folder."""
        submission = self.source.submission(name, text)
        beside = PurePosixPath(submission.main).parent
        course = {str(beside / path): data for path, data in with_code(self.source.support).items()}
        for path, data in (dict(submission.files) | course).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return submission.main

    def _child(self, folder: str, main: str, calls: Sequence[Call]) -> list[Answer]:
        """The answers of the first calls, as far as one child gets: of at least one."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            self._live(writing, folder, main, calls)
        os.close(writing)
        answers: list[Answer] = []
        try:
            with os.fdopen(reading, "rb", buffering=0) as pipe:
                if self._received(pipe, _LOADING) is None:
                    return [Answer(case, "crashed") for case, _ in calls]
                for case, _ in calls:
                    given = self.source.cases.get(case).given
                    came = self._received(pipe, self.seconds[case] * (2 if given else 1))
                    if isinstance(came, Answer):
                        answers.append(came)
                        continue
                    return [*answers, Answer(case, "timeout" if came is None else "crashed")]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return answers

    def _received(self, pipe: Any, seconds: float) -> object:
        """What the child sends next; None when it takes too long, False where it ends first."""
        until = time.monotonic() + seconds
        data: bytes | bool | None = _read(pipe, _LENGTH.size, until)
        if isinstance(data, bytes):
            data = _read(pipe, _LENGTH.unpack(data)[0], until)
        return pickle.loads(data) if isinstance(data, bytes) else data  # made by our own code in our own child

    def _live(self, writing: int, folder: str, main: str, calls: Sequence[Call]) -> None:
        """The whole life of a child; it ends here."""
        try:
            _quiet()
            self._limited()
            for name in self._beside:
                sys.modules.pop(name, None)  # what a judge has imported under the name of a file of the course
            loaded, cells = prepare(folder, main, self.source.spec.submission.module)
            without_graders("otter", "selfcheck")
            load(loaded, compiled(loaded, cells), cells)
            state = keep()
            _send(writing, True)
            for case, seed in calls:
                _send(writing, self._answer(loaded, state, case, seed))
        finally:
            os._exit(0)

    def _limited(self) -> None:
        """As much memory again as a question's programs may have; and no thread beside this one."""
        most = max(self.source.spec.limits_of(q.id).memory_mb for q in self.source.spec.questions) << 20
        pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 0
        if pages:
            most += pages * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.set_num_threads(1)

    def _answer(self, loaded: Loaded, state: State, case: str, seed: int) -> Answer:
        own = self._ran(loaded, state, case, seed, False)
        given = self._ran(loaded, state, case, seed, True) if self.source.cases.get(case).given else None
        return replace(own, given=given)

    def _ran(self, loaded: Loaded, state: State, case: str, seed: int, stand_ins: bool) -> Answer:
        restore(state)
        probes: dict[str, Any] = {}
        remember(PROBES, self.source.cases.probes([case]))
        exec(self._code[case], probes)
        limits = self.source.spec.limits_of(self.source.cases.get(case).question)
        most = int(limits.values_mb * 2**20)
        ran = run_case(loaded, probes[case], World(seed), seed=seed, most_bytes=most, stand_ins=stand_ins)
        return Answer(case, ran.status, payload=ran.payload, message=ran.message, trace=ran.trace)


@functools.cache
def _ready(torch: bool) -> None:
    """Do here once what takes a child seconds; as the sandbox does before it forks workers."""
    if torch:
        importlib.import_module("torch")
    with warnings.catch_warnings():  # a worker's are nobody's to read
        rehearse()


def _read(pipe: Any, size: int, until: float) -> bytes | bool | None:
    """So many bytes; None where they are late, False where there are no more."""
    data = b""
    while len(data) < size:
        if not select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
            return None
        part = pipe.read(size - len(data))
        if not part:
            return False
        data += part
    return data


def _quiet() -> None:
    """Nobody reads what a child prints, and it takes nothing of the exam's with it."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    sys.stdin, sys.stdout, sys.stderr = (open(n, m, closefd=False) for n, m in ((0, "r"), (1, "w"), (2, "w")))  # noqa: SIM115
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _send(writing: int, value: object) -> None:
    data = pickle.dumps(value)
    view = memoryview(_LENGTH.pack(len(data)) + data)
    while view:
        view = view[os.write(writing, view) :]
