"""The book: for every person and part what counts and why, and the total. A pure function of policy, events and now.

Nothing is kept between two books: an extension, a regrade or a waiver changes what follows from the same events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from autograder.gradebook.choice import Ask, best_choice, in_order
from autograder.gradebook.clock import Clock
from autograder.gradebook.events import Enrolled, Event
from autograder.gradebook.facts import Facts, facts_of
from autograder.gradebook.policy import Policy
from autograder.gradebook.totals import Shares, shares_of
from autograder.gradebook.versions import Due, Option, Version, due_for, options, versions_of
from autograder.spec.course import Part


class State(StrEnum):
    """What became of a part."""

    COUNTS = "counts"
    DROPPED = "dropped as one of the lowest"
    NOTHING = "nothing handed in"
    LATE = "too late"
    NO_DAYS = "not enough days"
    WAITING = "not graded yet"
    OPEN = "not handed in yet"
    EXCUSED = "excused"

    @property
    def settled(self) -> bool:
        """Has points that count now, 0 among them."""
        return self not in (State.WAITING, State.OPEN, State.EXCUSED)


@dataclass(frozen=True)
class Line:
    """One part of one person.

    Attributes:
        points: that count, penalties and adjustments included; None where nothing counts yet.
        version: that counts, or None.
        days: late days paid.
        over: days not paid, that cost percent.
        adjusted: points that staff added.
        versions: all that there are.
    """

    part: str
    state: State
    points: Fraction | None
    possible: Fraction
    version: Version | None
    days: int
    over: int
    adjusted: Fraction
    due: Due
    note: str
    versions: tuple[Version, ...] = field(repr=False, default=())

    @property
    def share(self) -> Fraction | None:
        """Points as a share of those that there are."""
        return None if self.points is None else self.points / self.possible


@dataclass(frozen=True)
class Row:
    """One person.

    Attributes:
        days_left: pool -> days that are not spent; none where a team's richest member lent some.
        shares: what every part counts of 100, as far as parts are settled.
        so_far: percent, of the parts that are settled; None before the first.
        total: percent; None while something is not graded or can still be handed in.
        unchanged: percent if nothing more is handed in; None while something is not graded.
    """

    who: str
    person: Enrolled | None
    lines: Mapping[str, Line]
    days_used: Mapping[str, int]
    days_left: Mapping[str, int]
    shares: Shares
    so_far: Fraction | None
    total: Fraction | None
    unchanged: Fraction | None


@dataclass(frozen=True)
class Book:
    """All rows, by person."""

    policy: Policy
    now: datetime
    rows: Mapping[str, Row]


def book(policy: Policy, events: Iterable[Event], now: datetime) -> Book:
    """The book at `now`.

    Raises:
        UsageError: somebody is in two teams at once.
    """
    facts = facts_of(policy, events, now)
    clock, known = policy.clock(), _Known(policy)
    sheets = {who: _Sheet(policy, facts, clock, who, known) for who in facts.people}
    return Book(policy, now, {who: _row(sheet, sheets) for who, sheet in sheets.items()})


class _Known:
    """Shares that were worked out for one person and hold for the next."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._found: dict[tuple[str, ...], Shares] = {}

    def shares(self, parts: Iterable[str]) -> Shares:
        """As `shares_of`."""
        key = tuple(parts)
        if key not in self._found:
            self._found[key] = shares_of(self.policy, key)
        return self._found[key]


