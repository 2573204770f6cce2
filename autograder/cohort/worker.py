"""The worker process: a bundle, a sandbox of its own, and one hand-in after the other.

    python -m autograder.cohort.worker

Line by line: it reads the order (JSON), then tasks (JSON); it answers `ready`, and for each task `graded <key>` or
`lost <key> <why>`. It ends when its input does, on SIGTERM, and when the process that started it is gone.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from autograder.cohort.spool import Result, keep, write_result
from autograder.cohort.tasks import Task
from autograder.cohort.weights import keep_weights
from autograder.errors import AutograderError, SubmissionError
from autograder.grading.blobs import BlobStore
from autograder.grading.bundle import Bundle, from_files
from autograder.grading.grade import Settings, grade_opened
from autograder.grading.judging import Judge
from autograder.grading.separate import Separate
from autograder.grading.totals import Grade
from autograder.intake.hand_in import printable
from autograder.intake.opening import Opened, open_hand_in
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.libraries import needs_torch
from autograder.sandbox.wire.messages import Mode

_PR_SET_PDEATHSIG = 1
StartSandbox = Callable[[Mode], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Order:
    """What a worker works with."""

    bundle: str
    spool: str
    blobs: str
    settings: Settings
    mode: Mode

    def to_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self)) + "\n"

    @staticmethod
    def from_line(line: str) -> Order:
        """The reverse."""
        table = json.loads(line)
        settings = table["settings"] | {"only": tuple(table["settings"]["only"])}
        return Order(**(table | {"settings": Settings(**settings)}))


def load_bundle(folder: Path) -> Bundle:
    """The bundle whose files lie under `folder`.

    Raises:
        BundleError: they do not make one.
    """
    files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return from_files(files, str(folder))


def serve(lines: Iterable[str], out: TextIO, start: StartSandbox) -> None:
    """Work until `lines` end.

    Args:
        lines: the order, then tasks.
        out: where the answers go.
        start: starts a sandbox of a mode.
    """
    rows = iter(lines)
    first = next(rows, "")
    if not first:
        return
    order = Order.from_line(first)
    bundle = load_bundle(Path(order.bundle))
    gc.freeze()  # libraries and bundle stay: no collection need look at them again
    with Separate() as judge, start(order.mode) as sandbox:
        judge.start(bundle)
        # Where the libraries do not load, no submission is to blame.
        sandbox.load(needs_torch(None, bundle.support, bundle.cases.source))
        _say(out, "ready")
        for line in rows:
            task = Task.from_line(line)
            try:
                grade_task(sandbox, bundle, order, task, judge)
                _say(out, f"graded {task.key}")
            except AutograderError as error:
                _say(out, f"lost {task.key} {error.sentence()}")
                if not isinstance(error, SubmissionError):
                    raise  # the sandbox or the disk: a fresh worker may fare better


def grade_task(sandbox: Any, bundle: Bundle, order: Order, task: Task, judge: Judge) -> None:
    """Grade one hand-in and put its result into the spool; raises as `graded_task` does."""
    write_result(Path(order.spool), graded_task(sandbox, bundle, order, task, judge)[0])


def graded_task(sandbox: Any, bundle: Bundle, order: Order, task: Task, judge: Judge) -> tuple[Result, Grade]:
    """Grade one hand-in; its blobs are kept then, its result is not yet written.

    Raises:
        SubmissionError: the file is not the one that the task was made for, or cannot be read here.
        MachineError: the sandbox or the disk fails.
    """
    opened = open_hand_in(task.hand_in, bundle.spec.submission)
    if opened.digest != task.digest:
        raise _another(opened)
    grade, evidence = grade_opened(sandbox, bundle, opened, order.settings, judge)
    keep_weights(BlobStore(Path(order.blobs)), bundle.spec, opened)
    return keep(BlobStore(Path(order.blobs)), task.key, task.handed(opened.files), grade, evidence), grade


def _another(opened: Opened) -> SubmissionError:
    """What to say of a hand-in that is not what it was when the run began; one that is not seen has not changed."""
    where, problem = printable(str(opened.hand_in.path)), opened.problem
    if problem is None:
        return SubmissionError("the file has changed since the run began", where=where, fix="grade again")
    return SubmissionError(
        "cannot be read here as it was when the run began", where=where,
        found=": ".join(filter(None, (problem.what, problem.found))),
        fix="look whether it still lies there, and whether the machine that grades sees it; then grade again",
    )  # fmt: skip


def _say(out: TextIO, line: str) -> None:
    out.write(line + "\n")
    out.flush()


def end_with(parent: int) -> None:
    """Ask for SIGTERM when the parent dies (Linux), and turn SIGTERM into an orderly end."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(0)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def main() -> None:
    """Serve the standard streams. Whatever prints goes to stderr, so that nothing can pose as an answer."""
    end_with(int(sys.argv[1]))
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, out, lambda mode: Sandbox.start(mode=mode))


if __name__ == "__main__":
    main()
