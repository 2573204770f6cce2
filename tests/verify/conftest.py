"""The exam of the small course, held without a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.grading.source import AssignmentSource, load_source
from autograder.release.stub import make_stub
from autograder.verify.exam import Options, verify_assignment
from autograder.verify.report import Report
from tests.fakes import FakeSandbox
from tests.small_course import HANDOUT, write_course

GOOD_HANDOUT = HANDOUT
Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]


@pytest.fixture
def course(tmp_path: Path) -> Make:
    """Writes the small course with some of its texts replaced, its alternates and its stub; gives the source."""

    def make(alternates: dict[str, str] | None = None, stub: bool = True, **texts: str) -> AssignmentSource:
        write_course(tmp_path, **{"handout": GOOD_HANDOUT, **texts})
        folder = tmp_path / "solutions/small/alternates"
        folder.mkdir(exist_ok=True)
        for name, text in (alternates or {}).items():
            (folder / f"{name}.py").write_text(text)
        source = load_source(tmp_path, "small")
        if stub:
            (source.public_folder / "small.py").write_text(make_stub(source.reference, "small.py"))
        return source

    return make


@pytest.fixture
def exam() -> Exam:
    """Holds the exam of a source."""

    def hold(source: AssignmentSource, **options: object) -> Report:
        return verify_assignment(FakeSandbox(), source, Options(jobs=1, **options))  # type: ignore[arg-type]

    return hold


def said(report: Report, gate: str) -> str:
    """Everything that a gate has to say."""
    row = report.gate(gate)
    return f"{row.status}: " + "\n".join(p.text() for p in row.problems)
