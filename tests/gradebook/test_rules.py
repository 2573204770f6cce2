"""The tricky cases of late days, extensions, versions and teams, each with its right answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from autograder.errors import UsageError
from autograder.gradebook.book import State
from autograder.gradebook.clock import Clock, instant
from autograder.gradebook.events import (
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
)
from autograder.gradebook.totals import letter, shown
from tests.gradebook.support import POLICY, at, book_of, hand_in, line_of, policy, row_of


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("2026-09-21T23:59:59", 0),
        ("2026-09-22T00:14:59", 0),
        ("2026-09-22T00:15:00", 1),
        ("2026-09-23T00:14:59", 1),
        ("2026-09-23T00:15:00", 2),
    ],
)
def test_a_due_minute_counts_to_its_end_and_the_grace_holds_at_every_day(when: str, days: int) -> None:
    assert line_of(hand_in("a1", when, "1"), "a1").days == days


def test_when_clocks_go_back_a_day_is_the_same_wall_clock_and_not_24_hours() -> None:
    clock = Clock("America/New_York")
    assert clock.days_late(wall("2026-10-31T23:59"), datetime(2026, 11, 2, 4, 59, 30, tzinfo=UTC)) == 1
    assert clock.days_late(wall("2026-10-31T23:59"), datetime(2026, 11, 2, 5, 0, tzinfo=UTC)) == 2


def test_an_hour_that_is_there_twice_counts_late_and_one_that_is_not_moves_on() -> None:
    clock = Clock("America/New_York")
    assert clock.at(wall("2026-11-01T01:30")) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert clock.at(wall("2026-03-08T02:30")) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert "there twice" in clock.odd(wall("2026-11-01T01:30"))
    assert "counts as 03:30 EDT" in clock.odd(wall("2026-03-08T02:30"))
    assert clock.odd(wall("2026-11-01T03:30")) == ""


def test_instants_are_compared_and_not_clocks() -> None:
    berlin = instant("2026-09-22T05:59:59+02:00")
    events: list[Event] = [Submitted(at=berlin, part="a1", who="ann", version="v")]
    events += [Graded(at=berlin, part="a1", version="v", scores=(("a1", Fraction(100)),))]
    assert line_of(events, "a1").days == 0


def test_late_and_lower_costs_nothing() -> None:
    line = line_of(hand_in("a1", "2026-09-21T20:00", "9/10") + hand_in("a1", "2026-09-23T12:00", "8/10"), "a1")
    assert (line.share, line.days) == (Fraction(9, 10), 0)


def test_of_equals_the_fewest_days_then_the_newest() -> None:
    events = hand_in("a1", "2026-09-20T20:00", "9/10", version="old")
    events += hand_in("a1", "2026-09-21T20:00", "9/10", version="new")
    events += hand_in("a1", "2026-09-22T20:00", "9/10", version="late")
    line = line_of(events, "a1")
    assert line.version is not None
    assert (line.version.id, line.days) == ("new", 0)


def test_four_days_late_is_nothing_and_costs_no_day() -> None:
    events = hand_in("a1", "2026-09-25T12:00", "1") + hand_in("a2", "2026-10-15T12:00", "1")
    lines = row_of(events + hand_in("a3", "2026-11-04T12:00", "1")).lines
    assert (lines["a1"].share, lines["a1"].days, lines["a1"].state) == (0, 0, State.LATE)
    assert lines["a1"].note == "4 days late; at most 3 can count"
    assert (lines["a2"].days, lines["a3"].days) == (3, 2)


def test_days_go_where_they_help_most_and_not_in_the_order_of_due_times() -> None:
    events = hand_in("a1", "2026-09-21T12:00", "90/100") + hand_in("a1", "2026-09-24T12:00", "91/100")
    events += hand_in("a2", "2026-10-15T12:00", "1") + hand_in("a3", "2026-11-04T12:00", "1")
    lines = row_of(events).lines
    assert [lines[p].days for p in ("a1", "a2", "a3")] == [0, 3, 2]
    assert lines["a1"].share == Fraction(9, 10)


def test_an_extension_gives_days_back_that_were_spent_before_it() -> None:
    events = hand_in("a1", "2026-09-24T12:00", "1")
    assert line_of(events, "a1").days == 3
    events.append(Extended(at=at("2026-10-01T09:00"), part="a1", who="ann", until=wall("2026-09-23T23:59")))
    row = row_of(events)
    assert (row.lines["a1"].days, row.days_left["homework"]) == (1, 4)


def test_an_extension_never_shortens_and_days_count_from_it() -> None:
    early = Extended(at=at("2026-09-01T09:00"), part="a1", who="ann", until=wall("2026-09-20T23:59"))
    assert line_of([early, *hand_in("a1", "2026-09-21T12:00", "1")], "a1").days == 0
    week = Extended(at=at("2026-09-01T09:00"), part="a1", who="ann", until=wall("2026-09-28T23:59"))
    assert line_of([week, *hand_in("a1", "2026-10-01T12:00", "1")], "a1").days == 3
    days = Extended(at=at("2026-09-01T09:00"), part="a1", who="ann", days=7)
    assert line_of([days, *hand_in("a1", "2026-10-01T12:00", "1")], "a1").days == 3


TEAM = [Joined(at=at("2026-10-20T09:00"), who=who, team="t1") for who in ("ann", "bob")]


def test_each_member_pays_and_the_heavier_part_wins() -> None:
    events = [
        *TEAM,
        *hand_in("midway", "2026-11-11T12:00", "1"),
        *hand_in("final", "2026-12-09T12:00", "1", version="late"),
    ]
    events += hand_in("final", "2026-12-07T12:00", "6/10", "bob", version="early")
    rows = book_of(events).rows
    for who in ("ann", "bob"):
        final = rows[who].lines["final"]
        assert final.version is not None
        assert (final.version.id, final.days) == ("late", 2)
        assert rows[who].lines["midway"].share == 0
        assert rows[who].lines["midway"].state is State.NO_DAYS


def test_who_joins_later_has_no_share_unless_staff_backdate() -> None:
    events = [*TEAM, *hand_in("midway", "2026-11-11T12:00", "1")]
    events += [Joined(at=at("2026-11-12T09:00"), who="cy", team="t1")]
    events += hand_in("final", "2026-12-07T12:00", "8/10", "bob")
    assert line_of(events, "midway", "cy").state is State.NOTHING
    assert line_of(events, "final", "cy").share == Fraction(8, 10)
    events += [Joined(at=at("2026-11-20T09:00"), who="cy", team="t1", since=at("2026-11-01T00:00"))]
    line = line_of(events, "midway", "cy")
    assert (line.share, line.days) == (1, 2)


def test_what_was_handed_in_together_stays_with_both_when_a_team_splits() -> None:
    events = [*TEAM, *hand_in("midway", "2026-11-10T12:00", "1"), Left(at=at("2026-11-15T09:00"), who="bob")]
    events += hand_in("final", "2026-12-07T12:00", "1") + hand_in("final", "2026-12-09T12:00", "1/2", "bob")
    rows = book_of(events).rows
    bob, ann = rows["bob"].lines, rows["ann"].lines
    assert (bob["midway"].share, bob["midway"].days) == (1, 1)
    assert (bob["final"].share, bob["final"].days) == (Fraction(1, 2), 2)
    assert (ann["final"].share, ann["final"].days) == (1, 0)


def test_broken_is_no_zero() -> None:
    events = hand_in("a1", "2026-09-21T12:00", None)
    events += [Graded(at=at("2026-09-22T12:00"), part="a1", version="ann-a1-2026-09-21T12:00", broken="no disk")]
    row = row_of(events)
    assert row.lines["a1"].state is State.WAITING
    assert "no disk" in row.lines["a1"].note
    assert row.total is None
    assert row.lines["a1"].points is None


def test_what_is_excused_gives_its_weight_to_its_group_first_then_to_the_course() -> None:
    done = hand_in("a1", "2026-09-21T12:00", "1") + hand_in("a2", "2026-10-12T12:00", "1/2")
    done += hand_in("midway", "2026-11-09T12:00", "0") + hand_in("final", "2026-12-07T12:00", "0")
    excused = [Excused(at=at("2026-11-01T09:00"), part="a3", who="ann")]
    assert row_of(done + excused).total == 35 + Fraction(35, 2)
    excused += [Excused(at=at("2026-11-01T09:00"), part=p, who="ann") for p in ("a1", "a2")]
    assert row_of(done + excused).total == 0
    excused += [Excused(at=at("2026-11-01T09:00"), part="final", who="ann")]
    alone = row_of(hand_in("midway", "2026-11-09T12:00", "4/5") + excused)
    assert alone.total == 80
    assert alone.lines["final"].state is State.EXCUSED


def test_numbers_are_rounded_once_half_up_and_letters_follow_them() -> None:
    assert shown(Fraction(899949, 10**4), 2) == "89.99"
    assert shown(Fraction(89995, 10**3), 2) == "90.00"
    assert (shown(Fraction(100, 3), 2), shown(Fraction(200, 3), 2)) == ("33.33", "66.67")
    assert (shown(Fraction(-1, 2), 0), shown(Fraction(5, 2), 0)) == ("-1", "3")
    assert letter(Fraction(89995, 10**3), POLICY.course) == "A"
    assert letter(Fraction(899949, 10**4), POLICY.course) == "B"
    assert letter(Fraction(10), POLICY.course) == ""


def test_a_student_chooses_and_staff_void() -> None:
    events = hand_in("a1", "2026-09-21T12:00", "9/10", version="one") + hand_in(
        "a1", "2026-09-22T12:00", "1", version="two"
    )
    assert line_of(events, "a1").days == 1
    for event in (
        Chosen(at=at("2026-09-30T12:00"), part="a1", who="ann", version="one"),
        Voided(at=at("2026-09-30T12:00"), version="two", reason="wrong file"),
    ):
        line = line_of([*events, event], "a1")
        assert line.version is not None
        assert (line.version.id, line.days) == ("one", 0)


def test_order_does_not_matter_and_who_dropped_is_not_in_the_book() -> None:
    events = [*hand_in("a1", "2026-09-22T12:00", "1/2"), Dropped(at=at("2026-10-01T09:00"), who="dan")]
    events += hand_in("a1", "2026-09-21T12:00", "1", "dan")
    found = book_of(events)
    assert "dan" not in found.rows
    assert book_of(events[::-1]) == found
    back = [*events, Enrolled(at=at("2026-10-02T09:00"), who="dan")]
    assert line_of(back, "a1", "dan").share == 1


def test_last_counts_the_newest_even_when_it_is_lower() -> None:
    rules = policy(('counts = "best_total"', 'counts = "last"'))
    events = hand_in("a1", "2026-09-21T12:00", "9/10") + hand_in("a1", "2026-09-22T12:00", "8/10")
    line = line_of(events, "a1", rules=rules)
    assert (line.share, line.days) == (Fraction(8, 10), 1)
    events += hand_in("a1", "2026-09-26T12:00", "7/10")  # five days late: cannot count
    assert line_of(events, "a1", rules=rules).share == Fraction(8, 10)


def test_last_falls_back_where_no_days_are_left() -> None:
    rules = policy(('counts = "best_total"', 'counts = "last"'))
    events = hand_in("a1", "2026-09-24T12:00", "1") + hand_in("a2", "2026-10-15T12:00", "1")
    events += hand_in("a2", "2026-10-12T12:00", "1/2")
    lines = row_of(events, rules=rules).lines
    assert (lines["a1"].days, lines["a2"].days, lines["a2"].share) == (3, 0, Fraction(1, 2))


def test_a_regrade_of_the_version_on_time_gives_the_days_back() -> None:
    events = hand_in("a1", "2026-09-21T12:00", "5/10", version="on-time") + hand_in("a1", "2026-09-23T12:00", "8/10")
    assert line_of(events, "a1").days == 2
    events += [
        Graded(at=at("2026-10-01T12:00"), part="a1", version="on-time", scores=(("a1", Fraction(90)),), bundle="b2")
    ]
    line = line_of(events, "a1")
    assert (line.share, line.days) == (Fraction(9, 10), 0)


def test_sections_may_have_due_times_of_their_own() -> None:
    rules = policy(('id = "a1"\n', 'id = "a1"\nsections = { B = "2026-09-23T23:59" }\n'))
    events: list[Event] = [
        Enrolled(at=at("2026-09-01T09:00"), who="ann", section="B"),
        *hand_in("a1", "2026-09-23T12:00", "1"),
    ]
    events += hand_in("a1", "2026-09-23T12:00", "1", "bob")
    assert line_of(events, "a1", rules=rules).days == 0
    assert line_of(events, "a1", "bob", rules=rules).days == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-09-22T03:59:00Z", datetime(2026, 9, 22, 3, 59, tzinfo=UTC)),
        ("2026-09-21T23:59:00-04:00", datetime(2026, 9, 22, 3, 59, tzinfo=UTC)),
        ("2026-09-22 03:59:00+0000", datetime(2026, 9, 22, 3, 59, tzinfo=UTC)),
        ("2026-12-31T23:59:60Z", datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_forms_of_instants_and_leap_seconds(text: str, found: datetime) -> None:
    assert instant(text) == found


def test_an_instant_without_its_offset_is_none() -> None:
    with pytest.raises(ValueError, match="does not say its offset"):
        instant("2026-09-22T03:59:00")


def test_of_two_uploads_in_one_second_the_later_number_is_newer_then_the_digest() -> None:
    when = at("2026-09-21T12:00")
    events: list[Event] = []
    for version, number in (("bbb", "9"), ("aaa", "10"), ("ccc", "9")):
        events += [Submitted(at=when, part="a1", who="ann", version=version, number=number)]
        events += [Graded(at=when, part="a1", version=version, scores=(("a1", Fraction(50)),))]
    line = line_of(events, "a1")
    assert line.version is not None
    assert line.version.id == "aaa"
    assert [v.id for v in line.versions] == ["bbb", "ccc", "aaa"]


def test_in_two_teams_at_once_is_an_error_that_names_both_events() -> None:
    first = Joined(at=at("2026-10-20T09:00"), who="ann", team="t1", place="events.jsonl, line 3")
    second = Joined(at=at("2026-10-21T09:00"), who="ann", team="t2", place="events.jsonl, line 8")
    with pytest.raises(UsageError, match=r"(?s)line 8: ann is in two teams.*`t2`.*`t1`.*line 3.*fix:"):
        book_of([first, second])
    between = Left(at=at("2026-10-21T08:00"), who="ann")
    assert "ann" in book_of([first, second, between]).rows


def test_an_extension_for_one_member_moves_only_that_clock() -> None:
    events = [*TEAM, *hand_in("midway", "2026-11-11T12:00", "1")]
    events += [Extended(at=at("2026-11-08T12:00"), part="midway", who="bob", until=wall("2026-11-11T23:59"))]
    rows = book_of(events).rows
    assert (rows["ann"].lines["midway"].days, rows["bob"].lines["midway"].days) == (2, 0)


def test_an_extension_for_a_team_moves_every_members_clock() -> None:
    events = [*TEAM, *hand_in("midway", "2026-11-11T12:00", "1")]
    events += [Extended(at=at("2026-11-08T12:00"), part="midway", team="t1", until=wall("2026-11-11T23:59"))]
    events += [Joined(at=at("2026-11-10T09:00"), who="cy", team="t1")]
    rows = book_of(events).rows
    assert [rows[who].lines["midway"].days for who in ("ann", "bob", "cy")] == [0, 0, 0]


def test_staff_hand_in_for_somebody() -> None:
    mail = Submitted(at=at("2026-09-21T23:00"), part="a1", who="ann", version="mail", by="staff", reason="by e-mail")
    events = [mail, Graded(at=at("2026-09-25T12:00"), part="a1", version="mail", scores=(("a1", Fraction(70)),))]
    assert line_of(events, "a1").share == Fraction(7, 10)


def test_waived_days_are_subtracted_and_let_a_very_late_version_count() -> None:
    events = hand_in("a1", "2026-09-25T12:00", "1")
    events += [Waived(at=at("2026-09-26T12:00"), part="a1", who="ann", days=2)]
    line = line_of(events, "a1")
    assert (line.share, line.days) == (1, 2)


def test_adjusted_points_are_added_and_told() -> None:
    events = hand_in("a1", "2026-09-21T12:00", "1/2")
    events += [Adjusted(at=at("2026-09-26T12:00"), part="a1", who="ann", points=Fraction(-60), reason="copied")]
    line = line_of(events, "a1")
    assert (line.points, line.adjusted) == (0, -60)
    events += [Adjusted(at=at("2026-09-27T12:00"), part="a1", who="ann", points=Fraction(30))]
    assert line_of(events, "a1").points == 20


def test_what_staff_entered_can_be_revoked() -> None:
    excused = Excused(at=at("2026-11-01T09:00"), part="a1", who="ann")
    events = [*hand_in("a1", "2026-09-21T12:00", "1"), excused]
    assert line_of(events, "a1").state is State.EXCUSED
    events += [Revoked(at=at("2026-11-02T09:00"), of=id_of(excused), reason="wrong person")]
    assert line_of(events, "a1").share == 1


def test_percent_per_day_is_taken_where_no_day_is_paid() -> None:
    rules = policy(
        ('after = "zero"', "after = { percent_per_day = 10, most_days = 3 }"), ("homework = 5", "homework = 3")
    )
    events = hand_in("a1", "2026-09-24T12:00", "1") + hand_in("a2", "2026-10-14T12:00", "1")
    lines = row_of(events, rules=rules).lines
    paid = {p: (lines[p].days, lines[p].over, lines[p].share) for p in ("a1", "a2")}
    assert paid == {"a1": (1, 2, Fraction(8, 10)), "a2": (2, 0, Fraction(1))}
    assert line_of(hand_in("a1", "2026-09-28T12:00", "1"), "a1", rules=rules).state is State.LATE


def test_the_lowest_is_dropped_and_keeps_no_days() -> None:
    rules = policy(("assignments = { weight = 70 }", "assignments = { weight = 70, drop_lowest = 1 }"))
    events = hand_in("a1", "2026-09-21T12:00", "1/2") + hand_in("a1", "2026-09-24T12:00", "6/10")
    events += hand_in("a2", "2026-10-12T12:00", "1") + hand_in("a3", "2026-11-02T12:00", "9/10")
    row = row_of(events, rules=rules)
    assert row.lines["a1"].state is State.DROPPED
    assert row.lines["a1"].days == 0
    assert row.shares.of["a2"] == row.shares.of["a3"] == 35
    assert row.total == 35 + 35 * Fraction(9, 10)


def test_a_part_may_be_kept_from_being_dropped() -> None:
    rules = policy(
        ("assignments = { weight = 70 }", "assignments = { weight = 70, drop_lowest = 1 }"),
        ('id = "a1"\n', 'id = "a1"\ndrop = false\n'),
    )
    events = hand_in("a1", "2026-09-21T12:00", "1/2") + hand_in("a2", "2026-10-12T12:00", "1")
    row = row_of(events + hand_in("a3", "2026-11-02T12:00", "9/10"), rules=rules)
    assert row.lines["a3"].state is State.DROPPED
    assert row.total == 35 * (1 + Fraction(1, 2))


@pytest.mark.parametrize(("rule", "days"), [("each", 2), ("min", 0), ("max", 2)])
def test_days_of_a_team_hang_on_the_rule(rule: str, days: int) -> None:
    rules = policy(
        ('team_days = "each"', f'team_days = "{rule}"'),
        ("homework = 5", "homework = 3"),
        ('id = "midway"\ngroup = "midway"\ndue = "2026-11-09T23:59"\npool = "project"',
         'id = "midway"\ngroup = "midway"\ndue = "2026-11-09T23:59"\npool = "homework"'),
    )  # fmt: skip
    events = [*TEAM, *hand_in("a1", "2026-09-24T12:00", "1", "bob"), *hand_in("midway", "2026-11-11T12:00", "1")]
    assert line_of(events, "midway", rules=rules).days == days
    spent = row_of(events, "bob", rules).lines["midway"].days
    assert spent == {"each": 0, "min": 0, "max": 2}[rule]


def test_before_it_is_due_a_part_is_open_and_the_total_says_so_far() -> None:
    events = hand_in("a1", "2026-09-21T12:00", "8/10")
    row = row_of(events, now=at("2026-09-30T12:00"))
    assert row.lines["a2"].state is State.OPEN
    assert row.lines["final"].state is State.WAITING or row.lines["final"].state is State.OPEN
    assert row.so_far == 80
    assert row.total is None
    assert row.unchanged == 80 * Fraction(70, 300)


def test_as_of_an_earlier_day_later_events_are_not_there() -> None:
    events = hand_in("a1", "2026-09-22T12:00", "1")
    events += [Extended(at=at("2026-10-01T09:00"), part="a1", who="ann", days=1)]
    assert line_of(events, "a1", now=at("2026-09-30T00:00")).days == 1
    assert line_of(events, "a1", now=at("2026-10-02T00:00")).days == 0
    assert timedelta(0) == Clock("UTC").grace
