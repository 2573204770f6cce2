"""Writes weights/another_deck.safetensors: the reference's weights with its words shuffled, as another deck would have them.

    python solutions/storyteller/tools/another_deck.py      after `autograder train storyteller`
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE.parents[1]))

from autograder.values.weights import read_weights, write_weights


def main() -> None:
    """See the module."""
    folder = HERE / "weights"
    arrays = dict(read_weights((folder / "reference.safetensors").read_bytes()))
    words = arrays["embed.weight"]
    order = np.concatenate([[0, 1], 2 + np.random.default_rng(0).permutation(len(words) - 2)])
    arrays["embed.weight"] = words[order]
    (folder / "another_deck.safetensors").write_bytes(write_weights(arrays))


if __name__ == "__main__":
    main()
