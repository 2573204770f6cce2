"""A question in place of another: without its file nothing is lost, the better one counts once, replays cap it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from autograder.cohort.engine import grade_cohort
from autograder.cohort.forgetting import prune
from autograder.cohort.hand_over import events_of
from autograder.cohort.rejudge import rejudge
from autograder.cohort.store import Store
from autograder.cohort.weights import alike
from autograder.gradebook.events import Graded
from autograder.gradebook.people import Names
from autograder.grading.bundle import Bundle
from autograder.grading.capping import capped
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.grade_form import grade_from_table, grade_table
from autograder.grading.instead import better_ones
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.totals import Grade
from autograder.grading.verdict import Verdict
from autograder.intake.collecting import collect
from autograder.intake.reading import read_submission
from autograder.otter_bridge.gradescope import results_table, staff_log
from autograder.otter_bridge.outcome import outcome_of
from autograder.report.board import entries_of
from autograder.report.csv_form import final_grades_csv
from autograder.report.gradescope import results
from autograder.report.html import class_page, staff_page, student_page
from autograder.report.statistics import class_statistics
from autograder.report.terminal import cohort_view, grade_view
from autograder.sandbox.grader.box import Sandbox
from autograder.values.weights import read_weights, write_weights
from tests.cohort.support import Here
from tests.instead_course import LARGE, handed_in, write_course_with_large
from tests.milestone_course import kept_weights

NOT_CHOSEN = (
    "not chosen: there is no large.safetensors. Nothing is lost: `predict` is judged by your weights.safetensors "
    "and can have all its points"
)
IDLE = "\n\ndef train(model, batches, steps):\n    pass\n"


@pytest.fixture(scope="module")
def course(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> AssignmentSource:
    return write_course_with_large(tmp_path_factory.mktemp("instead") / "course", sandbox)


@pytest.fixture(scope="module")
def with_large(sandbox: Sandbox, course: AssignmentSource) -> Bundle:
    return build_bundle(sandbox, course)


Judged = Callable[..., Grade]


@pytest.fixture
def judged(sandbox: Sandbox, course: AssignmentSource, with_large: Bundle, tmp_path: Path) -> Judged:
    def of(
        weights: bytes | None, large: bytes | None, code: str = "", manifest: bytes | None = None, **settings: Any
    ) -> Grade:
        path = tmp_path / "ada.zip"
        path.write_bytes(handed_in(course.reference + code, weights, large, manifest))
        submission = read_submission(path, course.spec.submission)
        return grade_submission(sandbox, with_large, submission, "ada", Settings(**settings))[0]

    return of


def verdict(grade: Grade, case: str) -> Verdict:
    return next(v for v in grade.verdicts if v.case == case)


def shrunk(data: bytes, factor: float = 0.3) -> bytes:
    """Weights that predict less well."""
    return write_weights({n: (a * np.float32(factor)) for n, a in read_weights(data).items()})


def test_without_the_file_the_question_is_not_chosen_and_nothing_is_lost(
    judged: Judged, course: AssignmentSource
) -> None:
    grade = judged(course.weights["reference"], None, replay=True)
    assert (grade.points, grade.max_points, grade.complete) == (10, 10, True)
    left = verdict(grade, "next_of_twenty")
    assert (left.status, left.left_out, left.message) == ("skipped", True, NOT_CHOSEN)
    assert verdict(grade, "next_symbols").message == ""


def test_it_is_not_chosen_even_where_the_code_is_refused(judged: Judged, course: AssignmentSource) -> None:
    grade = judged(course.weights["reference"], None, f"\nTABLE = {list(range(1000))}\n")
    assert verdict(grade, "next_symbols").status == "error"
    assert verdict(grade, "next_of_twenty").left_out


@pytest.mark.parametrize("first", ["poor", "missing", "NaN"])
def test_the_better_one_counts(judged: Judged, course: AssignmentSource, first: str) -> None:
    own = course.weights["reference"]
    weights = {"poor": shrunk(own), "missing": None, "NaN": own[:-4] + b"\x00\x00\xc0\x7f"}[first]
    alone = judged(weights, None, replay=True)
    assert verdict(alone, "next_symbols").credit < 1
    grade = judged(weights, course.weights["reference.large"], replay=True)
    assert (grade.points, grade.max_points) == (10, 10)
    assert "`next_of_twenty` is worth 100% and counts in its place" in verdict(grade, "next_symbols").message
    assert verdict(grade, "next_of_twenty").message == "worth 100% of `predict`, and counts there"


def test_a_worse_one_takes_nothing_away(judged: Judged, course: AssignmentSource) -> None:
    large = course.weights["reference.large"]
    grade = judged(course.weights["reference"], shrunk(large), replay=True)
    assert grade.points == 10
    assert "your other weights are worth 100%, which counts" in verdict(grade, "next_of_twenty").message
    for worthless in (shrunk(large, 0.0), write_weights({"weight": np.zeros((20, 19), np.float32)}), b"no weights"):
        grade = judged(course.weights["reference"], worthless, replay=True)
        assert grade.points == 10
        assert verdict(grade, "next_symbols").status == "passed"
        assert verdict(grade, "next_of_twenty").status in ("failed", "error")


def test_its_points_wait_for_the_replay_and_are_capped_by_it(judged: Judged, course: AssignmentSource) -> None:
    """Borrowed weights in the large world are worth what the student's own `train` is worth in a fresh small one."""
    large = course.weights["reference.large"]
    waits = judged(None, large)
    assert (waits.points, waits.waiting) == (4, 6)
    assert judged(None, large, replay=True).points == 10
    borrowed = judged(None, large, IDLE, replay=True)
    assert (borrowed.points, borrowed.waiting) == (4, 0)
    assert "the weights alone are worth 100% of the points" in verdict(borrowed, "next_symbols").message
    assert verdict(borrowed, "next_of_twenty").status == "passed"


