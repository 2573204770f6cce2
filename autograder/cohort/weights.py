"""Weights of a cohort: kept once for each sha256 beside the evidence, compared with each other, and pruned.

A milestone's evidence is what the weights predicted; the weights themselves are kept for appeals and because two teams
with the same ones should be seen. Which blob belongs to which hand-in stands in the list of its files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from autograder.cohort.store import Store
from autograder.cohort.tables import Event
from autograder.errors import StoredError
from autograder.grading.blobs import BlobStore
from autograder.grading.trained import parted
from autograder.grading.worlds import Drawn
from autograder.intake.opening import Opened
from autograder.spec.models import SubmissionForm
from autograder.values.weights import BadWeights, read_weights

ENDING = ".safetensors"
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


def keep_weights(blobs: BlobStore, form: SubmissionForm, opened: Opened) -> None:
    """Keep the weights of a hand-in, where it has some that can be read.

    Raises:
        MachineError: the blobs cannot be written.
    """
    if form.weights and opened.submission is not None:
        found = parted(opened.submission, form)[1]
        if found.data and not found.problem:
            blobs.put(found.data)


def digests_of(event: Event) -> set[str]:
    """sha256 of the files of weights of a hand-in."""
    return {digest for path, digest in event.handed.files if path.endswith(ENDING)}


def alike(store: Store) -> Iterator[Alike]:
    """Pairs of current hand-ins, on one deck, whose weights are the same or point the same way.

    Weights of other shapes are never alike; a rotation of the hidden units, which changes nothing that a model says, is
    not seen.
    """
    groups: dict[tuple[Any, ...], list[tuple[str, str, np.ndarray[Any, Any]]]] = defaultdict(list)
    for event in store.current():
        for digest in sorted(digests_of(event)):
            try:
                arrays = read_weights(store.blobs.get(digest))
            except (StoredError, BadWeights):
                continue  # pruned, or never readable
            shapes = tuple(sorted((name, a.shape) for name, a in arrays.items()))
            flat = np.concatenate([arrays[name].ravel() for name, _ in shapes]).astype(np.float64)
            groups[_deck(store, event), shapes].append((event.who, digest, flat))
    for (deck, _), members in groups.items():
        yield from _pairs(deck, members)


def _pairs(deck: int, members: list[tuple[str, str, np.ndarray[Any, Any]]]) -> Iterator[Alike]:
    for (who, digest, mine), (other, others, theirs) in combinations(sorted(members, key=lambda m: m[:2]), 2):
        norm = float(np.linalg.norm(mine) * np.linalg.norm(theirs))
        cosine = float(mine @ theirs) / norm if norm else 0.0
        if who != other and (digest == others or abs(cosine) > ALIKE):
            yield Alike(who, other, deck, digest == others, cosine)


def _deck(store: Store, event: Event) -> int:
    evidence = store.evidence(event)
    worlds = evidence.worlds.values() if evidence is not None else ()
    return next((w.deck for w in worlds if isinstance(w, Drawn)), 0)


def unshared(store: Store, events: Iterable[Event]) -> set[str]:
    """Digests of weights of these events that no other event has, and that are there."""
    own = {e.id: digests_of(e) for e in events}
    others = {d for e in store.history() if e.id not in own for d in digests_of(e)}
    return {d for several in own.values() for d in several - others if store.blobs.path(d).exists()}
