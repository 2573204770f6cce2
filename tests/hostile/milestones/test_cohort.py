"""Milestones in a cohort: the same bytes twice, replays added later, judged again from rows, weights kept once."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from autograder.cohort.engine import grade_cohort
from autograder.cohort.forgetting import forget, prune
from autograder.cohort.rejudge import rejudge
from autograder.cohort.store import Store
from autograder.cohort.weights import alike
from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.grade_form import grade_from_table, grade_table
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.totals import Grade
from autograder.intake.collecting import collect
from autograder.intake.hand_in import HandIn
from autograder.intake.reading import read_submission
from autograder.sandbox.grader.box import Sandbox
from autograder.values.weights import read_weights, write_weights
from tests.cohort.support import Here
from tests.milestone_course import grade_command, kept_weights, packed, write_course


@pytest.fixture
def folder(toy: AssignmentSource, tmp_path: Path) -> Path:
    """ada is right, bob has ada's weights, cyd has nearly the same, dan trained by himself, eve has none."""
    own = toy.weights
    near = {n: a + 1e-4 for n, a in read_weights(own["reference"]).items()}
    hand_ins = {
        "ada": packed(toy.reference, own["reference"]),
        "bob": packed(toy.reference + "\n# bob\n", own["reference"]),
        "cyd": packed(toy.reference + "\n# cyd\n", write_weights(near)),
        "dan": packed(toy.alternate("factored"), own["factored"]),
        "eve": packed(toy.reference, None),
    }
    (tmp_path / "in").mkdir()
    for who, data in hand_ins.items():
        (tmp_path / "in" / f"{who}.zip").write_bytes(data)
    return tmp_path / "in"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "out") as found:
        yield found


def here(sandbox: Sandbox) -> Any:
    """An executor in this process, with the sandbox of the tests."""

    class InSandbox(Here):
        def sandbox(self) -> Sandbox:
            return sandbox

    return InSandbox


def graded(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path, **settings: Any
) -> dict[str, Grade]:
    hand_ins = collect([folder], bundle.spec.submission).hand_ins
    grade_cohort(store, bundle, hand_ins, settings=Settings(**settings), executor=here(sandbox), source=toy, who="test")
    return {e.who: store.grade(e) for e in store.current()}


def test_replays_wait_are_added_later_and_are_not_taken_away(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path
) -> None:
    first = graded(store, sandbox, bundle, toy, folder)
    assert (first["ada"].points, first["ada"].waiting, first["eve"].points) == (8, 2, 4)
    second = graded(store, sandbox, bundle, toy, folder, replay=True)
    assert (second["ada"].points, second["ada"].waiting, second["eve"].points) == (10, 0, 6)
    count = len(store.history())
    third = graded(store, sandbox, bundle, toy, folder)
    assert third["ada"].points == 10
    assert len(store.history()) == count


def test_the_same_hand_in_gives_the_same_evidence_and_another_name_changes_no_feedback(
    sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path
) -> None:
    submission = read_submission(folder / "ada.zip", toy.spec.submission)
    made = [grade_submission(sandbox, bundle, submission, who, Settings(replay=True)) for who in ("ada", "ada", "zoe")]
    rows = [replace(evidence.without_measurements(), submission="x").to_bytes() for _, evidence in made]
    assert rows[0] == rows[1] == rows[2]
    final = [
        grade_submission(sandbox, bundle, submission, who, Settings(final=True))[1] for who in ("ada", "ada", "zoe")
    ]
    assert final[0].worlds == final[1].worlds != final[2].worlds
    assert final[0].worlds != made[0][1].worlds


def test_two_threads_and_one_come_to_the_same(
    sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, tmp_path: Path
) -> None:
    verdicts = []
    for threads in (1, 2):
        path = tmp_path / f"t{threads}.zip"
        path.write_bytes(packed(f"{toy.reference}\ntorch.set_num_threads({threads})\n", toy.weights["reference"]))
        submission = read_submission(path, toy.spec.submission)
        grade, _ = grade_submission(sandbox, bundle, submission, "ada", Settings(final=True, replay=True))
        verdicts.append([(v.case, v.status, v.points) for v in grade.verdicts])
    assert verdicts[0] == verdicts[1]
    assert {status.value for _, status, _ in verdicts[0]} == {"passed"}


