"""Gradescope's results.json: scores, states, Markdown that nobody can break out of."""

from __future__ import annotations

from fractions import Fraction

import pytest

from autograder.report.gradescope import fenced, results
from tests.report.samples import SPEC, make_grade, make_verdict


def entries(table, part):
    return [t for t in table["tests"] if part in t["name"]]


@pytest.mark.parametrize("seed", range(8))
def test_scores_add_up(seed):
    grade = make_grade("ada", seed)
    table = results(grade, SPEC)
    assert table["score"] == pytest.approx(float(grade.points))
    assert sum(t.get("score", 0) for t in table["tests"]) == pytest.approx(float(grade.points))
    assert sum(t.get("max_score", 0) for t in table["tests"]) == pytest.approx(float(grade.max_points))


def test_states_come_from_the_assignment():
    table = results(make_grade("ada", 0), SPEC)
    assert {t["visibility"] for t in entries(table, "public")} == {"visible"}
    assert {t["visibility"] for t in entries(table, "hidden")} == {"after_published"}
    assert entries(table, "staff") == []
    questions = list(SPEC.questions)
    questions[0] = questions[0].model_copy(update={"hidden_visibility": "hidden"})
    own = results(make_grade("ada", 0), SPEC.model_copy(update={"questions": tuple(questions)}))
    assert [t["visibility"] for t in entries(own, "hidden")] == ["hidden", "after_published", "after_published"]
    assert len(entries(own, "staff")) == 1


def test_only_keys_that_gradescope_knows():
    table = results(make_grade("ada", 3), SPEC)
    known = {"score", "output", "output_format", "test_output_format", "stdout_visibility", "tests", "leaderboard"} | {
        "extra_data"
    }
    assert set(table) <= known
    entry = {"number", "name", "score", "max_score", "status", "visibility", "output", "output_format"}
    assert all(set(t) <= entry and t["output_format"] == "md" for t in table["tests"])


def test_a_submission_that_is_not_graded_has_no_score():
    broken = make_verdict("losses", "mean_over_batch", True, "broken", message="inner SECRET of the grader")
    table = results(make_grade("ada", verdicts=[broken]), SPEC)
    assert "score" not in table
    assert all("score" not in t for t in table["tests"])
    assert [t["visibility"] for t in table["tests"]] == ["hidden"]
    assert "SECRET" not in table["output"]


def test_a_named_mistake_is_told_for_public_cases():
    told = make_verdict(
        "perceptron", "layer_of_three", True, "failed", misconception="m", feedback="You forgot the bias."
    )
    table = results(make_grade("ada", verdicts=[told]), SPEC)
    assert "You forgot the bias." in entries(table, "public")[0]["output"]


@pytest.mark.parametrize("text", ["```", "````\n# big", "a ``` b ```` c", "~~~"])
def test_no_content_closes_its_own_fence(text):
    lines = fenced(text).split("\n")
    assert lines[0].removesuffix("text") == lines[-1]
    assert all(line.strip() != lines[-1] for line in lines[1:-1])
    assert "`" * len(lines[-1]) not in text


def test_html_in_a_message_stays_in_a_code_block():
    bad = make_verdict("perceptron", "layer_of_three", True, "error", message="<img src=x onerror=alert(1)>")
    output = entries(results(make_grade("ada", verdicts=[bad]), SPEC), "public")[0]["output"]
    before = output.split("<img")[0]
    assert before.count("```") % 2 == 1


def test_the_leaderboard_has_the_value_of_the_check():
    verdict = make_verdict("losses", "mean_over_batch", True, board=0.93)
    spec = SPEC.model_copy(update={"leaderboard": "accuracy"})
    assert results(make_grade("ada", verdicts=[verdict]), spec)["leaderboard"] == [{"name": "accuracy", "value": 0.93}]
    assert "leaderboard" not in results(make_grade("ada", 0), spec)


def test_partial_credit_arrives():
    part = make_verdict("losses", "mean_over_batch", True, "failed", credit=Fraction(1, 4))
    entry = entries(results(make_grade("ada", verdicts=[part]), SPEC), "public")[0]
    assert (entry["score"], entry["status"]) == (pytest.approx(10 / 12), "failed")


def test_what_went_wrong_while_loading_is_the_first_line():
    table = results(make_grade("ada", 0, notes=("cell 3 stopped at `import x`\n<script>",)), SPEC)
    first, *rest = table["output"].split("\n\n")
    assert first == "❗ cell 3 stopped at `import x` &lt;script>"
    assert rest[0].startswith("**")
    assert results(make_grade("ada", 0), SPEC)["output"].startswith("**")
