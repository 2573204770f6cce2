"""Events: everything that happened in a course, each at an instant, each never changed.

What was done by mistake is undone by another event: a version is `voided`, days are `waived`, anything else that staff
entered is `revoked` by its id. Scores are exact.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from fractions import Fraction
from typing import Any

Scores = tuple[tuple[str, Fraction], ...]
"""Question -> points, sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What all events have: when, by whom, why, and where it is written (for messages only)."""

    at: datetime
    by: str = ""
    reason: str = ""
    place: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled(Event):
    """Somebody is in the course from now on, or is known by other data."""

    who: str
    name: str = ""
    email: str = ""
    sis_id: str = ""
    login: str = ""
    canvas_id: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped(Event):
    """Somebody left the course."""

    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Event):
    """A version was handed in; `version` is a digest of it, `number` what the course system calls it.

    `also` are others who handed it in together, as the course system said.
    """

    part: str
    who: str
    version: str
    also: tuple[str, ...] = ()
    number: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded(Event):
    """Points for questions, of a version that `who` handed in or (without one) of what `who` did in a part.

    `waiting` are questions that cannot be judged yet. `broken` says why the grader could not grade: never a zero.
    `read` is the version that a person read, whose points hold for every version.
    """

    part: str
    version: str = ""
    who: str = ""
    scores: Scores = ()
    waiting: tuple[str, ...] = ()
    broken: str = ""
    bundle: str = ""
    read: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Event):
    """Somebody is in a team, from `since` if it says so."""

    who: str
    team: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Event):
    """Somebody is in no team any more, from `since` if it says so."""

    who: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(Event):
    """A later due time for a person or a team: a wall clock, or so many days after the due time."""

    part: str
    who: str = ""
    team: str = ""
    until: datetime | None = None
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived(Event):
    """So many late days are forgiven in a part."""

    part: str
    who: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(Event):
    """A student says which version counts."""

    part: str
    who: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused(Event):
    """A part does not count for somebody; its weight goes to the others."""

    part: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided(Event):
    """A version does not count: a wrong file, an integrity case; in one part or for one submitter where it says so."""

    version: str
    part: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted(Event):
    """Points added to a part, or taken off it, by staff."""

    part: str
    who: str
    points: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked(Event):
    """What staff entered does not hold: `of` is the id of that event."""

    of: str


KINDS: dict[str, type[Event]] = {
    kind.__name__.lower(): kind
    for kind in (Enrolled, Dropped, Submitted, Graded, Joined, Left, Extended, Waived, Chosen, Excused, Voided,
                 Adjusted, Revoked)
}  # fmt: skip
BY_STAFF = (Enrolled, Dropped, Joined, Left, Extended, Waived, Chosen, Excused, Adjusted)
"""Kinds that can be revoked; a version is voided, and points are given anew."""


def kind_of(event: Event) -> str:
    """Its name in a file: `submitted`."""
    return type(event).__name__.lower()


def table_of(event: Event) -> dict[str, Any]:
    """An event as it stands in a file, without what is empty."""
    table: dict[str, Any] = {"event": kind_of(event)}
    for one in fields(event):
        value = getattr(event, one.name)
        if one.name != "place" and value not in ("", (), None):
            table[one.name] = _plain(value)
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        pairs = value and isinstance(value[0], tuple)
        return {name: str(points) for name, points in value} if pairs else list(value)
    return value


def line_of_event(event: Event) -> str:
    """An event as one line of JSON."""
    return json.dumps(table_of(event), ensure_ascii=False, sort_keys=True)


def id_of(event: Event) -> str:
    """Twelve hexadecimal digits that name an event, from what it says."""
    return hashlib.sha256(line_of_event(event).encode("utf-8", "surrogatepass")).hexdigest()[:12]


_RANKS = {kind: rank for rank, kind in enumerate(KINDS.values())}


def ordered(events: list[Event]) -> list[Event]:
    """By time; those of one instant by kind and by what they say, so that the order of a file never matters."""
    found = sorted(events, key=_rank)
    start = 0
    for end in range(1, len(found) + 1):
        if end == len(found) or _rank(found[end]) != _rank(found[start]):
            if end - start > 1:
                found[start:end] = sorted(found[start:end], key=line_of_event)
            start = end
    return found


def _rank(event: Event) -> tuple[datetime, int]:
    return event.at, _RANKS[type(event)]
