"""One assignment with a sandbox to grade in: what a text appended to the reference loses."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.totals import Grade
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Sitting:
    """An assignment, recorded without its known mistakes."""

    source: AssignmentSource
    bundle: Bundle
    sandbox: Sandbox

    def grade(self, more: str, student: str = "somebody") -> Grade:
        """The grade of the reference with `more` behind it (later definitions win)."""
        spec = self.source.spec.submission
        text = f"{self.source.reference}\n\n# %%\n{more}"
        submission = Submission.of_text(spec.file, spec.module, text)
        grade, _ = grade_submission(self.sandbox, self.bundle, submission, student, Settings(student))
        assert grade.graded
        return grade

    def lost(self, more: str, student: str = "somebody") -> dict[str, str]:
        """Case → message of all cases that get less than everything."""
        return {v.case: v.message for v in self.grade(more, student).verdicts if v.credit < 1}


@contextmanager
def sitting(name: str) -> Iterator[Sitting]:
    """The sitting of one assignment."""
    source = load_source(ROOT, name)
    with Sandbox.start() as sandbox:
        yield Sitting(source, build_bundle(sandbox, replace(source, misconceptions=())), sandbox)


def programs(path: Path) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Name → (code, cases that it loses) of a TOML file of programs."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: (entry["code"], tuple(entry.get("loses", ()))) for name, entry in table.items()}
