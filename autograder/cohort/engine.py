"""The engine: many submissions through an executor into the store; resumed, stopped and counted.

The order in which submissions are finished changes nothing: a result hangs on its own task only, and everything that is
written out is sorted by name. Resume is no mode of its own: what the store has is skipped, what the spool has is read,
the rest is graded.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from autograder import __version__
from autograder.cohort.executor import Executor, shards_of
from autograder.cohort.local import LocalPool
from autograder.cohort.spool import Result, keep, read_result
from autograder.cohort.store import Store
from autograder.cohort.tasks import Task, settings_table, task_of
from autograder.cohort.worker import Order
from autograder.grading.bundle import Bundle
from autograder.grading.evidence import Evidence
from autograder.grading.grade import Settings
from autograder.grading.judging import InProcess
from autograder.grading.source import AssignmentSource
from autograder.grading.totals import grade_of
from autograder.intake.hand_in import HandIn
from autograder.sandbox.wire.messages import Mode

TRIES = 2
POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Totals:
    """Where a run stands."""

    total: int
    known: int = 0
    graded: int = 0
    not_graded: int = 0
    points: Fraction = Fraction(0)
    max_points: Fraction = Fraction(0)

    def with_result(self, result: Result) -> Totals:
        """After one more."""
        if not result.graded:
            return replace(self, not_graded=self.not_graded + 1)
        return replace(
            self,
            graded=self.graded + 1,
            points=self.points + Fraction(result.points),
            max_points=self.max_points + Fraction(result.max_points),
        )

    @property
    def done(self) -> int:
        """Submissions that need no more work, those known before included."""
        return self.known + self.graded + self.not_graded


class Watcher(Protocol):
    """Who is told how a run goes."""

    def begin(self, totals: Totals) -> None:
        """The run starts; `totals.known` submissions were graded before."""

    def step(self, totals: Totals, name: str) -> None:
        """One more submission is finished."""

    def end(self, totals: Totals, stopped: bool) -> None:
        """The run is over."""


class Silent:
    """A watcher that says nothing."""

    def begin(self, totals: Totals) -> None:
        """Nothing."""

    def step(self, totals: Totals, name: str) -> None:
        """Nothing."""

    def end(self, totals: Totals, stopped: bool) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        stopped: by Ctrl-C; what was finished is kept.
        not_graded: names whose grading failed by the grader's own fault, with the reason where it is known.
    """

    totals: Totals
    stopped: bool = False
    not_graded: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_status(self) -> int:
        """0 when everything is graded, 1 otherwise, 130 when stopped."""
        if self.stopped:
            return 130
        return 1 if self.not_graded else 0


MakeExecutor = Callable[[Order, int], Executor]


def grade_cohort(
    store: Store,
    bundle: Bundle,
    hand_ins: Sequence[HandIn],
    *,
    settings: Settings | None = None,
    mode: Mode = "standard",
    jobs: int = 0,
    again: bool = False,
    device: str = "cpu",
    executor: MakeExecutor = LocalPool,
    watcher: Watcher | None = None,
    source: AssignmentSource | None = None,
    who: str = "",
    what: str = "grade",
) -> Outcome:
    """Grade what the store does not have yet.

    Args:
        hand_ins: what was collected.
        mode: floor of the sandbox.
        jobs: workers at once; 0 for one per processor.
        again: grade everything, even what has been graded with this very bundle.
        executor: makes the executor for an order and a number of jobs.
        source: of the bundle, where it is known; a later rejudging then runs only what has changed since.
        who: for the history; the user's login name by default.

    Raises:
        UsageError: the store belongs to another assignment.
        MachineError: workers do not start.
    """
    settings, watcher, jobs = settings or Settings(), watcher or Silent(), jobs or os.cpu_count() or 1
    files = {h.who: str(h.path.resolve()) for h in hand_ins}
    run = store.add_run(who or login(), what, bundle, __version__, settings_table(settings))
    if source is not None:
        store.note_origin(bundle, source)
    store.take_in(run, store.left_over(), files)
    tasks = [task_of(h, bundle.spec.submission, bundle.digest, settings, mode, device) for h in hand_ins]
    known = set() if again else store.done()
    todo = [t for t in tasks if t.key not in known]
    totals = Totals(len(tasks), known=len(tasks) - len(todo))
    order = Order(str(store.bundles / bundle.digest), str(store.spool), str(store.blobs.folder), settings, mode)
    watcher.begin(totals)
    work = _Work(store, bundle, run, files, "again" if again else "graded", watcher, totals, mode)
    stopped = work.through(executor(order, min(jobs, max(1, len(todo)))), todo) if todo else False
    watcher.end(work.totals, stopped)
    return Outcome(work.totals, stopped, work.not_graded)


@dataclass
class _Work:
    """The state of a run, in the head process."""

    store: Store
    bundle: Bundle
    run: int
    files: Mapping[str, str]
    kind: str
    watcher: Watcher
    totals: Totals
    mode: Mode
    not_graded: dict[str, str] = field(default_factory=dict)

    def through(self, executor: Executor, todo: Sequence[Task]) -> bool:
        """Grade `todo`; True when Ctrl-C stopped it."""
        open_tasks = {t.key: t for t in todo}
        tries = dict.fromkeys(open_tasks, 1)
        try:
            for shard in shards_of(todo, 1):
                executor.submit(shard)
            number = len(todo)
            while open_tasks:
                finished = []
                for report in executor.poll(POLL_SECONDS):
                    task = open_tasks.get(report.key)
                    if task is None:
                        continue
                    result = read_result(self.store.spool, task.key) if report.state == "graded" else None
                    if result is None and tries[task.key] < TRIES:
                        tries[task.key] += 1
                        executor.submit(replace(shards_of([task], 1)[0], id=number))
                        number += 1
                        continue
                    del open_tasks[task.key]
                    if result is None:
                        self.lose(task, report.message)
                    else:
                        finished.append(result)
                self.keep(finished)
        except KeyboardInterrupt:
            return True
        finally:
            executor.cancel()
            keys = {r.key: r for r in self.store.left_over()}
            self.keep([keys[k] for k in open_tasks if k in keys])
        return False

    def keep(self, results: Sequence[Result]) -> None:
        """Into the store, in one transaction, and tell the watcher."""
        for result in self.store.take_in(self.run, results, self.files, self.kind):
            self.totals = self.totals.with_result(result)
            if not result.graded:
                self.not_graded[result.name] = "a case is broken"
            self.watcher.step(self.totals, result.name)

    def lose(self, task: Task, message: str) -> None:
        """Note a submission that no worker could grade: not graded, with a reason, and tried again by the next run."""
        nowhere = {c.name: 0 for c in self.bundle.cases.cases}
        verdicts = [v.told(message=f"not graded: {message}") for v in InProcess().verdicts(self.bundle, {}, nowhere)]
        grade = grade_of(self.bundle, task.who, "", verdicts, layers=(), mode=self.mode, tool=__version__)
        nothing = Evidence(task.who, "", self.bundle.digest, {}, {})
        result = replace(keep(self.store.blobs, task.key, task.digest, grade, nothing), evidence="")
        self.store.add(self.run, "lost", [result], self.files, note=message)
        self.not_graded[task.who] = message
        self.totals = self.totals.with_result(result)
        self.watcher.step(self.totals, task.who)


def login() -> str:
    """The user's login name, or the user id where there is none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def open_store(folder: Path, *, resume: bool = False) -> Store:
    """The store of an output folder.

    Args:
        resume: there must be one already.
    """
    return Store(folder, create=not resume)
