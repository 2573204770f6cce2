"""A file for Canvas: who is matched with whom, the assignment's own column, and points of the whole."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest

from autograder.errors import UsageError
from autograder.report.canvas import canvas_csv
from tests.report.samples import make_grade, make_verdict

EXPORT = """Student,ID,SIS User ID,SIS Login ID,Section,Old (7)
    Points Possible,,,,,10
"Lovelace, Ada",11,s11,ada,A,9
"Bartok, Bela",12,s12,bela@uni.edu,A,
"Absent, Al",13,s13,al,A,
"""


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


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


def test_two_submissions_for_one_student_leave_that_row_empty_and_say_so():
    made = canvas_csv([make_grade("ada"), make_grade("s11"), make_grade("bela")], EXPORT, "B")
    points = {row["SIS Login ID"]: row["B"] for row in rows_of(made.text)}
    assert points["ada"] == ""
    assert points["bela@uni.edu"] != ""
    assert len(made.contested) == 1
    assert "`ada` and `s11` may both be theirs; left empty" in made.contested[0]
    assert made.unknown_submissions == ()


def test_a_name_that_fits_several_students_goes_to_none_of_them():
    export = EXPORT + '"Lovelace, Anna",9,s99,anna,1,\n'
    made = canvas_csv([make_grade("ada")], export.replace("anna,", "ada,"), "B")
    assert "`ada` fits 2 students" in made.contested[0]
    assert all(row["B"] == "" for row in rows_of(made.text)[1:])


def test_a_roster_that_is_none_is_refused():
    with pytest.raises(UsageError, match="not a gradebook export"):
        canvas_csv([make_grade("ada")], "name,points\nada,3\n", "B")


@pytest.mark.parametrize(
    "name",
    ["ada", "S11", "11", "Lovelace, Ada", "hw1_s11_final", "Ada Lovelace (11x)", "lovelaceada (9)", "Ada Lovelace",
     "bela@uni.edu (copy)", "Béla Bartók (s12)"],
)  # fmt: skip
def test_a_number_a_login_or_a_name_is_found_in_a_submissions_name(name):
    export = EXPORT.replace(",11,", ",1100,").replace("s11", "S11") if name == "11" else EXPORT
    made = canvas_csv([make_grade(name if name != "11" else "sub_1100_x", 0)], export, "B")
    assert made.unknown_submissions == ()
    assert len(made.students_without) == 2


def test_short_numbers_and_parts_of_names_match_nobody():
    for name in ("hw_11", "lovelace", "adaptive", "al"[:1]):
        assert canvas_csv([make_grade(name, 0)], EXPORT, "B").unknown_submissions == (name,)


def test_a_team_stands_for_each_of_its_members():
    made = canvas_csv([make_grade("Ada Lovelace (s11) + Bela Bartok (s12)", 0)], EXPORT, "B")
    assert [r["B"] for r in rows_of(made.text)[1:]] == ["24", "24", ""]


def test_the_assignments_own_column_is_found_again():
    assert canvas_csv([], EXPORT, "Old").column == "Old (7)"
    assert canvas_csv([], EXPORT, "old").column == "Old (7)"
    assert canvas_csv([], EXPORT, "New").column == "New"
    assert (canvas_csv([], EXPORT, "New").new, canvas_csv([], EXPORT, "old").new) == (True, False)
    with pytest.raises(UsageError, match="two columns"):
        canvas_csv([], EXPORT.replace("Old (7)", "Old (7),Old (8)"), "Old")


def test_points_possible_are_those_of_the_whole_assignment_where_they_are_known():
    rows = rows_of(canvas_csv([make_grade("ada", 0)], EXPORT, "B", Fraction(30)).text)
    assert (rows[0]["B"], rows[1]["B"]) == ("30", "24")


def test_semicolons_and_a_name_that_is_a_formula_are_no_matter():
    export = "sep=;\n" + EXPORT.replace('"Lovelace, Ada"', "=HYPERLINK()").replace(", ", "/").replace(",", ";")
    rows = rows_of(canvas_csv([make_grade("ada", 0)], export, "B").text)
    assert rows[1]["Student"] == "'=HYPERLINK()"
    assert rows[1]["B"] == "24"
