"""Readings: what machine-made mistakes came back with, and which of them a submission's answers show.

`verify --fingerprints` runs small changes of the reference, and the bundle keeps fingerprints of what they returned,
with words for the change; neither its text nor its values. A reading is told only where one change fits *all* cases of
a question, those that fail by the same answers and those that pass, and where at least one of the answers has a value.
Where several changes of one function fit, the function alone is told; where they are of several, nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgpack
import numpy as np

from autograder.checks.fingerprints import Fingerprint

NEIGHBOUR = "it has "
"""How the words of a neighbour formula begin: what people commonly write is told before what a machine makes up."""


@dataclass(frozen=True)
class Reading:
    """A kind of change and the functions that it is made in, as "softmax" or "softmax, attention"."""

    functions: str
    words: str

    @property
    def places(self) -> str:
        """The functions as text."""
        return " and ".join(f"`{name}`" for name in self.functions.split(", "))


@dataclass(frozen=True)
class Shown:
    """What mutants returned in one case and world; those that are not in it pass.

    Attributes:
        mutants: numbers of those whose answer can be told; `forms` (four bytes each) and `marks` are theirs.
        dim: numbers of those that fail with an answer that says little.
    """

    mutants: np.ndarray[Any, Any]
    forms: np.ndarray[Any, Any]
    marks: np.ndarray[Any, Any]
    dim: frozenset[int] = frozenset()

    @staticmethod
    def of(rows: Iterable[tuple[int, Fingerprint]], dim: Iterable[int]) -> Shown:
        """From fingerprints by mutant."""
        kept = sorted(rows, key=lambda row: row[0])
        return Shown(
            np.array([m for m, _ in kept], dtype=np.uint16),
            np.array([int.from_bytes(f.form, "big") for _, f in kept], dtype=np.uint32),
            np.array([f.mark for _, f in kept], dtype=np.float64),
            frozenset(dim),
        )

    def same(self, found: Fingerprint) -> set[int]:
        """Mutants that came back with the same."""
        alike = self.forms == int.from_bytes(found.form, "big")
        near = np.abs(self.marks - found.mark) <= found.reach
        return {int(m) for m in self.mutants[alike & near]}

    def failing(self) -> set[int]:
        """Mutants whose answer can be told from the right one."""
        return {int(m) for m in self.mutants}

    def table(self) -> list[Any]:
        """As msgpack's own types."""
        return [self.mutants.tobytes(), self.forms.tobytes(), self.marks.tobytes(), sorted(self.dim)]

    @staticmethod
    def from_table(row: list[Any]) -> Shown:
        """The reverse of `table`."""
        mutants, forms, marks, dim = row
        return Shown(
            np.frombuffer(mutants, np.uint16), np.frombuffer(forms, np.uint32), np.frombuffer(marks, np.float64),
            frozenset(dim),
        )  # fmt: skip


@dataclass(frozen=True)
class MachineMade:
    """See the module.

    Attributes:
        of: mutant → number of its reading.
        shown: case → what they returned, world by world.
        twins: listed mistakes that public cases cannot tell from another one that their sentence would lead astray: no
            student is told them there.
    """

    readings: tuple[Reading, ...]
    of: tuple[int, ...]
    shown: Mapping[str, tuple[Shown, ...]]
    twins: frozenset[str] = frozenset()

    def to_bytes(self) -> bytes:
        """msgpack; the same for the same."""
        table = {
            "readings": [[r.functions, r.words] for r in self.readings],
            "of": np.array(self.of, dtype=np.uint16).tobytes(),
            "shown": {case: [s.table() for s in worlds] for case, worlds in sorted(self.shown.items())},
            "twins": sorted(self.twins),
        }
        return bytes(msgpack.packb(table))

    @staticmethod
    def from_bytes(data: bytes) -> MachineMade:
        """The reverse of `to_bytes`.

        Raises:
            ValueError, TypeError, KeyError: damaged.
        """
        table = msgpack.unpackb(data)
        return MachineMade(
            tuple(Reading(*row) for row in table["readings"]),
            tuple(int(i) for i in np.frombuffer(table["of"], np.uint16)),
            {case: tuple(map(Shown.from_table, worlds)) for case, worlds in table["shown"].items()},
            frozenset(table["twins"]),
        )

    def part(self, cases: Collection[str], worlds: slice = slice(None)) -> MachineMade:
        """What there is of these cases and worlds; readings that nothing of it shows are left out."""
        shown = {c: several[worlds] for c, several in self.shown.items() if c in cases}
        left = sorted({m for several in shown.values() for s in several for m in (*s.failing(), *s.dim)})
        used = sorted({self.of[m] for m in left})
        number = {m: i for i, m in enumerate(left)}
        moved = {
            c: tuple(
                replace(s, mutants=np.array([number[int(m)] for m in s.mutants], dtype=np.uint16),
                        dim=frozenset(number[m] for m in s.dim))
                for s in several
            )
            for c, several in shown.items()
        }  # fmt: skip
        readings = {old: new for new, old in enumerate(used)}
        return MachineMade(
            tuple(self.readings[i] for i in used), tuple(readings[self.of[m]] for m in left), moved, self.twins
        )

    def named(self, known: Mapping[str, Sequence[str]]) -> MachineMade:
        """The same, with functions under the names by which students know them; those without one keep theirs.

        Args:
            known: see `reach.known_names`.
        """

        def seen(functions: str) -> str:
            told: list[str] = []
            for name in functions.split(", "):
                top = name.split(".")[0]
                owners = known.get(top, (top,))
                told += [name] if top in owners else owners
            return ", ".join(dict.fromkeys(told))

        return replace(self, readings=tuple(replace(r, functions=seen(r.functions)) for r in self.readings))

    def fitting(self, failed: Mapping[str, tuple[int, Fingerprint]], passed: Collection[str]) -> set[int]:
        """Mutants that fit every case.

        Args:
            failed: case → its world and the fingerprint of what came back.
            passed: cases that pass, in whichever world: a mutant that can be told from the right answer there is out.
        """
        left: set[int] | None = None
        evidence: set[int] = set()
        for case, (world, found) in failed.items():
            if case not in self.shown or world >= len(self.shown[case]):
                continue
            shown = self.shown[case][world]
            same = shown.same(found)
            evidence |= same if found.telling else set()
            left = same | shown.dim if left is None else left & (same | shown.dim)
        fit = (left or set()) & evidence
        for case in passed if fit else ():
            fit -= {m for shown in self.shown.get(case, ()) for m in shown.failing()}
        return fit

    def sentence(self, mutants: Collection[int], valued: bool = True) -> str:
        """The one reading of these mutants, as a clause; "" where there is none, or several.

        Args:
            valued: whether a value came back, in the case that is spoken of.
        """
        readings = {self.readings[self.of[m]] for m in mutants}
        known = {r for r in readings if r.words.startswith(NEIGHBOUR)}
        functions = {r.functions for r in readings}
        one = readings if len(readings) == 1 else known if len(known) == 1 and len(functions) == 1 else set()
        if one:
            (reading,) = one
            what = "these are the values that come back" if valued else "it ends like this"
            return f"{what} when {reading.words} in {reading.places}"
        return ""

    def place(self, mutants: Collection[int]) -> str:
        """The functions that these mutants are in, as a clause; "" where they are not all in the same ones."""
        places = {self.readings[self.of[m]].places for m in mutants}
        return f"small mistakes in {places.pop()} come to the same: look there" if len(places) == 1 else ""
