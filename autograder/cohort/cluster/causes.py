"""Why a job ended: the batch system's word for it and what the job itself has said, told apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from autograder.cohort.cluster.folder import Story
from autograder.cohort.cluster.job import MEMORY

WAITS = frozenset(
    {
        "PENDING",
        "CONFIGURING",
        "REQUEUED",
        "REQUEUE_HOLD",
        "REQUEUE_FED",
        "RESV_DEL_HOLD",
    }
)
WORKS = frozenset({"RUNNING", "COMPLETING", "STAGE_OUT", "SIGNALING", "SUSPENDED", "STOPPED", "RESIZING"})
GONE = "GONE"
"""Of a job that no command of the batch system knows."""


class Cause(StrEnum):
    """Why a job ended before its shard was done."""

    DONE = "ended"
    PREEMPTED = "preempted"
    TIME = "out of time"
    MEMORY = "out of memory"
    NODE = "its node failed"
    REFUSED = "no sandbox"
    CANCELLED = "cancelled by somebody"
    FAILED = "killed or failed"
    MACHINE = "the machine failed"
    LOST = "lost by the batch system"

    @property
    def blames(self) -> bool:
        """Whether the submission in work may be the reason, so that it is not tried for ever."""
        return self in (Cause.TIME, Cause.MEMORY, Cause.FAILED)

    @property
    def isolates(self) -> bool:
        """Whether the submission in work goes alone then: it may be the reason, or the only one that is hit."""
        return self.blames or self is Cause.MACHINE


_STATES = {
    "COMPLETED": Cause.DONE, "PREEMPTED": Cause.PREEMPTED, "TIMEOUT": Cause.TIME, "DEADLINE": Cause.TIME,
    "OUT_OF_MEMORY": Cause.MEMORY, "NODE_FAIL": Cause.NODE, "BOOT_FAIL": Cause.NODE, "CANCELLED": Cause.CANCELLED,
    "REVOKED": Cause.CANCELLED, "FAILED": Cause.FAILED, GONE: Cause.LOST,
}  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """How a job ended. `detail` is for people."""

    cause: Cause
    detail: str = ""

    def text(self) -> str:
        """For a message: the cause, and what is known besides."""
        return f"{self.cause}: {self.detail}" if self.detail else str(self.cause)


def plain(state: str) -> str:
    """A state without what SLURM adds to it: `CANCELLED by 0`, `RUNNING+`."""
    return (state.split() or [""])[0].rstrip("+").upper()


def is_out(state: str) -> bool:
    """Whether a job in this state is still to be waited for; so is one of which nothing is known yet."""
    return plain(state) in WAITS | WORKS | {"", "UNKNOWN"}


def ending_of(state: str, story: Story, full: bool = False) -> Ending:
    """Why a job ended.

    Args:
        full: there is no room in the shared folder, so that the job could not say why it failed.
    """
    if story.refused:
        return Ending(Cause.REFUSED, story.refused)
    if story.stopped == MEMORY:
        return Ending(Cause.MEMORY)
    if story.stopped in ("SIGUSR2", "SIGXCPU"):
        return Ending(Cause.TIME)
    cause = _STATES.get(plain(state), Cause.LOST)
    if story.failed and cause in (Cause.FAILED, Cause.LOST, Cause.DONE):
        return Ending(Cause.MACHINE, story.failed)
    if full and cause is Cause.FAILED:
        return Ending(Cause.MACHINE, "there is no room in the shared folder")
    return Ending(cause)
