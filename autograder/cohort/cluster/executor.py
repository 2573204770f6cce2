"""SlurmExecutor: shards as jobs of a batch system, an `Executor` like any other.

The head lays tasks into a shared folder, sends jobs, and reads what they leave there; it never waits for a job by name,
only for results by key. A job that ends early leaves some keys without a result: those that it had not begun go into
the next job; the one that it was at is tried again, alone where it may be the reason, and not for ever. All that is out
is noted in the shared folder, so that the next head goes on where this one was killed.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.cohort.cluster.adopting import adopt
from autograder.cohort.cluster.batch import MOST_IN_ARRAY, Batch, Refused, unwilling
from autograder.cohort.cluster.causes import WAITS, Cause, ending_of, is_out, plain
from autograder.cohort.cluster.cutting import PILOTS, Cost, cut, size_of
from autograder.cohort.cluster.folder import Sent, shared_of
from autograder.cohort.cluster.ledger import Ledger
from autograder.cohort.cluster.taking import put_away, take_over
from autograder.cohort.cluster.vain import Vain
from autograder.cohort.executor import Report, Shard
from autograder.cohort.worker import Order
from autograder.errors import MachineError, StoredError
from autograder.grading.blobs import BlobStore
from autograder.spec.cluster import Cluster

MOST_TAKEN = 200
"""Results that are taken over between two reports."""


@dataclass(frozen=True)
class Pace:
    """Seconds: between two looks for results, between two questions about states, and for which a result of a job that
    has ended may still be on its way through the shared file system."""

    look: float = 1.0
    ask: float = 5.0
    settle: float = 10.0


class SlurmExecutor:
    """See the module."""

    def __init__(
        self,
        order: Order,
        jobs: int,
        *,
        out: Path,
        spool: Path,
        settings: Cluster,
        batch: Batch,
        cost: Cost | None = None,
        tell: Callable[[str], None] = lambda text: None,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            order: what grades, with the places of OUT.
            jobs: of no use here: `settings.parallel` says how many jobs work at a time.
            out: output folder of the run, on this machine's own disk.
            spool: folder that all nodes see.
            cost: what one submission has cost before.
            tell: is told what happens, a sentence each.

        Raises:
            MachineError: the spool or OUT cannot be written.
        """
        self.order, self.settings, self.batch, self.tell = order, settings, batch, tell
        self.shared = shared_of(out, spool, order)
        self.cost, self.pace, self.clock = cost or Cost(), pace or Pace(), clock
        self.avoided: dict[str, str] = {}
        self._bundle = Path(order.bundle).name
        self._blobs, self._spool = BlobStore(Path(order.blobs)), Path(order.spool)
        self._ledger = Ledger()
        self._out: dict[str, Sent] = {}
        self._ended: dict[str, tuple[float, str]] = {}
        self._asked = self._told = float("-inf")
        self._refused, self._most = float("-inf"), MOST_IN_ARRAY
        self._began, self._left = clock(), False
        self._vain = Vain(self.shared)
        self._adopted = self._failed = False

    def submit(self, shard: Shard) -> None:
        """See `Executor`."""
        for task in shard.tasks:
            self._ledger.add(task)

    def poll(self, seconds: float) -> list[Report]:
        """See `Executor`."""
        try:
            return self._poll(seconds)
        except MachineError:
            self._failed = True
            raise

    def _poll(self, seconds: float) -> list[Report]:
        if not self._adopted:
            self._adopt()
        deadline = self.clock() + seconds
        while True:
            reports = self._take()
            if not reports:
                reports = self._look()
            if self._overdue():
                return [*reports, *self._give_up_waiting({r.key for r in reports})]
            self._send()
            if reports or self.clock() >= deadline:
                return reports
            time.sleep(min(self.pace.look, max(0.0, deadline - self.clock())))

    def cancel(self) -> None:
        """See `Executor`. What waits on (after `wait_hours`) is left to the batch system, and so are the jobs of an
        earlier head that were not taken over yet: nobody knows them. After a fault the logs stay."""
        if self._left:
            return
        if not self._adopted:
            if self.shared.noted():
                self.tell("jobs of an earlier run go on: this one ended before it had taken them over; --resume does")
            return
        if self._out and not self._ledger.open:
            self._wait_until_ended(15.0)  # all results are here: the last jobs end by themselves
        if self._out and (self._ledger.open or self.batch.named(self.shared.name)):
            self.batch.cancel(list(self._out), self.shared.name)
            self._wait_until_ended(40.0)
        with contextlib.suppress(MachineError):
            while self._take(told=False):
                pass
            self.shared.remove(but_logs=self._failed)
        self._out = {}

    def _adopt(self) -> None:
        """Go on with the jobs of a head that was killed."""
        self._out = adopt(self.shared, self.order, self.batch, self._ledger.open.keys(), self.tell)
        count = self._ledger.adopt(self._out.values(), self.shared.waiting_results())
        self._adopted = True
        if self._out:
            self.tell(f"goes on with jobs of an earlier run: {len(self._out)}, with {count} submissions")

    # sending

    def _send(self) -> None:
        """Send what is queued, as far as the batch system takes it.

        SLURM bounds the jobs of one array that work at a time, not those of several: what comes after an array that is
        not done goes into its free places.
        """
        if not self._ledger.queue or self.clock() - self._refused < self.pace.ask:
            return
        waiting = list(self._ledger.queue)
        if not self.cost.known:
            if self._out:
                return  # the pilots say first what one costs
            waiting = waiting[: min(PILOTS, self.settings.parallel)]
        size = size_of(self.cost, self.settings, len(waiting)) if self.cost.known else 1
        alone = [k for k in waiting if self._ledger.open[k].alone]
        shards = cut(waiting, alone, size)
        while shards:
            busy = len(self._out.keys() - self._ended.keys())
            array = shards[: min(self._most, max(0, self.settings.parallel - busy)) if busy else self._most]
            if not array:
                return
            if self._send_array(array):
                del shards[: len(array)]
            elif len(array) == 1:
                return
            else:
                self._most = len(array) // 2  # a limit on arrays, or on jobs of one user

    def _send_array(self, shards: list[list[str]]) -> bool:
        names = [self.shared.lay([self._ledger.open[k].task for k in keys]) for keys in shards]
        try:
            jobs = self.batch.send(self.shared, names, self.avoided)
        except Refused as error:
            for name in names:
                self.shared.take_back(name)
            if not self._out and len(shards) == 1:
                raise unwilling(error, self.avoided) from None
            if len(shards) == 1:
                self._refused = self.clock()
                self._say_now_and_then(f"the batch system takes no more jobs for now: {error}")
            return False
        sent = [Sent(job, name, tuple(keys)) for job, name, keys in zip(jobs, names, shards, strict=True)]
        self.shared.note(sent)
        self._out |= {one.job: one for one in sent}
        count = self._ledger.sent(sent)
        first = jobs[0].split("_")[0]
        self.tell(f"sent {count} submissions in {len(jobs)} jobs ({first})")
        self._asked = self.clock()
        return True

    # results

    def _take(self, told: bool = True) -> list[Report]:
        """Take over results that lie there; what is damaged goes aside and is tried again."""
        reports = []
        for key in self.shared.waiting_results():
            record = self._ledger.open.get(key)
            if record is None:
                self.shared.drop(key)
                continue
            try:
                result = take_over(self.shared, record.task, self._bundle, self.order.mode, self._blobs, self._spool)
            except StoredError as error:
                self.tell(put_away(self.shared, key, error))
                reports.append(self._lost(key, f"what the node wrote is damaged: {error.what}", final=False))
                continue
            if result is None:
                continue
            if told:
                self.cost.add(float(result.times["total"]))
            self._vain.clear()
            self._ledger.forget(key)
            reports.append(Report(key, "graded"))
            if len(reports) >= MOST_TAKEN:
                break
        return reports

    def _lost(self, key: str, message: str, final: bool = True) -> Report:
        self._ledger.forget(key)
        return Report(key, "lost", message, final)

    # states

    def _look(self) -> list[Report]:
        """Close the jobs that have ended, and ask for states now and then: results are looked for in between."""
        moment = self.clock()
        reports: list[Report] = []
        for job, (since, state) in list(self._ended.items()):
            sent = self._out.get(job)
            if sent is None:
                del self._ended[job]
            elif not (self._ledger.open.keys() & set(sent.keys)) or moment - since >= self.pace.settle:
                del self._ended[job], self._out[job]
                reports += self._closed(sent, state)
        if self._out and moment - self._asked >= self.pace.ask * (1 if len(self._out) < 100 else 4):
            self._asked = moment
            states = self.batch.states(list(self._out))
            for job, state in states.items():
                if not is_out(state):
                    self._ended.setdefault(job, (moment, state))
            self._say_progress(states)
        return reports

    def _closed(self, sent: Sent, state: str) -> list[Report]:
        """A job has ended: what it has left undone goes again."""
        story = self.shared.story(sent.shard)
        self.shared.close(sent)
        left = self._ledger.left_of(sent)
        ending = ending_of(state, story, self._vain.full)
        reports = [self._lost(k, why, final=False) for k, why in story.lost.items() if k in left]
        left = [k for k in left if k in self._ledger.open]
        if ending.cause is Cause.REFUSED:
            self._avoid(story.node, ending.detail)
        if not left:
            return reports
        where = f" on {story.node}" if story.node else ""
        self.tell(f"job {sent.job} {ending.text()}{where}: {len(left)} of {len(sent.keys)} submissions go again")
        begun = story.begun if story.begun in left else ""
        if begun and ending.cause is not Cause.MACHINE:
            self._vain.clear()
        elif ending.cause not in (Cause.PREEMPTED, Cause.NODE, Cause.REFUSED):
            self._vain.add(begun, f"{ending.text()}{where}")
        if begun:
            why = self._ledger.strike(begun, ending, self.settings)
            reports += [self._lost(begun, why)] if why else []
        self._ledger.go_again(left)
        return reports

    def _avoid(self, node: str, why: str) -> None:
        if node and node not in self.avoided:
            self.avoided[node] = why
            self.tell(f"node {node} is avoided: no sandbox starts there: {why}")

    # the end

    def _overdue(self) -> bool:
        hours = self.settings.wait_hours
        return bool(hours) and bool(self._ledger.open) and self.clock() - self._began > hours * 3600

    def _give_up_waiting(self, told: Iterable[str]) -> list[Report]:
        """Leave what is out to the batch system; the next run takes it over."""
        self._left = True
        said = "is still out on the cluster; the next run (--resume --executor slurm) takes it over"
        keys = [k for k in self._ledger.open if k not in set(told)]
        self._ledger = Ledger()
        return [Report(key, "out", said) for key in keys]

    def _wait_until_ended(self, seconds: float) -> None:
        until = self.clock() + seconds
        while self.clock() < until:
            if not self.batch.named(self.shared.name):
                return
            time.sleep(min(1.0, self.pace.look))

    def _say_progress(self, states: dict[str, str]) -> None:
        waits = sum(plain(s) in WAITS for s in states.values())
        works = sum(plain(s) == "RUNNING" for s in states.values())
        self._say_now_and_then(f"on the cluster: {works} jobs at work, {waits} wait for a place")

    def _say_now_and_then(self, text: str) -> None:
        if self.clock() - self._told >= 60:
            self._told = self.clock()
            self.tell(text)
