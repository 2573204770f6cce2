"""Real `otter run` on our zip gives, question by question, the points of our own engine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_path
from autograder.sandbox.grader.box import Sandbox
from tests.otter_bridge.submissions import ALL

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", sorted(ALL))
def test_otter_run_gives_the_points_of_the_engine(
    name: str, bundle: Bundle, autograder_zip: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file, data, points = ALL[name]
    path = tmp_path / file
    path.write_bytes(data)
    with Sandbox.start() as sandbox:
        grade, _ = grade_path(sandbox, bundle, path, path.stem, Settings())
    assert tuple(float(q.points) for q in grade.questions) == points
    out = tmp_path / "out"
    out.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "otter", "run", "-a", str(autograder_zip), "-o", str(out), str(path)],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(request.config.rootpath)}, capture_output=True, text=True,
        timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    table = json.loads((out / "results.json").read_text(encoding="utf-8"))
    scores = {t["name"]: t["score"] for t in table["tests"] if "score" in t}
    assert tuple(scores[q.question] for q in grade.questions) == points
    visible = json.dumps([t for t in table["tests"] if t.get("visibility") == "visible"])
    assert "seven" not in visible
    assert "zeros_of_two_lines" not in visible