def test_the_evidence_names_what_was_drawn_and_what_was_judged(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path
) -> None:
    graded(store, sandbox, bundle, toy, folder, replay=True)
    found = {e.who: store.evidence(e) for e in store.current()}
    ada = found["ada"]
    assert ada is not None
    assert set(ada.materials["next_symbols"]) == {"given", "kept", "weights"}
    assert set(ada.materials["trains_anew"]) == {"given", "kept", "supply", "weights"}
    assert ada.materials["next_symbols"]["weights"] != ada.materials["trains_anew"]["weights"]
    assert store.blobs.get(ada.materials["next_symbols"]["weights"]) == toy.weights["reference"]
    eve = found["eve"]
    assert eve is not None
    assert set(eve.materials) == {"trains_anew"}


def changed(toy: AssignmentSource, root: Path, file: str, before: str, after: str) -> AssignmentSource:
    """A copy of the course with one edit."""
    import shutil

    shutil.copytree(toy.root, root)
    path = root / "solutions" / "toy" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    return load_source(root, "toy")


def test_a_changed_threshold_is_applied_to_the_rows_that_are_kept(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path, tmp_path: Path
) -> None:
    graded(store, sandbox, bundle, toy, folder)
    source = changed(toy, tmp_path / "course", "cases/predict.py", "full=0.1", "full=0.001")
    found = rejudge(store, source, lambda: pytest.fail("nothing is run"), allow_lower=True)
    assert found.needs_rerun == {}
    after = {e.who: store.grade(e) for e in store.current()}
    lower = next(v for v in after["ada"].verdicts if v.case == "next_symbols")
    assert 0 < lower.credit < 1
    assert "full marks up to 0.001" in lower.message


def test_changed_budgets_ask_for_another_run_and_a_changed_number_of_attempts_does_not(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path, tmp_path: Path
) -> None:
    graded(store, sandbox, bundle, toy, folder)
    spec = "../../assignments/toy/assignment.toml"
    source = changed(toy, tmp_path / "a", spec, "nodes = 600", "nodes = 600\nattempts_per_day = 3")
    assert rejudge(store, source, lambda: pytest.fail("nothing is run")).needs_rerun == {}
    source = changed(toy, tmp_path / "b", spec, "nodes = 600", "nodes = 601")
    found = rejudge(store, source, lambda: pytest.fail("nothing is run")).needs_rerun
    assert found == dict.fromkeys(("next_symbols", "trains_anew"), ("its budgets changed", 5))


def test_rows_are_not_judged_by_another_draw(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path, tmp_path: Path
) -> None:
    graded(store, sandbox, bundle, toy, folder, replay=True)
    source = changed(toy, tmp_path / "course", "deck.py", "np.exp(4 *", "np.exp(5 *")
    found = rejudge(store, source, lambda: pytest.fail("nothing is run"), allow_lower=True)
    why, count = found.needs_rerun["next_symbols"]
    assert why == "its seed gives other data than then: the inputs, what they are judged by"
    assert count == 4
    assert "the training data" in found.needs_rerun["trains_anew"][0]
    assert {e.who: store.grade(e).points for e in store.current()}["ada"] == 10


def test_weights_are_kept_once_and_pruned_when_asked_for(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path
) -> None:
    graded(store, sandbox, bundle, toy, folder)
    kept = kept_weights(store)
    assert len(kept) == 3
    later = datetime.now(UTC) + timedelta(days=40)
    prune(store, 30, later, "test", "0")
    assert all(p.exists() for p in kept)
    gone = prune(store, 30, later, "test", "0", weights=True)
    assert (gone.blobs, [p.exists() for p in kept]) == (3, [False] * 3)
    assert store.grade(next(e for e in store.current() if e.who == "ada")).points == 8


def test_who_is_forgotten_takes_the_weights_along_that_nobody_else_has(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path
) -> None:
    graded(store, sandbox, bundle, toy, folder)
    digest = {e.who: dict(e.handed.files)["weights.safetensors"] for e in store.current() if e.who != "eve"}
    forget(store, "dan", "test", "0")
    forget(store, "bob", "test", "0")
    assert not store.blobs.path(digest["dan"]).exists()
    assert store.blobs.path(digest["bob"]).exists()


def test_hand_ins_with_nearly_the_same_weights_are_named(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path
) -> None:
    graded(store, sandbox, bundle, toy, folder)
    found = {(a.first, a.second): a for a in alike(store)}
    assert set(found) == {("ada", "bob"), ("ada", "cyd"), ("bob", "cyd")}
    assert found["ada", "bob"].text() == "ada and bob: the same weights, bit for bit"
    assert "nearly the same weights (cosine" in found["ada", "cyd"].text()


def with_cap(toy: AssignmentSource) -> str:
    path = toy.private_folder / "cases" / "predict.py"
    return path.read_text().replace("predict=next_symbols, judge", "predict=next_symbols, caps=next_symbols, judge")


def with_no_points_of_its_own(text: str) -> str:
    return text.replace("next_symbols = 4", "next_symbols = 6").replace("trains_anew = 2", "trains_anew = 0")


