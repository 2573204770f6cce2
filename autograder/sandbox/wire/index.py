"""The index of a submission's text: what a worker read in it, for the grader to ask for forbidden names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import msgpack

PATH, BARE, METHOD = 0, 1, 2


class Use(NamedTuple):
    """A name in the text. `kind`: PATH, a dotted path; BARE, a name that the text does not explain; METHOD, an
    attribute of something unknown. `code` is the line that it stands in."""

    line: int
    kind: int
    name: str
    code: str


class Unit(NamedTuple):
    """A top-level statement: the names that it binds, those that it may lead to, and what it uses."""

    label: str
    binds: frozenset[str]
    mentions: frozenset[str]
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Index:
    """All that a scan needs of a submission. What does not parse is passed over (it will not run either)."""

    units: tuple[Unit, ...]
    starred: frozenset[str]
    functions: frozenset[str]
    methods: frozenset[str]

    def to_bytes(self) -> bytes:
        """As msgpack."""
        units = [[u.label, sorted(u.binds), sorted(u.mentions), u.uses] for u in self.units]
        whole = [units, sorted(self.starred), sorted(self.functions), sorted(self.methods)]
        return bytes(msgpack.packb(whole, unicode_errors="replace"))  # half a surrogate is in no name that matters

    @staticmethod
    def from_bytes(data: bytes) -> Index:
        """The reverse.

        Raises:
            ValueError: the bytes are not those of an index.
        """
        try:
            units, *names = msgpack.unpackb(data, use_list=False)
            starred, functions, methods = map(_names, names)
            return Index(tuple(_read_unit(*unit) for unit in units), starred, functions, methods)
        except (TypeError, ValueError, msgpack.UnpackException):
            raise ValueError("not an index of a text") from None


def _read_unit(label: object, binds: object, mentions: object, uses: Iterable[tuple[int, int, str, str]]) -> Unit:
    found = tuple(Use(*use) for use in uses)
    if type(label) is not str or any(tuple(map(type, use)) != (int, int, str, str) for use in found):
        raise ValueError("not a unit")
    return Unit(label, _names(binds), _names(mentions), found)


def _names(names: object) -> frozenset[str]:
    if type(names) is not tuple or not all(type(name) is str for name in names):
        raise ValueError("not names")
    return frozenset(names)
