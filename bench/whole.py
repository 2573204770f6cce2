"""Whole processes: `otter run`, `otter grade`, `autograder grade` on one zip; growing cohorts; rejudging; pages."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.cohort.outputs import write_report
from autograder.cohort.rejudge import rejudge
from autograder.cohort.spool import keep
from autograder.cohort.store import Store
from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from autograder.report.html import staff_page, student_page
from autograder.sandbox.grader.box import Sandbox
from bench.process import Measured, measure
from bench.submissions import kinds, write_synthetic

GRADE = [sys.executable, "-m", "autograder", "grade"]


def otter_run(archive: Path, source: AssignmentSource, folder: Path, count: int) -> dict[str, Any]:
    """`otter run` on `count` submissions of different kinds, one process each."""
    texts = list(kinds(source).items())[:count]
    rows = []
    for name, text in texts:
        place = folder / name
        place.mkdir(parents=True)
        file = place / source.spec.submission.file
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "otter", "run", "-a", str(archive), "-o", str(place), str(file)]
        found = measure(command, place)
        score = None
        if (place / "results.json").exists():
            score = json.loads((place / "results.json").read_text()).get("score")
        rows.append(_row(found, 1) | {"name": name, "score": score})
    return {"count": len(rows), "rows": rows, "command": "otter run -a autograder.zip FILE"}


def otter_grade(archive: Path, source: AssignmentSource, folder: Path, count: int, image: str) -> dict[str, Any]:
    """`otter grade` with two containers, the image built before; or why it was not measured."""
    if shutil.which("docker") is None or subprocess.run(["docker", "info"], capture_output=True).returncode:
        return {"skipped": "no Docker engine answers here"}
    command = [sys.executable, "-m", "otter", "grade", "-n", "bench", "-a", str(archive), "--ext", "py", "--no-network",
               "--image", image, "--containers", "2", "--timeout", "300", "-o", str(folder)]  # fmt: skip
    measure([*command, str(write_synthetic(source, folder / "otter_grade_1", 1))], folder, sample_memory=False)
    place = write_synthetic(source, folder / "otter_grade", count)
    found = measure([*command, str(place)], folder, sample_memory=False)
    return _row(found, count) | {"command": "otter grade --containers 2 --no-network"}


def autograder_grade(archive: Path, folder: Path, submissions: Path, count: int, jobs: int) -> dict[str, Any]:
    """`autograder grade` of a folder, in one process tree, into an empty output folder."""
    out = folder / f"out_{count}_{jobs}"
    found = measure([*GRADE, str(archive), str(submissions), "-o", str(out), "-j", str(jobs)], folder)
    times = json.loads((out / "times.json").read_text()) if (out / "times.json").exists() else {}
    seconds = sorted(row["total"] for row in times.values())
    row = _row(found, count) | {"jobs": jobs, "out": str(out), "graded": len(times)}
    row["median_ms"] = 1000 * seconds[len(seconds) // 2] if seconds else None
    return row


def _row(found: Measured, count: int) -> dict[str, Any]:
    return {
        "count": count,
        "wall": found.wall,
        "processor": found.processor,
        "peak_mib": found.peak_mib,
        "status": found.status,
        "stolen": found.stolen,
        "tail": found.tail[-400:] if found.status else "",
    }


def rejudged(
    out: Path,
    source: AssignmentSource,
    bundle: Bundle,
    start: Callable[[], AbstractContextManager[Sandbox]],
    count: int,
) -> dict[str, Any]:
    """Rejudging a cohort in this process: every check applied again, nothing changed and nothing run."""
    with Store(out, create=False) as store:
        store.note_origin(bundle, source)
        replicate(store, bundle, count)
        wall, processor = time.monotonic(), time.process_time()
        result = rejudge(store, source, start, dry_run=True)
        return {
            "count": len(result.changes),
            "wall": time.monotonic() - wall,
            "processor": time.process_time() - processor,
            "changed": sum(c.told for c in result.changes),
        }


def pages(out: Path, bundle: Bundle, count: int) -> dict[str, Any]:
    """Milliseconds for each student: the two pages by themselves, and all files that a report writes."""
    with Store(out, create=False) as store:
        replicate(store, bundle, count)
        grades = [store.grade(event) for event in store.current()]
        found: dict[str, Any] = {"count": len(grades)}
        for name, page in (("student_ms", student_page), ("staff_ms", staff_page)):
            started = time.perf_counter()
            for grade in grades:
                page(grade, bundle.spec)
            found[name] = 1000 * (time.perf_counter() - started) / len(grades)
        started, processor = time.perf_counter(), time.process_time()
        write_report(store, bundle.spec)
        found["all_ms"] = 1000 * (time.perf_counter() - started) / len(grades)
        return found | {"processor_ms": 1000 * (time.process_time() - processor) / len(grades)}


def replicate(store: Store, bundle: Bundle, count: int) -> None:
    """Fill the store to `count` submissions: the graded ones' evidence again, under other names."""
    events = store.current()
    run = store.add_run("bench", "replicate", bundle, "bench", {})
    results = []
    for i in range(len(events), count):
        event = events[i % len(events)]
        name = f"copy_{i:05d}"
        grade = replace(store.grade(event), submission=name)
        evidence = replace(store.evidence(event), submission=name)
        results.append(keep(store.blobs, name, replace(event.handed, who=name), grade, evidence))
    store.add(run, "graded", results)
