"""What holds for every course's events: properties on drawn terms, and the choice against trying everything."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.gradebook.book import Book, Row, State
from autograder.gradebook.choice import Ask, best_choice
from autograder.gradebook.events import Event, Excused, Extended, Graded, Joined, Submitted, Waived
from autograder.gradebook.policy import Policy
from autograder.gradebook.versions import Option
from bench.book import big_book
from tests.gradebook.support import END, POLICY, at, book_of, policy

PEOPLE = ("ann", "bob")
DROPPING = policy(("assignments = { weight = 70 }", "assignments = { weight = 70, drop_lowest = 1 }"))
PERCENT = policy(('after = "zero"', "after = { percent_per_day = 10, most_days = 2 }"))
ONE_GROUP = [(f'group = "{name}"', 'group = "all"') for name in ("assignments", "midway", "final")]
MIXED = [
    policy(
        *ONE_GROUP, ('pool = "project"', 'pool = "homework"'), ('team_days = "each"', f'team_days = "{rule}"'),
        ("assignments = { weight = 70 }\nmidway = { weight = 5 }\nfinal = { weight = 25 }",
         f"all = {{ weight = 100, drop_lowest = {drop} }}"),
    )
    for rule in ("each", "min", "max") for drop in (1, 3, 4)
]  # fmt: skip
"""All parts in one pool and one group: what is alone and what is a team's hang together."""
EVERY = st.sampled_from([POLICY, DROPPING, PERCENT, *MIXED])
RULES = st.sampled_from([POLICY, DROPPING, PERCENT, *MIXED[:3]])
"""Those in which everybody pays alone: with the others one's days may cost another member's part."""
HOURS = st.integers(-200, 130)
"""Hours from the due time to a hand-in."""


@st.composite
def handed(draw: st.DrawFn, rules: Policy = POLICY, hours: st.SearchStrategy[int] = HOURS) -> list[Event]:
    """A version of somebody's, with its points."""
    part = draw(st.sampled_from(rules.parts))
    when = rules.clock().at(part.due) + timedelta(hours=draw(hours), seconds=draw(st.integers(0, 3600)))
    who, version = draw(st.sampled_from(PEOPLE)), draw(st.uuids()).hex
    points = rules.possible(part.id) * Fraction(draw(st.integers(0, 20)), 20)
    one = Submitted(at=when, part=part.id, who=who, version=version)
    return [one, Graded(at=when, part=part.id, version=version, scores=((part.id, points),), bundle="b")]


TEAM: list[Event] = [Joined(at=at("2026-10-20T09:00"), who=who, team="t") for who in PEOPLE]
ANSWERS = st.lists(handed(), min_size=0, max_size=14).map(lambda found: [*itertools.chain(*found)])


@st.composite
def staff(draw: st.DrawFn) -> Event:
    """Something that staff grant."""
    part = draw(st.sampled_from(POLICY.parts))
    who, moment = draw(st.sampled_from(PEOPLE)), at("2026-09-01T09:00")
    days = draw(st.integers(1, 4))
    kind = draw(st.sampled_from(["extended", "until", "waived"]))
    if kind == "waived":
        return Waived(at=moment, part=part.id, who=who, days=days)
    if kind == "until":
        return Extended(at=moment, part=part.id, who=who, until=part.due + timedelta(days=days - 2))
    return Extended(at=moment, part=part.id, who=who, days=days)


def rows(found: Book) -> dict[str, Row]:
    return dict(found.rows)


def value(row: Row) -> Fraction:
    """The total; there is one at the end of the term."""
    assert row.total is not None
    return row.total


@settings(max_examples=80, deadline=None)
@given(RULES, ANSWERS, handed(hours=st.integers(-300, -2)))
def test_a_version_on_time_never_lowers_a_total(rules: Policy, events: list[Event], more: list[Event]) -> None:
    before, after = book_of([*TEAM, *events], rules), book_of([*TEAM, *events, *more], rules)
    for who, row in rows(before).items():
        assert value(after.rows[who]) >= value(row)


@settings(max_examples=80, deadline=None)
@given(RULES, ANSWERS, handed())
def test_no_version_at_all_lowers_a_total(rules: Policy, events: list[Event], more: list[Event]) -> None:
    before, after = book_of([*TEAM, *events], rules), book_of([*TEAM, *events, *more], rules)
    for who, row in rows(before).items():
        assert value(after.rows[who]) >= value(row)


