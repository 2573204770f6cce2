"""Training the fixtures: the course's own programs train once, as a student would, and their weights are kept.

A program is trained where it changes something that training reaches; the others are judged with the reference's
weights. What is kept of each run says which code and probe it was made with, so that a second `train` does only what an
edit has touched, and `verify` can tell weights of other code.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.authoring.closure import closure_of
from autograder.authoring.milestone import Source
from autograder.errors import AuthorError
from autograder.grading.drawing import deck_key, libraries_seed
from autograder.grading.environment import environment
from autograder.grading.fixtures import ENDING, FOLDER, RECORD, REFERENCE, exam_keys
from autograder.grading.milestones import weights_in
from autograder.grading.private import write_file
from autograder.grading.source import AssignmentSource
from autograder.grading.worlds import seed_of
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Job, ProbeCall, Submission
from autograder.spec.models import Limits
from autograder.values.codec import encode
from autograder.values.weights import BadWeights, parameters, write_weights
from autograder.verify.reach import changed_names, reach_of

SECONDS, MEMORY_MB = 3600.0, 8192
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """A fixture that was trained: the program, its file, and what stands in trained.json."""

    program: str
    path: Path
    row: Mapping[str, Any]


def programs(source: AssignmentSource) -> dict[str, str]:
    """Program → text, of those that have weights of their own: the reference, and what trains in another way."""
    texts = {name: source.alternate(name) for name in source.alternates}
    texts |= {m.id: source.variant(m) for m in source.misconceptions if m.patch}
    return {REFERENCE: source.reference} | {n: t for n, t in texts.items() if _trains_otherwise(source, t)}


def _trains_otherwise(source: AssignmentSource, text: str) -> bool:
    changed = changed_names(source.reference, text)
    if changed is None:
        return True
    reach = reach_of(source.reference, source.cases)
    probe = ast.parse(source.cases.fixture_probe())
    named = {n.attr for n in ast.walk(probe) if isinstance(n, ast.Attribute)}
    return bool((reach.of(named) | named) & changed)


def stale(source: AssignmentSource) -> dict[str, str]:
    """Program → why its weights are to be trained anew."""
    known = read_record(source)
    found = {}
    for program, text in programs(source).items():
        row, data = known.get(program), source.weights.get(program)
        if data is None:
            found[program] = "has no weights"
        elif row is None or row.get("weights") != hashlib.sha256(data).hexdigest():
            found[program] = "has weights that `train` did not make"
        elif row.get("made_of") != made_of(source, text):
            found[program] = "has changed since it was trained"
    return found


def made_of(source: AssignmentSource, text: str) -> str:
    """What trained weights hang on: the program, the probe with its supply, trusted modules, and the deck; comments and
    layout are no part of it."""
    assert source.cases.fixture is not None
    fixture, file = source.cases.fixture
    parts = [ast.unparse(ast.parse(t)) for t in (text, *(m for _, m in sorted(source.cases.trusted.items())))]
    parts += [closure_of(source.cases, file, fixture.name), exam_keys(source).decks.hex()]
    return hashlib.sha256("\0".join(hashlib.sha256(p.encode()).hexdigest() for p in parts).encode()).hexdigest()


def train(
    sandbox: Sandbox, source: AssignmentSource, only: Collection[str] = (), tell: Tell = lambda _: None
) -> Iterator[Made]:
    """Train programs, one after the other, and write each file as soon as it is there.

    Args:
        only: programs to train; those that are `stale` by default.
        tell: is told which one is in work.

    Raises:
        AuthorError: there is no fixture, or a program does not train.
    """
    if source.cases.fixture is None:
        raise AuthorError(
            "the cases have no @fixture, so nobody knows how to train", where=source.cases.where,
            fix="write one: docs/milestones.md",
        )  # fmt: skip
    texts = programs(source)
    for program in only or stale(source):
        tell(program)
        yield _trained(sandbox, source, program, texts[program])


def _trained(sandbox: Sandbox, source: AssignmentSource, program: str, text: str) -> Made:
    answer = run_fixture(sandbox, source, program, text)
    if answer.status != "returned":
        raise AuthorError(f"`{program}` does not train: {answer.status}", where=source.spec.id, found=answer.message)
    try:
        data = write_weights(weights_in(answer.value))
    except BadWeights as error:
        raise AuthorError(f"`{program}` does not train to weights", where=source.spec.id, found=str(error)) from None
    folder = source.private_folder / FOLDER
    path = folder / f"{program}{ENDING}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    row = {
        "made_of": made_of(source, text),
        "weights": hashlib.sha256(data).hexdigest(),
        "parameters": parameters(data),
        "seconds": round(answer.effort.processor or answer.seconds, 1),
        "environment": environment().table(),
    }
    record = read_record(source) | {program: row}
    write_file(folder / RECORD, (json.dumps(record, indent=1, sort_keys=True) + "\n").encode())
    (folder / RECORD).chmod(0o644)
    return Made(program, path, row)


def run_fixture(sandbox: Sandbox, source: AssignmentSource, program: str, text: str) -> Answer:
    """What the fixture's probe returns for a program: its weights by name.

    Raises:
        AuthorError: the supply cannot be made.
    """
    assert source.cases.fixture is not None
    fixture = source.cases.fixture[0]
    seed = seed_of(source.keys.salt, fixture.name, 0, "fixture")
    try:
        supply = fixture.of(Source(seed, deck_key(exam_keys(source), 0)))
    except Exception as error:
        raise AuthorError(f"the supply of the fixture raises {type(error).__name__}: {error}") from None
    given = encode({"values": dict(supply), "weights": None})
    call = ProbeCall(fixture.name, libraries_seed(seed, "train"), given)
    limits = Limits(seconds=SECONDS, memory_mb=MEMORY_MB)
    job = Job("fixture", True, source.spec.submission.module, source.cases.fixture_probe(), (call,), limits)
    code = Submission.of_text(program, source.spec.submission.module, text)
    with sandbox.session(code, source.support) as session:
        (answer,) = session.run(job)
    return answer


def read_record(source: AssignmentSource) -> dict[str, Any]:
    """trained.json, empty where there is none.

    Raises:
        AuthorError: it is damaged.
    """
    path = source.private_folder / FOLDER / RECORD
    if not path.is_file():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise AuthorError("is damaged", where=str(path), fix=f"autograder train {source.spec.id} --again") from None
