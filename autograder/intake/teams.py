"""Teams and attempts of hand-ins: who works together, and which versions of a day are judged for feedback.

A table of teams has the columns `who` and `team`. Who stands in none is a team alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from autograder.errors import UsageError
from autograder.intake.hand_in import HandIn, printable
from autograder.intake.rosters import read_roster, rows_of

COLUMNS = ("who", "team")


def read_teams(path: Path) -> dict[str, str]:
    """Name in the reports → team.

    Raises:
        UsageError: no such file, no such columns, an empty team, or somebody in two teams.
    """
    where = printable(str(path))
    rows = [row for row in rows_of(read_roster(path)) if any(cell.strip() for cell in row)]
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    if not set(COLUMNS) <= set(head):
        raise UsageError("is no table of teams", where=where, found=", ".join(head)[:80], expected="columns who, team")
    places = [head.index(column) for column in COLUMNS]
    found: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        who, team = (row[place].strip() if place < len(row) else "" for place in places)
        if not who or not team:
            raise UsageError("a row needs who and team", where=f"{where}, row {number}", found=repr(row)[:80])
        if found.setdefault(who, team) != team:
            raise UsageError(f"{printable(who)} is in two teams", where=f"{where}, row {number}", found=printable(team))
    return found


def with_teams(hand_ins: Iterable[HandIn], teams: Mapping[str, str]) -> tuple[HandIn, ...]:
    """The hand-ins, each with its team."""
    return tuple(replace(h, team=teams[h.who]) if h.who in teams else h for h in hand_ins)


def within_a_day(hand_ins: Sequence[HandIn], most: int) -> tuple[HandIn, ...]:
    """The hand-ins; those beyond `most` of their team on their day say so, in the order in which they came.

    Where nobody said when they were handed in, all are judged.
    """
    days: dict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
    for number, one in enumerate(hand_ins):
        if one.at:
            moment = datetime.fromisoformat(one.at)
            days[one.team or one.who, f"{moment:%Y-%m-%d}"].append((moment, number))
    late = {}
    for (_, day), several in days.items():
        for _, number in sorted(several)[most:]:
            late[number] = f"{most} hand-ins of {day} were judged before this one; hand in again tomorrow"
    return tuple(replace(h, unjudged=late[i]) if i in late else h for i, h in enumerate(hand_ins))
