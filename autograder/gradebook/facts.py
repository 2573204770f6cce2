"""Facts: what the events up to an instant say, by part and person, before any rule is applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from autograder.gradebook.clock import Clock
from autograder.gradebook.events import (
    BY_STAFF,
    Adjusted,
    Chosen,
    Dropped,
    Enrolled,
    Event,
    Excused,
    Extended,
    Graded,
    Joined,
    Left,
    Revoked,
    Submitted,
    Voided,
    Waived,
    id_of,
    ordered,
)
from autograder.gradebook.policy import Policy
from autograder.gradebook.teams import Teams, teams_from

Key = tuple[str, str]
"""Part and person."""


@dataclass
class Marks:
    """Points by question as they are known; None for what waits. `broken` is the grader's own fault.

    `read` is the version that a person read last.
    """

    scores: dict[str, Fraction | None] = field(default_factory=dict)
    broken: str = ""
    read: str = ""

    def take(self, event: Graded) -> None:
        """Newer points replace older ones, question by question."""
        self.read = event.read or self.read
        self.broken = event.broken if event.bundle or event.broken else self.broken
        self.scores |= dict(event.scores)
        self.scores |= dict.fromkeys(event.waiting)


@dataclass
class Facts:
    """See the module. `people` are all who are in the course, with what is known of them."""

    now: datetime
    people: dict[str, Enrolled | None]
    teams: Teams
    handed: dict[Key, list[Submitted]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[tuple[str, str, str], Marks] = field(default_factory=lambda: defaultdict(Marks))
    own_marks: dict[Key, Marks] = field(default_factory=lambda: defaultdict(Marks))
    extended: dict[Key, list[Extended]] = field(default_factory=lambda: defaultdict(list))
    waived: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    chosen: dict[Key, str] = field(default_factory=dict)
    excused: set[Key] = field(default_factory=set)
    adjusted: dict[Key, list[Adjusted]] = field(default_factory=lambda: defaultdict(list))

    def section(self, who: str) -> str:
        """The section of a person; "" if none is known."""
        person = self.people.get(who)
        return person.section if person else ""


def facts_of(policy: Policy, events: Iterable[Event], now: datetime) -> Facts:
    """The facts at `now`.

    Raises:
        UsageError: somebody is in two teams at once.
    """
    found = ordered([e for e in events if e.at <= now])
    revoked = {e.of for e in found if isinstance(e, Revoked)}
    if revoked:
        found = [e for e in found if not isinstance(e, BY_STAFF) or id_of(e) not in revoked]
    teams = teams_from(e for e in found if isinstance(e, Joined | Left))
    facts = Facts(now, _people(found), teams)
    clock, parts = policy.clock(), {p.id: p for p in policy.parts}
    void = [e for e in found if isinstance(e, Voided)]
    for event in found:
        match event:
            case Submitted() if event.part in parts:
                if not any(_voids(v, event) for v in void):
                    _hand_in(facts, event, in_team=parts[event.part].team is not None)
            case Graded():
                if event.version:
                    facts.marks[event.part, event.version, event.who].take(event)
                else:
                    facts.own_marks[event.part, event.who].take(event)
            case Extended() if event.part in parts:
                for who in _extended(facts, event, clock, parts[event.part].due):
                    facts.extended[event.part, who].append(event)
            case Waived():
                facts.waived[event.part, event.who] += event.days
            case Chosen():
                facts.chosen[event.part, event.who] = event.version
            case Excused():
                facts.excused.add((event.part, event.who))
            case Adjusted():
                facts.adjusted[event.part, event.who].append(event)
            case _:
                pass
    return facts


def _people(events: Sequence[Event]) -> dict[str, Enrolled | None]:
    """Everybody of whom something is known, without those who have dropped, sorted."""
    found: dict[str, Enrolled | None] = {}
    for event in events:
        if isinstance(event, Enrolled):
            found[event.who] = event
        elif isinstance(event, Dropped):
            found[event.who] = None
        elif isinstance(event, Submitted):
            for who in (event.who, *event.also):
                found.setdefault(who, None)
        elif who := getattr(event, "who", ""):
            found.setdefault(who, None)
    gone: set[str] = set()
    for event in (e for e in events if isinstance(e, Dropped | Enrolled)):
        (gone.add if isinstance(event, Dropped) else gone.discard)(event.who)
    return {who: found[who] for who in sorted(found) if who not in gone}


def _voids(event: Voided, handed: Submitted) -> bool:
    """Whether a version is meant: by its digest or the beginning of it, in this part, of this submitter."""
    here = event.part in ("", handed.part) and event.who in ("", handed.who)
    return here and handed.version.startswith(event.version)


def _hand_in(facts: Facts, event: Submitted, in_team: bool) -> None:
    """A version belongs to those who handed it in, and in a team's part to their team of that moment."""
    members = {event.who, *event.also}
    if in_team:
        members |= facts.teams.mates(event.who, event.at)
    for who in members:
        known = facts.handed[event.part, who]
        if not any((e.at, e.version) == (event.at, event.version) for e in known[-2:]):
            known.append(event)


def _extended(facts: Facts, event: Extended, clock: Clock, due: datetime) -> Iterable[str]:
    if event.who:
        return (event.who,)
    end = clock.end(event.until) if event.until else clock.end(due, event.days)
    return facts.teams.members(event.team, min(event.at, end), max(event.at, end))
