"""What was recorded when our own programs ran: the reference's outputs, and those of known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from autograder.values.codec import decode

T = TypeVar("T")
Kind = Literal["key", "first line", "nothing"]
Recordings = Mapping[str, tuple[tuple[str, bytes], ...]]
"""Case → one (status, payload) per world; the message where nothing was returned."""


@dataclass(frozen=True)
class Expectation:
    """What is known of a case in one world.

    Attributes:
        seed: of the world.
        payload: the encoded outputs of the reference, as far as `kind` says.
        kind: `key` (all of them), `first line` (of a derivation) or `nothing` (the check needs none).
        draws: digests of what the world drew, to notice another NumPy's streams.
    """

    seed: int
    payload: bytes = b""
    kind: Kind = "key"
    draws: tuple[str, ...] = ()

    def value(self) -> Any:
        """The outputs, decoded anew; None where nothing is known."""
        return decode(self.payload) if self.kind != "nothing" else None


@dataclass(frozen=True)
class MisconceptionRecord:
    """What a misconception returned; only for cases that it fails.

    One that changes several functions is a mistake in each of them alone, too: `parts` holds what each returned then.
    """

    id: str
    question: str
    feedback: str
    hint: str
    outputs: Recordings
    parts: tuple[Recordings, ...] = ()

    def forms(self) -> tuple[MisconceptionRecord, ...]:
        """The whole mistake, and it in each function alone, as records of their own."""
        return (replace(self, parts=()), *(replace(self, outputs=part, parts=()) for part in self.parts))


def recordings_table(outputs: Recordings) -> dict[str, Any]:
    """Recordings as msgpack's own types."""
    return {
        case: [{"world": i, "status": status, "payload": payload} for i, (status, payload) in enumerate(several)]
        for case, several in sorted(outputs.items())
    }


def recordings_from(table: Mapping[str, Any]) -> Recordings:
    """The reverse of `recordings_table`."""
    return {c: in_order(rows, lambda r: (r["status"], r["payload"])) for c, rows in table.items()}


def in_order(rows: Sequence[Mapping[str, Any]], make: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    """What is recorded of each world, world 0 first.

    Raises:
        ValueError: a world is missing.
    """
    if [row["world"] for row in rows] != list(range(len(rows))):
        raise ValueError("the worlds of a case are not all there")
    return tuple(make(row) for row in rows)
