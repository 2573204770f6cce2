"""No right answer, and no known mistake, of any assignment is taken for the use of a forbidden name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.grading.source import AssignmentSource, load_source
from autograder.sandbox.grader.forbidden import find_forbidden, suspicions
from autograder.sandbox.worker.uses import Text, index_of, mentions_of
from autograder.spec.models import Question

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml"))


def asked(source: AssignmentSource) -> list[tuple[Question, frozenset[str]]]:
    """Questions that forbid something, with the names that their probes mention."""
    return [
        (question, mentions_of(source.cases.probes([c.name for c in source.cases.cases if c.question == question.id])))
        for question in source.spec.graded()
        if question.forbidden
    ]


def check(source: AssignmentSource, texts: Mapping[str, str]) -> None:
    """Nothing is found in any of these submissions, nor would anything be shown to a person."""
    questions, told = asked(source), []
    for name, text in texts.items() if questions else ():
        index = index_of([Text(source.spec.submission.file, text)])
        for question, roots in questions:
            lines = find_forbidden(index, roots, question.forbidden_names) + suspicions(
                index, roots, question.forbidden_names
            )
            told += [(name, question.id, line) for line in lines]
    assert told == []


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_reference_and_other_right_answers_use_nothing_forbidden(name: str) -> None:
    source = load_source(ROOT, name)
    check(source, {"reference": source.reference} | {one: source.alternate(one) for one in source.alternates})


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_known_mistakes_use_nothing_forbidden(name: str) -> None:
    source = load_source(ROOT, name)
    check(source, {m.id: source.variant(m) for m in source.misconceptions})


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_whatever_is_forbidden_is_found_where_a_function_asked_for_uses_it(name: str) -> None:
    source = load_source(ROOT, name)
    for question, roots in asked(source):
        function = min(n for n in roots if f"\ndef {n}(" in source.reference or f"\nclass {n}(" in source.reference)
        for forbidden in question.forbidden_names:
            text = f"import {forbidden.split('.')[0]}\ndef {function}(*given):\n    return {forbidden}(*given)\n"
            found = find_forbidden(index_of([Text("hw.py", text)]), roots, question.forbidden_names)
            assert any(forbidden.rpartition(".")[2] in line for line in found), (question.id, forbidden)