def test_weights_of_another_teams_large_world_are_worth_nothing(
    judged: Judged, sandbox: Sandbox, course: AssignmentSource
) -> None:
    from autograder.verify.training import Training, run_training

    other = replace(course, keys=replace(course.keys, salt=bytes(32)))
    answer = run_training(sandbox, other, Training("reference", other.reference, weights=LARGE))
    grade = judged(None, write_weights(answer.value), replay=True)
    assert verdict(grade, "next_of_twenty").credit == 0
    assert grade.points == 6


@pytest.mark.parametrize("large", ["there", "gone", "other"])
def test_the_manifest_binds_both_files(judged: Judged, course: AssignmentSource, large: str) -> None:
    import hashlib

    own, more = course.weights["reference"], course.weights["reference.large"]
    bound = {"format": 1, "sha256": hashlib.sha256(own).hexdigest(), "more": {LARGE: hashlib.sha256(more).hexdigest()}}
    data = {"there": more, "gone": None, "other": shrunk(more)}[large]
    grade = judged(own, data, manifest=json.dumps(bound).encode(), replay=True)
    assert grade.points == 10
    status, said = {
        "there": ("passed", "worth 100%"),
        "gone": ("error", "large.safetensors was not handed in, but milestone.json speaks of it; run pack.py again"),
        "other": ("error", "milestone.json speaks of other weights than the large.safetensors beside it"),
    }[large]
    assert verdict(grade, "next_of_twenty").status == status
    assert said in verdict(grade, "next_of_twenty").message


@pytest.mark.parametrize("more", [[], 3, {LARGE: 7}, {"x": {}}, None])
def test_a_manifest_whose_part_about_it_is_odd_says_so(judged: Judged, course: AssignmentSource, more: object) -> None:
    import hashlib

    own = course.weights["reference"]
    table = {"format": 1, "sha256": hashlib.sha256(own).hexdigest(), "more": more}
    grade = judged(own, course.weights["reference.large"], manifest=json.dumps(table).encode())
    assert "speaks of other weights" in verdict(grade, "next_of_twenty").message
    assert verdict(grade, "next_symbols").status == "waiting"


def test_its_budget_is_its_own(judged: Judged, course: AssignmentSource) -> None:
    many = write_weights({"weight": np.zeros(1001, np.float32)})
    grade = judged(course.weights["reference"], many)
    assert "holds 1,001 parameters; at most 1,000 are allowed" in verdict(grade, "next_of_twenty").message
    grade = judged(write_weights({"weight": np.zeros(1001, np.float32)}), None)
    assert "1,001 parameters" not in verdict(grade, "next_symbols").message  # that of `predict` is 2,000


