"""A course with one small assignment about trained work: 12 symbols, 20 steps, 144 parameters."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np

from autograder.cohort.store import Store
from autograder.grading.fixtures import exam_keys
from autograder.grading.source import AssignmentSource, load_source
from autograder.release.scaffold import scaffold
from autograder.sandbox.grader.box import Sandbox
from autograder.values.weights import BadWeights, read_weights, write_weights
from autograder.verify.training import Training, run_training, train

NAME = "toy"


def write_course(root: Path, sandbox: Sandbox | None = None, seconds: int = 3) -> AssignmentSource:
    """Write it below `root`; its fixtures are trained where there is a sandbox to do so."""
    (root / "assignments").mkdir(parents=True)
    (root / "solutions").mkdir()
    scaffold(root, NAME, milestone=True)
    spec = root / "assignments" / NAME / "assignment.toml"
    spec.write_text(spec.read_text().replace("seconds = 20", f"seconds = {seconds}"))
    return loaded(root, sandbox)


def loaded(root: Path, sandbox: Sandbox | None) -> AssignmentSource:
    """The assignment, its fixtures trained where there is a sandbox to do so."""
    source = load_source(root, NAME)
    if sandbox is not None:
        for _ in train(sandbox, source):
            pass
        source = load_source(root, NAME)
    return source


def write_hand_ins(folder: Path, source: AssignmentSource, count: int) -> Path:
    """Honest work, each with weights of its own."""
    own = read_weights(source.weights["reference"])
    folder.mkdir()
    for number in range(count):
        noise = np.random.default_rng(number)
        near = {n: a + noise.normal(0, 1e-3, a.shape).astype(np.float32) for n, a in own.items()}
        data = packed(f"{source.reference}\n# {number}\n", write_weights(near))
        (folder / f"s{number:03d}.zip").write_bytes(data)
    return folder


def grade_command(source: AssignmentSource, hand_ins: Path) -> list[str]:
    """`autograder grade` of these hand-ins, in a process of its own; the caller says where to and how."""
    return [sys.executable, "-m", "autograder", "grade", NAME, str(hand_ins), "--root", str(source.root)]


def weights_trained_by(sandbox: Sandbox, source: AssignmentSource, text: str) -> bytes:
    """What a student gets who trains this text at home."""
    answer = run_training(sandbox, source, Training("student", text))
    assert answer.status == "returned", answer.message
    return write_weights(answer.value)


def the_law(source: AssignmentSource) -> bytes:
    """The logarithm of the deck's own law, as weights of the reference's model."""
    deck = _deck_module(source)
    from autograder.grading.drawing import deck_key

    with np.errstate(divide="ignore"):
        laws = np.log(deck["Deck"](deck_key(exam_keys(source), 0)).laws)
    return write_weights({"weight": np.maximum(laws, -30).astype(np.float32)})


def of_another_deck(sandbox: Sandbox, source: AssignmentSource) -> bytes:
    """Honest weights, for a world with another key."""
    other = replace(source, keys=replace(source.keys, salt=bytes(32)))
    return weights_trained_by(sandbox, other, source.reference)


def _deck_module(source: AssignmentSource) -> dict[str, object]:
    space: dict[str, object] = {}
    exec(source.cases.trusted["deck"], space)
    return space


def packed(text: str, weights: bytes | None, manifest: dict[str, object] | None = None, **others: bytes) -> bytes:
    """A zip as pack.py makes it; without weights where they are None, with the manifest that binds them by default."""
    files = {f"{NAME}.py": text.encode()} | {name.replace("__", "."): data for name, data in others.items()}
    if weights is not None:
        files["weights.safetensors"] = weights
        bound = {"format": 1, "sha256": hashlib.sha256(weights).hexdigest()} if manifest is None else manifest
        files["milestone.json"] = json.dumps(bound).encode()
    return zipped(files)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def kept_weights(store: Store) -> list[Path]:
    """The blobs of a store that are weights: those that can be read as such, whatever the bytes of the others."""
    return [path for path in sorted(store.blobs.folder.rglob("*.zst")) if _is_weights(path.read_bytes())]


def _is_weights(data: bytes) -> bool:
    try:
        read_weights(data)
    except BadWeights:
        return False
    return True
