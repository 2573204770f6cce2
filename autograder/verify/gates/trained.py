"""Trained weights: those that milestones are judged with in the exam were made by the programs as they are."""

from __future__ import annotations

from autograder.grading.fixtures import ENDING, FOLDER, REFERENCE
from autograder.verify.gate import Exam
from autograder.verify.report import Problem, Row, row
from autograder.verify.training import stale


def trained_gate(exam: Exam) -> Row | None:
    """Every program whose training differs has weights, its own; of one question where it has trained work."""
    source, only = exam.source, exam.options.only
    if all(c.kind == "case" for c in source.cases.cases if only in ("", c.question)):
        return None
    if source.cases.fixture is None:
        fix = f"write a @fixture and call: autograder train {source.spec.id}; or put the file there by hand"
        missing = [] if REFERENCE in source.weights else [Problem(f"{FOLDER}/{REFERENCE}{ENDING}", "is not there", fix)]
        return row("trained weights", f"{len(source.weights)} files, made by hand", missing)
    fix = f"autograder train {source.spec.id}"
    problems = [Problem(f"{FOLDER}/{name}{ENDING}", f"`{name}` {why}", fix) for name, why in stale(source).items()]
    return row("trained weights", f"{len(source.weights)} files", problems)