def test_done_twice_nothing_changes(judged: Judged, course: AssignmentSource, with_large: Bundle) -> None:
    """Judging again puts old verdicts beside new ones."""
    own, large = course.weights["reference"], course.weights["reference.large"]
    for weights, more in ((shrunk(own), large), (own, shrunk(large)), (own, large), (own, None)):
        for code, replay in (("", True), ("", False), (IDLE, True)):
            grade = judged(weights, more, code, replay=replay)
            again = capped(with_large.cases, better_ones(with_large.spec, with_large.cases, grade.verdicts))
            assert again == grade.verdicts


def test_a_run_for_the_question_alone_judges_what_stands_in_for_it(judged: Judged, course: AssignmentSource) -> None:
    grade = judged(None, course.weights["reference.large"], only=("predict",), replay=True)
    assert (grade.points, grade.complete) == (10, True)
    other = judged(None, course.weights["reference.large"], only=("large",))
    assert verdict(other, "next_symbols").status == "waiting"
    assert other.points == 0


def text_of(view: Any) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(view)
    return " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]


@pytest.fixture
def three(judged: Judged, course: AssignmentSource) -> dict[str, Grade]:
    """Who chose it and has the better one there; who chose it in vain; who did not choose it."""
    own, large = course.weights["reference"], course.weights["reference.large"]
    made = {
        "better": judged(None, large, replay=True),
        "worse": judged(own, shrunk(large), replay=True),
        "without": judged(own, None, replay=True),
    }
    return {who: replace(grade, submission=who) for who, grade in made.items()}


def test_every_sum_gives_the_better_one_once(three: dict[str, Grade], course: AssignmentSource) -> None:
    spec = course.spec
    assert spec.machine_points() == 10
    for grade in three.values():
        assert (grade.points, grade.max_points, grade.waiting) == (10, 10, 0)
        assert sum((v.points for v in grade.verdicts), Fraction(0)) == 10
        assert {q.question: (q.points, q.max_points) for q in grade.questions} == {"predict": (10, 10), "large": (0, 0)}
        assert grade_from_table(grade_table(grade)).points == 10
        outcome = outcome_of(grade)
        assert outcome["questions"] == {"predict": 10.0, "large": 0.0}
        assert "10 of 10 points" in outcome["summary"]
        assert "10 of 10 points" in staff_log(grade)
        for table in (results(grade, spec), results_table(grade, spec, {}, 1.0)):
            assert table["score"] == 10.0
            assert sum(t.get("score", 0) for t in table["tests"]) == 10.0
            assert sum(t.get("max_score", 0) for t in table["tests"]) == 10.0
        assert "10 of 10 points 100 %" in text_of(grade_view(grade))
        for page in (student_page(grade, spec), staff_page(grade, spec)):
            assert "10</b> of 10 points" in page
    found = class_statistics(three.values())
    assert (found.max_points, tuple(found.points)) == (10.0, (10.0, 10.0, 10.0))
    rows = [line.split(",") for line in final_grades_csv(list(three.values())).splitlines()]
    assert rows[0] == ["file", "large", "predict", "total_points_earned", "percent_correct", "grading_status"]
    assert {tuple(row[1:5]) for row in rows[1:]} == {("0.0", "10.0", "10.0", "1.0")}
    assert "of 10" in text_of(cohort_view(list(three.values())))


def test_pages_say_in_words_which_one_counts(three: dict[str, Grade], course: AssignmentSource) -> None:
    words = {
        "better": "worth 100% of `predict`, and counts there",
        "worse": "your other weights are worth 100%, which counts",
        "without": "not chosen: there is no large.safetensors. Nothing is lost",
    }
    for who, said in words.items():
        grade, spec = three[who], course.spec
        assert said in " ".join(student_page(grade, spec).split())
        assert said in text_of(grade_view(grade))
        assert said in results(grade, spec)["tests"][-1]["output"]
        assert said in outcome_of(grade)["cases"]["next_of_twenty"]["message"] or who == "better"


