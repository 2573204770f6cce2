"""The index of a submission's text: what a worker read in it, for the grader to ask for forbidden names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgpack

PATH, BARE, METHOD, BLIND = 0, 1, 2, 3
FIRM, RUNS, ACTS, POWER = 1, 2, 4, 8


class Use(NamedTuple):
    """A name in the text. `kind`: PATH, a dotted path; BARE, a name that the text does not explain; METHOD, an
    attribute of something unknown; BLIND, something that is looked up or run and that the text does not say. `code` is
    the line that it stands in."""

    line: int
    kind: int
    name: str
    code: str


class Unit(NamedTuple):
    """A top-level statement.

    Attributes:
        binds: names that it gives a value to, or other contents, when it is run.
        changes: those that what it defines may change when it is called.
        mentions: names that it may lead to.
        stars: modules that it imports everything from.
        flags: FIRM, its names are bound whatever happens; RUNS, it is more than a definition; ACTS, it may change
            anything; POWER, what it defines may, when it is called.
    """

    label: str
    binds: frozenset[str]
    changes: frozenset[str]
    mentions: frozenset[str]
    stars: frozenset[str]
    uses: tuple[Use, ...]
    flags: int


@dataclass(frozen=True)
class Index:
    """All that a scan needs of a submission. What does not parse is passed over (it will not run either).

    `tangled` says that the text is written so that it was not read to its end.
    """

    units: tuple[Unit, ...]
    tangled: bool = False

    def to_bytes(self) -> bytes:
        """As msgpack."""
        units = [
            [u.label, *map(sorted, (u.binds, u.changes, u.mentions, u.stars)), u.uses, u.flags] for u in self.units
        ]
        # half a surrogate is in no name that matters
        return bytes(msgpack.packb([units, self.tangled], unicode_errors="replace"))

    @staticmethod
    def from_bytes(data: bytes) -> Index:
        """The reverse.

        Raises:
            ValueError: the bytes are not those of an index.
        """
        try:
            units, tangled = msgpack.unpackb(data, use_list=False)
            if type(tangled) is not bool:
                raise ValueError("not a flag")
            return Index(tuple(_read_unit(*unit) for unit in units), tangled)
        except (TypeError, ValueError, msgpack.UnpackException):
            raise ValueError("not an index of a text") from None


def _read_unit(
    label: Any, binds: Any, changes: Any, mentions: Any, stars: Any, uses: Iterable[Any], flags: Any
) -> Unit:
    found = tuple(Use(*use) for use in uses)
    if (
        type(label) is not str
        or type(flags) is not int
        or any(tuple(map(type, u)) != (int, int, str, str) for u in found)
    ):
        raise ValueError("not a unit")
    return Unit(label, _names(binds), _names(changes), _names(mentions), _names(stars), found, flags)


def _names(names: object) -> frozenset[str]:
    if type(names) is not tuple or not all(type(name) is str for name in names):
        raise ValueError("not names")
    return frozenset(names)
