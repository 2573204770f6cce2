"""The course's own assignments: their stubs are not stale, and each question has its section in the notebook."""

import functools
from pathlib import Path

import pytest

from autograder.grading.source import AssignmentSource, assignment_names, load_source
from autograder.release.notebook import make_notebook
from autograder.release.public_cases import loaded_alone, public_modules
from autograder.release.stub import make_stub

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def assignment(name: str) -> AssignmentSource:
    """Read once: judges that import a lot take their time."""
    return load_source(ROOT, name)


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_the_stub_is_what_the_reference_gives(name: str) -> None:
    source = assignment(name)
    stub = source.public_folder / source.spec.submission.file
    assert stub.read_text(encoding="utf-8") == make_stub(source.reference, source.spec.submission.file)


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_every_question_has_its_check_cell(name: str) -> None:
    source = assignment(name)
    stub = make_stub(source.reference, source.spec.submission.file)
    notebook = make_notebook(stub, source.spec.questions, source.spec.submission.file)
    for question in source.spec.graded():
        assert notebook.count(f'grader.check(\\"{question.id}\\")') == 1


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_the_public_cases_stand_on_their_own(name: str) -> None:
    cases = assignment(name).cases
    text = "\n".join(public_modules(cases, "selfcheck").values())
    for case in cases.cases:
        assert (f"def {case.name}(" in text) == case.public
    source = assignment(name)
    alone = loaded_alone(cases, source.support, [q.id for q in source.spec.questions])
    assert [c.name for c in alone.cases] == [c.name for c in cases.cases if c.public]