@settings(max_examples=80, deadline=None)
@given(RULES, ANSWERS, st.lists(staff(), max_size=3), staff())
def test_what_staff_grant_never_lowers_a_total(
    rules: Policy, events: list[Event], granted: list[Event], more: Event
) -> None:
    before, after = book_of([*TEAM, *events, *granted], rules), book_of([*TEAM, *events, *granted, more], rules)
    for who, row in rows(before).items():
        assert value(after.rows[who]) >= value(row)


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.lists(staff(), max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(events: list[Event], granted: list[Event], random: object) -> None:
    everything = [*TEAM, *events, *granted]
    mixed = list(everything)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert book_of(mixed) == book_of(everything)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["best_total", "last"]), EVERY, ANSWERS, st.lists(staff(), max_size=2))
def test_no_pool_is_overdrawn_and_no_part_takes_more_than_its_days(
    counts: str, rules: Policy, events: list[Event], granted: list[Event]
) -> None:
    late = rules.course.late.model_copy(update={"counts": counts})
    changed = Policy(rules.course.model_copy(update={"late": late}), rules.needs)
    for row in book_of([*TEAM, *events, *granted], changed).rows.values():
        assert all(left >= 0 for left in row.days_left.values())
        if counts == "last" or late.team_days != "max":
            assert all(row.days_used[pool] <= size for pool, size in late.pools.items())
        for part in changed.parts:
            line = row.lines[part.id]
            assert line.days <= changed.course.most_days_of(part)
            assert line.days == 0 or line.points


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.integers(0, 10**6))
def test_as_time_goes_on_only_new_events_change_what_counts(events: list[Event], seconds: int) -> None:
    known = [e for e in events if e.at <= at("2026-11-20T00:00")]
    before = book_of([*TEAM, *known], now=at("2026-11-20T00:00"))
    after = book_of([*TEAM, *known], now=at("2026-11-20T00:00") + timedelta(seconds=seconds))
    for who, row in before.rows.items():
        for part, line in row.lines.items():
            later = after.rows[who].lines[part]
            assert (later.version, later.days) == (line.version, line.days)
            assert later.points == line.points or line.state is State.OPEN


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.sets(st.sampled_from([p.id for p in POLICY.parts]), max_size=4))
def test_shares_add_up_to_a_hundred_whatever_is_excused(events: list[Event], parts: set[str]) -> None:
    excused = [Excused(at=at("2026-09-01T09:00"), part=part, who="ann") for part in parts]
    row = book_of([*TEAM, *events, *excused]).rows["ann"]
    assert sum(row.shares.of.values()) == 100
    assert 0 <= value(row) <= 100


Numbers = tuple[int, int, int]
Picks = Sequence[Option | None]
OPTION = st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(1, 9))
ASKS = st.lists(st.lists(OPTION, max_size=4), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(ASKS, st.integers(0, 5), st.integers(0, 2), st.data())
def test_the_choice_is_the_best_of_all(
    asks: list[list[tuple[int, int, int]]], days: int, drop: int, data: st.DataObject
) -> None:
    drop = min(drop, len(asks) - 1)
    pools = [data.draw(st.sampled_from(["x", "y"])) for _ in asks]
    tasks = [
        Ask(str(n), Fraction(n + 1, 7), [Option(Fraction(0), 0, 0, None, 0),
            *(Option(Fraction(v, 3), d, 0, None, r) for v, d, r in found)], pools[n], "g", True)
        for n, found in enumerate(asks)
    ]  # fmt: skip
    budgets = {"x": days, "y": 2}
    picks = best_choice(tasks, budgets, {"g": drop} if drop else {})
    assert rank(tasks, [picks[t.part] for t in tasks]) == max(
        rank(tasks, combination)
        for combination in itertools.product(*[[*t.options, *([None] if drop else [])] for t in tasks])
        if combination.count(None) == drop and fits(tasks, combination, budgets)
    )


def rank(
    tasks: list[Ask], picks: list[Option | None] | tuple[Option | None, ...]
) -> tuple[Fraction, int, tuple[int, ...]]:
    pairs = list(zip(tasks, picks, strict=True))
    total = sum((t.factor * o.value for t, o in pairs if o), Fraction(0))
    return total, -sum(o.days for _, o in pairs if o), tuple(o.rank if o else -1 for _, o in pairs)


def fits(tasks: list[Ask], picks: Picks, budgets: dict[str, int]) -> bool:
    spent = dict.fromkeys(budgets, 0)
    for task, option in zip(tasks, picks, strict=True):
        spent[task.pool] += option.days if option else 0
    return all(spent[p] <= budgets[p] for p in budgets)


def test_the_end_of_the_term_is_after_everything() -> None:
    assert all(POLICY.clock().end(p.due, 4) < END for p in POLICY.parts)


@pytest.mark.slow
def test_a_big_book_takes_less_than_two_seconds() -> None:
    """Of processor time, in the better of two rounds: what else a machine does costs a round up to half more."""
    found = big_book(rounds=2)
    assert found["events"] == 100_000
    assert found["days"] > 1000
    assert found["best"] < 2
