"""Pairs of weights: found block by block, they are those that looking at every pair finds."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from autograder.cohort import weights
from autograder.cohort.weights import ALIKE, _block, _pairs
from autograder.grading.blobs import BlobStore
from autograder.values.weights import write_weights

RNG = np.random.default_rng(1)
BASE = RNG.normal(size=300).astype(np.float32)


def near(angle):
    """Weights at this angle (radians) from the base."""
    other = RNG.normal(size=300)
    other -= other @ BASE / (BASE @ BASE) * BASE
    other *= np.linalg.norm(BASE) / np.linalg.norm(other)
    return (np.cos(angle) * BASE + np.sin(angle) * other).astype(np.float32)


ROWS = {
    "ada": BASE, "ben": BASE, "cy": 3 * BASE, "dot": -BASE, "eve": near(0.03), "fay": near(0.06), "gus": near(1.5),
    "hal": 0 * BASE, "ida": 0 * BASE, "jo": near(0.0447), "ada2": near(1.4),
}  # fmt: skip


@pytest.fixture
def kept(tmp_path):
    blobs = BlobStore(tmp_path)
    return blobs, sorted((who, blobs.put(write_weights({"w": row.reshape(30, 10)}))) for who, row in ROWS.items())


def by_hand():
    found = set()
    for a, b in combinations(sorted(ROWS), 2):
        x, y = ROWS[a].astype(np.float64), ROWS[b].astype(np.float64)
        norm = np.linalg.norm(x) * np.linalg.norm(y)
        if np.array_equal(x, y) or (norm and abs(x @ y) / norm > ALIKE):
            found.add((a, b))
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_blocks_of_any_size_find_the_same_pairs(kept, size):
    blobs, members = kept
    found = list(_pairs(blobs, 0, members, size))
    assert {(one.first, one.second) for one in found} == by_hand()
    assert len(found) == len(by_hand())
    assert {(o.first, o.second) for o in found if o.same} == {("ada", "ben"), ("hal", "ida")}
    assert {("ada", "eve"), ("ada", "cy"), ("ada", "dot")} <= by_hand()
    assert not by_hand() & {("ada", "fay"), ("ada", "gus"), ("ada", "hal")}


def test_one_person_is_no_pair(kept):
    blobs, members = kept
    digest = dict(members)["ada"]
    assert list(_pairs(blobs, 0, [("ada", digest), ("ada", dict(members)["eve"])], 2)) == []


def test_a_block_holds_what_fits_into_memory(monkeypatch):
    monkeypatch.setattr(weights, "BLOCK_BYTES", 4 * 300 * 5)
    assert _block((("w", (30, 10)),)) == 5
    assert _block((("w", (3000, 1000)),)) == 1
