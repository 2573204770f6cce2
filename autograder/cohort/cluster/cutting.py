"""Cutting: how many submissions a job takes, by what they have cost so far."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.spec.cluster import Cluster

PILOTS = 4
"""Submissions that are sent alone, first, where nothing is known of what one costs."""
MOST_TASKS = 500
WORTH_A_JOB = 30.0
"""Seconds: a job takes about five to start, so it should work for longer than that, even where slots stay empty."""
PART_OF_LIMIT = 0.5
"""Of a job's time limit, so much may be planned for."""


@dataclass
class Cost:
    """Seconds of a submission: a mean that weighs what was measured last, from the first measurement on."""

    seconds: float = 0.0
    count: int = 0

    def add(self, seconds: float) -> None:
        """One more measurement."""
        self.count += 1
        self.seconds += (max(0.01, seconds) - self.seconds) / min(self.count, 50)

    @property
    def known(self) -> bool:
        """Whether anything has been measured."""
        return self.count > 0


def cost_of(measured: Iterable[float]) -> Cost:
    """The cost that these seconds come to."""
    cost = Cost()
    for seconds in measured:
        cost.add(seconds)
    return cost


def size_of(cost: Cost, settings: Cluster, left: int) -> int:
    """Submissions per job: it lasts `job_minutes` at most, its time limit is far, all slots have work, and its start is
    worth it."""
    seconds = max(0.01, cost.seconds)
    planned = min(settings.job_minutes * 60, settings.minutes * 60 * PART_OF_LIMIT)
    wanted = max(math.ceil(left / settings.parallel), math.ceil(WORTH_A_JOB / seconds))
    return max(1, min(MOST_TASKS, math.floor(planned / seconds), wanted))


def cut(keys: Sequence[str], alone: Iterable[str], size: int) -> list[list[str]]:
    """The keys in shards: those that go alone in one each, the others in order."""
    single = set(alone)
    together = [k for k in keys if k not in single]
    shards = [[k] for k in keys if k in single]
    return shards + [together[i : i + size] for i in range(0, len(together), size)]
