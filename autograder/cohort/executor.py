"""Executor: where shards of submissions are graded; a local pool or a batch system, the engine sees no difference.

What every executor keeps: a result is a file `<key>.json` in the spool, written by temporary name and rename; a worker
never opens the database; a lost shard may be submitted again, because the same key gives the same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from autograder.cohort.tasks import Task


@dataclass(frozen=True)
class Shard:
    """The unit of work: tasks that one worker grades one after the other."""

    id: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Report:
    """What became of a task: its result lies in the spool, it was lost and why, or it is out and a later run takes it.

    `final`: it was lost more often than once already, and the executor will not try again.
    """

    key: str
    state: Literal["graded", "lost", "out"]
    message: str = ""
    final: bool = False


class Executor(Protocol):
    """Somewhere to grade."""

    def submit(self, shard: Shard) -> None:
        """Take a shard; return at once."""

    def poll(self, seconds: float) -> list[Report]:
        """What has happened since the last call; waits at most so long for the first news.

        Raises:
            MachineError: no worker can be kept running.
        """

    def cancel(self) -> None:
        """Stop everything, wait until it has stopped. What was finished stays in the spool. May be called twice."""


def shards_of(tasks: Sequence[Task], size: int) -> list[Shard]:
    """The tasks in order, in shards of at most `size`."""
    return [Shard(i // size, tuple(tasks[i : i + size])) for i in range(0, len(tasks), size)]
