"""What judging one answer may take, in operations counted: the same on every machine and under every load.

A clock would not say that. Dear operations, and those of more digits, count as several.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

OPERATIONS = 500_000
"""What one verdict may take, about 5 s of processor time; the dearest of the shipped assignments takes 37,136."""
TOO_MANY = "judging these formulas takes too many operations; simplify them"


class OverBudget(Exception):
    """More operations than one verdict may take; the message is for the student."""


@dataclass
class Allowance:
    """Operations that are left."""

    left: int


_ALLOWANCE: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def allowance(operations: int = OPERATIONS) -> Iterator[Allowance]:
    """Every evaluation in this block takes from one budget; what goes over it raises OverBudget."""
    given = Allowance(operations)
    token = _ALLOWANCE.set(given)
    try:
        yield given
    finally:
        _ALLOWANCE.reset(token)


def take(operations: int) -> None:
    """Take so many from the budget; outside of a block each call has one of its own.

    Raises:
        OverBudget: fewer are left.
    """
    given = _ALLOWANCE.get() or Allowance(OPERATIONS)
    given.left -= operations
    if given.left < 0:
        raise OverBudget(TOO_MANY)
