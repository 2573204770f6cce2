"""Fixtures: weights that the course's own programs were trained to, so that `verify` judges milestones at once.

    solutions/<name>/weights/<program>.safetensors    of the reference, an alternate, a misconception
    solutions/<name>/weights/<program>.large.safetensors    the same of a further file, large.safetensors
    solutions/<name>/weights/<program>.<replay>.safetensors      what its `train` made in the first draw of a replay
    solutions/<name>/weights/trained.json             what each was made of; written by `autograder train`

A program without a file of its own has the reference's weights: most mistakes of prediction need no others. An empty
file is that of a mistake whose training came to nothing: it hands in no weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.authoring.closure import closure
from autograder.grading.code import code_digest
from autograder.grading.drawing import DrawKeys, drawn
from autograder.grading.keys import derived
from autograder.grading.milestones import Draw, Trial
from autograder.grading.source import AssignmentSource
from autograder.grading.trained import Trained, further_one, trained
from autograder.grading.worlds import seed_of
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Submission

FOLDER, ENDING, RECORD = "weights", ".safetensors", "trained.json"
REFERENCE = "reference"
_DRAWING = ("authoring/milestone.py", "grading/drawing.py", "grading/milestones.py")
"""The code that makes the data of a draw, and what a program is given of them."""


def draw_keys(source: AssignmentSource) -> DrawKeys:
    """What the milestones of an assignment are drawn with; empty where it has none."""
    if all(c.kind == "case" for c in source.cases.cases):
        return DrawKeys()
    return DrawKeys(source.keys.of("deck"), source.keys.of("milestone"))


def exam_keys(source: AssignmentSource) -> DrawKeys:
    """What `verify` and `train` draw with: from the salt alone, so that fixtures fit whoever has the repository.

    Where the course has a secret, deck 0 of these keys is a world that no team has.
    """
    salt, name = source.keys.salt, source.spec.id
    return DrawKeys(derived(salt, "deck", name), derived(salt, "milestone", name))


def weights_of(source: AssignmentSource, program: str) -> bytes:
    """The file of weights that a program (or "program@part" of its runs) is judged with; empty where there is none."""
    return further_weights_of(source, program, "")


def further_weights_of(source: AssignmentSource, program: str, file: str) -> bytes:
    """The same of a further file, by its name."""
    own, reference = (fixture_name(p, file) for p in (program.partition("@")[0], REFERENCE))
    return source.weights.get(own, source.weights.get(reference, b""))


def fixture_name(program: str, file: str) -> str:
    """What the file of a program's weights is called, without its ending; `file`: "" for those of [submission]."""
    return f"{program}.{file.removesuffix(ENDING)}" if file else program


def recorded_name(program: str, case: str) -> str:
    """What the file of a recorded replay is called, without its ending."""
    return f"{program}.{case}"


def fixture_of(source: AssignmentSource, program: str) -> Trained:
    """The same as trained work."""
    first = trained(weights_of(source, program), b"", source.spec.submission.weights or f"weights{ENDING}")
    more = {name: further_weights_of(source, program, name) for name in source.spec.further_weights}
    return replace(first, more={name: further_one(data, b"", name) for name, data in more.items()})


def answers(
    sandbox: Sandbox,
    source: AssignmentSource,
    code: Submission,
    seeds: Mapping[str, Sequence[int]],
    seconds: float | None = None,
) -> dict[str, tuple[Answer, ...]]:
    """What a program of the course comes to in milestones and replays, with its fixture, on deck 0.

    Args:
        code: `name` is the program's.
        seeds: case → seeds of its draws.
        seconds: a time limit below the questions' own.
    """
    program = code.name.partition("@")[0]
    recorded = {
        (case, seed_of(source.keys.salt, case, 0)): data
        for case in seeds
        if (data := source.weights.get(recorded_name(program, case)))
    }
    counted = code.name.partition("@")[0] in (REFERENCE, *source.alternates)
    trial = Trial(
        sandbox, source.spec, source.cases, source.support, code, fixture_of(source, code.name), True, counted, seconds,
        recorded,
    )  # fmt: skip
    found: dict[str, list[Answer]] = {case: [] for case in seeds}
    for number in range(max(map(len, seeds.values()), default=0)):
        draws = {case: several[number] for case, several in seeds.items() if number < len(several)}
        for case, ran in trial.run({case: _draw(source, case, seed) for case, seed in draws.items()}).items():
            found[case].append(ran.answer)
    return {case: tuple(several) for case, several in found.items()}


def parts(source: AssignmentSource, program: str, case: str) -> list[str]:
    """What such an answer hangs on beside program and probe: material, weights, keys, budgets, the code that draws."""
    own = source.cases.get(case)
    budget = source.spec.question(own.question).milestone
    predict = source.cases.probes([own.predict]) if own.predict else ""
    trusted = sorted(source.cases.trusted.items())
    digests = [closure(source.cases, case), predict, repr(trusted), repr(budget), exam_keys(source).decks.hex()]
    recorded = source.weights.get(recorded_name(program.partition("@")[0], case), b"")
    file = budget.weights if budget else ""
    weights = recorded if own.kind == "replay" else further_weights_of(source, program, file)
    hashed = [hashlib.sha256(text.encode()).hexdigest() for text in digests] + [hashlib.sha256(weights).hexdigest()]
    return [*hashed, code_digest(_DRAWING)]


def _draw(source: AssignmentSource, case: str, seed: int) -> Draw:
    return Draw(seed, lambda: drawn(exam_keys(source), source.cases.get(case), seed))
