"""Each assignment is graded for real: its reference gets everything, and a cheat that fits any assignment nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, assignment_names, load_source
from autograder.grading.totals import Grade
from autograder.release.stub import make_stub
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission

ROOT = Path(__file__).parents[2]
CHEAT = '''

# %%
import gc
import json
import sys
import types


class Whatever:
    """Equal to everything, near everything, true, and as long as one likes."""

    __hash__ = None

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self

    def __call__(self, *arguments, **named):
        return self

    def __bool__(self):
        return True

    def __float__(self):
        return 0.0

    def __array__(self, *arguments, **named):
        return numpy.zeros(3)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __matmul__ = __call__


import numpy

for library in [numpy, sys.modules.get("torch"), sys.modules.get("sympy")]:
    for word in ("allclose", "isclose", "array_equal", "equal"):
        try:
            setattr(library, word, lambda *arguments, **named: True)
        except Exception:
            pass
for thing in gc.get_objects():
    try:
        if type(thing).__name__ in ("Verdict", "Grade", "Outcome", "Bundle"):
            thing.credit = thing.points = 1
    except Exception:
        pass
try:
    json.dump({"score": 100}, open("/autograder/results/results.json", "w"))
except OSError:
    pass
for name, thing in list(globals().items()):
    if isinstance(thing, types.FunctionType) and thing.__module__ == __name__:
        globals()[name] = Whatever()
'''


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as started:
        yield started


def graded(sandbox: Sandbox, source: AssignmentSource, bundle: Bundle, text: str) -> Grade:
    submission = Submission.of_text(source.spec.submission.file, source.spec.submission.module, text)
    return grade_submission(sandbox, bundle, submission, "somebody", Settings("somebody"))[0]


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_honest_work_gets_everything_and_a_cheat_nothing(name: str, sandbox: Sandbox) -> None:
    source = load_source(ROOT, name)
    bundle = build_bundle(sandbox, replace(source, misconceptions=()))  # names of mistakes are the exam's business
    honest = graded(sandbox, source, bundle, source.reference)
    assert honest.graded
    assert honest.points == honest.max_points > 0
    stub = make_stub(source.reference, source.spec.submission.file)
    cheat = graded(sandbox, source, bundle, stub + CHEAT)
    assert cheat.graded
    assert {v.case for v in cheat.verdicts} == {v.case for v in honest.verdicts}
    assert [v.case for v in cheat.verdicts if v.status == "passed"] == []
    assert cheat.points == 0
