"""A status says what follows from it, and nobody else decides that."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.grading.status import Status
from autograder.report.text import STATUS_WORDS

PACKAGE = Path(__file__).parent.parent.parent / "autograder"
PROPERTIES = {
    "passed": {"passed"},
    "scores": {"passed", "failed", "error", "timeout", "crashed", "memory", "forbidden", "protocol", "skipped"},
    "pending": {"waiting"},
    "grader_fault": {"broken"},
    "worth_a_look": {"forbidden", "protocol", "crashed", "memory", "broken"},
    "explained": {"failed", "error", "timeout", "memory"},
    "limited": {"timeout", "memory"},
}
OF_ANSWERS = {"sandbox", "authoring"}  # what a worker answers is a type of the wire


@pytest.mark.parametrize(("name", "have"), PROPERTIES.items())
def test_a_property_holds_for_these_and_no_others(name: str, have: set[str]) -> None:
    assert {s.value for s in Status if getattr(s, name)} == have


def test_every_status_either_scores_or_waits_or_is_the_graders_fault() -> None:
    assert all(s.scores + s.pending + s.grader_fault == 1 for s in Status)


def test_every_status_has_a_word_of_its_own() -> None:
    assert set(STATUS_WORDS) == set(Status)
    assert len(set(STATUS_WORDS.values())) == len(Status)


def compared_with(path: Path) -> list[str]:
    """Quoted statuses that a file compares something with; an answer's status is a text, and may be."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Compare) and not (isinstance(node.left, ast.Attribute) and _of_answer(node.left)):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and part.value in set(Status) and _about_status(node):
                    found.append(f"{path.name}:{node.lineno}")
    return found


def _of_answer(left: ast.Attribute) -> bool:
    of = left.value
    name = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
    return name in ("answer", "a")


def _about_status(node: ast.Compare) -> bool:
    return isinstance(node.left, ast.Attribute) and node.left.attr == "status"


def test_no_quoted_status_decides_about_a_verdict() -> None:
    files = [p for p in PACKAGE.rglob("*.py") if p.relative_to(PACKAGE).parts[0] not in OF_ANSWERS]
    assert [place for path in files for place in compared_with(path)] == []


def test_a_quoted_status_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text('bad = v.status == "broken" or v.status in ("error", "memory")\n')
    assert compared_with(tmp_path / "x.py") == ["x.py:1"] * 3
