"""The public part of cases.py: what public cases need is there, and nothing that only hidden ones need."""

from autograder.grading.source import AssignmentSource
from autograder.release.public_cases import public_modules


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
