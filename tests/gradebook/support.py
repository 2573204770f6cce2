"""The course whose rules the tests hold: 70 / 5 / 25, 5 late days and 3 of the project, teams in the project."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.gradebook.book import Book, Line, Row, book
from autograder.gradebook.events import Event, Graded, Submitted
from autograder.gradebook.policy import Policy, policy_from_text

ZONE = "America/New_York"
TEXT = """
title = "Deep learning"
zone = "America/New_York"
grace_minutes = 15

[late]
after = "zero"
counts = "best_total"
team_days = "each"
[late.pools]
homework = 5
project = 3

[[part]]
id = "a1"
group = "assignments"
due = "2026-09-21T23:59"
pool = "homework"
most_days = 3
points = 100

[[part]]
id = "a2"
group = "assignments"
due = "2026-10-12T23:59"
pool = "homework"
most_days = 3
points = 100

[[part]]
id = "a3"
group = "assignments"
due = "2026-11-02T23:59"
pool = "homework"
most_days = 3
points = 100

[[part]]
id = "midway"
group = "midway"
due = "2026-11-09T23:59"
pool = "project"
team = { least = 2, most = 3 }
points = 5

[[part]]
id = "final"
group = "final"
due = "2026-12-07T23:59"
pool = "project"
team = { least = 2, most = 3 }
points = 25

[groups]
assignments = { weight = 70 }
midway = { weight = 5 }
final = { weight = 25 }

[letters]
A = 90
B = 80
"""


def policy(*changes: tuple[str, str]) -> Policy:
    """The course with some of its text changed."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return policy_from_text(text, Path("/nowhere"))


POLICY = policy()


def at(wall: str) -> datetime:
    """A wall clock of the course as an instant."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


END = at("2026-12-31T00:00")


def hand_in(part: str, wall: str, share: str | None, who: str = "ann", version: str = "") -> list[Event]:
    """A version handed in, and graded with that share of its points unless it is None."""
    version = version or f"{who}-{part}-{wall}"
    found: list[Event] = [Submitted(at=at(wall), part=part, who=who, version=version)]
    if share is not None:
        points = Fraction(share) * POLICY.possible(part)
        found.append(Graded(at=at(wall), part=part, version=version, scores=((part, points),), bundle="b1"))
    return found


def book_of(events: list[Event], rules: Policy = POLICY, now: datetime = END) -> Book:
    """The book at the end of the term."""
    return book(rules, events, now)


def row_of(events: list[Event], who: str = "ann", rules: Policy = POLICY, now: datetime = END) -> Row:
    """One person's."""
    return book_of(events, rules, now).rows[who]


def line_of(events: list[Event], part: str, who: str = "ann", rules: Policy = POLICY, now: datetime = END) -> Line:
    """One part of it."""
    return row_of(events, who, rules, now).lines[part]
