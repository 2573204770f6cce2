"""cases.py: what loads, what is refused, and what of it goes into the sandbox."""

from __future__ import annotations

import pytest

from autograder.authoring.extraction import CaseFile, extract_probes
from autograder.authoring.loading import load_cases
from autograder.errors import CasesError

CASES = '''
"""Cases."""
import math
import numpy as np
from autograder.authoring import case
from autograder.checks import close, satisfies, Measured
from truth import secret

SIZE = 3

def inputs(world):
    return world.normal((SIZE,))

def judged(outputs, world):
    return Measured(abs(outputs - secret()))

@case("one", public=True, check=close())
def first(student, world):
    """First."""
    return student.f(inputs(world))

@case("one", check=satisfies(judged))
def second(student: object, world: object) -> object:
    """Second."""
    return student.g(np.ones(2))
'''
TRUSTED = {"truth": "def secret():\n    return 42.0\n"}


def fault(source: str, trusted: dict[str, str] | None = None) -> str:
    with pytest.raises(CasesError) as caught:
        load_cases(source, trusted, "cases.py")
    return str(caught.value)


def test_cases_come_in_the_order_of_the_file() -> None:
    cases = load_cases(CASES, TRUSTED)
    assert [(c.name, c.public, c.doc) for c in cases.cases] == [("first", True, "First."), ("second", False, "Second.")]
    assert [c.name for c in cases.of("one", public=False)] == ["second"]


def test_a_probe_goes_alone_with_what_it_names() -> None:
    source = load_cases(CASES, TRUSTED).probes(["first"])
    assert "def first" in source
    assert "def inputs" in source
    assert "SIZE = 3" in source
    for absent in ("case", "close", "secret", "judged", "second", "numpy", "math", "First."):
        assert absent not in source


def test_annotations_and_docstrings_stay_behind() -> None:
    assert load_cases(CASES, TRUSTED).probes(["second"]) == (
        "import numpy as np\n\ndef second(student, world):\n    return student.g(np.ones(2))\n"
    )


def test_a_probe_may_not_reach_a_trusted_module() -> None:
    bad = CASES.replace("return student.g(np.ones(2))", "return student.g(secret())")
    message = fault(bad, TRUSTED)
    assert "the probe `second` uses `secret` of `truth`" in message
    assert "cases.py:7" in message


def test_a_probe_may_not_compare() -> None:
    bad = CASES.replace("return student.g(np.ones(2))", "return close().judge(student.g(1), 2, world)")
    assert "the probe `second` uses `close`" in fault(bad, TRUSTED)


def test_faults_are_named_with_file_and_line() -> None:
    assert "cases.py:3: raises ZeroDivisionError" in fault("import math\n\nx = 1 / 0\n")
    assert "cases.py:1: does not compile" in fault("def f(:\n")
    assert "imports `no_such_module_here`, which is not installed" in fault("import no_such_module_here\n")
    double = CASES + '\n@case("one")\ndef first(student, world):\n    """Again."""\n    return 1\n'
    assert "`first` is defined twice" in fault(double, TRUSTED)
    undocumented = "from autograder.authoring import case\n@case('q')\ndef f(student, world):\n    return 1\n"
    assert "case `f` has no docstring" in fault(undocumented)


def test_probes_and_checks_may_use_public_support_files() -> None:
    source = CASES.replace("from truth import secret", "from truth import secret\nfrom given import start").replace(
        "student.g(np.ones(2))", "student.g(start())"
    )
    cases = load_cases(source, TRUSTED, support={"given.py": b"def start():\n    return 1\n", "data.csv": b"\xff"})
    assert "from given import start" in cases.probes(["second"])


def test_trusted_modules_leave_no_trace() -> None:
    import sys

    load_cases(CASES, TRUSTED)
    assert "truth" not in sys.modules


def test_extraction_follows_helpers_of_helpers() -> None:
    source = (
        "A = 1\nB = A + 1\ndef h():\n    return B\ndef probe(student, world):\n    return h()\ndef other():\n    1\n"
    )
    made = extract_probes([(CaseFile("cases", source, "cases.py"), "probe")])
    assert made.index("A = 1") < made.index("B = A + 1") < made.index("def h") < made.index("def probe")
    assert "other" not in made


def test_the_variable_of_a_comprehension_is_no_definition() -> None:
    source = "from truth import case\nNAMES = [case for case in 'abc']\ndef probe(student, world):\n    return NAMES\n"
    made = extract_probes([(CaseFile("cases", source, "cases.py"), "probe")], trusted=["truth"])
    assert made.startswith("NAMES = ")
    assert "truth" not in made
