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

from autograder import __version__
from autograder.cohort.adding import added
from autograder.cohort.executor import Executor, Report, Shard, shards_of
from autograder.cohort.local import LocalPool
from autograder.cohort.run import Outcome, Silent, Totals, Watcher
from autograder.cohort.spool import Result, keep, read_result, set_aside
from autograder.cohort.store import Store
from autograder.cohort.tasks import Task, settings_table, task_of
from autograder.cohort.worker import Order
from autograder.errors import StoredError
from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings
from autograder.grading.judging import InProcess
from autograder.grading.source import AssignmentSource
from autograder.grading.streams import refuse_other_streams
from autograder.grading.totals import Grade, grade_of
from autograder.grading.worlds import HANDOUT
from autograder.intake.hand_in import HandIn
from autograder.intake.layouts.versions import version_order
from autograder.sandbox.wire.messages import Answer, Mode

TRIES = 2
POLL_SECONDS = 0.5
_UNREAD = "this machine could not read it; final_grades.csv has the reason"


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
        MachineError: workers do not start, or this NumPy draws other inputs than the bundle was recorded with.
    """
    refuse_other_streams(bundle)
    settings, watcher, jobs = settings or Settings(), watcher or Silent(), jobs or os.cpu_count() or 1
    run = store.add_run(who or login(), what, bundle, __version__, settings_table(settings))
    if source is not None:
        store.note_origin(bundle, source)
    left = store.left_over()
    store.take_in(run, added(store, left.results))
    tasks = [task_of(h, bundle.spec.submission, bundle.digest, settings, mode, device) for h in hand_ins]
    known = set() if again else store.done()
    keys = {t.key: t for t in tasks}  # the same work in two versions is graded once
    todo = [t for t in keys.values() if t.key not in known]
    totals = Totals(len(keys), known=len(keys) - len(todo))
    order = Order(str(store.shelf.folder / bundle.digest), str(store.spool), str(store.blobs.folder), settings, mode)
    watcher.begin(totals)
    work = _Work(store, bundle, run, "again" if again else "graded", watcher, totals, mode, notes=list(left.damaged))
    stopped = work.through(executor(order, min(jobs, max(1, len(todo)))), todo) if todo else False
    _note_versions(store, run, tasks)
    watcher.end(work.totals, stopped)
    return Outcome(work.totals, stopped, work.not_graded, tuple(work.notes))


def _note_versions(store: Store, run: int, tasks: Sequence[Task]) -> None:
    """Note work that was known before, where it came as another version, at another time, or after other work."""
    newest = store.newest()
    latest = {(e.who, e.version): e for e in sorted(newest.values(), key=lambda e: e.id)}
    for task in sorted(tasks, key=lambda t: version_order(t.hand_in.version)):
        known, own = newest.get(task.key), task.hand_in
        if known is None or not known.graded:
            continue
        last = latest.get((own.who, own.version))
        if last is None or last.key != task.key or own.at not in ("", last.handed_in):
            store.note(run, known, replace(known.handed, version=own.version, handed_in=own.at))


@dataclass
class _Work:
    """The state of a run, in the head process."""

    store: Store
    bundle: Bundle
    run: int
    kind: str
    watcher: Watcher
    totals: Totals
    mode: Mode
    not_graded: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def through(self, executor: Executor, todo: Sequence[Task]) -> bool:
        """Grade `todo`; True when Ctrl-C stopped it."""
        open_tasks = {t.key: t for t in todo}
        tries = dict.fromkeys(open_tasks, 1)
        try:
            for shard in shards_of(todo, 1):
                executor.submit(shard)
            while open_tasks:
                heard = [r for r in executor.poll(POLL_SECONDS) if r.key in open_tasks]
                self.keep([r for report in heard if (r := self.hear(executor, report, open_tasks, tries)) is not None])
        except KeyboardInterrupt:
            return True
        finally:
            executor.cancel()
            left = self.store.left_over()
            self.notes += left.damaged
            self.keep([r for r in left.results if r.key in open_tasks])
        return False

    def hear(
        self, executor: Executor, report: Report, open_tasks: dict[str, Task], tries: dict[str, int]
    ) -> Result | None:
        """What a report says about a task that is open: its result, or nothing to keep; then it goes again, is lost, or
        is left to a later run."""
        task = open_tasks.get(report.key)
        if task is None:
            return None
        result = self.read(task) if report.state == "graded" else None
        again = result is None and report.state != "out" and not report.final and tries[task.key] < TRIES
        if again:
            tries[task.key] += 1
            executor.submit(Shard(sum(tries.values()), (task,)))
            return None
        del open_tasks[task.key]
        if report.state == "out":
            self.leave(task, report.message)
        elif result is None:
            self.lose(task, report.message or "what the worker wrote is damaged")
        return result

    def read(self, task: Task) -> Result | None:
        """What a worker says it has written; a result that is none is set aside."""
        try:
            result = read_result(self.store.spool, task.key, self.store.blobs, fresh=True)
            same = (task.who, task.digest, self.bundle.digest)
            if result is not None and (result.who, result.handed.digest, result.bundle) != same:
                raise StoredError("a result is damaged: it is of another hand-in", where=task.key)
        except StoredError as error:
            self.notes.append(set_aside(self.store.spool, self.store.spool / f"{task.key}.json", error))
            return None
        return result

    def keep(self, results: Sequence[Result]) -> None:
        """Into the store, in one transaction, and tell the watcher."""
        for result in self.store.take_in(self.run, added(self.store, results), self.kind):
            self.totals = self.totals.with_result(result)
            if not result.graded:
                self.not_graded[result.who] = "a case is broken" if result.handed.files else _UNREAD
            self.watcher.step(self.totals, result.who)

    def leave(self, task: Task, message: str) -> None:
        """Note a submission that is still out: its cases wait, and the next run takes over what comes of it."""
        known = self.store.newest_of(task.key)
        if known is None or not known.graded:
            grade = waiting_grade(self.bundle, task.who, self.mode, message)
            result = keep(self.store.blobs, task.key, task.handed(), grade, None)
            self.store.add(self.run, "graded", [result], note=message)
        self.totals = self.totals.still_out()
        self.watcher.step(self.totals, task.who)

    def lose(self, task: Task, message: str) -> None:
        """Note a submission that no worker could grade: not graded, with a reason, and tried again by the next run.

        What an earlier run has judged of it stands; then the loss is named, and nothing is put in the place of points.
        """
        if self.judged(task):
            message += "; what an earlier run judged of it stands"
        else:
            grade = lost_grade(self.bundle, task.who, self.mode, f"not graded: {message}")
            result = keep(self.store.blobs, task.key, task.handed(), grade, None)
            self.store.add(self.run, "lost", [result], note=message)
        self.not_graded[task.who] = message
        self.totals = self.totals.lost()
        self.watcher.step(self.totals, task.who)

    def judged(self, task: Task) -> bool:
        """Whether the newest grade of a task is more than a note that it is still out."""
        known = self.store.newest_of(task.key)
        return known is not None and known.graded and bool(known.evidence or not known.waiting)


def lost_grade(bundle: Bundle, who: str, mode: str, message: str) -> Grade:
    """The grade of a hand-in about which nothing is known: every case is broken, nothing is a zero."""
    return _unjudged(bundle, who, mode, {}, message)


def waiting_grade(bundle: Bundle, who: str, mode: str, message: str) -> Grade:
    """The grade of a hand-in that is not judged yet: every case waits."""
    waits = {c.name: Answer(c.name, "waiting", message=message) for c in bundle.cases.cases}
    return _unjudged(bundle, who, mode, waits, message)


def _unjudged(bundle: Bundle, who: str, mode: str, answers: Mapping[str, Answer], message: str) -> Grade:
    nowhere = dict.fromkeys((c.name for c in bundle.cases.cases), HANDOUT)
    verdicts = [v.told(message=message) for v in InProcess().verdicts(bundle, answers, nowhere)]
    return grade_of(bundle, who, "", verdicts, layers=(), mode=mode, tool=__version__)


def login() -> str:
    """The user's login name, or the user id where there is none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
