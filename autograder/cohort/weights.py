"""Weights of a cohort: kept once for each sha256 beside the evidence, compared with each other, and pruned.

A milestone's evidence is what the weights predicted; the weights themselves are kept for appeals and because two teams
with the same ones should be seen. Which blob belongs to which hand-in stands in the list of its files.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.cohort.store import Store
from autograder.cohort.tables import Event
from autograder.errors import StoredError
from autograder.grading.blobs import BlobStore
from autograder.grading.trained import parted
from autograder.grading.worlds import Drawn
from autograder.intake.opening import Opened
from autograder.spec.models import Assignment
from autograder.values.weights import BadWeights, read_weights

ENDING = ".safetensors"
Vector = np.ndarray[Any, Any]
BLOCK_BYTES = 256 * 2**20
ROUNDING = 1e-3
"""Of a cosine in single precision; what is nearer is computed again in double precision."""
ALIKE = 0.999
"""Cosine of two files of weights from which on a person should look: other seeds and other data give near 0."""


@dataclass(frozen=True)
class Alike:
    """Two hand-ins on one deck with (nearly) the same weights; `cosine` is 1 where the files are the same."""

    first: str
    second: str
    deck: int
    same: bool
    cosine: float

    def text(self) -> str:
        """For staff."""
        how = "the same weights, bit for bit" if self.same else f"nearly the same weights (cosine {self.cosine:.5f})"
        return f"{self.first} and {self.second}: {how}"


def keep_weights(blobs: BlobStore, spec: Assignment, opened: Opened) -> None:
    """Keep the weights of a hand-in, where it has some that can be read.

    Raises:
        MachineError: the blobs cannot be written.
    """
    if spec.submission.weights and opened.submission is not None:
        found = parted(opened.submission, spec)[1]
        for one in (found, *found.more.values()):
            if one.data and not one.problem:
                blobs.put(one.data)


def digests_of(event: Event) -> set[str]:
    """sha256 of the files of weights of a hand-in."""
    return {digest for path, digest in event.handed.files if path.endswith(ENDING)}


def alike(store: Store) -> Iterator[Alike]:
    """Pairs of current hand-ins, on one deck, whose weights are the same or point the same way.

    Weights of other shapes are never alike; a rotation of the hidden units, which changes nothing that a model says, is
    not seen. n hand-ins on a deck are n² pairs: products of matrices, with two blocks of them in memory at a time.
    """
    decks: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for event in store.current():
        kept = [digest for digest in sorted(digests_of(event)) if store.blobs.path(digest).exists()]
        if kept:
            decks[_deck(store, event)] += [(event.who, digest) for digest in kept]
    for deck, members in decks.items():
        groups: dict[tuple[Any, ...], list[tuple[str, str]]] = defaultdict(list)
        for who, digest in members:
            if (found := _read(store.blobs, digest)) is not None:
                groups[found[0]].append((who, digest))
        for shapes, own in groups.items():
            yield from _pairs(store.blobs, deck, sorted(own), _block(shapes))


def _read(blobs: BlobStore, digest: str) -> tuple[tuple[Any, ...], Vector] | None:
    """Names and shapes of weights, and their numbers in a row; None where they are pruned or were never readable."""
    try:
        arrays = read_weights(blobs.get(digest))
    except (StoredError, BadWeights):
        return None
    shapes = tuple(sorted((name, a.shape) for name, a in arrays.items()))
    return shapes, np.concatenate([arrays[name].ravel() for name, _ in shapes])


def _block(shapes: tuple[Any, ...]) -> int:
    """So many weights of these shapes are in memory at a time."""
    numbers: int = sum(math.prod(shape) for _, shape in shapes)
    return max(1, BLOCK_BYTES // (4 * max(1, numbers)))


def _pairs(blobs: BlobStore, deck: int, members: list[tuple[str, str]], size: int) -> Iterator[Alike]:
    blocks = [members[i : i + size] for i in range(0, len(members), size)]
    for number, first in enumerate(blocks):
        mine = _unit(blobs, first)
        for second in blocks[number:]:
            theirs = mine if second is first else _unit(blobs, second)
            near = np.abs(mine @ theirs.T) > ALIKE - ROUNDING
            near |= np.array([[a[1] == b[1] for b in second] for a in first])
            for i, j in zip(*np.nonzero(near), strict=True):
                if (first[i] < second[j]) and first[i][0] != second[j][0]:
                    yield from _alike(blobs, deck, first[i], second[j])


def _row(blobs: BlobStore, digest: str) -> Vector:
    found = _read(blobs, digest)
    assert found is not None  # it was read a moment ago
    return found[1]


def _unit(blobs: BlobStore, members: list[tuple[str, str]]) -> Vector:
    """Weights as rows of length 1 (or 0, where all of them are 0)."""
    matrix = np.stack([_row(blobs, digest) for _, digest in members])
    norms = np.linalg.norm(matrix.astype(np.float64), axis=1, keepdims=True)
    return (matrix / np.where(norms == 0, 1, norms)).astype(np.float32)


def _alike(blobs: BlobStore, deck: int, first: tuple[str, str], second: tuple[str, str]) -> Iterator[Alike]:
    """A pair that looked alike, computed in double precision."""
    a, b = (_row(blobs, digest).astype(np.float64) for _, digest in (first, second))
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    cosine = float(a @ b) / norm if norm else 0.0
    if first[1] == second[1] or abs(cosine) > ALIKE:
        yield Alike(first[0], second[0], deck, first[1] == second[1], cosine)


def _deck(store: Store, event: Event) -> int:
    evidence = store.evidence(event)
    worlds = evidence.worlds.values() if evidence is not None else ()
    return next((w.deck for w in worlds if isinstance(w, Drawn)), 0)


def unshared(store: Store, events: Iterable[Event]) -> set[str]:
    """Digests of weights of these events that no other event has, and that are there."""
    own = {e.id: digests_of(e) for e in events}
    others = {d for e in store.history() if e.id not in own for d in digests_of(e)}
    return {d for several in own.values() for d in several - others if store.blobs.path(d).exists()}
