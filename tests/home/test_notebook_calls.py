"""The calls of `grader`: Otter's, and those for hints and single cases; what is said where one cannot be answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.home.support import run

SCRIPT = """
import json, selfcheck
from fractions import Fraction
import numpy as np

grader = selfcheck.Notebook(nb_path="tiny.ipynb", tests_dir="./tests", tests_url_prefix=None)
BIAS = 0.25


def neuron(w, x):
    return float(np.dot(w, x) * 2 + BIAS)


def line(a, b):
    return -Fraction(b) / Fraction(a)


case, other = grader.case("three_inputs"), grader.case("zero_of_a_line")
said = {
    "check": repr(grader.check("neuron")),
    "passed": [grader.check("neuron").passed, grader.check("line").passed, grader.check_all().passed],
    "all": repr(grader.check_all()),
    "hints": [repr(grader.hint("neuron")) for _ in range(3)],
    "no hint": repr(grader.hint("line")),
    "typo": repr(grader.check("neurn")),
    "pdf": repr(grader.to_pdf()),
    "plugin": repr(grader.run_plugin("x")),
    "inputs": sorted(case.inputs),
    "again": neuron(**case.inputs) == case.run(),
    "expected": case.expected,
    "run": case.run(),
    "why": [other.expected, other.why],
    "one": repr(case.check()),
    "shown": repr(case),
    "html": [hasattr(grader.check("neuron"), "_repr_html_"), "<script" in grader.check_all()._repr_html_()],
}
try:
    grader.case("three_input")
except ValueError as error:
    said["no case"] = str(error)


def neuron(w, x):
    w += 1
    return [][0]


said["changed"] = repr(grader.check("neuron"))
said["calls"] = repr(case.calls)
try:
    case.run()
except IndexError:
    said["raises"] = True
print(json.dumps(said))
"""


@pytest.fixture
def said(handout: Path) -> dict[str, Any]:
    facts = handout / "selfcheck" / "facts.json"
    text = facts.read_text(encoding="utf-8").replace('"hints": [],', '"hints": ["Look.", "Look again."],', 1)
    facts.write_text(text, encoding="utf-8")
    (handout / "script.py").write_text(SCRIPT, encoding="utf-8")
    done = run(handout, "script.py")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_calls_of_the_grader(said: dict[str, Any]) -> None:
    assert said["check"].startswith("neuron: 0 of 1 public cases pass, 0 of 3 points; 1 hidden case waits (3 points)")
    assert said["passed"] == [False, True, False]
    assert "public part: 2 of 5 points (40 %), 1 of 2 cases" in said["all"]
    assert [h.split("\n")[0] for h in said["hints"]] == [
        "Hint 1 of 2: Look.",
        "Hint 2 of 2: Look again.",
        "Hint 1 of 2: Look.",
    ]
    assert said["no hint"].startswith("there is no hint for `line`")
    assert said["typo"] == "there is no question `neurn`; did you mean `neuron`?"
    assert "a PDF is not needed" in said["pdf"]
    assert "there are no plugins" in said["plugin"]
    assert said["html"] == [True, False]
    assert said["no case"] == "there is no public case `three_input`; did you mean `three_inputs`?"


def test_a_failing_case_can_be_had(said: dict[str, Any]) -> None:
    assert said["inputs"] == ["w", "x"]
    assert said["again"]
    assert abs(said["run"] - 0.25 - 2 * (said["expected"] - 0.25)) < 1e-12
    assert said["why"] == [None, "many answers are right here: the case tests a property of yours"]
    assert said["one"].startswith("  ✗ three_inputs")
    assert 'case three_inputs of neuron: A neuron with "three" inputs.' in said["shown"]
    assert said["raises"]


def test_the_inputs_of_a_case_are_copies(said: dict[str, Any]) -> None:
    assert "`neuron` changed its argument `w`" in said["changed"] or "IndexError" in said["changed"]
    assert said["calls"].startswith("[neuron(w=")
