"""Trained weights: those that milestones are judged with in the exam were made by the programs as they are."""

from __future__ import annotations

from autograder.grading.fixtures import ENDING, FOLDER, REFERENCE, fixture_name
from autograder.verify.gate import Exam
from autograder.verify.report import Problem, Row, row
from autograder.verify.training import stale


def trained_gate(exam: Exam) -> Row | None:
    """Every program whose training differs has weights, its own; of one question where it has trained work."""
    source, only = exam.source, exam.options.only
    if all(c.kind == "case" for c in source.cases.cases if only in ("", c.question)):
        return None
    bare = [fixture_name(REFERENCE, file) for file in source.spec.further_weights]
    bare = [name for name in bare if name not in source.weights]
    if source.cases.fixture is None:
        fix = f"write a @fixture and call: autograder train {source.spec.id}; or put the file there by hand"
        bare += [] if REFERENCE in source.weights else [REFERENCE]
        missing = [Problem(f"{FOLDER}/{name}{ENDING}", "is not there", fix) for name in bare]
        return row("trained weights", f"{len(source.weights)} files, made by hand", missing)
    fix = f"autograder train {source.spec.id}"
    found = dict.fromkeys(bare, "has no weights") | stale(source)
    problems = [Problem(f"{FOLDER}/{name}{ENDING}", f"`{name}` {why}", fix) for name, why in found.items()]
    return row("trained weights", f"{len(source.weights)} files", problems)
