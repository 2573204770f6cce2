"""The runner in a container: grades ./submission, writes Gradescope's results.json, lets Otter write its own results.

The order is the point. First a results.json that says "not graded", so that there is one whatever happens. Then the
student's files leave the folder that Otter works in. Then the grade, and at last Otter, which sees verdicts only and
is needed only where `otter grade` waits for its results.pkl.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from autograder.errors import AutograderError, at_fault
from autograder.grading.bundle import Bundle
from autograder.grading.totals import Grade
from autograder.otter_bridge.gradescope import not_graded, results_table, staff_log
from autograder.otter_bridge.outcome import outcome_of
from autograder.otter_bridge.plugin import GRADER, NAME, OUTCOME
from autograder.otter_bridge.staging import grade_hand_in, load_bundle, of_its_day, students_hand_in
from autograder.sandbox.wire.messages import Mode

PRIVATE = (GRADER + "/bundle", "source/tests", "submission_metadata.json")


def main(root: Path) -> int:
    """Grade what lies in `root`, laid out as Gradescope does; the exit status of run_autograder.

    0: graded. 1: not graded, or Otter failed where its results are waited for; the reason is on stderr.
    """
    _write(root / "results" / "results.json", not_graded("the grader was stopped before it finished"))
    try:
        return _main(root)
    finally:
        _give_back(root)


def _main(root: Path) -> int:
    started = time.monotonic()
    results = root / "results" / "results.json"
    try:
        _keep_private(root)
        bundle = load_bundle(root / GRADER)
        metadata = _metadata(root / "submission_metadata.json")
        grade = _grade(root, bundle, metadata)
    except Exception as error:
        reason = error.text() if isinstance(error, AutograderError) else traceback.format_exc()
        print(f"not graded: {reason}", file=sys.stderr)
        _write(results, not_graded(at_fault(error)))
        return 1
    table = results_table(grade, bundle.spec, metadata, time.monotonic() - started)
    _write(results, table)
    print(staff_log(grade))
    if not grade.graded:
        return 1
    waiting = (root / "results" / "results.pkl").exists()
    fine = not waiting or _otter(root, grade)
    _write(results, table)
    return 0 if fine else 1


def _grade(root: Path, bundle: Bundle, metadata: Mapping[str, Any]) -> Grade:
    """Move the student's files out of Otter's folder, and grade them."""
    student = root / "student"
    student.mkdir(mode=0o700, exist_ok=True)
    for entry in sorted((root / "submission").iterdir()):
        shutil.move(entry, student / entry.name)
    return grade_hand_in(bundle, of_its_day(students_hand_in(student), bundle.spec, metadata), _mode(root))


def _give_back(root: Path) -> None:
    """The student's files where they were: `otter grade` copies the submission out of the container in the end."""
    student = root / "student"
    for entry in sorted(student.iterdir()) if student.is_dir() else ():
        target = root / "submission" / entry.name
        if not os.path.lexists(target):
            shutil.move(entry, target)


def _otter(root: Path, grade: Grade) -> bool:
    """Let Otter make results.pkl out of the verdicts; whether it did."""
    from otter.run.run_autograder import main as otter_main

    (root / OUTCOME).write_text(json.dumps(outcome_of(grade)), encoding="utf-8")
    (root / OUTCOME).chmod(0o600)
    (root / "submission" / "verdicts.ipynb").write_text(
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8"
    )
    try:
        otter_main(str(root), zips=False, pdf=False, logo=False, debug=False)
    except Exception:
        traceback.print_exc()
        return False
    return (root / "results" / "results.pkl").stat().st_size > 0


def _mode(root: Path) -> Mode:
    """The sandbox mode that otter_config.json asks for."""
    config = json.loads((root / "source" / "otter_config.json").read_text(encoding="utf-8"))
    for plugin in config.get("plugins", ()):
        if isinstance(plugin, dict) and NAME in plugin:
            return cast(Mode, plugin[NAME].get("sandbox", "standard"))
    return "standard"


def _keep_private(root: Path) -> None:
    """Close what only the grader may read to other users (the sandbox closes it once more)."""
    for name in PRIVATE:
        path = root / name
        with contextlib.suppress(OSError):
            path.chmod(0o700 if path.is_dir() else 0o600)


def _metadata(path: Path) -> dict[str, Any]:
    """Gradescope's submission_metadata.json; empty when it is damaged, which is no reason not to grade."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


def _write(path: Path, table: dict[str, Any]) -> None:
    """JSON at once, by temporary file and rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(json.dumps(table, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, path)
