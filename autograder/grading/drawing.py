"""Drawing: the seeds, decks and data of milestones, all from keys that never leave the grader.

While hand-ins are open a draw hangs on what was handed in, byte for byte, so that nobody can know it beforehand and
packing the same files again changes nothing. For the grade it hangs on term and team, so that no number of attempts
changes it. Which deck a team has hangs on term and team alone, whatever its manifest says.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from autograder.authoring.case import Case
from autograder.authoring.milestone import Material, Source
from autograder.errors import CasesError
from autograder.values.codec import encode

BYTES = 32


@dataclass(frozen=True)
class DrawKeys:
    """`decks` makes the worlds of a term and says whose they are, `seeds` the draws; both are empty in a handout."""

    decks: bytes = field(default=b"", repr=False)
    seeds: bytes = field(default=b"", repr=False)

    def to_bytes(self) -> bytes:
        """Both, one behind the other."""
        return self.decks + self.seeds

    @staticmethod
    def from_bytes(data: bytes) -> DrawKeys:
        """The reverse.

        Raises:
            ValueError: of another length.
        """
        if len(data) not in (0, 2 * BYTES):
            raise ValueError("the keys of draws have another length")
        return DrawKeys(data[:BYTES], data[BYTES:])


NO_KEYS = DrawKeys()


def deck_key(keys: DrawKeys, deck: int) -> bytes:
    """What a deck's world hangs on, 32 bytes."""
    return _mac(keys.decks, "deck", str(deck))


def deck_of(keys: DrawKeys, term: str, team: str, count: int) -> int:
    """The number of a team's deck, 0 to `count` − 1."""
    return int.from_bytes(_mac(keys.decks, "team", term, team)[:8], "big") % count


def deck_name(deck: int) -> str:
    """As a manifest and messages call it.

    >>> deck_name(7)
    'd07'
    """
    return f"d{deck:02d}"


def feedback_seed(keys: DrawKeys, digest: str, case: str) -> int:
    """The seed of a draw while hand-ins are open.

    Args:
        digest: of the submission.
    """
    return _seed(keys.seeds, "feedback", digest, case)


def final_seed(keys: DrawKeys, term: str, team: str, case: str) -> int:
    """The seed of the draw that a team's grade hangs on."""
    return _seed(keys.seeds, "final", term, team, case)


def libraries_seed(seed: int, what: str) -> int:
    """The seed of PyTorch's and NumPy's generators in a process; nothing of the draw can be computed from it."""
    return _seed(str(seed).encode(), "libraries", what)


def drawn(keys: DrawKeys, case: Case, seed: int, deck: int = 0) -> Material:
    """The data of a case in a draw; the last ones are remembered.

    Args:
        deck: of a milestone; a replay has a world of its own in every draw.

    Raises:
        CasesError: the author's function raises, or returns no `Material`.
    """
    if case.material is None:
        raise CasesError(f"case `{case.name}` has no material")
    key = deck_key(keys, deck) if case.kind == "milestone" else _mac(b"fresh world", str(seed))
    return _drawn(case.material, case.name, seed, key)


@lru_cache(maxsize=8)  # what is sent, and then what is kept of the same draws, of all milestones of a submission
def _drawn(make: Callable[[Source], Any], name: str, seed: int, key: bytes) -> Material:
    try:
        made = make(Source(seed, key))
    except Exception as error:  # the author's code
        raise CasesError(f"the material of `{name}` raises {type(error).__name__}: {error}") from None
    if not isinstance(made, Material):
        what = f"the material of `{name}` is a {type(made).__name__}"
        raise CasesError(what, expected="Material(given=…, kept=…)")
    return made


def prints(material: Material) -> dict[str, str]:
    """What identifies a draw: part → sha256 of its encoding."""
    parts = {"given": dict(material.given), "kept": material.kept, "supply": dict(material.supply)}
    return {name: hashlib.sha256(encode(value)).hexdigest() for name, value in parts.items() if value}


def _seed(key: bytes, *parts: str) -> int:
    return int.from_bytes(_mac(key, *parts)[:8], "big") >> 1


def _mac(key: bytes, *parts: str) -> bytes:
    return hmac.new(key, "\x1f".join(parts).encode("utf-8", "surrogateescape"), hashlib.sha256).digest()
