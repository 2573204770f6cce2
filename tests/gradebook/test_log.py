"""The file of events: what is written is read again, what is wrong is named by file, line, key and fix."""

from __future__ import annotations

import json
import stat
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from autograder.errors import MachineError, SpecError
from autograder.gradebook.events import (
    Adjusted,
    Enrolled,
    Event,
    Extended,
    Graded,
    Joined,
    Submitted,
    Voided,
    id_of,
    ordered,
)
from autograder.gradebook.log import append_events, new_events, read_events
from tests.gradebook.support import at

NOON = at("2026-10-01T12:00")
SOME: list[Event] = [
    Enrolled(at=NOON, who="ann", name="Ann Ångström", sis_id="4711", section="B"),
    Submitted(at=NOON, part="a1", who="ann", also=("bob",), version="v1", number="2", file="a1.py"),
    Graded(at=NOON, part="a1", version="v1", scores=(("x", Fraction(25, 3)),), waiting=("minus",), bundle="b"),
    Joined(at=NOON, who="ann", team="t1", since=at("2026-09-01T00:00")),
    Extended(at=NOON, part="a1", team="t1", until=datetime(2026, 10, 3, 23, 59), reason="flu", by="staff"),
    Voided(at=NOON, version="v1"),
    Adjusted(at=NOON, part="a1", who="ann", points=Fraction(-5, 2)),
]


def test_what_is_added_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "book" / "events.jsonl"
    append_events(path, SOME[:3])
    append_events(path, SOME[3:])
    assert read_events(path) == SOME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read_events(path)[4].place == f"{path}, line 5"


def test_the_same_event_is_new_once(tmp_path: Path) -> None:
    assert new_events(SOME[:2], [*SOME[:3], SOME[2]]) == [SOME[2]]


def test_ids_hang_on_what_is_said_and_on_nothing_else() -> None:
    assert len({id_of(e) for e in SOME}) == len(SOME)
    path = "x"
    assert id_of(Voided(at=NOON, version="v1", place=path)) == id_of(SOME[5])
    assert ordered(SOME) == ordered(SOME[::-1])


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ('{"event": "submitted", "at": ', ["is no JSON", "complete or remove the line"]),
        ("[1]", ["is no event"]),
        ('{"event": "sent", "at": "2026-10-01T12:00:00Z"}', ["event: no such kind", "'sent'", "submitted"]),
        ('{"event": "dropped", "at": "2026-10-01T12:00:00Z"}', ["who: missing in `dropped`", 'add "who"']),
        ('{"event": "dropped", "who": "ann", "at": "2026-10-01T12:00"}', ["at: ", "does not say its offset"]),
        ('{"event": "dropped", "who": "ann", "at": "noon"}', ["at: "]),
        ('{"event": "dropped", "who": 3, "at": "2026-10-01T12:00:00Z"}', ["who: expected a text"]),
        ('{"event": "dropped", "who": "ann", "day": 3, "at": "2026-10-01T12:00:00Z"}', ["day: unknown key"]),
        (
            '{"event": "waived", "part": "a", "who": "ann", "days": "x", "at": "2026-10-01T12:00:00Z"}',
            ["days: ", "whole"],
        ),
        (
            '{"event": "graded", "part": "a", "scores": [1], "at": "2026-10-01T12:00:00Z"}',
            ["scores: expected points by"],
        ),
        (
            '{"event": "extended", "part": "a", "until": "soon", "at": "2026-10-01T12:00:00Z"}',
            ["until: ", "a date and"],
        ),
        ('{"event": "waived", "part": "a", "who": "b", "days": 9999, "at": "2026-10-01T12:00:00Z"}', ["3650"]),
        ('{"event": "extended", "part": "a", "until": "9999-12-31T23:59", "at": "2026-10-01T12:00:00Z"}', ["until: "]),
        ('{"event": "dropped", "who": "b", "at": "9999-12-31T23:59:59-12:00"}', ["at: the year 9999"]),
        ('{"event": "adjusted", "part": "a", "who": "b", "points": "1e99999999", "at": "2026-10-01T12:00:00Z"}',
         ["points: expected points"]),
        ('{"event": "adjusted", "part": "a", "who": "b", "points": NaN, "at": "2026-10-01T12:00:00Z"}', ["points: "]),
    ],
)  # fmt: skip
def test_every_fault_has_its_place(tmp_path: Path, line: str, parts: list[str]) -> None:
    path = tmp_path / "events.jsonl"
    append_events(path, SOME[:1])
    with path.open("a") as file:
        file.write(f"\n{line}\n")
    with pytest.raises(SpecError) as caught:
        read_events(path)
    for part in [f"{path}, line 3", *parts]:
        assert part in str(caught.value)


def test_a_line_that_was_cut_off_does_not_swallow_the_next(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"event": "drop')
    append_events(path, SOME[:1])
    lines = path.read_text().splitlines()
    assert len(lines) == 2
    assert json.loads(lines[1])["who"] == "ann"


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").mkdir()
    with pytest.raises(MachineError, match="cannot be written"):
        append_events(tmp_path / "events.jsonl", SOME)


def test_no_file_is_no_events(tmp_path: Path) -> None:
    assert read_events(tmp_path / "events.jsonl") == []
