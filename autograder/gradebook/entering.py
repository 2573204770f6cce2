"""Entering: one event from what a person typed, its people and times understood as the course's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from autograder.errors import UsageError
from autograder.gradebook.events import KINDS, Event
from autograder.gradebook.facts import Facts
from autograder.gradebook.importing import moment_of
from autograder.gradebook.log import event_from
from autograder.gradebook.people import Names
from autograder.gradebook.policy import Policy

_MOMENTS = ("at", "since")


def entered(kind: str, values: Mapping[str, str], policy: Policy, facts: Facts, names: Names, by: str) -> Event:
    """The event; it happens now unless `at` says otherwise.

    Args:
        values: by key, as typed; `scores` are QUESTION:POINTS pairs with commas between, `also` names with commas.

    Raises:
        UsageError: an unknown kind, part, person or time.
        SpecError: an unknown key, or a value that is none.
    """
    if kind not in KINDS:
        raise UsageError(f"there is no event `{kind}`", where="add", expected=f"one of {', '.join(KINDS)}")
    known = {f.name for f in fields(KINDS[kind])}
    table: dict[str, Any] = {"at": facts.now.isoformat(), "by": by, "event": kind}
    table |= {key: value for key, value in values.items() if value}
    for key in _MOMENTS:
        if values.get(key):
            try:
                table[key] = moment_of(policy.clock(), values[key]).isoformat()
            except ValueError as error:
                raise UsageError(f"{key}: {error}", where=kind, found=values[key]) from None
    if table.get("part"):
        policy.part(table["part"])
    if table.get("who") and "who" in known and kind != "enrolled":
        table["who"] = _person(table["who"], names)
    if "also" in table:
        table["also"] = [_person(one.strip(), names) for one in table["also"].split(",")]
    if "scores" in table:
        table["scores"] = dict(pair.split(":", 1) if ":" in pair else (pair, "") for pair in table["scores"].split(","))
    _refuse_half(kind, table)
    return event_from(table, kind)


def _person(name: str, names: Names) -> str:
    hits = names.find(name)
    if len(hits) != 1:
        found = f"`{name}` fits {', '.join(hits[:5]) or 'nobody in the roster'}"
        raise UsageError("who: one person is needed", found=found, fix="write the login or the SIS id")
    return hits[0]


def _refuse_half(kind: str, table: Mapping[str, Any]) -> None:
    """An extension needs who or team, and until or days; points need a version or a person."""
    pairs = {"extended": (("who", "team"), ("until", "days")), "graded": (("who", "version"),)}
    for one, other in pairs.get(kind, ()):
        if not table.get(one) and not table.get(other):
            raise UsageError(f"{one} or {other} is missing", where=kind, fix=f"add {one}=… or {other}=…")
        if kind == "extended" and table.get(one) and table.get(other):
            raise UsageError(f"{one} and {other} are both there", where=kind, fix="leave one of them out")
