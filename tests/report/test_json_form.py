"""JSON: there and back without loss, and the same bytes for the same grade."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction

import pytest

from autograder.report.json_form import grade_from_table, grade_json, grade_table, times_table, without_times
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
    slow = replace(grade, seconds=99.0, verdicts=tuple(replace(v, seconds=7.0) for v in grade.verdicts))
    assert grade_json(slow) == grade_json(grade)


def test_a_lone_surrogate_in_a_message_is_written_as_text():
    odd = make_verdict("losses", "mean_over_batch", True, "error", message="bad \ud800 end")
    assert json.loads(grade_json(make_grade("ada", verdicts=[odd])))["verdicts"][0]["message"].startswith("bad ")


@pytest.mark.parametrize("table", [{}, {"format": 99}, {"format": 1, "verdicts": [{"case": "x"}]}])
def test_what_is_no_grade_is_refused(table):
    with pytest.raises(ValueError, match="grade"):
        grade_from_table(table)
