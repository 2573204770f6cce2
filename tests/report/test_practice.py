"""Cases for practice: every report says what they are, and a wrong one is not called passed for its 0 of 0 points."""

from __future__ import annotations

import io
import runpy
from fractions import Fraction
from pathlib import Path

import pytest

from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.home.examining import examined
from autograder.home.said import question_lines
from autograder.otter_bridge.gradescope import results_table
from autograder.report.gradescope import results
from autograder.report.html import student_page
from autograder.report.statistics import class_statistics
from autograder.report.terminal import console_for, print_grade
from tests.fakes import FakeSandbox
from tests.home.support import loaded_from, public_of
from tests.report.samples import SPEC, make_grade, make_verdict
from tests.small_course import CASES, REFERENCE, write_course

PRACTICE = CASES.replace('@case("double", public=True, check=close())', '@case("double", public=True, worlds=1)')
WORDS = "for practice"


def grade(status: str):
    verdicts = [
        make_verdict("losses", "survives_large_logits", True, status).but(max_points=Fraction(0), points=Fraction(0)),
        make_verdict("losses", "secret_underflow", False),
    ]
    return make_grade(verdicts=verdicts)


def printed(made) -> str:
    stream = io.StringIO()
    print_grade(made, console_for(stream))
    return stream.getvalue()


@pytest.mark.parametrize("status", ["passed", "failed"])
def test_every_report_says_so(status: str) -> None:
    made = grade(status)
    assert printed(made).count(WORDS) == 1
    assert student_page(made, SPEC).count(WORDS) == 1
    assert str(results(made, SPEC)).count(WORDS) == 1


def test_nothing_else_is_called_so() -> None:
    made = make_grade()
    assert WORDS not in printed(made) + student_page(made, SPEC) + str(results(made, SPEC))


@pytest.mark.parametrize("status", ["passed", "failed"])
def test_gradescope_shows_a_wrong_one_as_failed(status: str) -> None:
    (whole,) = [t for t in results(grade(status), SPEC)["tests"] if "public cases" in t["name"]]
    (alone,) = [t for t in results_table(grade(status), SPEC, {}, 1.0)["tests"] if t["name"].endswith("large logits")]
    for entry in (whole, alone):
        assert (entry["score"], entry["max_score"], entry["status"]) == (0.0, 0.0, status)


def test_statistics_count_who_got_it_right() -> None:
    found = class_statistics([grade("passed"), grade("failed")]).cases["losses"]
    assert [item.difficulty for item in found if item.id == "survives_large_logits"] == [0.5]


def test_the_self_check_at_home_marks_it(tmp_path: Path) -> None:
    bundle = build_bundle(FakeSandbox(), load_source(write_course(tmp_path, cases=PRACTICE), "small"))  # type: ignore[arg-type]
    (tmp_path / "small.py").write_text(REFERENCE)
    loaded = loaded_from(runpy.run_path(str(tmp_path / "small.py")))
    public = public_of(bundle)
    results = [examined(public, public.facts.question(q), loaded, None) for q in ("double", "mean")]
    assert all(r.good for r in results)
    text = "\n".join(line for r in results for line in question_lines(r))
    assert "✓ three_numbers  (for practice)" in text
    assert "✓ mean_of_three\n" in text + "\n"
