"""No right answer, and no known mistake, of any assignment is taken for the use of a forbidden name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.grading.source import AssignmentSource, load_source
from autograder.sandbox.grader.forbidden import find_forbidden, suspicions
from autograder.sandbox.worker.uses import Text, index_of, mentions_of

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml"))


def told(source: AssignmentSource, text: str) -> dict[str, list[str]]:
    """Question → what is found in a submission of this text, or would be shown to a person."""
    index = index_of([Text(source.spec.submission.file, text)])
    found = {}
    for question in source.spec.graded():
        roots = mentions_of(source.cases.probes([c.name for c in source.cases.cases if c.question == question.id]))
        lines = find_forbidden(index, roots, question.forbidden) + suspicions(index, roots, question.forbidden)
        if lines:
            found[question.id] = lines
    return found


def check(source: AssignmentSource, texts: Mapping[str, str]) -> None:
    assert {name: found for name, text in texts.items() if (found := told(source, text))} == {}


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
    for question in source.spec.graded():
        cases = [c.name for c in source.cases.cases if c.question == question.id]
        roots = mentions_of(source.cases.probes(cases))
        asked = sorted(n for n in roots if f"\ndef {n}(" in source.reference)
        for forbidden in question.forbidden:
            module = forbidden.rpartition(".")[0]
            text = f"import {module.split('.')[0]}\ndef {asked[0]}(*given):\n    return {forbidden}(*given)\n"
            found = find_forbidden(index_of([Text("hw.py", text)]), roots, question.forbidden)
            assert any(forbidden.rpartition(".")[2] in line for line in found), (question.id, forbidden)
