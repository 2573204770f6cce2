"""Adopting: what an earlier head of the same OUT has left at the batch system, and in the shared folder."""

from __future__ import annotations

from collections.abc import Callable, Collection

from autograder.cohort.cluster.batch import Batch
from autograder.cohort.cluster.folder import Sent, Shared
from autograder.cohort.worker import Order


def adopt(
    shared: Shared, order: Order, batch: Batch, wanted: Collection[str], tell: Callable[[str], None]
) -> dict[str, Sent]:
    """Open the shared folder; the jobs of a head that was killed, by their numbers.

    Jobs in which nothing is wanted any more are cancelled, and so are those that their head could not note before it
    was killed: what is in them is sent again.

    Raises:
        MachineError: the folder cannot be written.
    """
    _drop_other_orders(shared, batch, tell)
    shared.open(order)
    known = {sent.job: sent for sent in shared.noted()}
    found = {job: sent for job, sent in known.items() if any(key in wanted for key in sent.keys)}
    idle = (batch.named(shared.name) | known.keys()) - found.keys()
    if idle:
        batch.cancel(idle, "")
    for job in known.keys() - found.keys():
        shared.close(known[job])
    return found


def _drop_other_orders(shared: Shared, batch: Batch, tell: Callable[[str], None]) -> None:
    """Cancel what this OUT had ordered with another bundle or other settings: its results are not asked for."""
    for folder in sorted(shared.folder.parent.iterdir()):
        other = Shared(folder)
        if folder == shared.folder or not folder.is_dir():
            continue
        jobs = {sent.job for sent in other.noted()}
        batch.cancel(jobs, other.name)
        if jobs:
            tell(f"an earlier run with another bundle or other settings was cancelled ({len(jobs)} jobs)")
        other.remove()
