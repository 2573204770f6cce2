"""The ledger of a cluster's executor: every task that is open, whether it is queued, which job it is in, and how often
a job has ended at it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from autograder.cohort.cluster.causes import Cause, Ending
from autograder.cohort.cluster.folder import Sent
from autograder.cohort.tasks import Task
from autograder.spec.cluster import Cluster

STILLBORN = 4
"""So many jobs in a row may end before they have begun anything, or because their machine failed."""
PREEMPTIONS = 20
"""So often a submission's job may be preempted, or lose its node: that is nobody's fault, but it ends somewhere."""


@dataclass
class Record:
    """What is known of one task. `alone`: it goes into a job of its own, because it may be why others ended."""

    task: Task
    alone: bool = False
    endings: list[Ending] = field(default_factory=list)

    def count(self, *causes: Cause) -> int:
        """How many jobs ended at it for one of these causes."""
        return sum(e.cause in causes for e in self.endings)


class Ledger:
    """See the module."""

    def __init__(self) -> None:
        self.open: dict[str, Record] = {}
        self.queue: dict[str, None] = {}
        self.job_of: dict[str, str] = {}
        self._seen: set[str] = set()

    def add(self, task: Task) -> None:
        """A task to grade; one that has been there before goes alone."""
        self.open[task.key] = Record(task, alone=task.key in self._seen)
        self._seen.add(task.key)
        self.queue[task.key] = None

    def forget(self, key: str) -> None:
        """Nothing more is expected of a task."""
        self.open.pop(key, None)
        self.queue.pop(key, None)
        self.job_of.pop(key, None)

    def adopt(self, jobs: Iterable[Sent], lying: Collection[str]) -> int:
        """Tasks that are in these jobs, or whose results lie there, need not be sent; how many are in jobs."""
        self.job_of |= {key: sent.job for sent in jobs for key in sent.keys}
        there = self.job_of.keys() | set(lying)
        self.queue = {k: None for k in self.queue if k not in there}
        return len(self.job_of.keys() & self.open.keys())

    def sent(self, jobs: Iterable[Sent]) -> int:
        """These jobs were taken; how many tasks are in them."""
        gone = {key: sent.job for sent in jobs for key in sent.keys}
        self.job_of |= gone
        for key in gone:
            self.queue.pop(key, None)
        return len(gone)

    def left_of(self, sent: Sent) -> list[str]:
        """Open tasks of a job that are in no other one."""
        return [k for k in sent.keys if k in self.open and self.job_of.get(k) == sent.job]

    def go_again(self, keys: Iterable[str]) -> None:
        """Those of these tasks that are still open are to be sent again."""
        for key in keys:
            self.job_of.pop(key, None)
            if key in self.open:
                self.queue[key] = None

    def strike(self, key: str, ending: Ending, settings: Cluster) -> str:
        """A job ended at this task; why it is given up, or "" when it is tried again."""
        record = self.open[key]
        record.endings.append(ending)
        record.alone = record.alone or ending.cause.isolates
        blamed = record.count(*(c for c in Cause if c.blames))
        patient = blamed < settings.tries and record.count(Cause.MACHINE) < STILLBORN
        if patient and len(record.endings) < PREEMPTIONS:
            return ""
        counted = ", ".join(f"{record.count(c)} × {c}" for c in Cause if record.count(c))
        fix = {
            Cause.TIME: f"; give jobs more time ([cluster] minutes = {settings.minutes})",
            Cause.MEMORY: f"; give jobs more memory ([cluster] memory_gb = {settings.memory_gb:g})",
        }.get(ending.cause, "")
        last = next((e.detail for e in reversed(record.endings) if e.detail), "")
        return f"its job ended {len(record.endings)} times ({counted}){f': {last}' if last else ''}{fix}"
