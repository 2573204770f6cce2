"""Cohorts of hostile hand-ins beside one honest neighbour, graded by the local engine; what it costs the grader.

    python -m tests.hostile.fuzzing.cohorts --count 2000 --batch 250

The neighbour must get the same grade, byte for byte, in every cohort; no hand-in may go without a row or a word.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.intake.ignoring import litter
from autograder.release.bundle_zip import build_autograder
from autograder.sandbox.grader.box import Sandbox
from tests.hostile.den import descendants
from tests.hostile.fuzzing.kinds import HONEST, HandIn, hand_in

COURSE = Path(__file__).parents[1] / "course"
REPOSITORY = COURSE.parents[2]
PATIENCE = 3600.0


@dataclass
class Cohort:
    """What came of one command: `silent` hand-ins have neither a row nor a word.

    Memory in MiB: the highest of the head, of a worker of the cohort, of a judge.
    """

    status: int
    seconds: float
    neighbour: bytes
    statuses: Counter[str]
    rows: int
    silent: int
    told: str
    peaks: dict[str, float] = field(default_factory=dict)


def archive(folder: Path) -> Path:
    """The trial course's autograder.zip."""
    source = load_source(COURSE, "trial")
    with Sandbox.start() as sandbox:
        bundle = build_bundle(sandbox, source)
    path = folder / "trial.zip"
    path.write_bytes(build_autograder(source, bundle))
    return path


def write(folder: Path, hand_ins: Iterable[HandIn]) -> None:
    """Put hand-ins, and the honest neighbour, into a folder."""
    folder.mkdir(parents=True)
    (folder / "honest.py").write_text(HONEST)
    root = os.fsencode(folder)
    for one in hand_ins:
        path = os.path.join(root, one.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if one.link:
            os.symlink(one.link, path)
        else:
            with open(path, "wb") as file:
                file.write(one.data)


def run(zip_path: Path, folder: Path, hand_ins: Iterable[HandIn], jobs: int = 2) -> Cohort:
    """Grade them, beside the neighbour, in a process of its own."""
    write(folder / "in", hand_ins)
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        str(zip_path),
        str(folder / "in"),
        "-o",
        str(folder / "out"),
    ]
    with (folder / "log").open("w+b") as log:
        started = time.monotonic()
        process = subprocess.Popen([*map(str, command), "-j", str(jobs)], cwd=REPOSITORY, stdout=log, stderr=log)
        watch = _Watch(process.pid)
        status = process.wait(PATIENCE)
        seconds = time.monotonic() - started
        peaks = watch.stop()
        log.seek(0)
        told = log.read().decode(errors="replace")
    grades = folder / "out" / "grades"
    tables = [json.loads(path.read_bytes()) for path in sorted(grades.iterdir())] if grades.exists() else []
    honest = grades / "honest.json"
    statuses = Counter(str(verdict["status"]) for table in tables for verdict in table["verdicts"])
    left_out = sum(line.startswith("left out: ") for line in told.split("\n"))
    silent = sum(not litter(name) for name in os.listdir(folder / "in")) - len(tables) - left_out
    neighbour = honest.read_bytes() if honest.exists() else b""
    return Cohort(status, seconds, neighbour, statuses, len(tables), silent, told, peaks)


class _Watch:
    """The highest memory of the grader's own processes, looked at five times a second; sandboxes have limits anyway."""

    def __init__(self, head: int) -> None:
        self._head, self._stop, self.peaks = head, threading.Event(), dict[str, float]()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(0.2):
            for pid in (self._head, *descendants(self._head)):
                name = "head" if pid == self._head else _role(pid)
                if name:
                    self.peaks[name] = max(self.peaks.get(name, 0.0), _highest(pid))

    def stop(self) -> dict[str, float]:
        self._stop.set()
        self._thread.join()
        return self.peaks


def _role(pid: int) -> str:
    """`worker` or `judge` of the cohort; nothing for a process of the sandbox."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    except OSError:
        return ""
    module = next((word for word in words if word.startswith("autograder.")), "")
    return "worker" if module == "autograder.cohort.worker" else "judge" if "judge" in module else ""


def _highest(pid: int) -> float:
    """MiB of resident memory that a process has had at most."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def summary(cohorts: list[Cohort], count: int) -> dict[str, Any]:
    """The figures of a run."""
    peaks: dict[str, float] = {}
    for cohort in cohorts:
        for name, value in cohort.peaks.items():
            peaks[name] = round(max(peaks.get(name, 0.0), value), 0)
    seconds = sum(cohort.seconds for cohort in cohorts)
    return {
        "hand-ins": count,
        "cohorts": len(cohorts),
        "exit statuses": sorted({cohort.status for cohort in cohorts}),
        "neighbour's grades": len({cohort.neighbour for cohort in cohorts}),
        "grades": sum(cohort.rows for cohort in cohorts),
        "without a row or a word": sum(abs(cohort.silent) for cohort in cohorts),
        "cases": dict(sum((cohort.statuses for cohort in cohorts), Counter())),
        "seconds": round(seconds, 1),
        "seconds each": round(seconds / max(1, count), 3),
        "MiB at most": peaks,
    }


def main() -> None:
    """Grade so many, in cohorts, and print the figures; exit status 1 when something is not as it must be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=250)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=None, help="Keep the folders of the cohorts here.")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    zip_path, cohorts = archive(folder), []
    last = given.first + given.count
    for start in range(given.first, last, given.batch):
        numbers = range(start, min(start + given.batch, last))
        cohorts.append(run(zip_path, folder / f"from_{start}", map(hand_in, numbers), given.jobs))
        print(f"{numbers}: status {cohorts[-1].status}, {cohorts[-1].seconds:.0f} s, {cohorts[-1].peaks}", flush=True)
    print(json.dumps(summary(cohorts, given.count), indent=1))
    if given.keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    odd = [c for c in cohorts if c.status not in (0, 1) or "Traceback" in c.told or not c.neighbour or c.silent]
    sys.exit(1 if odd or len({c.neighbour for c in cohorts}) != 1 else 0)


if __name__ == "__main__":
    main()
