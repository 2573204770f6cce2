"""The book beside Gradescope's export: who is on one side only, points, most points, times and lateness that differ."""

from __future__ import annotations

import pytest

from autograder.errors import UsageError
from autograder.gradebook.comparing import differences
from autograder.gradebook.events import Enrolled, Event, Extended
from autograder.report.book_forms import gradescope_book
from tests.gradebook.support import POLICY, at, book_of, hand_in

ROSTER: list[Event] = [
    Enrolled(at=at("2026-09-01T09:00"), who=who, name=name, email=f"{who}@u.edu", sis_id=sis)
    for who, name, sis in (("ann", "Ann Ash", "1"), ("bob", "Bob Birch", "2"))
]
ON_TIME = hand_in("a1", "2026-09-21T12:00", "9/10")
HEAD = "First Name,Last Name,SID,Email,Sections,a1,a1 - Max Points,a1 - Submission Time,a1 - Lateness (H:M:S)"
ANN = "Ann,Ash,1,ann@u.edu,,90.0,100.0,2026-09-21 12:00:05 -0400,00:00:00"
BOB = "Bob,Birch,2,bob@u.edu,,,100.0,,"
OTHERS = [f"{part}: there is no column `{part}`" for part in ("a2", "a3", "midway", "final")]


def told(*rows: str, events: list[Event] | None = None, head: str = HEAD, part: str = "a1") -> list[str]:
    book = book_of([*ROSTER, *(ON_TIME if events is None else events)])
    return differences(book, "\n".join([head, *rows]) + "\n", "g.csv", part)


def test_what_agrees_is_not_told() -> None:
    assert told(ANN, BOB) == []
    assert told(ANN, BOB, part="") == OTHERS


def test_our_own_export_agrees_with_the_book() -> None:
    book = book_of([*ROSTER, *ON_TIME, *hand_in("a2", "2026-10-14T12:00", "1")])
    text = gradescope_book(book)
    assert differences(book, text, "g.csv") == []


def test_people_on_one_side_only_are_named() -> None:
    assert told(ANN) == ["bob is in the book and not in this export"]
    assert told(ANN, BOB, "Zed,Zu,9,zed@u.edu,,5,100,,") == ["g.csv, line 4: nobody in the book is Zed Zu"]


def test_points_that_differ_are_told_with_the_version_that_has_them() -> None:
    assert told(ANN.replace("90.0", "88.5"), BOB) == ["a1: ann: 90 in the book, and 88.5 in Gradescope"]
    assert told(ANN.replace("90.0", ""), BOB) == ["a1: ann: 90 in the book, and nothing in Gradescope"]
    assert told(ANN, BOB.replace(",,100", ",7,100")) == [
        "a1: bob: nothing in the book (nothing handed in), and 7 in Gradescope"
    ]
    later = hand_in("a1", "2026-09-21T13:00", "8/10")
    (said,) = told(ANN.replace("90.0", "80").replace("12:00:05", "13:00:00"), BOB, events=[*ON_TIME, *later])
    assert said == (
        "a1: ann: 90 in the book, and 80 in Gradescope, as the version of Mon 21 Sep 2026 13:00:00 EDT has "
        "(another one counts)"
    )


def test_a_most_that_differs_is_told_once() -> None:
    assert told(ANN.replace("100.0", "94"), BOB.replace("100.0", "94")) == [
        "a1: 100 points in course.toml, and 94 in Gradescope"
    ]


def test_a_hand_in_that_the_book_lacks_is_told() -> None:
    (said,) = told(ANN.replace("12:00:05", "18:30:00"), BOB)
    assert said == "a1: ann: the book has no hand-in of Mon 21 Sep 2026 18:30:00 EDT"


def test_lateness_on_one_side_only_is_told() -> None:
    assert told(ANN.replace("00:00:00", "02:10:00"), BOB) == [
        "a1: ann: on time (due 2026-09-21 23:59, and the grace) in the book, and late by 02:10:00 in Gradescope"
    ]
    late = hand_in("a1", "2026-09-23T12:00", "9/10")
    row = ANN.replace("09-21 12:00:05", "09-23 12:00:05")
    assert told(row, BOB, events=late) == ["a1: ann: late by 2 days in the book, and on time in Gradescope"]
    assert told(row.replace("00:00:00", "36:01:00"), BOB, events=late) == []
    extended = Extended(at=at("2026-09-20T09:00"), part="a1", who="ann", days=3)
    (said,) = told(row.replace("00:00:00", "36:01:00"), BOB, events=[*late, extended])
    assert "on time (due 2026-09-24 23:59, extended, and the grace) in the book" in said


def test_the_export_of_one_assignment_needs_its_part() -> None:
    head = "First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID,Submission Time,"
    head += "Lateness (H:M:S)"
    rows = ["Ann,Ash,1,ann@u.edu,,88,100.0,Graded,17,2026-09-21 12:00:05 -0400,0:00:00",
            "Bob,Birch,2,bob@u.edu,,,100.0,Missing,,,"]  # fmt: skip
    assert told(*rows, head=head) == ["a1: ann: 90 in the book, and 88 in Gradescope"]
    with pytest.raises(UsageError, match="--part PART"):
        told(*rows, head=head, part="")
    with pytest.raises(UsageError, match="one of a1, a2"):
        told(*rows, head=head, part="a9")


@pytest.mark.parametrize(("old", "new", "words"), [
    ("90.0", "ninety", "`ninety` is no number"), ("2026-09-21 12:00:05 -0400", "noon", "`noon` is no time"),
    ("00:00:00", "late", "`late` is no lateness"),
])  # fmt: skip
def test_cells_that_cannot_be_read_are_named(old: str, new: str, words: str) -> None:
    assert words in " ".join(told(ANN.replace(old, new), BOB))


@pytest.mark.parametrize("head", ["First Name,Last Name,SID,Email,other", "a,b", ""])
def test_another_table_is_refused(head: str) -> None:
    with pytest.raises(UsageError):
        told("x,y,1,ann@u.edu,5", head=head)
    assert POLICY.parts
