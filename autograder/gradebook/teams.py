"""Teams: who was in which one when, from what was entered about joining and leaving."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from autograder.errors import UsageError
from autograder.gradebook.events import Joined, Left


@dataclass(frozen=True)
class Span:
    """Somebody in a team from `start` until `end` (None: still)."""

    who: str
    team: str
    start: datetime
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.start <= at and (self.end is None or at < self.end)

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether it holds at any time of an interval, its ends included."""
        return self.start <= end and (self.end is None or start < self.end)


@dataclass(frozen=True)
class Teams:
    """All spans, by person and by team."""

    of: Mapping[str, tuple[Span, ...]]
    spans: Mapping[str, tuple[Span, ...]]

    def team_of(self, who: str, at: datetime) -> str:
        """The team of a person at an instant; "" if none."""
        return next((s.team for s in self.of.get(who, ()) if s.holds(at)), "")

    def mates(self, who: str, at: datetime) -> frozenset[str]:
        """The person and all who were in the same team at an instant."""
        team = self.team_of(who, at)
        return frozenset({who, *(s.who for s in self.spans.get(team, ()) if s.holds(at))})

    def members(self, team: str, start: datetime, end: datetime) -> frozenset[str]:
        """All who were in a team at any time of an interval."""
        return frozenset(s.who for s in self.spans.get(team, ()) if s.meets(start, end))


def teams_from(events: Iterable[Joined | Left]) -> Teams:
    """The teams that follow from events.

    Raises:
        UsageError: somebody is in two teams at once; names both events.
    """
    own: dict[str, list[Joined | Left]] = defaultdict(list)
    for event in events:
        own[event.who].append(event)
    of = {who: tuple(_spans(who, found)) for who, found in own.items()}
    spans: dict[str, list[Span]] = defaultdict(list)
    for found in of.values():
        for span in found:
            spans[span.team].append(span)
    return Teams(of, {team: tuple(found) for team, found in spans.items()})


def _spans(who: str, events: list[Joined | Left]) -> list[Span]:
    found: list[Span] = []
    current: Joined | None = None
    for event in sorted(events, key=lambda e: (_start(e), isinstance(e, Joined))):
        if isinstance(event, Joined) and current is not None:
            if event.team != current.team:
                raise _two_teams(who, current, event)
            continue
        if current is not None:
            found.append(Span(who, current.team, _start(current), _start(event)))
        current = event if isinstance(event, Joined) else None
    if current is not None:
        found.append(Span(who, current.team, _start(current)))
    return found


def _start(event: Joined | Left) -> datetime:
    return event.since or event.at


def _two_teams(who: str, first: Joined, second: Joined) -> UsageError:
    return UsageError(
        f"{who} is in two teams at once", where=second.place or "events",
        found=f"`{second.team}` since {_start(second):%Y-%m-%d %H:%M} UTC, and `{first.team}` since "
        f"{_start(first):%Y-%m-%d %H:%M} UTC ({first.place or 'events'})",
        fix=f"autograder gradebook add left who={who} since=… (an instant before the second), or revoke one of them",
    )  # fmt: skip
