"""Jobs in a row that came to nothing by no fault of a submission: how many are borne, and what is said then."""

from __future__ import annotations

from autograder.cohort.cluster.folder import Shared
from autograder.cohort.cluster.ledger import STILLBORN
from autograder.errors import MachineError

LITTLE_ROOM = 2_000_000
"""Bytes: with less in the shared folder a job cannot write what it comes to, nor why it failed."""


class Vain:
    """See the module."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._begun: list[str] = []

    @property
    def full(self) -> bool:
        """Whether the shared folder has no room."""
        return self._shared.room() < LITTLE_ROOM

    def clear(self) -> None:
        """Something came of a job."""
        self._begun.clear()

    def add(self, begun: str, ending: str) -> None:
        """One more job ended before it had begun anything, or because its machine failed.

        Where they fail at few submissions, the ledger gives up these, and the run goes on.

        Args:
            begun: key of what it was at; "" for nothing.
            ending: how it ended, and where.

        Raises:
            MachineError: there are too many of them in a row.
        """
        self._begun.append(begun)
        if len(self._begun) < STILLBORN:
            return
        if self.full:
            raise MachineError(
                "the shared folder is full", where=str(self._shared.folder),
                found=f"{self._shared.room():,} bytes free",
                fix="make room there; what was finished is kept, and --resume goes on",
            )  # fmt: skip
        if self._begun.count("") + len(set(self._begun) - {""}) < STILLBORN:
            return
        if all(self._begun):
            raise MachineError(
                f"{len(self._begun)} jobs in a row failed, each at another submission", where="--executor slurm",
                found=ending, expected="nodes with room, on which a sandbox goes on working",
                fix=f"read the logs in {self._shared.jobs}, then --resume",
            )  # fmt: skip
        raise MachineError(
            f"{len(self._begun)} jobs in a row ended before they began", where="--executor slurm", found=ending,
            expected="nodes that see the spool, the submissions and this Python at the same paths",
            fix=f"read the logs in {self._shared.jobs}, then --resume",
        )  # fmt: skip
