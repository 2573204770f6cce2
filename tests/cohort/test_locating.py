"""Locating: which function of a submission is wrong, by putting the reference's in its place, one at a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.cohort.located import KIND, locate_all
from autograder.cohort.locating import Ground, located
from autograder.cohort.outputs import write_report
from autograder.cohort.rejudge import rejudge
from autograder.cohort.store import Store
from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.judging import InProcess
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.totals import Grade
from autograder.report.html import student_page
from autograder.report.text import located_text
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from tests.cohort.support import run
from tests.fakes import FakeSandbox
from tests.small_course import write_course

REFERENCE = '''# %% [markdown]
# # Small

# %%
import numpy as np

# %% [markdown]
# ## 1. Doubling (`double`)


# %%
def double(x):
    """Twice x, entry by entry."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


def shifted(x, by):
    """Twice x, and `by` added."""
    # BEGIN SOLUTION
    return double(x) + by
    # END SOLUTION


# %% [markdown]
# ## 2. The mean (`mean`)


# %%
def mean(x):
    """The mean of twice x."""
    # BEGIN SOLUTION
    return float(np.mean(double(x)))
    # END SOLUTION
'''
CASES = '''"""Cases of the small assignment."""

from autograder.authoring import case
from autograder.checks import close


@case("double", public=True, check=close())
def three_numbers(student, world):
    """Twice three numbers."""
    return student.double(world.normal((3,)))


@case("double", check=close())
def a_shift(student, world):
    """Twice a matrix, shifted."""
    return student.shifted(world.normal((3, 5)), 1.5)


@case("mean", public=True, check=close())
def mean_of_three(student, world):
    """The mean of three numbers."""
    return student.mean(world.normal((3,)))


@case("mean", check=close())
def mean_of_a_matrix(student, world):
    """The mean of a matrix."""
    return student.mean(world.normal((3, 5)))
