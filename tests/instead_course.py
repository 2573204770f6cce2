"""The toy course with a question that may be answered in place of its own: 20 symbols, weights in a second file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox
from tests.milestone_course import NAME, loaded, write_course, zipped

LARGE, WEIGHTS = "large.safetensors", "weights.safetensors"
QUESTION = """
[[questions]]
id = "large"
title = "The same with twenty symbols"
kind = "code"
points = 0
instead_of = "predict"
[questions.milestone]
weights = "large.safetensors"
parameters = 1000
nodes = 600
"""
CASES = '''"""The case of `large`: more symbols, in place of `predict`."""

import torch
from deck import Deck

from autograder.authoring import Material, fixture, milestone
from autograder.checks import excess, kept_rows

SYMBOLS = 20


def drawn_later(world):
    """Prefixes of the large deck of the team."""
    deck = Deck(world.key + b"large", SYMBOLS)
    told = deck.tell(world.rng, 400, 5)
    laws = deck.laws[told[:, -1]]
    given = {"vocabulary": SYMBOLS, "batches": {"6": told}}
    return Material(given=given, kept=kept_rows({"6": laws}, {"6": ["a symbol"] * len(laws)}))


def supplied(world):
    """What one training gets."""
    deck = Deck(world.key + b"large", SYMBOLS)
    return {"vocabulary": SYMBOLS, "batches": [deck.tell(world.rng, 64, 12) for _ in range(40)], "steps": 40}


@milestone("large", material=drawn_later, judge=excess(full=0.1, none=0.4))
def next_of_twenty(student, given):
    """How far are your predictions from the true ones, with twenty symbols?"""
    model = given.load(student.build(given.vocabulary))
    return {n: student.next_log_probs(model, torch.from_numpy(x)) for n, x in given.batches.items()}


@fixture(supply=supplied, weights="large.safetensors")
def trained_large(student, given):
    """As a student trains at home."""
    model = student.build(given.vocabulary)
    student.train(model, (torch.from_numpy(x) for x in given.batches), given.steps)
    return given.weights_of(model)
'''


def write_course_with_large(root: Path, sandbox: Sandbox | None = None, capped: bool = True) -> AssignmentSource:
    """Write it below `root`; its fixtures are trained where there is a sandbox to do so."""
    write_course(root)
    spec, private = root / "assignments" / NAME / "assignment.toml", root / "solutions" / NAME
    spec.write_text(spec.read_text() + QUESTION)
    reference, cases = private / f"{NAME}.py", private / "cases" / "predict.py"
    reference.write_text(
        reference.read_text() + "\n\n# %% [markdown]\n# ## 2. The same with twenty symbols (`large`)\n"
    )
    if capped:
        cases.write_text(cases.read_text().replace('@replay("predict", ', '@replay("predict", caps=next_symbols, '))
    (private / "cases" / "large.py").write_text(CASES)
    return loaded(root, sandbox)


def handed_in(text: str, weights: bytes | None, large: bytes | None, manifest: bytes | None = None) -> bytes:
    """A zip as pack.py makes it; without the files that are None, with the manifest that binds both by default."""
    files = {f"{NAME}.py": text.encode()}
    files |= {name: data for name, data in ((WEIGHTS, weights), (LARGE, large)) if data is not None}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    bound = {"format": 1, "sha256": digests.get(WEIGHTS, "")} | ({"more": {LARGE: digests[LARGE]}} if large else {})
    files["milestone.json"] = json.dumps(bound).encode() if manifest is None else manifest
    return zipped(files)
