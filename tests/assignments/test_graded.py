"""Each assignment is graded for real: its reference gets everything, and a cheat that fits any assignment nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.drawing import deck_of
from autograder.grading.fixtures import draw_keys, weights_of
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, assignment_names, load_source
from autograder.grading.totals import Grade
from autograder.grading.trained import MANIFEST
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
    """A grade without replays; trained work is that of the reference, whose team has deck 0."""
    form = source.spec.submission
    files = {form.file: text.encode()}
    if form.weights:
        data = weights_of(source, "reference")
        files |= {form.weights: data, MANIFEST: json.dumps({"format": 1, "sha256": sha256(data).hexdigest()}).encode()}
    submission = Submission.of(form.file, form.file, files)
    return grade_submission(sandbox, bundle, submission, team_of_deck_0(source), Settings("somebody"))[0]


def team_of_deck_0(source: AssignmentSource) -> str:
    if source.spec.decks is None:
        return "somebody"
    keys, decks = draw_keys(source), source.spec.decks
    return next(t for i in range(1000) if deck_of(keys, decks.term, t := f"team {i}", decks.count) == 0)


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_honest_work_gets_everything_and_a_cheat_nothing(name: str, sandbox: Sandbox) -> None:
    source = load_source(ROOT, name)
    bundle = build_bundle(sandbox, replace(source, misconceptions=()))  # names of mistakes are the exam's business
    honest = graded(sandbox, source, bundle, source.reference)
    assert honest.graded
    assert honest.points + honest.waiting == honest.max_points > 0
    assert not honest.waiting or source.spec.submission.weights
    stub = make_stub(source.reference, source.spec.submission.file)
    cheat = graded(sandbox, source, bundle, stub + CHEAT)
    assert cheat.graded
    assert {v.case for v in cheat.verdicts} == {v.case for v in honest.verdicts}
    assert [v.case for v in cheat.verdicts if v.status == "passed"] == []
    assert cheat.points == 0
