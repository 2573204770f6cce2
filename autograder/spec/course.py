"""course.toml as frozen models: parts with their due times, groups with their weights, late days, letters.

Every wall-clock time is one of the course's zone; the zone of the machine is never used.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from autograder.spec.cluster import Cluster
from autograder.spec.models import Identifier, Model, Points

WHOLE = Fraction(100)
FIRST_YEAR, LAST_YEAR = 1970, 2999


def wall_clock(value: object) -> datetime:
    """a date and a time, such as 2026-09-21T23:59, without a zone; TOML's own kind or text

    Raises:
        ValueError: it is none, or it has a zone.
    """
    form = "expected a date and a time of the course's zone, such as 2026-09-21T23:59"
    if isinstance(value, date) and not isinstance(value, datetime):
        raise ValueError(f"{value} has no time: {form}")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip()) if len(value.strip()) > 10 else None
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        raise ValueError(form)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"the year {value.year} is none of a course: expected {FIRST_YEAR} to {LAST_YEAR}")
    if value.tzinfo is not None:
        raise ValueError(f"{value.isoformat()} has a zone of its own: {form}")
    return value


def zone_of(value: object) -> str:
    """a zone of the tz database, such as America/New_York or UTC

    Raises:
        ValueError: it is none.
    """
    try:
        return ZoneInfo(str(value)).key
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        pass
    except KeyError:
        pass
    raise ValueError(f"found {value!r}; expected a zone of the tz database, such as America/New_York or UTC")


Wall = Annotated[datetime, BeforeValidator(wall_clock)]
Zone = Annotated[str, BeforeValidator(zone_of)]
Days = Annotated[int, Field(ge=0, le=365)]


class Group(Model):
    """Parts that share a weight in percent; the `drop_lowest` lowest of them do not count."""

    weight: Points
    """Percent of the course."""
    drop_lowest: Annotated[int, Field(ge=0)] = 0
    """So many of its lowest parts do not count."""


class Team(Model):
    """How many people hand in together."""

    least: Annotated[int, Field(ge=1)] = 1
    """People at least."""
    most: Annotated[int, Field(ge=1)] = 3
    """People at most."""

    @model_validator(mode="after")
    def _ordered(self) -> Team:
        if self.least > self.most:
            raise ValueError(f"least is {self.least} and most is {self.most}: least is the smaller one")
        return self


class Penalty(Model):
    """What a day costs for which no late day is paid: percent of the points earned; after `most_days`, everything."""

    percent_per_day: Annotated[Points, Field(gt=0, le=100)]
    """Percent of the points earned that such a day costs."""
    most_days: Annotated[int, Field(ge=1, le=365)]
    """After so many days the work does not count."""


def after_of(value: object) -> object:
    """the word "zero", or a table

    Raises:
        ValueError: another text.
    """
    if isinstance(value, str) and value != "zero":
        raise ValueError(f'found {value!r}; expected "zero" or {{ percent_per_day = 10, most_days = 3 }}')
    return None if value == "zero" else value


class Late(Model):
    """Late days: budgets by name, what happens without them, and which version counts."""

    after: Annotated[Penalty | None, BeforeValidator(after_of)] = None
    """What a day costs that is not paid: "zero", such work does not count, or a table."""
    counts: Literal["best_total", "last"] = "best_total"
    """Which versions count: those with the largest total in all, or the last of each part."""
    team_days: Literal["each", "min", "max"] = "each"
    """Whose days a team spends: each member's own, those of who has fewest, or most."""
    pools: dict[Identifier, Days] = Field(default_factory=dict)
    """Name of a budget → its days."""


class Part(Model):
    """What is handed in once and has one due time."""

    id: Identifier
    """Names it in the book and in every command."""
    group: Identifier
    """The group of [groups] that it counts in."""
    due: Wall
    """Wall-clock time in the course's zone."""
    title: str = ""
    """As students read it; its id by default."""
    weight: Points | None = None
    """Percent of the course; all parts of a group have one, or they share the group's equally."""
    pool: Identifier | None = None
    """Budget that late days are taken from; without one there are none."""
    most_days: Days | None = None
    """At most so many of them for this part; the whole pool by default."""
    drop: bool = True
    """Whether `drop_lowest` may drop it."""
    team: Team | None = None
    """How many people hand in together; one by default."""
    assignment: Identifier | None = None
    """Whose questions it is made of; the one with the part's id by default."""
    questions: tuple[Identifier, ...] = ()
    """Only these questions of the assignment; all by default."""
    points: Points | None = None
    """Of a part that is no assignment and has no rubric (an exam, a talk)."""
    handed_in: bool = True
    """false where staff enter the points and nothing is handed in: nobody has 0 for that."""
    machine: Points | None = None
    """Points by the machine, of a part that has a rubric too."""
    rubric: str | None = None
    """File with the points that a person gives, below the course folder."""
    sections: dict[str, Wall] = Field(default_factory=dict)
    """Section → due time, for those that have their own."""


