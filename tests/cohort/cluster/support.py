"""A batch system that is none: jobs are run here, one at a time, and end as they are told to."""

from __future__ import annotations

import os
from collections import deque
from functools import partial
from pathlib import Path

from autograder.cohort.cluster.batch import Refused
from autograder.cohort.cluster.executor import Pace, SlurmExecutor
from autograder.cohort.cluster.job import JobEnded, work
from autograder.errors import MachineError
from autograder.grading.caching import Caching
from autograder.spec.cluster import Cluster
from tests.cohort.support import run
from tests.fakes import FakeSandbox

AT_ONCE = Pace(look=0.0, ask=0.0, settle=0.0)


class Here(Caching):
    """A judge in this process, where a job has one of its own."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def start(self, bundle):
        return None


class Killed(BaseException):
    """SIGKILL: nothing is said any more."""


class Ends(FakeSandbox):
    """A sandbox whose job ends when it opens its submission number `after`."""

    def __init__(self, after, error):
        self.after, self.error = after, error

    def session(self, submission, support=None, *, torch=True):
        self.after -= 1
        if self.after < 0:
            raise self.error
        return super().session(submission, support, torch=torch)


class FakeBatch:
    """A `Batch` with slots on nodes n1, n2, …; `faults` say how the first jobs end: (state, tasks done, error)."""

    def __init__(self, faults=(), nodes=("n1", "n2"), most=1000):
        self.faults, self.nodes, self.most = deque(faults), nodes, most
        self.bad, self.deadly = {}, set()  # node → why no sandbox starts there; names that kill their job
        self.sent, self.cancelled, self.orders = [], [], []
        self.ended, self.pending, self.names = {}, deque(), {}
        self.silent = False  # takes jobs and does nothing

    def send(self, shared, shards, avoid):
        left = [n for n in self.nodes if n not in avoid]
        if not left:
            raise Refused("Requested node configuration is not available")
        if len(self.pending) + len(shards) > self.most:
            raise Refused("Job violates accounting/QOS policy (job submit limit)")
        jobs = [f"{100 + len(self.orders)}_{i}" for i in range(len(shards))]
        self.orders.append(frozenset(avoid))
        for job, shard in zip(jobs, shards, strict=True):
            self.pending.append((job, shared, shard, left))
            self.names[job] = shared.name
            self.sent.append((job, [t.who for t in shared.tasks(shard)]))
        return jobs

    def states(self, jobs):
        if self.pending and not self.silent:
            self.work_off(*self.pending.popleft())
        return {job: self.ended.get(job, "PENDING" if job in self.names else "UNKNOWN") for job in jobs}

    def work_off(self, job, shared, shard, nodes):
        node = nodes[len(self.ended) % len(nodes)]
        state, after, error = self.faults.popleft() if self.faults else ("COMPLETED", 10**6, None)
        os.environ["SLURMD_NODENAME"] = node

        def start(mode):
            if node in self.bad:
                raise MachineError(self.bad[node], where="sandbox")
            at = [i for i, t in enumerate(shared.tasks(shard)) if t.who in self.deadly]
            return Ends(*((at[0], Killed()) if at else (after, error)))

        try:
            code = work(shared, shard, start, Here)
            self.ended[job] = "FAILED" if code else "COMPLETED"
        except Killed:
            self.ended[job] = "FAILED"
        finally:
            del os.environ["SLURMD_NODENAME"]
        if error is not None:
            self.ended[job] = state

    def cancel(self, jobs, name):
        self.cancelled += list(jobs)
        gone = [p for p in self.pending if p[0] in jobs or p[1].name == name]
        for one in gone:
            self.pending.remove(one)
            self.ended[one[0]] = "CANCELLED by 0"

    def named(self, name):
        return {p[0] for p in self.pending if p[1].name == name}


def fault(state, after=1, stopped=""):
    """A job that does `after` of its submissions and ends in `state` at the next one."""
    return state, after, JobEnded(stopped) if stopped else Killed()


def on_cluster(store, bundle, folder, batch, told=None, **options):
    """Grade with SlurmExecutor and this batch; what it says goes to `told`."""
    keys = ("settings", "spool", "cost", "clock", "pace")
    own = {name: options.pop(name) for name in keys if name in options}
    settings = own.pop("settings", Cluster(parallel=3))
    make = partial(
        SlurmExecutor, out=store.folder, spool=own.pop("spool", Path(store.folder).parent / "spool"),
        settings=settings, batch=batch, tell=(told if told is not None else []).append, **{"pace": AT_ONCE} | own,
    )  # fmt: skip
    return run(store, bundle, folder, executor=make, **options)
