"""Which statements of a submission its probes may come to: what the asked names lead to, and what may change them."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.sandbox.wire.index import ACTS, POWER, RUNS, Unit


def reached(units: Sequence[Unit], roots: set[str]) -> list[Unit]:
    """Statements that the roots lead to, in their order.

    A statement that gives nothing a value that is asked for is a try-out, and left out. Statements that may change
    anything when they are run always belong to it, and so do those that call something that changes a wanted name.
    """
    return _Reach(units).from_roots(roots)


class _Reach:
    """One walk over the graph of names and statements; each statement and each name is looked at once."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.binders: dict[str, list[int]] = {}
        self.mentioners: dict[str, list[int]] = {}
        for number, unit in enumerate(units):
            for name in unit.binds | unit.changes:
                self.binders.setdefault(name, []).append(number)
            for name in unit.mentions:
                self.mentioners.setdefault(name, []).append(number)
        self.kept: set[int] = set()
        self.wanted: set[str] = set()
        self.queue: list[str] = []
        self.backward: set[str] = set()

    def from_roots(self, roots: set[str]) -> list[Unit]:
        self._want(roots)
        for number, unit in enumerate(self.units):
            if unit.flags & ACTS:
                self._keep(number)
            if unit.flags & POWER:
                self._callers(number)
        while self.queue:
            name = self.queue.pop()
            for number in self.binders.get(name, ()):
                self._keep(number)
                if name in self.units[number].changes and name not in self.units[number].binds:
                    self._callers(number)
        return [self.units[i] for i in sorted(self.kept)]

    def _want(self, names: set[str] | frozenset[str]) -> None:
        new = names - self.wanted
        self.wanted |= new
        self.queue += new

    def _keep(self, number: int) -> None:
        if number not in self.kept:
            self.kept.add(number)
            self._want(self.units[number].mentions)

    def _callers(self, number: int) -> None:
        """Keep whatever is run, and leads to something that this statement defines."""
        names = list(self.units[number].binds - self.backward)
        while names:
            name = names.pop()
            self.backward.add(name)
            for caller in self.mentioners.get(name, ()):
                unit = self.units[caller]
                if unit.flags & RUNS:
                    self._keep(caller)
                names += unit.binds - self.backward
                self.backward |= unit.binds