class Course(Model):
    """A whole course.toml."""

    title: Annotated[str, Field(min_length=1)]
    """As students read it."""
    zone: Zone
    """Zone of all times, as in the tz database."""
    grace_minutes: Annotated[int, Field(ge=0, lt=1440)] = 0
    """So much later is still in time."""
    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    """Decimals of points and percents, as they are shown."""
    events: str = "gradebook/events.jsonl"
    """File of what happened: hand-ins, points, extensions; below the course folder."""
    late: Late = Late()
    """Late days: [late]."""
    part: Annotated[tuple[Part, ...], Field(min_length=1)]
    """The parts, in order: [[part]]."""
    groups: Annotated[dict[Identifier, Group], Field(min_length=1)]
    """Name → group: [groups.NAME]."""
    letters: dict[str, Points] = Field(default_factory=dict)
    """Letter → least percent, from the best down."""
    cluster: Cluster = Cluster()
    """Jobs of `grade --executor slurm`: [cluster]."""

    @model_validator(mode="after")
    def _adds_up(self) -> Course:
        for fault in self._faults():
            raise ValueError(fault)
        return self

    def _faults(self) -> Iterator[str]:
        """What does not fit together, by key."""
        ids = [p.id for p in self.part]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            yield f"part: the id {twice[0]!r} is used twice; every part has its own"
        total = sum((g.weight for g in self.groups.values()), Fraction(0))
        if total != WHOLE:
            yield f"groups: the weights add up to {shown_number(total)}; expected 100"
        for part in self.part:
            yield from self._faults_of(part)
        for name, group in self.groups.items():
            yield from self._faults_of_group(name, group)
        yield from self._faults_of_order()
        limits = list(self.letters.items())
        for (name, limit), (below, lower) in pairwise(limits):
            if lower >= limit:
                yield f"letters.{below}: {shown_number(lower)} is not below {name} = {shown_number(limit)}"

    def _faults_of(self, part: Part) -> Iterator[str]:
        key = f"part[{part.id}]"
        if part.group not in self.groups:
            known = ", ".join(self.groups)
            yield f"{key}.group: found {part.group!r}; expected one of {known}, or a new one in [groups]"
        if part.pool is None:
            if part.most_days:
                yield f"{key}.most_days: found {part.most_days}, but the part has no pool; add pool = … or remove it"
        elif part.pool not in self.late.pools:
            known = ", ".join(self.late.pools) or "none"
            yield f"{key}.pool: found {part.pool!r}; expected one of {known}: see [late.pools]"
        elif (part.most_days or 0) > self.late.pools[part.pool]:
            size = self.late.pools[part.pool]
            yield f"{key}.most_days: found {part.most_days}; the pool {part.pool!r} has {size}"
        if part.machine is not None and part.rubric is None:
            yield f"{key}.machine: without a rubric all points are the assignment's; remove it or add rubric = …"
        if part.points is not None and (part.assignment or part.rubric or part.questions):
            yield f"{key}.points: they are those of its assignment and its rubric; remove it"

    def _faults_of_group(self, name: str, group: Group) -> Iterator[str]:
        own = [p for p in self.part if p.group == name]
        given = [p for p in own if p.weight is not None]
        if not own:
            yield f"groups.{name}: no part is in it; add one, or remove the group"
        elif given and len(given) < len(own):
            without = next(p.id for p in own if p.weight is None)
            yield f"part[{without}].weight: missing; in a group all parts have a weight, or none has"
        elif given and group.drop_lowest:
            yield f"groups.{name}.drop_lowest: the parts of such a group count alike; remove their weights"
        elif given and sum((p.weight or Fraction(0) for p in own), Fraction(0)) != group.weight:
            total = sum((p.weight or Fraction(0) for p in own), Fraction(0))
            yield (
                f"groups.{name}.weight: found {shown_number(group.weight)}, "
                f"but the weights of its parts add up to {shown_number(total)}"
            )
        elif group.drop_lowest >= len(own):
            found = f"found {group.drop_lowest}; the group has {len(own)} parts, one must count"
            yield f"groups.{name}.drop_lowest: {found}"

    def _faults_of_order(self) -> Iterator[str]:
        """Parts of one pool stand in the order of their due times: days are told in that order."""
        for pool in self.late.pools:
            own = [p for p in self.part if p.pool == pool]
            for before, part in pairwise(own):
                if part.due < before.due:
                    found = f"is before that of {before.id!r}, which stands above it"
                    yield f"part[{part.id}].due: {found}; mend one, or the order"

    def get(self, part_id: str) -> Part:
        """The part of that id (KeyError if none)."""
        for part in self.part:
            if part.id == part_id:
                return part
        raise KeyError(part_id)

    def weight_of(self, part: Part) -> Fraction:
        """Percent of the course that a part counts when nothing is excused or dropped."""
        if part.weight is not None:
            return part.weight
        return self.groups[part.group].weight / sum(p.group == part.group for p in self.part)

    def most_days_of(self, part: Part) -> int:
        """So many late days may be paid for a part."""
        if part.pool is None:
            return 0
        size = self.late.pools[part.pool]
        return size if part.most_days is None else part.most_days


def shown_number(value: Fraction) -> str:
    """A number as one would write it: 70, 2.5, 70/3."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return f"{float(value):.6f}".rstrip("0").rstrip(".") if rest == 1 else str(value)