def test_a_replay_caps_its_milestone_and_lets_it_wait(sandbox: Sandbox, toy: AssignmentSource, tmp_path: Path) -> None:
    import shutil

    from autograder.grading.record import build_bundle

    shutil.copytree(toy.root, tmp_path / "course")
    (tmp_path / "course" / "solutions" / "toy" / "cases" / "predict.py").write_text(with_cap(toy))
    spec = tmp_path / "course" / "assignments" / "toy" / "assignment.toml"
    spec.write_text(with_no_points_of_its_own(spec.read_text()))
    bundle = build_bundle(sandbox, load_source(tmp_path / "course", "toy"))
    cheat = f"{toy.reference}\n\ndef train(model, batches, steps):\n    pass\n"
    points = {}
    for who, text in (("honest", toy.reference), ("borrowed", cheat)):
        path = tmp_path / f"{who}.zip"
        path.write_bytes(packed(text, toy.weights["reference"]))
        submission = read_submission(path, toy.spec.submission)
        for replay in (False, True):
            grade, _ = grade_submission(sandbox, bundle, submission, who, Settings(replay=replay))
            points[who, replay] = (grade.points, grade.waiting)
            verdict = next(v for v in grade.verdicts if v.case == "next_symbols")
    assert {v.case for v in grade.verdicts if v.for_practice} == {"loss_of_five", "goes_through"}
    assert grade_from_table(grade_table(grade)).verdicts == tuple(
        v.seen(replace(v.observation, seconds=0.0)) for v in grade.verdicts
    )
    assert points["honest", False] == points["borrowed", False] == (4, 6)
    assert points["honest", True] == (10, 0)
    assert points["borrowed", True] == (4, 0)
    assert verdict.credit == Fraction(0)
    assert verdict.message == (
        "the weights alone are worth 100% of the points, what your `train` makes on new data 0%; the smaller one "
        "counts (see `trains_anew`)"
    )


def test_a_run_that_was_killed_goes_on_and_comes_to_the_same(
    toy: AssignmentSource, folder: Path, tmp_path: Path
) -> None:
    command = [*grade_command(toy, folder), "-j", "1", "--replay"]
    killed = subprocess.Popen(
        [*command, "-o", str(tmp_path / "a")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and killed.poll() is None:
        if list((tmp_path / "a" / "blobs").rglob("*.zst")):
            break
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    subprocess.run([*command, "-o", str(tmp_path / "a"), "--resume"], check=True, capture_output=True, timeout=300)
    subprocess.run([*command, "-o", str(tmp_path / "b")], check=True, capture_output=True, timeout=300)
    found = []
    for name in ("a", "b"):
        with Store(tmp_path / name, create=False) as store:
            found.append([(e.who, e.grade, e.evidence, e.points) for e in sorted(store.current(), key=lambda e: e.who)])
    assert found[0] == found[1]
    assert [who for who, *_ in found[0]] == ["ada", "bob", "cyd", "dan", "eve"]


def test_beyond_the_attempts_of_a_day_trained_work_waits_and_the_grade_is_drawn_all_the_same(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path
) -> None:
    hand_in = replace(HandIn("ada", folder / "ada.zip"), unjudged="5 hand-ins of today were judged before this one")
    for final in (False, True):
        grade_cohort(store, bundle, [hand_in], settings=Settings(final=final), executor=here(sandbox), who="test")
        (event,) = store.current()
        verdict = next(v for v in store.grade(event).verdicts if v.case == "next_symbols")
        assert verdict.status.value == ("passed" if final else "waiting")
        assert verdict.message == ("" if final else hand_in.unjudged)


def test_members_of_a_team_have_one_draw_for_the_grade(
    store: Store, sandbox: Sandbox, bundle: Bundle, toy: AssignmentSource, folder: Path
) -> None:
    pair = [replace(HandIn(who, folder / f"{who}.zip"), team="t1") for who in ("ada", "bob")]
    alone = HandIn("cyd", folder / "cyd.zip")
    grade_cohort(store, bundle, [*pair, alone], settings=Settings(final=True), executor=here(sandbox), who="test")
    worlds = {e.who: store.evidence(e).worlds["next_symbols"] for e in store.current()}  # type: ignore[union-attr]
    assert worlds["ada"] == worlds["bob"] != worlds["cyd"]


def test_a_course_that_is_written_anew_has_other_worlds(
    sandbox: Sandbox, toy: AssignmentSource, tmp_path: Path
) -> None:
    other = write_course(tmp_path / "other", sandbox)
    assert other.weights["reference"] != toy.weights["reference"]
