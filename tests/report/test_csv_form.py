"""CSV: what Otter would have written, what Canvas takes, and no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest

from autograder.errors import UsageError
from autograder.report.csv_form import canvas_csv, final_grades_csv
from tests.report.samples import make_grade, make_verdict

EXPORT = """Student,ID,SIS User ID,SIS Login ID,Section,Old (7)
    Points Possible,,,,,10
"Lovelace, Ada",11,s11,ada,A,9
"Bartok, Bela",12,s12,bela@uni.edu,A,
"Absent, Al",13,s13,al,A,
"""


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


def test_canvas_gets_its_identity_columns_back_and_one_column_of_points():
    made = canvas_csv([make_grade("ada", 0), make_grade("bela", 0), make_grade("zoe", 0)], EXPORT, "Backprop (42)")
    rows = rows_of(made.text)
    assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Backprop (42)"]
    assert (rows[0]["Student"], rows[0]["Backprop (42)"]) == ("    Points Possible", "24")
    assert [r["Backprop (42)"] for r in rows[1:]] == ["24", "24", ""]
    assert made.unknown_submissions == ("zoe",)
    assert made.students_without == ("Absent, Al",)


def test_canvas_keeps_the_old_score_of_who_is_not_graded():
    broken = make_verdict("losses", "mean_over_batch", True, "broken")
    made = canvas_csv([make_grade("ada", verdicts=[broken])], EXPORT, "Backprop (42)")
    assert rows_of(made.text)[1]["Backprop (42)"] == ""


def test_two_submissions_for_one_student_are_refused():
    with pytest.raises(UsageError, match="cannot be matched"):
        canvas_csv([make_grade("ada"), make_grade("s11")], EXPORT, "B")


def test_a_roster_that_is_none_is_refused():
    with pytest.raises(UsageError, match="not a gradebook export"):
        canvas_csv([make_grade("ada")], "name,points\nada,3\n", "B")
