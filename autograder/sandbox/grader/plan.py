"""A plan: what a session runs, in phases, each of visits to workers; every hidden case comes after every public one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from autograder.sandbox.wire.messages import Job


@dataclass(frozen=True)
class Visit:
    """A job for one worker. Visits of the same `worker` share one process for as long as it lives."""

    worker: str
    job: Job


@dataclass(frozen=True)
class Phase:
    """Visits that are made one after the other."""

    visits: tuple[Visit, ...]

    @property
    def hidden(self) -> bool:
        """Whether a hidden probe is sent in it."""
        return any(not visit.job.public for visit in self.visits)

    @property
    def public(self) -> bool:
        """Whether a public answer is asked for in it."""
        return any(visit.job.public for visit in self.visits)


@dataclass(frozen=True)
class Plan:
    """Phases in their order.

    A student sees the text of public answers. So no plan asks for one when a hidden probe has been sent, be it to
    another process: a machine has more memory than its processes (caches, process numbers, the clock).

    Raises:
        ValueError: a public job in or after a phase with a hidden one.
    """

    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        hidden = False
        for phase in self.phases:
            hidden = hidden or phase.hidden
            if hidden and phase.public:
                raise ValueError("a public case is planned in or after a phase with hidden cases")

    def visits(self) -> Iterator[Visit]:
        """All of them, in order."""
        for phase in self.phases:
            yield from phase.visits

    def changed(self, change: Callable[[Job], Job]) -> Plan:
        """The same plan with other jobs in the places of these."""
        return Plan(tuple(Phase(tuple(replace(v, job=change(v.job)) for v in p.visits)) for p in self.phases))

    def calls_of(self, worker: str) -> int:
        """How many cases the visits of a worker have together."""
        return sum(len(visit.job.calls) for visit in self.visits() if visit.worker == worker)


def plan_of(jobs: Iterable[Job]) -> Plan:
    """The public jobs in one phase, the hidden ones in the next, in the order given; a worker for each question."""
    every = list(jobs)
    phases = (tuple(Visit(j.question, j) for j in every if j.public == public) for public in (True, False))
    return Plan(tuple(Phase(visits) for visits in phases if visits))