class _Sheet:
    """What is known of one person before the choice."""

    def __init__(self, policy: Policy, facts: Facts, clock: Clock, who: str, known: _Known) -> None:
        self.policy, self.facts, self.who, self.known = policy, facts, who, known
        self.due = {p.id: due_for(policy, facts, clock, p, who) for p in policy.parts}
        self.versions = {p.id: versions_of(policy, facts, clock, p, who, self.due[p.id]) for p in policy.parts}
        self.states = {p.id: self._state(p) for p in policy.parts}
        self._asks: dict[str, Ask] | None = None

    def adjusted(self, part: str) -> Fraction:
        """Points that staff added."""
        return sum((e.points for e in self.facts.adjusted.get((part, self.who), ())), Fraction(0))

    def candidates(self, part: Part) -> list[Version]:
        """The versions among which the choice is: those that are not barred, and only the chosen one if one is."""
        able = [v for v in self.versions[part.id] if not v.barred]
        chosen = self.facts.chosen.get((part.id, self.who), "")
        picked = [v for v in able if chosen and v.id.startswith(chosen)]
        return picked or able

    def _state(self, part: Part) -> State:
        """WAITING, OPEN or EXCUSED, or COUNTS where the choice will tell."""
        if (part.id, self.who) in self.facts.excused:
            return State.EXCUSED
        able = self.candidates(part)
        if self.policy.course.late.counts == "last":
            able = able[-1:]
        if any(v.points is None for v in able) or (not part.handed_in and not able):
            return State.WAITING
        if not able and self.facts.now < self.due[part.id].closes:
            return State.OPEN
        return State.COUNTS

    def asks(self) -> dict[str, Ask]:
        """What is to be chosen, by part."""
        if self._asks is None:
            settled = [p for p in self.policy.parts if self.states[p.id] is State.COUNTS]
            shares = self.known.shares(p.id for p in settled)
            self._asks = {p.id: self._ask(p, shares) for p in settled}
        return self._asks

    def _ask(self, part: Part, shares: Shares) -> Ask:
        found = options(self.policy, self.candidates(part), self.due[part.id].days, self.adjusted(part.id))
        if self.policy.course.late.counts == "last":
            found = _of_each(self.policy, self.candidates(part), self.due[part.id].days, self.adjusted(part.id))
        factor = shares.of[part.id] / self.policy.possible(part.id)
        return Ask(part.id, factor, found, part.pool or "", part.group, part.drop)


def _of_each(policy: Policy, versions: Sequence[Version], most_days: int, adjusted: Fraction) -> list[Option]:
    """Options of every version by itself, the newest among them."""
    found = {}
    for rank in range(len(versions) + 1):
        for option in options(policy, versions[rank - 1 : rank] if rank else [], most_days, adjusted):
            if option.version is not None or not rank:
                found[rank, option.days] = Option(option.value, option.days, option.over, option.version, rank)
    return list(found.values())


def _row(sheet: _Sheet, sheets: Mapping[str, _Sheet]) -> Row:
    policy = sheet.policy
    asks = list(sheet.asks().values())
    shares = sheet.known.shares(a.part for a in asks)
    picks = _choose(sheet, sheets, asks, shares)
    lines = {p.id: _line(sheet, p, picks) for p in policy.parts}
    used = dict.fromkeys(policy.course.late.pools, 0)
    for part in policy.parts:
        if part.pool:
            used[part.pool] += lines[part.id].days
    so_far = _sum(shares, {part: lines[part].share for part, pick in picks.items() if pick is not None})
    states = {line.state for line in lines.values()}
    total = None if states & {State.WAITING, State.OPEN} else so_far
    unchanged = so_far if State.OPEN not in states else _unchanged(sheet, lines)
    return Row(
        sheet.who, sheet.facts.people.get(sheet.who), lines, used,
        {pool: max(0, size - used[pool]) for pool, size in policy.course.late.pools.items()},
        shares, so_far if asks else None, total, None if State.WAITING in states else unchanged,
    )  # fmt: skip


def _sum(shares: Shares, kept: Mapping[str, Fraction | None]) -> Fraction:
    return sum((shares.of[part] * (share or 0) for part, share in kept.items()), Fraction(0))


def _unchanged(sheet: _Sheet, lines: Mapping[str, Line]) -> Fraction:
    """The total when parts that are open stay at nothing: the lowest of a group are dropped then."""
    values = {p: line.share or Fraction(0) for p, line in lines.items() if line.state is not State.EXCUSED}
    shares = sheet.known.shares(values)
    dropped: set[str] = set()
    for group, count in shares.drops.items():
        own = [p.id for p in sheet.policy.parts if p.group == group and p.drop and p.id in values]
        dropped |= set(sorted(own, key=lambda p: values[p])[:count])
    return _sum(shares, {p: v for p, v in values.items() if p not in dropped})


