"""JSON: there and back without loss, and the same bytes for the same grade."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import zstandard

from autograder.errors import StoredError
from autograder.grading.grade_form import grade_from_table, grade_json, grade_table, times_table, without_times
from tests.report.samples import make_grade, make_verdict


@pytest.mark.parametrize("seed", range(12))
def test_there_and_back(seed):
    grade = make_grade("ada", seed)
    table = json.loads(grade_json(grade))
    assert grade_from_table(table, times_table(grade)) == grade
    assert grade_from_table(table) == without_times(grade)


def test_fractions_are_text_and_exact():
    third = make_verdict("losses", "mean_over_batch", True, "failed", credit=Fraction(1, 3))
    row = grade_table(make_grade("ada", verdicts=[third]))["verdicts"][0]
    assert (row["credit"], row["points"], row["max_points"]) == ("1/3", "10/9", "10/3")


def test_infinite_deviations_survive_a_strict_reader():
    wrong = make_verdict("losses", "mean_over_batch", True, "failed", deviation=math.inf, board=math.nan)
    text = grade_json(make_grade("ada", verdicts=[wrong]))
    table = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    back = grade_from_table(table).verdicts[0]
    assert back.deviation == math.inf
    assert math.isnan(back.board)


def test_times_change_no_byte():
    grade = make_grade("ada", 5)
    slow = replace(grade, seconds=99.0, verdicts=tuple(v.but(seconds=7.0) for v in grade.verdicts))
    assert grade_json(slow) == grade_json(grade)


def test_a_lone_surrogate_in_a_message_is_written_as_text():
    odd = make_verdict("losses", "mean_over_batch", True, "error", message="bad \ud800 end")
    assert json.loads(grade_json(make_grade("ada", verdicts=[odd])))["verdicts"][0]["message"].startswith("bad ")


@pytest.mark.parametrize(
    "table", [{}, {"format": 99}, {"format": 1, "verdicts": [{"case": "x"}]}, {"format": 2, "verdicts": 3}]
)
def test_what_is_no_grade_is_refused(table):
    with pytest.raises(StoredError, match="grade"):
        grade_from_table(table)


WRITTEN = Path(__file__).parent / "written_by_0_1_0"


def old_table() -> dict:
    data = (WRITTEN / "wrong_hidden_slope_missing.grade.zst").read_bytes()
    return json.loads(zstandard.ZstdDecompressor().decompress(data))


def test_a_grade_of_0_1_0_is_read_whole_and_written_in_todays_form():
    table = old_table()
    grade = grade_from_table(table)
    assert (table["format"], grade.tool, str(grade.points)) == (1, "0.1.0", table["points"])
    assert grade.complete
    rows = grade_table(grade)["verdicts"]
    assert rows == table["verdicts"]  # field by field, what 0.1.0 wrote
    assert {v.misconception for v in grade.verdicts} == {"", "hidden_slope_missing"}
    again = grade_from_table(json.loads(grade_json(grade)))
    assert again == grade
    assert json.loads(grade_json(again))["format"] == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 3}, ["is a grade of format 3", "format 1 or 2", "autograder 9.9.9", "newer"]),
        (
            {"verdicts": "odd"},
            ["has the status `levitating` in case", "does not know", "one of passed, failed", "newer"],
        ),
    ],
)
def test_what_a_newer_version_wrote_is_refused_with_a_way_out(change, words):
    table = json.loads(grade_json(make_grade("ada", 3))) | {"tool": "9.9.9"} | change
    if table["verdicts"] == "odd":
        table["verdicts"] = json.loads(grade_json(make_grade("ada", 3)))["verdicts"]
        table["verdicts"][4]["status"] = "levitating"
    with pytest.raises(StoredError) as caught:
        grade_from_table(table)
    assert all(word in caught.value.text() for word in words)


def test_points_that_wait_are_in_the_file():
    waits = make_verdict("losses", "mean_over_batch", True, "waiting", message="a replay is to come")
    verdicts = [waits if v.case == "mean_over_batch" else v for v in make_grade("ada").verdicts]
    table = json.loads(grade_json(make_grade("ada", verdicts=verdicts)))
    assert (table["waiting"], table["points"], table["graded"]) == ("10/3", "62/3", True)
    assert [q["waiting"] for q in table["questions"]] == ["0", "0", "10/3"]
