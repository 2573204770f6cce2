"""What runs on a node: one shard, in a sandbox of its own, results into the shared folder.

The batch system may end a job at any moment, and it signals every process of the job, a student's among them. What such
a process came to is no fault of its author: from the first signal on nothing is written any more, and before a verdict
that such a signal could have made (`crashed`, `memory`, `broken`) is written, the job waits for one to arrive.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from autograder.cohort.cluster.folder import Shared
from autograder.cohort.spool import write_result
from autograder.cohort.tasks import Task
from autograder.cohort.worker import Order, StartSandbox, graded_task, load_bundle
from autograder.errors import AutograderError, SubmissionError
from autograder.grading.bundle import Bundle
from autograder.grading.judging import Judge
from autograder.grading.separate import Separate
from autograder.grading.status import Status
from autograder.grading.totals import Grade
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.libraries import needs_torch

PAUSE = 0.5
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR2, signal.SIGXCPU)
MEMORY = "memory"
_DOUBTFUL = (Status.CRASHED, Status.MEMORY, Status.BROKEN)


class JobEnded(BaseException):
    """The batch system ends this job; no `except Exception` holds it up."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def run_shard(folder: str, shard: str) -> None:
    """Grade a shard; what submitit calls.

    Args:
        folder: a `Shared` folder.
        shard: its name there.
    """
    for number in ENDINGS:
        signal.signal(number, _end)
    code = work(Shared(Path(folder)), shard, lambda mode: Sandbox.start(mode=mode))
    sys.stdout.flush()
    if code:
        os._exit(code)  # submitit would write a traceback; what there is to say stands in the log


def _end(number: int, frame: FrameType | None) -> None:
    for again in ENDINGS:
        signal.signal(again, signal.SIG_IGN)
    raise JobEnded(signal.Signals(number).name)


def work(shared: Shared, shard: str, start: StartSandbox, judges: Callable[[], Any] = Separate) -> int:
    """Grade what a shard still lacks; the exit status: 0 when it is done, 3 when no sandbox starts, 4 otherwise."""
    tasks = [t for t in shared.tasks(shard) if not (shared.results / f"{t.key}.json").exists()]
    if not tasks:
        return 0
    shared.say(shard, node=node())
    ready = False
    try:
        order = shared.order()
        bundle = load_bundle(Path(order.bundle))
        gc.freeze()
        with judges() as judge, start(order.mode) as sandbox:
            judge.start(bundle)
            sandbox.load(needs_torch(None, bundle.support, bundle.cases.source))
            ready = True
            _grade(shared, shard, tasks, sandbox, bundle, judge)
    except JobEnded as ended:
        shared.say(shard, stopped=ended.why)
        return 4
    except AutograderError as error:
        shared.say(shard, **{"failed" if ready else "refused": error.sentence()})
        return 4 if ready else 3
    return 0


def _grade(shared: Shared, shard: str, tasks: Iterable[Task], sandbox: Any, bundle: Bundle, judge: Judge) -> None:
    order = shared.order()
    for task in tasks:
        shared.say(shard, begun=task.key)
        kills = out_of_memory_kills()
        try:
            _grade_one(order, task, sandbox, bundle, judge, kills)
        except SubmissionError as error:
            shared.say(shard, key=task.key, lost=f"on {node()}: {error.sentence()}")
        except AutograderError:
            time.sleep(PAUSE)  # a signal to the sandbox may have made it
            if out_of_memory_kills() > kills:
                raise JobEnded(MEMORY) from None  # so the kernel has: that is no fault of this machine
            raise


def _grade_one(order: Order, task: Task, sandbox: Any, bundle: Bundle, judge: Judge, kills: int) -> None:
    result, grade = graded_task(sandbox, bundle, order, task, judge)
    if doubtful(grade):
        time.sleep(PAUSE)
    if out_of_memory_kills() > kills:
        raise JobEnded(MEMORY)
    write_result(Path(order.spool), result)


def doubtful(grade: Grade) -> bool:
    """Whether a verdict is one that a signal of the batch system could have made."""
    return any(verdict.status in _DOUBTFUL for verdict in grade.verdicts)


def node() -> str:
    """What the batch system calls this machine."""
    return os.environ.get("SLURMD_NODENAME") or os.uname().nodename


def out_of_memory_kills(groups: str = "/proc/self/cgroup", mount: str = "/sys/fs/cgroup") -> int:
    """How many processes the kernel has killed in this job's control group because its memory was used up; 0 where
    that cannot be told."""
    try:
        lines = Path(groups).read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    found = 0
    for line in lines:
        _, controllers, path = line.split(":", 2)
        names = {"": ("", "memory.events"), "memory": ("memory", "memory.oom_control")}.get(controllers)
        if names is None:
            continue
        try:
            text = (Path(mount) / names[0] / path.lstrip("/") / names[1]).read_text(encoding="utf-8")
        except OSError:
            continue
        rows = dict(row.split(" ", 1) for row in text.splitlines() if " " in row)
        found += int(rows.get("oom_kill", "0"))
    return found
