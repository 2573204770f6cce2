"""The four ways to grade a folder of submissions; each gives name -> points per question, and the seconds it took."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_path
from autograder.sandbox.grader.box import Sandbox
from tests.e2e.submissions import Entry, Points

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ("neuron", "line")
METADATA: dict[str, Any] = {
    "id": 123456,
    "created_at": "2026-09-12T01:30:00.000000-04:00",
    "assignment": {
        "due_date": "2026-09-10T23:59:00.000000-04:00",
        "late_due_date": "2026-09-15T23:59:00.000000-04:00",
        "release_date": "2026-09-01T00:00:00.000000-04:00",
        "group_size": 2,
        "group_submission": True,
        "id": 25828,
        "course_id": 1234,
        "title": "Tiny",
        "total_points": "10.0",
    },
    "submission_method": "upload",
    "users": [
        {"email": "ada@uni.edu", "id": 1, "name": "Ada Lovelace"},
        {"email": "alan@uni.edu", "id": 2, "name": "Alan Turing"},
    ],
    "previous_submissions": [
        {"submission_time": "2026-09-09T10:00:00.000000-04:00", "score": 3.0, "autograder_error": False, "results": {}}
    ],
}


@dataclass
class Graded:
    """What an engine said: points by name, Gradescope tables by name where it makes them, seconds in all."""

    points: dict[str, Points | None] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0


def run(*command: object, seconds: float = 900, **options: Any) -> subprocess.CompletedProcess[str]:
    """A command, with its output in the error when it fails."""
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, timeout=seconds, check=False, **options
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done


def write(entries: Iterable[Entry], folder: Path) -> dict[str, Path]:
    """The submissions as files, in a folder per ending (as `otter grade` wants them)."""
    paths = {}
    for entry in entries:
        path = folder / Path(entry.file).suffix.removeprefix(".") / entry.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.data)
        paths[entry.name] = path
    return paths


def ours(bundle: Bundle, paths: Mapping[str, Path]) -> Graded:
    """Our own engine: one sandbox for all."""
    graded, started = Graded(), time.monotonic()
    with Sandbox.start() as sandbox:
        for name, path in paths.items():
            grade, _ = grade_path(sandbox, bundle, path, path.stem, Settings())
            points = {q.question: float(q.points) for q in grade.questions}
            graded.points[name] = (points["neuron"], points["line"]) if grade.graded else None
    graded.seconds = time.monotonic() - started
    return graded


def otter_run(autograder: Path, paths: Mapping[str, Path], scratch: Path) -> Graded:
    """`otter run`, one process per submission."""

    def one(item: tuple[str, Path]) -> tuple[str, Points, dict[str, Any]]:
        name, path = item
        out = scratch / name
        out.mkdir(parents=True)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "otter", "run", "-a", autograder, "-o", out, path]
        try:
            run(*command, cwd=out, env=environment, seconds=300)
        except RuntimeError as error:  # two kernels that start at once may choose the same port (Jupyter, not ours)
            if "Kernel didn't respond" not in str(error):
                raise
            run(*command, cwd=out, env=environment, seconds=300)
        table = json.loads((out / "results.json").read_text(encoding="utf-8"))
        scores = {t["name"]: float(t["score"]) for t in table["tests"] if "score" in t}
        return name, (scores["neuron"], scores["line"]), table

    graded, started = Graded(), time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        for name, points, table in pool.map(one, paths.items()):
            graded.points[name], graded.tables[name] = points, table
    graded.seconds = time.monotonic() - started
    return graded


def otter_grade(autograder: Path, paths: Mapping[str, Path], image: str, scratch: Path) -> Graded:
    """Real `otter grade`, once per ending, without network and with a timeout per container."""
    graded, started = Graded(), time.monotonic()
    for folder in sorted({path.parent for path in paths.values()}):
        ending, out = folder.name, scratch / folder.name
        out.mkdir(parents=True)
        run(sys.executable, "-m", "otter", "grade", "-n", f"autograder-e2e-{ending}", "-a", autograder, "--ext", ending,
            "--image", image, "--timeout", 300, "--no-network", "--containers", 2, "-o", out, folder,
            cwd=out, seconds=1800)  # fmt: skip
        with (out / "final_grades.csv").open(encoding="utf-8", newline="") as file:
            rows = {row["file"]: row for row in csv.DictReader(file)}
        for name, path in paths.items():
            if path.parent == folder:
                row = rows[path.name]
                fine = row["grading_status"] == "Completed"
                graded.points[name] = (float(row["neuron"]), float(row["line"])) if fine else None
    graded.seconds = time.monotonic() - started
    return graded


def gradescope_image(autograder: Path, base: str, scratch: Path) -> str:
    """An image as Gradescope builds it: the zip unpacked to /autograder/source, setup.sh run."""
    context = scratch / "context"
    context.mkdir()
    (context / "autograder.zip").write_bytes(autograder.read_bytes())
    (context / "Dockerfile").write_text(
        f"FROM {base}\n"
        "RUN mkdir -p /autograder/source /autograder/submission /autograder/results\n"
        "COPY autograder.zip /tmp/\n"
        "RUN python3 -m zipfile -e /tmp/autograder.zip /autograder/source && rm /tmp/autograder.zip \\\n"
        " && cp /autograder/source/run_autograder /autograder/ && chmod +x /autograder/run_autograder \\\n"
        " && bash /autograder/source/setup.sh\n",
        encoding="utf-8",
    )
    run("docker", "build", "-q", "-t", "autograder-e2e-gradescope", context, env={**os.environ, "DOCKER_BUILDKIT": "0"})
    return "autograder-e2e-gradescope"


def gradescope(image: str, paths: Mapping[str, Path], scratch: Path) -> Graded:
    """Gradescope's layout in a plain container; a zip is unpacked first, as Gradescope does."""

    def one(item: tuple[str, Path]) -> tuple[str, dict[str, Any]]:
        name, path = item
        folder = scratch / name
        submission = folder / "submission"
        submission.mkdir(parents=True)
        (folder / "submission_metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")
        if path.suffix == ".zip":
            zipfile.ZipFile(path).extractall(submission)
        else:
            (submission / path.name).write_bytes(path.read_bytes())
        container = run("docker", "create", image, "/autograder/run_autograder").stdout.strip()
        try:
            run("docker", "cp", f"{submission}/.", f"{container}:/autograder/submission")
            run("docker", "cp", folder / "submission_metadata.json", f"{container}:/autograder/")
            run("docker", "start", container)
            run("docker", "wait", container, seconds=400)
            run("docker", "cp", f"{container}:/autograder/results/results.json", folder)
            (folder / "stdout").write_text(run("docker", "logs", container).stdout, encoding="utf-8")
        finally:
            run("docker", "rm", "-f", container)
        return name, json.loads((folder / "results.json").read_text(encoding="utf-8"))

    graded, started = Graded(), time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        for name, table in pool.map(one, paths.items()):
            graded.tables[name] = table
            graded.points[name] = _points(table)
    graded.seconds = time.monotonic() - started
    return graded


def _points(table: dict[str, Any]) -> Points | None:
    """Points per question: entries are numbered `question.case`."""
    if "score" not in table:
        return None
    sums = [0.0, 0.0]
    for test in table["tests"]:
        sums[int(test["number"].split(".")[0]) - 1] += test["score"]
    return sums[0], sums[1]