def _choose(
    sheet: _Sheet, sheets: Mapping[str, _Sheet], asks: Sequence[Ask], shares: Shares
) -> dict[str, Option | None]:
    """The choice, with the rule for days of teams."""
    late = sheet.policy.course.late
    if late.counts == "last":
        found: dict[str, Option | None] = {**in_order(asks, late.pools)}
        for group, count in shares.drops.items():
            own = [a for a in asks if a.group == group and a.may_drop]
            lowest = sorted(own, key=lambda a: a.factor * found[a.part].value)  # type: ignore[union-attr]  # all chosen
            found |= dict.fromkeys((a.part for a in lowest[:count]), None)
        return found
    if late.team_days == "each":
        return best_choice(asks, late.pools, shares.drops)
    alone, together = _apart(sheet, asks)
    first, rest = _drops_apart(alone, shares)
    picks = best_choice(alone, late.pools, first)
    mates = {m for a in together for e in sheet.facts.handed.get((a.part, sheet.who), ())
             for m in (e.who, *e.also, *sheet.facts.teams.mates(e.who, e.at))} | {sheet.who}  # fmt: skip
    pick = min if late.team_days == "min" else max
    left = {pool: pick(_left_alone(sheets[m], pool) for m in mates if m in sheets) for pool in late.pools}
    return picks | best_choice(together, left, rest)


def _apart(sheet: _Sheet, asks: Sequence[Ask]) -> tuple[list[Ask], list[Ask]]:
    """Parts handed in alone, and parts of teams."""
    of_team = {p.id for p in sheet.policy.parts if p.team}
    return [a for a in asks if a.part not in of_team], [a for a in asks if a.part in of_team]


def _drops_apart(alone: Sequence[Ask], shares: Shares) -> tuple[dict[str, int], dict[str, int]]:
    """How many of each group are dropped among the parts handed in alone, as far as they go, and among the rest."""
    first = {g: min(n, sum(a.group == g and a.may_drop for a in alone)) for g, n in shares.drops.items()}
    return first, {group: count - first[group] for group, count in shares.drops.items()}


def _left_alone(sheet: _Sheet, pool: str) -> int:
    """Days of a pool that a person has after the parts that they hand in alone."""
    size = sheet.policy.course.late.pools[pool]
    alone, _ = _apart(sheet, list(sheet.asks().values()))
    shares = sheet.known.shares(sheet.asks())
    picks = best_choice(alone, sheet.policy.course.late.pools, _drops_apart(alone, shares)[0])
    return size - sum(o.days for a in alone if a.pool == pool and (o := picks[a.part]) is not None)


def _line(sheet: _Sheet, part: Part, picks: Mapping[str, Option | None]) -> Line:
    versions, due, state = tuple(sheet.versions[part.id]), sheet.due[part.id], sheet.states[part.id]
    possible, adjusted = sheet.policy.possible(part.id), sheet.adjusted(part.id)
    option = picks.get(part.id)
    points, note = None, ""
    if state is State.COUNTS and option is None:
        state = State.DROPPED
        option = next((o for o in reversed(sheet.asks()[part.id].options) if not o.days), None)
        points = option.value if option else None
    elif option is not None:
        points = option.value
        if option.version is None:
            state, note = _nothing(versions)
    elif state is State.WAITING:
        note = _why_waiting(sheet.candidates(part))
    version = option.version if option else None
    return Line(
        part.id, state, points, possible, version, option.days if option else 0, option.over if option else 0,
        adjusted, due, note, versions,
    )  # fmt: skip


def _nothing(versions: Sequence[Version]) -> tuple[State, str]:
    """Why no version counts."""
    if not versions:
        return State.NOTHING, ""
    if all(v.barred for v in versions):
        return State.LATE, versions[0].barred
    return State.NO_DAYS, "the days go where they help more, or it is worth nothing"


def _why_waiting(versions: Sequence[Version]) -> str:
    open_ones = [v for v in versions if v.points is None]
    if not open_ones:
        return "no points have been entered"
    if broken := next((v.broken for v in open_ones if v.broken), ""):
        return f"the grader could not grade it: {broken}"
    missing = sorted({q for v in open_ones for q in v.missing})
    return f"no points yet for {', '.join(missing)}" if missing else ""
