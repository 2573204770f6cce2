"""Worlds: the only place that seeds them, chooses a student's, and says which one a handout ships.

A world is one of those that a bundle records with the reference's outputs, or one that is drawn for a submission (a
seed of its own, nothing recorded). A recorded world's seed hangs on the assignment's private salt, the case's name and
its number, and on no text: an edit of one case re-seeds nothing else. Which recorded world a student gets hangs on the
release's key, the case and the student.

World 0 of a public case is the handout's: its expected values are in students' hands. It is never graded; a public case
that has no other world is for practice and earns no points.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.authoring.case import Case


@dataclass(frozen=True)
class Recorded:
    """The world of that number among those that the bundle records for a case."""

    index: int

    def __str__(self) -> str:
        return f"recorded:{self.index}"

    @property
    def shown(self) -> str:
        """For a person."""
        return str(self.index)


@dataclass(frozen=True)
class Drawn:
    """A world of that seed, for which nothing is recorded; of a milestone, on that deck."""

    seed: int
    deck: int = 0

    def __str__(self) -> str:
        return f"drawn:{self.seed}" + (f":{self.deck}" if self.deck else "")

    @property
    def shown(self) -> str:
        """For a person."""
        return f"drawn with seed {self.seed}" + (f" on deck {self.deck}" if self.deck else "")


WorldRef = Recorded | Drawn
Worlds = Mapping[str, WorldRef]
"""Case -> the world that it runs in."""
HANDOUT = Recorded(0)
STREAM, STREAM_OF = "5b322f2213467829", "2.4.6"
"""What `stream_digest` says of the NumPy that this version was made with, and its version."""


def parse_world(text: str) -> WorldRef:
    """The world that `str` wrote.

    Raises:
        ValueError: the text is none.

    >>> parse_world("recorded:2"), str(Drawn(7))
    (Recorded(index=2), 'drawn:7')
    """
    kind, *numbers = text.split(":")
    most = {"recorded": 1, "drawn": 2}.get(kind, 0)
    if not 0 < len(numbers) <= most or not all(n.isascii() and n.isdigit() for n in numbers):
        raise ValueError(f"{text!r} names no world: recorded:NUMBER, drawn:SEED or drawn:SEED:DECK")
    return Recorded(int(numbers[0])) if kind == "recorded" else Drawn(*map(int, numbers))


def seed_of(salt: bytes, case: str, index: int, purpose: str = "") -> int:
    """The 63-bit seed of a case's world.

    Args:
        purpose: "" for the recorded worlds; other words give other worlds of the same kind (re-seeded runs, say).
    """
    mac = hmac.new(salt, "\x1f".join((purpose, case, str(index))).encode(), hashlib.sha256)
    return int.from_bytes(mac.digest()[:8], "big") >> 1


def seeds_of(salt: bytes, cases: Iterable[Case], purpose: str = "") -> dict[str, tuple[int, ...]]:
    """The seeds of every case's worlds, by name."""
    return {c.name: tuple(seed_of(salt, c.name, i, purpose) for i in range(c.worlds)) for c in cases}


def for_practice(case: Case) -> bool:
    """Whether the handout's world is the only one of the case: what it expects can be copied, so it earns nothing."""
    return case.public and case.worlds == 1


def chosen(key: bytes, case: Case, student: str, recorded: int) -> Recorded:
    """The recorded world that a student is graded in: the same one every time, not to be foretold without the key.

    Args:
        key: the release's; see `keys`.
        student: who hands in, or the digest of what was handed in.
        recorded: how many worlds the bundle has of the case.
    """
    first = 1 if case.public and recorded > 1 else 0
    mac = hmac.new(key, f"{student}\x1f{case.name}".encode(), hashlib.sha256).digest()
    return Recorded(first + int.from_bytes(mac[:8], "big") % (recorded - first))
