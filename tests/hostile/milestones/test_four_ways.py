"""The same zip with weights by the engine, by Otter, and in Gradescope's layout: equal points, replays waiting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_path
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource
from autograder.release.bundle_zip import build_autograder
from autograder.sandbox.grader.box import Sandbox
from tests.instead_course import handed_in, write_course_with_large
from tests.milestone_course import packed

pytestmark = pytest.mark.slow


SAID = {
    "right": "",
    "without weights": "weights.safetensors was not handed in",
    "over the budget": "nodes in its syntax tree",
}


@pytest.fixture(params=sorted(SAID))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def zipped(kind: str, toy: AssignmentSource) -> bytes:
    if kind == "right":
        return packed(toy.reference, toy.weights["reference"])
    if kind == "without weights":
        return packed(toy.reference, None)
    return packed(f"{toy.reference}\nTABLE = {list(range(1000))}\n", toy.weights["reference"])


@pytest.fixture
def autograder_zip(toy: AssignmentSource, bundle: Bundle, tmp_path: Path) -> Path:
    path = tmp_path / "autograder.zip"
    path.write_bytes(build_autograder(toy, bundle))
    return path


def by_the_engine(sandbox: Sandbox, bundle: Bundle, zipped: bytes, folder: Path) -> tuple[float, float]:
    path = folder / "ada.zip"
    path.write_bytes(zipped)
    grade, _ = grade_path(sandbox, bundle, path, "ada", Settings())
    return float(grade.points), float(grade.waiting)


def results_of_otter(autograder_zip: Path, zipped: bytes, tmp_path: Path, root: Path) -> dict[str, Any]:
    path, out = tmp_path / "otter" / "ada.zip", tmp_path / "out"
    path.parent.mkdir()
    out.mkdir()
    path.write_bytes(zipped)
    done = subprocess.run(
        [sys.executable, "-m", "otter", "run", "-a", str(autograder_zip), "-o", str(out), str(path)],
        cwd=path.parent, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=200,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return found


def results_of_gradescope(autograder_zip: Path, zipped: bytes, tmp_path: Path) -> dict[str, Any]:
    root = tmp_path / "autograder"
    zipfile.ZipFile(autograder_zip).extractall(root / "source")
    (root / "submission").mkdir()
    (root / "results").mkdir()
    zipfile.ZipFile(BytesIO(zipped)).extractall(root / "submission")
    (root / "submission_metadata.json").touch()
    run = root / "run_autograder"
    run.write_bytes((root / "source" / "run_autograder").read_bytes())
    run.chmod(0o755)
    (root / "source" / "python-path").write_text(sys.executable + "\n")
    done = subprocess.run(
        [run], env={"PATH": os.environ["PATH"], "HOME": str(root)}, cwd="/", capture_output=True, text=True,
        timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    return found


def test_the_points_are_the_same(
    kind: str,
    sandbox: Sandbox,
    bundle: Bundle,
    zipped: bytes,
    autograder_zip: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    points, _ = by_the_engine(sandbox, bundle, zipped, tmp_path)
    otter = results_of_otter(autograder_zip, zipped, tmp_path, request.config.rootpath)
    assert {t["name"]: t["score"] for t in otter["tests"] if "score" in t}["predict"] == points
    gradescope = results_of_gradescope(autograder_zip, zipped, tmp_path)
    assert gradescope["score"] == points
    shown = json.dumps(gradescope["tests"]) + gradescope["output"]
    assert SAID[kind] in shown
    assert "has not been run by the grader yet" in shown or kind == "over the budget"
    for hidden in ("loss_of_many", "loss of many", "reads_the_last_symbol", "Deck", "another_deck"):
        assert hidden not in shown


@pytest.mark.parametrize("chosen", [True, False])
def test_a_question_in_place_of_another_is_counted_once_everywhere(
    chosen: bool, sandbox: Sandbox, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Its case has no cap here, so that nothing waits: what it gives stands in the question that it stands in for."""
    toy = write_course_with_large(tmp_path / "course", sandbox, capped=False)
    bundle = build_bundle(sandbox, toy)
    path = tmp_path / "autograder.zip"
    path.write_bytes(build_autograder(toy, bundle))
    large, own = toy.weights["reference.large"], toy.weights["reference"]
    zipped = handed_in(toy.reference, None if chosen else own, large if chosen else None)
    points, waiting = by_the_engine(sandbox, bundle, zipped, tmp_path)
    assert (points, waiting) == (8, 2)
    otter = results_of_otter(path, zipped, tmp_path, request.config.rootpath)
    scores = {t["name"]: t["score"] for t in otter["tests"] if "score" in t}
    assert {name: scores[name] for name in ("predict", "large")} == {"predict": points, "large": 0}
    gradescope = results_of_gradescope(path, zipped, tmp_path)
    assert gradescope["score"] == points == sum(t.get("score", 0) for t in gradescope["tests"])
    said = "and counts there" if chosen else "not chosen: there is no large.safetensors"
    assert said in json.dumps(gradescope["tests"])
