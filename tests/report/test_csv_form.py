"""CSV: what Otter would have written, what Canvas takes, and no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest

from autograder.report.csv_form import cell, final_grades_csv
from tests.report.samples import make_grade, make_verdict


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


class OtterResult:
    """As much of Otter's GradingResults as its CSV needs."""

    def __init__(self, grade, file):
        self.file, self.catastrophic_error = file, None
        self.scores = {q.question: (float(q.points), float(q.max_points)) for q in grade.questions}
        self.total = sum(score for score, _ in self.scores.values())
        self.possible = sum(most for _, most in self.scores.values())
        self.percent = self.total / self.possible

    def to_dict(self):
        return {name: {"score": score, "possible": most} for name, (score, most) in self.scores.items()}

    def has_catastrophic_failure(self):
        return False


def test_the_same_table_as_otters_own_code_writes(cohort):
    otter = pytest.importorskip("otter.grade.utils")
    files = {g.submission: f"{g.submission}.py" for g in cohort}
    theirs = otter.merge_scores_to_df([OtterResult(g, files[g.submission]) for g in cohort]).to_csv(index=False)
    ours = final_grades_csv(cohort, files)
    assert ours.splitlines()[0] == theirs.splitlines()[0]
    for mine, their in zip(rows_of(ours), rows_of(theirs), strict=True):
        assert list(mine) == list(their)
        for column in mine:
            if column in ("file", "grading_status"):
                assert mine[column] == their[column]
            else:
                assert float(mine[column]) == pytest.approx(float(their[column]), abs=1e-12)


def test_not_graded_is_no_zero():
    broken = make_verdict("losses", "mean_over_batch", True, "broken", message="the check raised KeyError: 3")
    rows = rows_of(final_grades_csv([make_grade("ada", verdicts=[broken])]))
    assert rows[1]["total_points_earned"] == ""
    assert rows[1]["grading_status"] == "not graded: mean_over_batch: the check raised KeyError: 3"


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
def test_a_file_name_is_never_a_formula(name):
    assert rows_of(final_grades_csv([make_grade(name)]))[1]["file"] == "'" + name


def test_a_name_with_commas_quotes_and_line_ends_stays_one_cell():
    rows = rows_of(final_grades_csv([make_grade('a,"b"\nc')]))
    assert rows[1]["file"] == 'a,"b" c'
    assert len(rows) == 2


def test_an_empty_cohort_has_a_header():
    assert final_grades_csv([]) == "file,total_points_earned,percent_correct,grading_status\n"


@pytest.mark.parametrize("name", ["\t=1", "\r=1", "  =1", "\u00a0+1", "＝1", " ＠x", "|cmd", "\u200b=1", "\n-1"])
def test_neither_is_one_that_hides_behind_blanks_or_in_a_wide_form(name):
    assert cell(name).startswith("'")


@pytest.mark.parametrize("name", ["ada", "a=1", "ada-2", "Ü", "", "1+1", "(=1)"])
def test_other_cells_stay_as_they_are(name):
    assert cell(name) == name
