"""The public part of cases.py: what public cases need is there, and nothing that only hidden ones need."""

from dataclasses import replace

import pytest

from autograder.errors import CasesError
from autograder.grading.source import AssignmentSource
from autograder.release.public_cases import loaded_alone, public_modules


def test_public_cases_come_with_their_helpers_and_judges_and_nothing_else(source: AssignmentSource) -> None:
    modules = public_modules(source.cases, "selfcheck")
    assert sorted(modules) == ["cases.py", "tiny_judges"]
    assert "def three(world)" in modules["cases.py"]
    assert '@case("neuron", public=True, check=close())\ndef three_inputs(student, world):' in modules["cases.py"]
    assert "def wrong(message)" in modules["tiny_judges"]
    for text in modules.values():
        assert "hidden" not in text
        assert "seven" not in text
        assert "is_zero_of_two" not in text


def test_imports_name_the_package_of_the_handout(source: AssignmentSource) -> None:
    modules = public_modules(source.cases, "selfcheck")
    assert "from tiny_judges import is_zero\n" in modules["cases.py"]
    assert "from selfcheck.checks import close, satisfies\n" in modules["cases.py"]
    assert "from selfcheck.checks import Measured\n" in modules["tiny_judges"]
    assert "autograder" not in "".join(modules.values())


def test_a_table_that_is_changed_after_its_first_line_comes_whole(source: AssignmentSource) -> None:
    (file,) = source.cases.files
    text = file.text.replace("@case(", "SIZES = {3: 1}\nSIZES |= {4: 2}\n\n\n@case(", 1)
    text = text.replace("def three_inputs(student, world):", "def three_inputs(student, world, sizes=SIZES):", 1)
    cases = replace(source.cases, files=(replace(file, text=text),))
    assert "SIZES = {3: 1}\n\n\nSIZES |= {4: 2}\n" in public_modules(cases, "selfcheck")["cases.py"]


def test_public_cases_that_do_not_stand_alone_are_refused(source: AssignmentSource) -> None:
    ids = [q.id for q in source.spec.questions]
    alone = loaded_alone(source.cases, source.support, ids)
    assert [c.name for c in alone.cases] == [c.name for c in source.cases.cases if c.public], "the control"
    (file,) = source.cases.files
    text = file.text.replace("@case(", "exec('HIDDEN = 3')\n\n\n@case(", 1)
    text = text.replace("def three_inputs(student, world):", "def three_inputs(student, world, size=HIDDEN):", 1)
    cases = replace(source.cases, files=(replace(file, text=text),))
    with pytest.raises(CasesError, match=r"public part of .*`HIDDEN` is not defined"):
        loaded_alone(cases, source.support, ids)
