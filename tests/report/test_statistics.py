"""Statistics: against numbers worked out by hand or by NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.report.plots import bins_of, nice_ceiling, ticks
from autograder.report.statistics import class_statistics, correlation
from tests.report.samples import make_grade, make_verdict


def test_correlation_is_pearsons():
    a, b = [1.0, 2.0, 4.0, 3.0], [2.0, 1.0, 5.0, 6.0]
    assert correlation(a, b) == pytest.approx(np.corrcoef(a, b)[0, 1])


@pytest.mark.parametrize(("a", "b"), [([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]), ([1.0, 2.0], [1.0, 2.0]), ([], [])])
def test_correlation_that_is_not_defined_is_none(a, b):
    assert correlation(a, b) is None


def test_difficulty_and_discrimination_of_questions():
    grades = [make_grade(f"s{i}", i) for i in range(30)]
    found = class_statistics(grades)
    points = np.array([[float(q.points) for q in g.questions] for g in grades])
    most = np.array([6.0, 8.0, 10.0])
    for i, item in enumerate(found.questions):
        rest = points.sum(axis=1) - points[:, i]
        assert item.difficulty == pytest.approx((points[:, i] / most[i]).mean())
        assert item.discrimination == pytest.approx(np.corrcoef(points[:, i], rest)[0, 1])
    assert found.mean == pytest.approx(points.sum(axis=1).mean())
    assert found.median == pytest.approx(np.median(points.sum(axis=1)))
    assert found.deviation == pytest.approx(points.sum(axis=1).std(ddof=1))


def test_a_student_counts_once_for_a_mistake():
    told = {"misconception": "sum_for_mean", "feedback": "the sum"}
    verdicts = [make_verdict("losses", c, True, "failed", **told) for c in ("survives_large_logits", "mean_over_batch")]
    grades = [make_grade("ada", verdicts=verdicts), make_grade("bela", verdicts=verdicts[:1]), make_grade("chen", 0)]
    (mistake,) = class_statistics(grades).mistakes
    assert mistake.students == ("ada", "bela")


def test_who_is_not_graded_counts_in_no_mean():
    broken = make_verdict("losses", "mean_over_batch", True, "broken")
    found = class_statistics([make_grade("ada", 0), make_grade("bela", verdicts=[broken])])
    assert found.not_graded == ("bela",)
    assert found.points == (24.0,)
    assert found.mean == 24.0


def test_the_same_file_is_flagged_on_both_sides():
    grades = [make_grade("ada", 0, digest="x"), make_grade("bela", 0, digest="x"), make_grade("chen", 0, digest="y")]
    assert class_statistics(grades).flagged == (
        ("ada", ("the same file as bela",)),
        ("bela", ("the same file as ada",)),
    )


def test_unreadable_submissions_are_not_the_same_file():
    grades = [make_grade("ada", 0, digest=""), make_grade("bela", 0, digest="")]
    assert class_statistics(grades).flagged == ()


def test_order_of_the_grades_changes_nothing():
    grades = [make_grade(f"s{i}", i) for i in range(9)]
    assert class_statistics(grades) == class_statistics(grades[::-1])


def test_the_best_score_falls_in_the_last_bin():
    assert bins_of([0.0, 10.0, 9.99, 5.0], 10.0, 2) == [1, 3]
    assert bins_of([], 10.0, 3) == [0, 0, 0]


@pytest.mark.parametrize(("value", "ceiling"), [(1, 1), (3, 4), (5, 5), (6, 10), (11, 20), (21, 40), (600, 1000)])
def test_axes_end_at_round_numbers(value, ceiling):
    assert nice_ceiling(value) == ceiling


@pytest.mark.parametrize("most", [1, 7, 10, 24, 28, 42, 100, 110, 0.5])
def test_ticks_are_few_and_within(most):
    found = ticks(most)
    assert found[0] == 0
    assert 3 <= len(found) <= 9
    assert found[-1] <= most
