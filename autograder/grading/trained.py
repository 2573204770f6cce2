"""Trained work as it was handed in: the file of weights and the manifest beside it, read strictly, and never run.

A submission with weights is three files: code, weights, manifest. Workers get the code alone; weights reach them as
arrays that the grader has read. The manifest (milestone.json) says which deck was trained on and which weights it
speaks of; nothing that it claims is believed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm
from autograder.values.weights import BadWeights, read_weights

MANIFEST = "milestone.json"
FORMAT = 1
MOST_MANIFEST = 64 * 2**10
PICKLED = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".npz", ".npy", ".h5")


@dataclass(frozen=True)
class Trained:
    """See the module.

    Attributes:
        data: the file of weights; empty where there is none.
        claims: what the manifest says; empty where there is none.
        problem: why the work cannot be judged, with what to do; "" for nothing.
    """

    data: bytes = field(default=b"", repr=False)
    claims: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""

    @cached_property
    def sha256(self) -> str:
        """Of the file of weights; "" where there is none."""
        return hashlib.sha256(self.data).hexdigest() if self.data else ""

    @cached_property
    def arrays(self) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
        """Name → array.

        Raises:
            BadWeights: the file breaks a rule.
        """
        return read_weights(self.data)

    @property
    def parameters(self) -> int:
        """Numbers in the file."""
        return sum(a.size for a in self.arrays.values())

    @property
    def deck(self) -> int | None:
        """The deck that the manifest names ("d07"), or None."""
        named = str(self.claims.get("deck", ""))
        return int(named[1:]) if named[:1] == "d" and named[1:].isascii() and named[1:].isdigit() else None


def parted(submission: Submission, form: SubmissionForm) -> tuple[Submission, Trained]:
    """The code of a submission, and its trained work; the digest of the code alone is still that of all files."""
    if not form.weights:
        return submission, Trained()
    files = dict(submission.files)
    own = {name: [p for p in files if PurePosixPath(p).name == name] for name in (form.weights, MANIFEST)}
    rest = tuple((p, d) for p, d in submission.files if PurePosixPath(p).name not in own and not _is_pickled(p))
    code = Submission(submission.name, submission.main, rest, submission.digest, submission.notes)
    for name, paths in own.items():
        if len(paths) > 1:
            return code, Trained(problem=f"there are {len(paths)} files {name}; hand in one")
    weights, manifest = (files[paths[0]] if paths else b"" for paths in own.values())
    return code, trained(weights, manifest, form.weights, [p for p in files if _is_pickled(p)])


def trained(weights: bytes, manifest: bytes, name: str, others: list[str] | None = None) -> Trained:
    """Trained work from the bytes of its two files.

    Args:
        name: what the file of weights is called.
        others: files that look like weights in another form.
    """
    if not weights:
        instead = f"; `{PurePosixPath(others[0]).name}` is not opened: pickled weights can run code" if others else ""
        return Trained(problem=f"{name} was not handed in, or is empty{instead}; pack.py of the handout writes it")
    found = Trained(weights)
    try:
        found.arrays  # noqa: B018  # reads them
    except BadWeights as error:
        return Trained(weights, problem=f"{name}: {error}")
    claims, problem = _claims(manifest, found.sha256, name) if manifest else ({}, "")
    return Trained(weights, claims, problem)


def _claims(data: bytes, sha256: str, name: str) -> tuple[dict[str, Any], str]:
    """The manifest's table, or what is wrong with it."""
    again = "run pack.py again"
    if len(data) > MOST_MANIFEST:
        return {}, f"{MANIFEST} has {len(data):,} bytes; at most {MOST_MANIFEST:,} are read; {again}"
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        return {}, f"{MANIFEST} is no JSON; {again}"
    if not isinstance(table, dict) or table.get("format") != FORMAT:
        return {}, f'{MANIFEST} has no "format": {FORMAT}; {again}'
    if table.get("sha256") != sha256:
        return {}, f"{MANIFEST} speaks of other weights than the {name} beside it; {again}, after the last training"
    return table, ""


def _is_pickled(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in PICKLED
