"""The test files that Otter runs: they look verdicts up and run no code of a student."""

from __future__ import annotations

from autograder.grading.bundle import Bundle
from autograder.grading.terms import case_points
from autograder.otter_bridge.outcome import VARIABLE
from autograder.spec.models import Question

_HEAD = '''\
"""Verdicts of the question `{id}`, as the sandboxed grading gave them. Nothing of a submission runs here."""

from otter.test_files import test_case

OK_FORMAT = False
name = "{id}"


class NotPassed(Exception):
    """A case that did not pass, with its explanation."""


def look_up(env, case):
    verdict = env["{variable}"]["cases"][case]
    if not verdict["passed"]:
        raise NotPassed(verdict["message"])
'''
_CASE = """

@test_case(name="{name}", points={points}, hidden={hidden})
def {name}(env):
    look_up(env, "{name}")
"""


def test_files(bundle: Bundle) -> dict[str, str]:
    """File name -> text, one file per question that the machine grades; file, question and test share one id."""
    return {f"{question.id}.py": _test_file(bundle, question) for question in bundle.spec.graded()}


def _test_file(bundle: Bundle, question: Question) -> str:
    text = _HEAD.format(id=question.id, variable=VARIABLE)
    for case in bundle.cases.of(question.id):
        text += _CASE.format(name=case.name, points=float(case_points(bundle, case)), hidden=not case.public)
    return text
