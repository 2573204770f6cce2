"""Rejudging: what today's checks say of yesterday's outputs, and what they may not do."""

from __future__ import annotations

import pytest
from rich.console import Console

from autograder.cohort.changes import changes_view
from autograder.cohort.rejudge import rejudge
from autograder.cohort.store import Store
from autograder.grading.source import load_source
from tests.cohort.support import essence, run
from tests.fakes import FakeSandbox
from tests.small_course import CASES, MISCONCEPTIONS, REFERENCE, write_course

LOOSE = CASES.replace('"double", public=True, check=close()', '"double", public=True, check=close(1e-2)').replace(
    '@case("double", check=close())', '@case("double", check=close(1e-2))'
)
HARSH = CASES.replace('@case("double", check=close())', '@case("double", check=close(-1.0))')


class Counted:
    """Starts fake sandboxes and counts them."""

    def __init__(self):
        self.started = 0

    def __call__(self):
        self.started += 1
        return FakeSandbox()


@pytest.fixture
def graded(tmp_path, source, bundle, folder):
    """A store with twelve graded submissions, kinds in turn: right, square, sum, close, raises, empty."""
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder, source=source)
        yield store


def points(store):
    return {e.who: e.points for e in store.current()}


def changed(course, **texts):
    write_course(course, **texts)
    return load_source(course, "small")


def test_nothing_changed_changes_nothing_and_starts_no_sandbox(graded, source):
    before, start = essence(graded), Counted()
    result = rejudge(graded, source, start)
    assert result.exit_status == 0
    assert not any(c.told for c in result.changes)
    assert essence(graded) == before
    assert start.started == 0


def test_a_wider_tolerance_lifts_those_it_concerns_and_no_others(graded, course):
    result = rejudge(graded, changed(course, cases=LOOSE), Counted())
    assert {c.name for c in result.changes if c.moved()} == {"s003", "s009"}
    assert points(graded)["s003"] == "10"
    assert [e.kind for e in graded.history("s003")] == ["graded", "rejudged"]
    assert [e.kind for e in graded.history("s000")] == ["graded"]


def test_a_dry_run_says_the_same_and_writes_nothing(graded, course):
    before = essence(graded)
    result = rejudge(graded, changed(course, cases=LOOSE), Counted(), dry_run=True)
    assert {c.name for c in result.changes if c.moved()} == {"s003", "s009"}
    assert essence(graded) == before
    assert not result.applied


def test_points_never_fall_without_being_allowed_to(graded, course):
    before = points(graded)
    source = changed(course, cases=HARSH)
    result = rejudge(graded, source, Counted())
    assert points(graded) == before
    assert result.exit_status == 1
    assert {c.name for c in result.changes if c.kept} == {"s000", "s002", "s006", "s008"}
    rejudge(graded, source, Counted(), allow_lower=True)
    assert points(graded)["s000"] == "8"
    assert points(graded)["s001"] == before["s001"]


def test_a_check_that_raises_takes_nothing_away(graded, course):
    broken = CASES.replace("import close", "import close, satisfies").replace(
        '@case("mean", check=close())', '@case("mean", check=satisfies(lambda o, w: 1 / 0))'
    )
    before = points(graded)
    result = rejudge(graded, changed(course, cases=broken), Counted(), allow_lower=True)
    assert result.exit_status == 1
    assert points(graded) == before


def test_a_new_misconception_names_the_mistake_in_stored_outputs(graded, course):
    more = MISCONCEPTIONS + (
        '[[misconceptions]]\nid = "nearly"\nquestion = "double"\nfails = ["three_numbers", "a_matrix"]\n'
        'feedback = "You multiply by 2.0001."\n'
        '[[misconceptions.patch]]\nfind = "return 2 * x"\nreplace = "return 2.0001 * x"\n'
    )
    result = rejudge(graded, changed(course, misconceptions=more), Counted())
    assert not any(c.moved() for c in result.changes)
    grade = next(g for g in graded.grades() if g.submission == "s003")
    assert {v.misconception for v in grade.verdicts if v.question == "double"} == {"nearly"}


def test_a_corrected_reference_is_applied_in_the_old_worlds(graded, course):
    wrong_before = REFERENCE.replace("return 2 * x", "return x**2")
    misconceptions = MISCONCEPTIONS.replace('find = "return 2 * x"\nreplace = "return x**2"',
                                            'find = "return x**2"\nreplace = "return 2 * x"')  # fmt: skip
    start = Counted()
    rejudge(graded, changed(course, reference=wrong_before, misconceptions=misconceptions), start, allow_lower=True)
    assert start.started == 1
    assert points(graded)["s001"] == "10"
    assert points(graded)["s000"] == "6"


