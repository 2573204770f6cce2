"""What students may see: no text of a hidden case, on any page, in any file, in any state of publication."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from autograder.report.audience import flags, student_questions
from autograder.report.gradescope import results
from autograder.report.html import staff_page, student_page
from tests.report.samples import SPEC, make_grade, make_verdict

SEEDS = range(1, 40)


def with_visibility(state):
    return SPEC.model_copy(update={"hidden_visibility": state})


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("state", ["visible", "hidden", "after_due_date", "after_published"])
def test_a_students_page_has_no_text_of_a_hidden_case(state, published):
    for seed in SEEDS:
        page = student_page(make_grade("ada", seed), with_visibility(state), published=published)
        assert "SECRET" not in page
        assert "secret_" not in page


def test_staff_see_what_students_do_not():
    pages = [staff_page(make_grade("ada", seed), SPEC) for seed in SEEDS]
    assert any("SECRET-TEXT" in page and "secret_underflow" in page for page in pages)


@pytest.mark.parametrize("state", ["visible", "hidden", "after_due_date", "after_published"])
def test_gradescope_entries_that_can_become_visible_have_no_text_of_a_hidden_case(state):
    for seed in SEEDS:
        table = results(make_grade("ada", seed), with_visibility(state))
        shown = {**table, "tests": [t for t in table["tests"] if t["name"] != "For staff"]}
        assert "SECRET" not in json.dumps(shown)
        assert "secret_" not in json.dumps(shown)
        assert all(t["visibility"] == "hidden" for t in table["tests"] if t["name"] == "For staff")


def test_withheld_points_count_in_nothing_that_is_shown():
    grade = make_grade("ada", 0)
    shown = student_questions(grade, SPEC, published=False)
    assert sum(q.points for q in shown) == sum(v.points for v in grade.verdicts if v.public)
    assert [q.withheld for q in shown] == [1, 2, 1]
    assert sum(q.points for q in student_questions(grade, SPEC, published=True)) == grade.points


def test_never_visible_stays_withheld_after_publication():
    shown = student_questions(make_grade("ada", 0), with_visibility("hidden"), published=True)
    assert all(q.hidden is None and q.withheld for q in shown)


def test_flags_name_what_a_person_should_see():
    odd = make_verdict("losses", "survives_large_logits", True, evidence=("saw torch.logsumexp as `f`",))
    crash = make_verdict("losses", "mean_over_batch", True, "crashed")
    assert flags(make_grade("ada", verdicts=[odd, crash])) == (
        "survives_large_logits: saw torch.logsumexp as `f`",
        "mean_over_batch: crashed",
    )
    assert flags(make_grade("ada", 0)) == ()


def test_partial_credit_of_hidden_cases_is_counted():
    half = make_verdict("losses", "secret_underflow", False, "failed", credit=Fraction(1, 2))
    hidden = student_questions(make_grade("ada", verdicts=[half]), SPEC)[2].hidden
    assert (hidden.points, hidden.max_points, hidden.passed) == (Fraction(5, 3), Fraction(10, 3), 0)
