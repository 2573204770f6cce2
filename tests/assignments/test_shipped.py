"""Every assignment of this course has passed `verify` as it is now, and hands out what its reference says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.grading.certificate import certificate_state
from autograder.grading.source import assignment_names, load_source
from autograder.release.public_cases import public_modules
from autograder.verify.agreement import coverage_problems, id_problems, points_problems, stub_file_problems
from autograder.verify.equivalents import load_equivalents, stale_entries
from autograder.verify.operators import mutants

ROOT = Path(__file__).parents[2]
NUMBERS = re.compile(r"\[[-+0-9.e, ]{30,}\]")


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_its_certificate_speaks_of_its_files(name: str) -> None:
    assert certificate_state(load_source(ROOT, name)) in ("fresh", "aged"), f"autograder verify {name} --write"


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_ids_stub_points_and_coverage_are_in_order(name: str) -> None:
    source = load_source(ROOT, name)
    problems = [*id_problems(source), *stub_file_problems(source), *points_problems(source), *coverage_problems(source)]
    made = mutants(source.reference, source.spec.submission.file)
    assert [p.text() for p in (*problems, *stale_entries(load_equivalents(source), made))] == []


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_no_table_of_numbers_goes_out_with_the_judges_of_public_cases(name: str) -> None:
    """Weights or values that a hidden case is judged by: a whole module goes out where a public case imports it."""
    shipped = public_modules(load_source(ROOT, name).cases, "selfcheck")
    assert {file: tables for file, text in shipped.items() if (tables := NUMBERS.findall(text))} == {}


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_what_the_course_promises_of_an_assignment(name: str) -> None:
    """At least three known mistakes a question, five alternates, a written question, hints where tables lie."""
    source = load_source(ROOT, name)
    for question in source.spec.graded():
        own = {c.name for c in source.cases.of(question.id)}
        instead = bool(question.instead_of)  # its mistakes stand with the question that it stands in for
        known = [m for m in source.misconceptions if m.question == question.id or (instead and own & {*m.fails})]
        assert len(known) >= 3, question.id
    assert len(source.alternates) >= 5
    assert len([q for q in source.spec.questions if q.kind == "written"]) >= 1
    for misconception in source.misconceptions:
        assert misconception.feedback.strip()
