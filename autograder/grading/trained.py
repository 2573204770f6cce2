"""Trained work as it was handed in: the file of weights and the manifest beside it, read strictly, and never run.

A submission with weights is three files: code, weights, manifest; a question may ask for weights of its own, which are
one file more. Workers get the code alone; weights reach them as
arrays that the grader has read. The manifest (milestone.json) says which deck was trained on and which weights it
speaks of; nothing that it claims is believed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import Assignment
from autograder.values.weights import BadWeights, read_weights

MANIFEST = "milestone.json"
FORMAT = 1
MOST_MANIFEST = 64 * 2**10
AGAIN = "run pack.py again"
ABSENT = "was not handed in"
MORE = "more"
"""Key of the manifest: name of a further file of weights → its sha256."""
PICKLED = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".npz", ".npy", ".h5")


@dataclass(frozen=True)
class Trained:
    """See the module.

    Attributes:
        data: the file of weights; empty where there is none.
        claims: what the manifest says; empty where there is none.
        problem: why the work cannot be judged, with what to do; "" for nothing.
        more: name of a further file of weights → the same of it; of all that the assignment asks for.
    """

    data: bytes = field(default=b"", repr=False)
    claims: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    more: Mapping[str, Trained] = field(default_factory=dict)

    def of(self, name: str) -> Trained:
        """The work in a further file; this one for ""."""
        return self.more[name] if name else self

    @property
    def absent(self) -> bool:
        """There is no such file, and nothing speaks of it."""
        return self.problem == ABSENT

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


def parted(submission: Submission, spec: Assignment) -> tuple[Submission, Trained]:
    """The code of a submission, and its trained work; the digest of the code alone is still that of all files."""
    first, further = spec.submission.weights, spec.further_weights
    if not first:
        return submission, Trained()
    files = dict(submission.files)
    own = {name: [p for p in files if PurePosixPath(p).name == name] for name in (first, MANIFEST, *further)}
    rest = tuple((p, d) for p, d in submission.files if PurePosixPath(p).name not in own and not _is_pickled(p))
    code = Submission(submission.name, submission.main, rest, submission.digest, submission.notes)
    for name, paths in own.items():
        if len(paths) > 1:
            what = Trained(problem=f"there are {len(paths)} files {name}; hand in one")
            return code, replace(what, more=dict.fromkeys(further, what))
    data = {name: files[paths[0]] if paths else b"" for name, paths in own.items()}
    found = trained(data[first], data[MANIFEST], first, [p for p in files if _is_pickled(p)])
    return code, replace(found, more={name: further_one(data[name], data[MANIFEST], name) for name in further})


def further_one(weights: bytes, manifest: bytes, name: str) -> Trained:
    """Trained work from the bytes of a further file of weights; the manifest beside it binds its sha256, too."""
    claims, problem = _table(manifest) if manifest else ({}, "")
    more = claims.get(MORE, {})
    claimed = more.get(name) if isinstance(more, dict) else None
    if weights:
        return _read(weights, name, {}, problem, claimed, bool(manifest))
    return Trained(problem=f"{name} was not handed in, but {MANIFEST} speaks of it; {AGAIN}" if claimed else ABSENT)


def trained(weights: bytes, manifest: bytes, name: str, others: list[str] | None = None) -> Trained:
    """Trained work from the bytes of its two files.

    Args:
        name: what the file of weights is called.
        others: files that look like weights in another form.
    """
    claims, problem = _table(manifest) if manifest else ({}, "")
    if weights:
        return _read(weights, name, claims, problem, claims.get("sha256"), bool(manifest))
    instead = f"; `{PurePosixPath(others[0]).name}` is not opened: pickled weights can run code" if others else ""
    return Trained(
        claims=claims, problem=f"{name} was not handed in, or is empty{instead}; pack.py of the handout writes it"
    )


def _read(weights: bytes, name: str, claims: Mapping[str, Any], problem: str, claimed: object, bound: bool) -> Trained:
    """A file of weights; `problem` is that of the manifest, `claimed` the sha256 there, where one is (`bound`)."""
    found = Trained(weights, claims)
    try:
        found.arrays  # noqa: B018  # reads them
    except BadWeights as error:
        return replace(found, problem=f"{name}: {error}")
    if bound and not problem and claimed != found.sha256:
        problem = f"{MANIFEST} speaks of other weights than the {name} beside it; {AGAIN}, after the last training"
    return replace(found, problem=problem)


def _table(data: bytes) -> tuple[dict[str, Any], str]:
    """The manifest's table, or what is wrong with it."""
    if len(data) > MOST_MANIFEST:
        return {}, f"{MANIFEST} has {len(data):,} bytes; at most {MOST_MANIFEST:,} are read; {AGAIN}"
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        return {}, f"{MANIFEST} is no JSON; {AGAIN}"
    if not isinstance(table, dict) or table.get("format") != FORMAT:
        return {}, f'{MANIFEST} has no "format": {FORMAT}; {AGAIN}'
    return table, ""


def _is_pickled(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in PICKLED