def test_a_changed_probe_keeps_the_old_verdicts_and_asks_for_a_rerun(graded, course):
    source = changed(
        course, cases=CASES.replace("student.mean(world.normal((3, 5)))", "student.mean(world.normal((4, 4)))")
    )
    before = points(graded)
    result = rejudge(graded, source, Counted())
    assert result.needs_rerun == {"mean_of_a_matrix": ("its probe changed", 12)}
    assert result.exit_status == 1
    assert points(graded) == before


def test_a_rerun_runs_just_the_changed_cases(graded, course):
    probe = CASES.replace("student.mean(world.normal((3, 5)))", "student.mean(world.normal((4, 4)))")
    result = rejudge(graded, changed(course, cases=probe), Counted(), rerun=True)
    assert (result.exit_status, result.rerun, result.needs_rerun) == (0, 12, {})
    old, new = graded.history("s000")
    assert new.kind == "rerun"
    before, after = graded.evidence(old), graded.evidence(new)
    differing = {c for c in after.answers if after.answers[c].payload != before.answers[c].payload}
    assert differing == {"mean_of_a_matrix"}
    assert after.worlds == before.worlds
    again = rejudge(graded, changed(course, cases=probe), Counted(), rerun=True)
    assert (again.rerun, again.exit_status) == (0, 0)


def test_a_new_case_is_run_by_a_rerun(graded, course):
    more = CASES + (
        '\n\n@case("mean", check=close())\ndef mean_of_one(student, world):\n    """One number."""\n'
        "    return student.mean(world.normal((1,)))\n"
    )
    source = changed(course, cases=more)
    assert rejudge(graded, source, Counted()).needs_rerun == {"mean_of_one": ("it is new", 12)}
    result = rejudge(graded, source, Counted(), rerun=True, allow_lower=True)
    assert result.exit_status == 0
    assert points(graded)["s000"] == "10"
    assert points(graded)["s002"] == "6"  # the sum of one number is its mean: 2 of 6


def test_a_rerun_without_the_file_says_so_and_keeps_the_grade(graded, course, folder):
    (folder / "s000.py").unlink()
    (folder / "s001.py").write_text("changed = 1\n")
    probe = CASES.replace("student.mean(world.normal((3, 5)))", "student.mean(world.normal((4, 4)))")
    result = rejudge(graded, changed(course, cases=probe), Counted(), rerun=True)
    assert set(result.impossible) == {"s000", "s001"}
    assert result.exit_status == 1
    assert points(graded)["s000"] == "10"


def test_only_the_asked_question_is_rejudged(graded, course):
    both = LOOSE.replace('@case("mean", check=close())', '@case("mean", check=close(1e9))')
    rejudge(graded, changed(course, cases=both), Counted(), only=["double"])
    assert points(graded)["s003"] == "10"
    assert points(graded)["s002"] == "4"


def test_the_table_shows_before_and_after(graded, course):
    result = rejudge(graded, changed(course, cases=LOOSE), Counted())
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115  # closed with the test
    console.print(changes_view(result))
    console.file.close()
    text = console.export_text()
    assert "s003" in text
    assert "double 0 → 4" in text
    assert "2 of 12 scores changed" in text


def test_a_rejudging_says_who_did_it(graded, course):
    rejudge(graded, changed(course, cases=LOOSE), Counted(), who="ada")
    assert [(r.who, r.what) for r in graded.runs()] == [("test", "grade"), ("ada", "rejudge")]
    assert graded.history("s003")[-1].run == graded.runs()[-1].id


def test_a_rerun_finds_the_files_of_a_hand_in_that_is_a_folder(tmp_path, source, bundle, course):
    from autograder.cohort.engine import grade_cohort
    from autograder.intake.hand_in import HandIn
    from tests.cohort.support import Here

    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "small.py").write_text(REFERENCE)
    (tmp_path / "ada" / "small_old.py").write_text("no = 1\n")
    (tmp_path / "ada" / "helper.py").write_text("x = 1\n")
    hand_in = HandIn("ada", tmp_path / "ada", files=("helper.py", "small.py"))
    probe = CASES.replace("student.mean(world.normal((3, 5)))", "student.mean(world.normal((4, 4)))")
    with Store(tmp_path / "out") as store:
        grade_cohort(store, bundle, [hand_in], mode="off", who="test", executor=Here, jobs=1, source=source)
        assert [path for path, _ in store.current()[0].handed.files] == ["helper.py", "small.py"]
        result = rejudge(store, changed(course, cases=probe), Counted(), rerun=True)
        assert (result.exit_status, result.rerun, result.impossible) == (0, 1, {})