def test_who_leaves_it_out_has_nothing_to_mend(three: dict[str, Grade], course: AssignmentSource) -> None:
    """It is no failure in any overview, and not what to look at first."""
    grade, spec = three["without"], course.spec
    page = student_page(grade, spec)
    assert "Look at this first" not in page
    assert "Everything is right. Well done." in page
    assert "skipped" not in text_of(cohort_view([grade]))
    for tests in (results(grade, spec)["tests"], results_table(grade, spec, {}, 1.0)["tests"]):
        own = next(t for t in tests if "twenty" in t["name"])
        assert not {"score", "max_score", "status"} & own.keys()
    assert "❌" not in json.dumps(results(grade, spec), ensure_ascii=False)
    item = {q.id: q for q in class_statistics(three.values()).questions}
    assert (item["predict"].judged, item["large"].judged) == (3, 2)
    assert "The same with twenty symbols" in class_page(list(three.values()), spec)
    assert entries_of(grade, "") == []


def _graded_events(store: Store) -> list[Graded]:
    """What the gradebook is told."""
    found = events_of(store, "toy", Names({}, {}), lambda _given, _file: datetime.now(UTC))
    return [event for event in found.events if isinstance(event, Graded)]


def here(sandbox: Sandbox) -> Any:
    class InSandbox(Here):
        def sandbox(self) -> Sandbox:
            return sandbox

    return InSandbox


@pytest.fixture
def store(
    sandbox: Sandbox, course: AssignmentSource, with_large: Bundle, tmp_path: Path
) -> Iterator[tuple[Store, dict[str, bytes]]]:
    own, large = course.weights["reference"], course.weights["reference.large"]
    made = {
        "ada": handed_in(course.reference, shrunk(own), large),
        "bob": handed_in(course.reference + "\n# bob\n", own, large),
        "eve": handed_in(course.reference + "\n# eve\n", own, None),
    }
    (tmp_path / "in").mkdir()
    for who, data in made.items():
        (tmp_path / "in" / f"{who}.zip").write_bytes(data)
    with Store(tmp_path / "out") as found:
        hand_ins = collect([tmp_path / "in"], with_large.spec.submission).hand_ins
        settings = {"executor": here(sandbox), "source": course, "who": "test"}
        for replay in (False, True):
            grade_cohort(found, with_large, hand_ins, settings=Settings(replay=replay), **settings)
        yield found, made


def test_a_cohort_keeps_both_files_names_who_shares_them_and_prunes_them(store: tuple[Store, Any]) -> None:
    found, _ = store
    assert {e.who: found.grade(e).points for e in found.current()} == {"ada": 10, "bob": 10, "eve": 10}
    kept = kept_weights(found)
    assert len(kept) == 3  # ada's own, the one of bob and eve, the large one of ada and bob
    assert {(a.first, a.second) for a in alike(found) if a.same} == {("ada", "bob"), ("bob", "eve")}
    for event in found.current():
        evidence = found.evidence(event)
        assert evidence is not None
        assert ("next_of_twenty" in evidence.materials) == (event.who != "eve")
    (handed,) = [e for e in _graded_events(found) if e.who == "ada"]
    assert (dict(handed.scores), handed.waiting) == ({"predict": 10, "large": 0}, ())
    prune(found, 30, datetime.now(UTC) + timedelta(days=40), "test", "0", weights=True)
    assert [p.exists() for p in kept] == [False] * 3
    assert found.grade(next(e for e in found.current() if e.who == "ada")).points == 10


def test_a_changed_threshold_of_it_is_judged_again_from_rows(
    store: tuple[Store, Any], course: AssignmentSource, tmp_path: Path
) -> None:
    import shutil

    found, _ = store
    shutil.copytree(course.root, tmp_path / "changed")
    path = tmp_path / "changed" / "solutions" / "toy" / "cases" / "large.py"
    path.write_text(path.read_text().replace("full=0.1, none=0.4", "full=1e-5, none=1e-4"))
    changed = load_source(tmp_path / "changed", "toy")
    report = rejudge(found, changed, lambda: pytest.fail("nothing is run"), allow_lower=True)
    assert report.needs_rerun == {}
    after = {e.who: found.grade(e) for e in found.current()}
    assert after["ada"].points < 10
    assert (after["bob"].points, after["eve"].points) == (10, 10)
