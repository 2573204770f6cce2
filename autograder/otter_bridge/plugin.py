"""The Otter plugin: grades in the sandbox before Otter runs anything, and hands Otter a notebook of verdicts.

Under `otter run` it grades itself. In a container the runner (container.py) has done so already and has left the
outcome beside the submission folder, because Otter cannot even open a submission of several files.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import nbformat

from autograder.errors import MachineError
from autograder.otter_bridge.outcome import outcome_cell, outcome_of
from autograder.otter_bridge.staging import grade_hand_in, load_bundle, students_hand_in

NAME = "autograder.otter_bridge.plugin.GradePlugin"
GRADER = "source/files/_autograder"
OUTCOME = "outcome.json"


class GradePlugin:
    """Otter calls the methods by name; those that are missing count as "not supported".

    Args:
        submission_path: the file that Otter found.
        submission_metadata: Gradescope's, or empty.
        plugin_config: `sandbox` is the mode of the sandbox.
    """

    def __init__(
        self, submission_path: str, submission_metadata: dict[str, Any], plugin_config: dict[str, Any]
    ) -> None:
        self.path = Path(submission_path)
        self.root = self.path.parent.parent
        self.mode = plugin_config.get("sandbox", "standard")
        self.outcome: dict[str, Any] = {}

    def before_grading(self, config: Any) -> None:
        """Grade, and leave an empty file in place of the student's: Otter reads it, and fails where it is not UTF-8."""
        stored = self.root / OUTCOME
        self.outcome = json.loads(stored.read_text(encoding="utf-8")) if stored.is_file() else self._grade()
        if not self.outcome["graded"]:
            what = f"the submission was not graded: {self.outcome['failure']}; this says nothing about the work"
            raise MachineError(what, where=self.path.name, found=self.outcome["why"], fix="mend it, and grade again")
        _clear(self.path.parent)
        nothing = nbformat.writes(nbformat.v4.new_notebook()) if self.path.suffix == ".ipynb" else ""
        self.path.write_text(nothing, encoding="utf-8")

    def before_execution(self, submission: Any) -> Any:
        """A notebook of verdicts in place of the student's."""
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outcome_cell(self.outcome))])

    def after_grading(self, results: Any) -> None:
        """Exact points per question, fractions included."""
        for question, points in self.outcome["questions"].items():
            results.get_result(question).update_score(points)

    def generate_report(self) -> str:
        """A line for the log."""
        return f"{self.outcome.get('summary', '')}\nsandbox: {', '.join(self.outcome.get('layers', []))}"

    def _grade(self) -> dict[str, Any]:
        bundle = load_bundle(self.root / GRADER)
        ours = os.listdir(self.root / "source" / "files")
        hand_in = students_hand_in(self.path.parent, self.path.stem, ours)
        return outcome_of(grade_hand_in(bundle, hand_in, self.mode))


def _clear(folder: Path) -> None:
    """Remove all but the tests: the kernel starts here, and Python would import the student's files."""
    for entry in folder.iterdir():
        if entry.name == "tests" and not entry.is_symlink():
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
