"""Importing: hand-ins, points and teams that come from elsewhere, as events; nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from autograder.gradebook.clock import Clock, instant
from autograder.gradebook.events import Event, Extended, Graded, Joined, Left, Submitted
from autograder.gradebook.facts import Facts
from autograder.gradebook.log import number, whole
from autograder.gradebook.people import Names
from autograder.gradebook.policy import Policy
from autograder.gradebook.tables import Record, read_table
from autograder.intake.hand_in import HandIn, printable
from autograder.spec.course import shown_number, wall_clock

When = Callable[[str, Path], datetime | None]
"""When something was handed in: from what the course system said and the file; None where that cannot be told."""


@dataclass
class Found:
    """What an import came to: events, names that mean nobody or several, and hand-ins without a time."""

    events: list[Event] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    timeless: list[str] = field(default_factory=list)

    def hand_in(self, hand_in: HandIn, part: str, digest: str, names: Names, when: When) -> Submitted | None:
        """The event of a hand-in, noted here; None where its people or its time cannot be told."""
        people, why = names.team(hand_in.who)
        if why:
            self.unknown[hand_in.who] = why
            return None
        at = when(hand_in.at, hand_in.path)
        if at is None:
            self.timeless.append(hand_in.who)
            return None
        event = Submitted(
            at=at, part=part, who=people[0], also=tuple(people[1:]), version=digest, number=hand_in.version,
            file=printable(hand_in.path.name),
        )  # fmt: skip
        self.events.append(event)
        return event


def when_of(clock: Clock, given: str, trust_mtime: bool) -> When:
    """How times are told: what the course system said, else `given` for all, else the file's own where that is trusted.

    Args:
        given: a wall clock of the course or an instant with its offset; "" for none.

    Raises:
        ValueError: `given` is neither.
    """
    fixed = moment_of(clock, given) if given else None

    def when(said: str, path: Path) -> datetime | None:
        if said:
            return instant(said)
        if fixed is not None or not trust_mtime:
            return fixed
        try:
            return datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError:
            return None

    return when


def moment_of(clock: Clock, text: str) -> datetime:
    """An instant from an ISO time with an offset, or from a wall clock of the course.

    Raises:
        ValueError: it is neither.
    """
    try:
        return instant(text)
    except ValueError:
        return clock.at(wall_clock(text))


def person_of(record: Record, names: Names, column: str = "who") -> str:
    """The person of a row.

    Raises:
        UsageError: nobody, or several, may be meant.
    """
    text = record.get(column)
    hits = names.find(text) if text else []
    if len(hits) != 1:
        found = f"`{text}` fits {', '.join(hits[:3]) or 'nobody in the roster'}"
        raise record.fault(f"{column}: one person is needed", found=found, fix="write the login or the SIS id")
    return hits[0]


def extensions_from(path: Path, policy: Policy, facts: Facts, names: Names, by: str) -> list[Event]:
    """The extensions of a table: part, who or team, until (a wall clock of the course) or days, reason.

    Raises:
        UsageError: a row is none; names the file, the line and the column.
    """
    allowed = ("part", "who", "team", "until", "days", "reason", "email", "name")
    records = read_table(path, ("part", "who|team", "until|days"), allowed)
    return [_extension(record, policy, facts, names, by) for record in records]


def _extension(record: Record, policy: Policy, facts: Facts, names: Names, by: str) -> Extended:
    part = record.get("part")
    if part not in policy.needs:
        raise record.fault("part: there is none of this id", found=repr(part), expected=f"of {', '.join(policy.needs)}")
    until, days = record.get("until"), record.get("days")
    if bool(until) == bool(days):
        raise record.fault("until, days: one of the two is needed", found="both" if until else "neither")
    who, team = record.get("who"), record.get("team")
    if bool(who) == bool(team):
        raise record.fault("who, team: one of the two is needed", found="both" if who else "neither")
    if team and team not in facts.teams.spans:
        raise record.fault("team: there is none of this name", found=repr(team),
                           expected=f"of {', '.join(sorted(facts.teams.spans)) or 'none'}")  # fmt: skip
    return Extended(
        at=facts.now, by=by, part=part, who=person_of(record, names) if who else "", team=team,
        until=record.read("until", wall_clock) if until else None, days=record.read("days", whole) if days else 0,
        reason=record.get("reason"),
    )  # fmt: skip


def teams_from_table(path: Path, facts: Facts, names: Names, clock: Clock, by: str) -> list[Event]:
    """What a table of teams changes: team, who, and since when; who was in another team leaves it.

    Raises:
        UsageError: a row is none, or somebody is in two of its teams.
    """
    found: list[Event] = []
    seen: dict[str, Record] = {}
    for record in read_table(path, ("team", "who"), ("team", "who", "since", "name", "email")):
        team, who = record.get("team"), person_of(record, names)
        if not team:
            raise record.fault("team: it has no name")
        if who in seen:
            raise record.fault(f"{who} is in two teams", found=f"also {seen[who].place}", fix="remove one of the rows")
        seen[who] = record
        since = record.read("since", lambda text: moment_of(clock, text)) if record.get("since") else None
        before = facts.teams.team_of(who, since or facts.now)
        if before == team:
            continue
        if before:
            found.append(Left(at=facts.now, by=by, who=who, since=since))
        found.append(Joined(at=facts.now, by=by, who=who, team=team, since=since))
    return found


def scores_from_table(path: Path, part: str, policy: Policy, facts: Facts, names: Names, by: str) -> list[Event]:
    """Points that a person gave in a part: who or team, and a column `points`, or one for each question or item.

    An empty cell says nothing. Whom a row names has these points whichever version counts.

    Raises:
        UsageError: a row is none, or has more points than there are.
    """
    needs = policy.needs[part]
    columns = list(needs) if len(needs) > 1 else [*needs, "points"]
    records = read_table(path, ("who|team",), ("who", "team", "name", "email", "comment", "points", *needs))
    found: list[Event] = []
    for record in records:
        scores: dict[str, Fraction] = {}
        for column in columns:
            if not record.get(column.casefold()):
                continue
            question = column if column in needs else next(iter(needs))
            points = record.read(column.casefold(), number)
            if not 0 <= points <= needs[question]:
                raise record.fault(f"{column}: out of range", found=shown_number(points),
                                   expected=f"0 to {shown_number(needs[question])}")  # fmt: skip
            scores[question] = points
        for who in _who_or_team(record, facts, names) if scores else ():
            found.append(Graded(at=facts.now, by=by, part=part, who=who, scores=tuple(sorted(scores.items())),
                                reason=record.get("comment")))  # fmt: skip
    return found


def _who_or_team(record: Record, facts: Facts, names: Names) -> Iterable[str]:
    if record.get("who") or not record.get("team"):
        return [person_of(record, names)]
    members = facts.teams.members(record.get("team"), facts.now, facts.now)
    if not members:
        raise record.fault("team: there is none of this name", found=repr(record.get("team")),
                           expected=f"of {', '.join(sorted(facts.teams.spans)) or 'none'}")  # fmt: skip
    return sorted(members)


def fresh(found: Sequence[Event], known: Iterable[Event]) -> list[Event]:
    """Those that say something new: the same points again, entered at another time, do not."""
    newest: dict[tuple[str, str, str], Graded] = {}
    for event in known:
        if isinstance(event, Graded) and not event.bundle:
            newest[event.part, event.who, event.version] = event
    kept: list[Event] = []
    for event in found:
        if isinstance(event, Graded) and not event.bundle:
            before = newest.get((event.part, event.who, event.version))
            if before is not None and (before.scores, before.reason) == (event.scores, event.reason):
                continue
        kept.append(event)
    return kept
