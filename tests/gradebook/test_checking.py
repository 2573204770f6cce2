"""What does not add up is said: odd clocks, times to come, teams too large, points beyond the most, strangers."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from autograder.gradebook.book import book
from autograder.gradebook.checking import complaints
from autograder.gradebook.events import Chosen, Enrolled, Event, Excused, Graded, Joined, Revoked, Submitted
from autograder.gradebook.facts import facts_of
from autograder.gradebook.policy import notes_on
from tests.gradebook.support import END, POLICY, at, hand_in, policy


def told(events: list[Event]) -> list[str]:
    return complaints(POLICY, events, facts_of(POLICY, events, END), book(POLICY, events, END))


def test_a_sound_term_has_nothing_to_look_at() -> None:
    events = [Enrolled(at=at("2026-09-01T09:00"), who="ann"), *hand_in("a1", "2026-09-21T12:00", "1")]
    assert told(events) == []


def test_a_later_version_with_an_earlier_time_is_told() -> None:
    one = Submitted(at=at("2026-09-21T12:00"), part="a1", who="ann", version="v1", number="1")
    two = Submitted(at=at("2026-09-21T11:59"), part="a1", who="ann", version="v2", number="2", place="events, line 2")
    scores = [
        Graded(at=at("2026-09-22T12:00"), part="a1", version=v, scores=(("a1", Fraction(1)),)) for v in ("v1", "v2")
    ]
    (said,) = told([one, two, *scores])
    assert said.startswith("events, line 2: ann, a1: version 2 has an earlier time than version 1")


def test_a_time_to_come_is_told() -> None:
    events = [Submitted(at=END + timedelta(days=2), part="a1", who="ann", version="v1")]
    assert "is to come" in told(events)[0]


def test_teams_of_the_wrong_size_are_told_once() -> None:
    people = ("ann", "bob", "cy", "dan")
    events: list[Event] = [Joined(at=at("2026-10-20T09:00"), who=who, team="t1") for who in people]
    events += hand_in("final", "2026-12-07T12:00", "1")
    assert told(events) == ["final: handed in by a team of 4, and 2 to 3 may be: ann, bob, cy, dan"]


def test_points_beyond_the_most_and_of_nobodys_version_are_told() -> None:
    events = hand_in("a1", "2026-09-21T12:00", "3/2")
    events += [Graded(at=at("2026-09-22T12:00"), part="a1", version="lost", scores=(("a1", Fraction(1)),))]
    found = told(events)
    assert "graded: 150 points of 100 for a1 in a1" in found
    assert "graded: nobody handed in version lost in a1" in found


def test_what_is_not_in_the_course_is_told() -> None:
    events: list[Event] = [
        Enrolled(at=at("2026-09-01T09:00"), who="ann"),
        *hand_in("a1", "2026-09-21T12:00", "1", "zoe"),
    ]
    events += [Excused(at=at("2026-09-21T12:00"), part="a9", who="ann")]
    events += [Revoked(at=at("2026-09-21T12:00"), of="000000000000")]
    found = told(events)
    assert "zoe is in no roster" in found
    assert "excused: there is no part `a9` in course.toml" in found
    assert "revoked: no event of staff has the id 000000000000" in found


def test_what_is_not_graded_is_told_by_part_with_its_reason() -> None:
    events = hand_in("a1", "2026-09-21T12:00", None) + hand_in("a1", "2026-09-21T12:00", None, "bob")
    assert told(events) == ["a1 is not graded yet: no points yet for a1: ann, bob"]


def test_a_choice_that_cannot_hold_is_told() -> None:
    events = hand_in("a1", "2026-09-21T12:00", "1") + hand_in("a1", "2026-09-27T12:00", "1", version="late")
    events += [Chosen(at=at("2026-09-28T12:00"), part="a1", who="ann", version="late")]
    assert told(events) == ["a1: ann chose version late, which cannot count: 6 days late; at most 3 can count"]


def test_an_answer_that_was_read_in_another_version_is_told() -> None:
    events = [
        *hand_in("a1", "2026-09-21T12:00", "1", version="counts"),
        *hand_in("a1", "2026-09-20T12:00", "0", version="old"),
    ]
    events += [Graded(at=at("2026-09-22T12:00"), part="a1", who="ann", scores=(("a1", Fraction(1)),), read="old")]
    assert told(events) == ["a1: ann's answers were read in version old, and counts counts"]


def test_a_rule_for_teams_that_has_no_effect_is_told() -> None:
    last, rule = ('counts = "best_total"', 'counts = "last"'), ('team_days = "each"', 'team_days = "min"')
    (said,) = notes_on(policy(last, rule))
    assert said == 'late.team_days = "min" has no effect with counts = "last": each pays alone'
    assert notes_on(policy(last)) == notes_on(policy(rule)) == notes_on(POLICY) == []
