"""Training the fixtures: the course's own programs train once, as a student would, and their weights are kept.

A program is trained where it changes something that training reaches; the others are judged with the reference's
weights. Replays that an author marks as recorded are trained here, too. What is kept of each run says which code and
data it was made with, so that a second `train` does only what an edit has touched, and `verify` can tell weights of
other code.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.authoring.case import Case
from autograder.authoring.milestone import Fixture, Source
from autograder.errors import AuthorError
from autograder.grading.drawing import deck_key, drawn, libraries_seed
from autograder.grading.environment import environment
from autograder.grading.fixtures import ENDING, FOLDER, RECORD, REFERENCE, exam_keys, fixture_name, recorded_name
from autograder.grading.milestones import weights_in
from autograder.grading.private import write_file
from autograder.grading.reach import changed_names, reach_of
from autograder.grading.source import AssignmentSource
from autograder.grading.worlds import seed_of
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Job, ProbeCall
from autograder.spec.models import Limits
from autograder.values.codec import encode
from autograder.values.parsing import tree_of
from autograder.values.weights import BadWeights, parameters, write_weights

SECONDS, MEMORY_MB = 3600.0, 8192
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Training:
    """One file of weights that is to be there.

    Attributes:
        program: whose code trains.
        text: the code.
        replay: the replay that is recorded; None for the fixture itself.
        deck: whose data the fixture is trained on.
        weights: the file that the fixture is handed in as; "" for that of [submission].
    """

    program: str
    text: str
    replay: Case | None = None
    deck: int = 0
    weights: str = ""

    @property
    def name(self) -> str:
        """Of the file, without its ending."""
        if self.replay is not None:
            return recorded_name(self.program, self.replay.name)
        return fixture_name(self.program, self.weights)


@dataclass(frozen=True)
class Made:
    """A file that was written, and what stands in trained.json; `problem` says why there is none."""

    name: str
    path: Path
    row: Mapping[str, Any]
    problem: str = ""


def trainings(source: AssignmentSource) -> tuple[Training, ...]:
    """All that is to be trained: the fixture by the reference and by whatever trains in another way or on another deck;
    that of a further file by the reference alone; recorded replays by the reference, the alternates whose changes they
    reach, and the misconceptions that name them."""
    others = {name: source.alternate(name) for name in source.alternates}
    wrong = {m.id: source.variant(m) for m in source.misconceptions if m.writes or m.deck}
    decks = {m.id: m.deck for m in source.misconceptions if m.deck}
    texts = {REFERENCE: source.reference} | others | wrong
    own = [n for n, t in texts.items() if n == REFERENCE or n in decks or _trains_otherwise(source, t)]
    found = [Training(name, texts[name], deck=decks.get(name, 0)) for name in own if source.cases.fixture is not None]
    found += [Training(REFERENCE, source.reference, weights=f.weights) for f, _ in source.cases.fixtures if f.weights]
    reach = reach_of(source.reference, source.cases)
    reached = {name: reach.cases(changed_names(source.reference, text)) for name, text in others.items()}
    for case in (c for c in source.cases.cases if c.recorded):
        named = [m.id for m in source.misconceptions if m.writes and case.name in m.fails]
        touched = [name for name, cases in reached.items() if case.name in cases]
        found += [Training(name, texts[name], case) for name in (REFERENCE, *touched, *named)]
    return tuple(found)


def _trains_otherwise(source: AssignmentSource, text: str) -> bool:
    changed = changed_names(source.reference, text)
    if changed is None or source.cases.fixture is None:
        return True
    reach = reach_of(source.reference, source.cases)
    probe = tree_of(source.cases.fixture_probe())
    named = {n.attr for n in ast.walk(probe) if isinstance(n, ast.Attribute)}
    return bool((reach.of(named) | named) & changed)


def stale(source: AssignmentSource) -> dict[str, str]:
    """Name of a training → why it is to be done anew."""
    known = read_record(source)
    found = {}
    for training in trainings(source):
        row, data = known.get(training.name), source.weights.get(training.name)
        if data is None and training.replay is not None and _came_to_nothing(row, source, training):
            continue
        if data is None:
            found[training.name] = "has no weights"
        elif row is None or row.get("weights") != hashlib.sha256(data).hexdigest():
            found[training.name] = "has weights that `train` did not make"
        elif row.get("made_of") != made_of(source, training):
            found[training.name] = "has changed since it was trained"
    return found


def _came_to_nothing(row: Mapping[str, Any] | None, source: AssignmentSource, training: Training) -> bool:
    """Whether this very program is known not to train."""
    return row is not None and bool(row.get("problem")) and row.get("made_of") == made_of(source, training)


def made_of(source: AssignmentSource, training: Training) -> str:
    """What trained weights hang on: the program, the probe, the very data and the seed, the files that lie beside the
    program; comments, layout, and what else the modules hold that make the data are no part of it, nor are support
    modules that nothing imports."""
    _, probe, seed, supply = _data(source, training)
    texts = [ast.unparse(tree_of(text)) for text in (training.text, probe)]
    parts = [*(text.encode() for text in texts), str(seed).encode(), encode(dict(supply))]
    beside = _imported(source, (training.text, probe)) | {f"artifacts/{n}": d for n, d in source.artifacts.items()}
    parts += [part for name in sorted(beside) for part in (name.encode(), beside[name])]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _imported(source: AssignmentSource, texts: Collection[str]) -> dict[str, bytes]:
    """Support files by name: modules that these texts import, one by way of another, without comments and layout; and
    all that are no modules."""
    found = {name: data for name, data in source.support.items() if not name.endswith(".py")}
    waiting = list(texts)
    while waiting:
        nodes = list(ast.walk(tree_of(waiting.pop())))
        names = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
        names |= {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}
        for file in {f"{name.partition('.')[0]}.py" for name in names} & source.support.keys() - found.keys():
            text = source.support[file].decode()
            found[file] = ast.unparse(tree_of(text)).encode()
            waiting.append(text)
    return found


def train(
    sandbox: Sandbox, source: AssignmentSource, only: Collection[str] = (), tell: Tell = lambda _: None
) -> Iterator[Made]:
    """Train, one after the other, and write each file as soon as it is there.

    Args:
        only: names of trainings; those that are `stale` by default.
        tell: is told which one is in work.

    Raises:
        AuthorError: there is no fixture, or right work does not train.
    """
    every = {t.name: t for t in trainings(source)}
    if not every:
        raise AuthorError(
            "the cases have no @fixture, so nobody knows how to train", where=source.cases.where,
            fix="write one: docs/milestones.md",
        )  # fmt: skip
    for name in only or stale(source):
        tell(name)
        yield _kept(source, every[name], run_training(sandbox, source, every[name]))


def _kept(source: AssignmentSource, training: Training, answer: Answer) -> Made:
    folder = source.private_folder / FOLDER
    path = folder / f"{training.name}{ENDING}"
    row: dict[str, Any] = {"made_of": made_of(source, training), "environment": environment().table()}
    row |= {"seconds": round(answer.effort.processor or answer.seconds, 1)}
    try:
        if answer.status != "returned":
            raise BadWeights(f"{answer.status}: {answer.message}", "mend the program or the probe")
        data = write_weights(weights_in(answer.value))
    except BadWeights as error:
        if training.program not in {m.id for m in source.misconceptions}:
            what = f"`{training.program}` does not train"
            raise AuthorError(what, where=source.spec.id, found=error.what, fix=error.fix) from None
        data = b""
        row |= {"problem": error.what}
    else:
        row |= {"parameters": parameters(data)}
    if data or training.replay is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        row |= {"weights": hashlib.sha256(data).hexdigest()}
    else:
        path.unlink(missing_ok=True)
    record = read_record(source) | {training.name: row}
    write_file(folder / RECORD, (json.dumps(record, indent=1, sort_keys=True) + "\n").encode())
    (folder / RECORD).chmod(0o644)
    return Made(training.name, path, row, str(row.get("problem", "")))


def run_training(sandbox: Sandbox, source: AssignmentSource, training: Training) -> Answer:
    """What the probe returns for a program: its weights by name.

    Raises:
        AuthorError: the data cannot be made.
    """
    name, probe, seed, supply = _data(source, training)
    call = ProbeCall(name, libraries_seed(seed, "train"), encode({"values": dict(supply), "weights": None}))
    limits = Limits(seconds=SECONDS, memory_mb=MEMORY_MB)
    job = Job("fixture", True, source.spec.submission.module, probe, (call,), limits)
    code = source.submission(training.program, training.text)
    with sandbox.session(code, source.support) as session:
        (answer,) = session.run(job)
    return answer


def _data(source: AssignmentSource, training: Training) -> tuple[str, str, int, Mapping[str, Any]]:
    """Name of the probe, its source, the seed, and the supply."""
    keys, replay = exam_keys(source), training.replay
    if replay is not None:
        seed = seed_of(source.keys.salt, replay.name, 0)
        return replay.name, source.cases.probes([replay.name]), seed, drawn(keys, replay, seed).supply
    fixture = next(f for f, _ in source.cases.fixtures if f.weights == training.weights)
    seed = seed_of(source.keys.salt, fixture.name, 0, "fixture")
    supply = _supplied(fixture, seed, deck_key(keys, training.deck))
    return fixture.name, source.cases.fixture_probe(training.weights), seed, supply


@lru_cache(maxsize=2)  # most programs train on the same deck
def _supplied(fixture: Fixture, seed: int, key: bytes) -> Mapping[str, Any]:
    try:
        return fixture.of(Source(seed, key))
    except Exception as error:
        raise AuthorError(f"the supply of the fixture raises {type(error).__name__}: {error}") from None


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