'''
DOUBLE, SHIFT, MEAN = ("return 2 * x", "return 3 * x"), ("+ by", "- by"), ("np.mean(", "np.sum(")
MISCONCEPTIONS = """
[[misconceptions]]
id = "thrice"
question = "mean"
fails = ["mean_of_three", "mean_of_a_matrix"]
feedback = "Your mean is that of three times the numbers."
[[misconceptions.patch]]
find = "np.mean(double(x))"
replace = "np.mean(3 * x)"
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> AssignmentSource:
    root = tmp_path_factory.mktemp("course")
    texts = {"reference": REFERENCE, "cases": CASES, "misconceptions": MISCONCEPTIONS}
    return load_source(write_course(root, **texts), "small")


@pytest.fixture(scope="module")
def bundle(source: AssignmentSource) -> Bundle:
    return build_bundle(FakeSandbox(), source)  # type: ignore[arg-type]


def looked_through(source: AssignmentSource, bundle: Bundle, text: str) -> Grade:
    submission = Submission.of_text("s", "small", text)
    sandbox = FakeSandbox()
    grade, evidence = grade_submission(sandbox, bundle, submission, "s", Settings("ada"))  # type: ignore[arg-type]
    return located(sandbox, Ground(source), bundle, submission, grade, evidence, InProcess())  # type: ignore[arg-type]


def changed(*pairs: tuple[str, str], text: str = REFERENCE) -> str:
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def names(grade: Grade) -> dict[str, str]:
    return {v.case: v.located for v in grade.verdicts if not v.status.passed}


def test_the_earliest_wrong_function_is_named_wherever_its_results_went(source, bundle):
    grade = looked_through(source, bundle, changed(DOUBLE))
    every = ("three_numbers", "a_shift", "mean_of_three", "mean_of_a_matrix")
    assert names(grade) == dict.fromkeys(every, "double")
    told = {v.case: located_text(v) for v in grade.verdicts}
    assert told["three_numbers"] == "What is wrong is `double`: with the course's in its place this case passes."
    assert told["mean_of_three"].startswith("Your `double` is wrong, and what this case shows was computed from it")


def test_a_listed_mistake_of_another_function_is_not_named_where_it_is_not_the_one(source, bundle):
    submission = Submission.of_text("s", "small", changed(DOUBLE))
    simple = replace(bundle, reach={})  # a bundle that does not know which case hangs on which other one's functions
    before, _ = grade_submission(FakeSandbox(), simple, submission, "s", Settings("ada"))  # type: ignore[arg-type]
    assert {v.misconception for v in before.verdicts if v.question == "mean"} == {"thrice"}
    after = looked_through(source, simple, changed(DOUBLE))
    assert {(v.misconception, v.feedback) for v in after.verdicts} == {("", "")}
    mine = looked_through(source, bundle, changed(("np.mean(double(x))", "np.mean(3 * x)")))
    assert {(v.case, v.misconception, v.located) for v in mine.verdicts if not v.status.passed} == {
        ("mean_of_three", "thrice", "mean"), ("mean_of_a_matrix", "thrice", "mean")
    }  # fmt: skip


def test_two_mistakes_are_kept_apart_and_told_together_where_both_show(source, bundle):
    grade = looked_through(source, bundle, changed(DOUBLE, SHIFT))
    assert names(grade)["three_numbers"] == "double"
    assert names(grade)["a_shift"] == "double, shifted"
    (both,) = [v for v in grade.verdicts if v.case == "a_shift"]
    assert located_text(both) == (
        "What is wrong is `double` and `shifted`: with the course's in their places this case passes."
    )


def test_points_and_status_stay_what_they_are(source, bundle):
    submission = Submission.of_text("s", "small", changed(DOUBLE, MEAN))
    before, _ = grade_submission(FakeSandbox(), bundle, submission, "s", Settings("ada"))  # type: ignore[arg-type]
    after = looked_through(source, bundle, changed(DOUBLE, MEAN))
    assert [v.outcome for v in after.verdicts] == [v.outcome for v in before.verdicts]
    assert after.questions == before.questions


@pytest.mark.parametrize(
    "text",
    [
        changed(("def double(x):", "def double(numbers):\n    x = numbers"), DOUBLE),
        changed(("def shifted(x, by)", "def shifted(x, offset=0.0, *, extra=1)"), ("+ by", "- offset")),
        changed(("return float(np.mean(double(x)))", "return _own_mean(double(x))"))
        + "\n\ndef _own_mean(x):\n    return float(np.sum(x))\n",
    ],
)
def test_other_signatures_and_own_helpers_do_no_harm(source, bundle, text):
    found = set(names(looked_through(source, bundle, text)).values())
    assert len(found) == 1
    assert found <= {"double", "shifted", "mean"}


def test_the_students_own_calls_reach_the_exchanged_function_by_their_own_names(source, bundle):
    text = changed(("def shifted(x, by):", "def shifted(x, amount):\n    by = amount"), SHIFT)
    text = text.replace("float(np.mean(double(x)))", "float(np.mean(shifted(x, amount=0.0)))")
    grade = looked_through(source, bundle, text)
    assert names(grade) == {"a_shift": "shifted"}


@pytest.mark.parametrize("text", ["1 +", changed(("return 2 * x", "raise NotImplementedError"))])
def test_what_is_unwritten_or_cannot_be_loaded_is_not_looked_for(source, bundle, text):
    assert set(names(looked_through(source, bundle, text)).values()) == {""}


def test_nothing_is_looked_for_in_right_work(source, bundle, monkeypatch):
    monkeypatch.setattr("autograder.cohort.locating.session_for", None)
    assert names(looked_through(source, bundle, REFERENCE)) == {}


def test_a_zip_has_no_reference_so_nothing_is_looked_for_with_it(bundle, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.cli.graders._target", lambda *_: bundle)
    (tmp_path / "ada.py").write_text(REFERENCE)
    options = ["grade", "small.zip", str(tmp_path / "ada.py"), "-o", str(tmp_path / "out"), "--locate"]
    done = CliRunner().invoke(main, options)
    assert done.exit_code == 2
    assert "a zip has no reference" in done.output
    assert not (tmp_path / "out").exists()


@pytest.fixture
def store(tmp_path, source, bundle):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ada.py").write_text(changed(DOUBLE))
    (folder / "bob.py").write_text(REFERENCE)
    (folder / "eve.py").write_text(changed(MEAN))
    with Store(tmp_path / "out") as store:
        store.note_origin(bundle, source)
        run(store, bundle, folder)
        yield store


def test_a_class_is_looked_through_once_and_its_pages_say_what_was_found(store, source, bundle):
    tally = locate_all(store, source, FakeSandbox())
    assert (tally.submissions, tally.cases, tally.found) == (2, 6, 6)
    assert "in 6 of 6 failing cases of 2 submissions" in tally.sentence()
    again = locate_all(store, source, FakeSandbox())
    assert again.submissions == 0
    assert {e.who: e.kind for e in store.current()} == {"ada": KIND, "bob": "graded", "eve": KIND}
    page = student_page(store.grade(store.current()[0]), source.spec, published=True)
    assert "What is wrong is <code>double</code>" in page
    assert "what is wrong is in <code>double</code> (1)" in page
    early = student_page(store.grade(store.current()[0]), source.spec, published=False)
    assert "<code>double</code> (1)" not in early
    write_report(store, source.spec)


def test_rejudging_keeps_what_was_found(store, source):
    locate_all(store, source, FakeSandbox())
    result = rejudge(store, source, FakeSandbox)
    assert not any(change.told for change in result.changes)
    assert names(store.grade(store.current()[0]))["three_numbers"] == "double"


def test_a_file_that_is_gone_is_named(store, source, tmp_path):
    (tmp_path / "in" / "eve.py").unlink()
    tally = locate_all(store, source, FakeSandbox())
    assert (tally.submissions, tally.impossible) == (1, {"eve": "its file is not there or has changed"})


@pytest.mark.slow
def test_in_the_sandbox_the_same_is_found(source, bundle):
    from autograder.sandbox.grader.box import Sandbox

    with Sandbox.start() as sandbox:
        submission = Submission.of_text("s", "small", changed(DOUBLE, SHIFT))
        grade, evidence = grade_submission(sandbox, bundle, submission, "s", Settings("ada"))
        after = located(sandbox, Ground(source), bundle, submission, grade, evidence, InProcess())
    assert names(after) == {
        "three_numbers": "double", "a_shift": "double, shifted", "mean_of_three": "double", "mean_of_a_matrix": "double"
    }  # fmt: skip


def test_a_reference_that_reads_a_private_file_finds_it_there(tmp_path: Path) -> None:
    reads = REFERENCE.replace("return 2 * x", 'return x * float(open("artifacts/factor.txt").read())')
    root = write_course(tmp_path, reference=reads, cases=CASES, misconceptions=MISCONCEPTIONS)
    folder = root / "solutions/small/artifacts"
    folder.mkdir()
    (folder / "factor.txt").write_text("2")
    source = load_source(root, "small")
    wrong = REFERENCE.replace("return 2 * x", "return 3 * x")
    with Sandbox.start() as sandbox:
        bundle = build_bundle(sandbox, source)
        submission = Submission.of_text("s", "small", wrong)
        grade, evidence = grade_submission(sandbox, bundle, submission, "s", Settings("ada"))
        found = located(sandbox, Ground(source), bundle, submission, grade, evidence, InProcess())
    assert set(names(found).values()) == {"double"}
