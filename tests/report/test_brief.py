"""Brief grades: every table of a class is the same as from the whole ones, and a class of them is small."""

from __future__ import annotations

import pickle
from dataclasses import replace
from fractions import Fraction

from autograder.report.brief import brief_grades
from autograder.report.csv_form import final_grades_csv
from autograder.report.html import class_page
from autograder.report.statistics import class_statistics
from autograder.report.terminal import cohort_view, note_of
from tests.report.samples import SPEC, make_grade, make_verdict
from tests.report.test_terminal import printed


def test_tables_are_those_of_the_whole_grades(cohort):
    broken = make_verdict("losses", "mean_over_batch", True, "broken", message="the check raised KeyError")
    whole = [*cohort, make_grade("zoe", verdicts=[broken])]
    brief = [*map(brief_grades(), whole)]
    assert final_grades_csv(brief) == final_grades_csv(whole)
    assert "the check raised KeyError" in final_grades_csv(brief)
    assert [note_of(g) for g in brief] == [note_of(g) for g in whole]
    assert printed(lambda g, c: c.print(cohort_view(g)), brief) == printed(lambda g, c: c.print(cohort_view(g)), whole)
    assert class_page(brief, SPEC, stats=class_statistics(whole)) == class_page(whole, SPEC)


def test_equal_verdicts_are_one_object():
    brief = brief_grades()
    texts = [make_verdict("losses", "mean_over_batch", True, "failed", message=f"got {i}" * 100) for i in range(2)]
    one, other = (brief(make_grade(n, verdicts=[v])) for n, v in zip("ab", texts, strict=True))
    assert one.verdicts[0] is other.verdicts[0]
    assert one.questions[0] is other.questions[0]


def test_a_large_class_takes_little_memory():
    brief = brief_grades()
    some = [brief(replace(make_grade(f"s{i}", i % 40), submission=f"s{i}")) for i in range(400)]
    assert len(pickle.dumps(some)) < 400 * 2000


def test_a_very_large_class_shows_its_first_rows_and_the_mean_of_all():
    grades = [make_grade(f"s{i:04}", i % 7) for i in range(420)]
    lines = printed(lambda g, c: c.print(cohort_view(g)), grades).splitlines()
    assert any(line.startswith("and 120 more") for line in lines)
    assert not any(line.startswith("s0300") for line in lines)
    mean = sum((g.points for g in grades), Fraction(0)) / 420
    assert f"{float(mean):.2f}".rstrip("0") in next(line for line in lines if line.startswith("mean of 420"))
