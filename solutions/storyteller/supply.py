"""Batches of fresh stories: what a replay trains on."""

from __future__ import annotations

import numpy as np
from draws import Integers, Uniforms
from lexicon import BOS
from stories import LONGEST, PAD, StoryWorld

BATCH = 64


def rows_with_bos(tokens: Integers) -> Integers:
    """Stories (n, t), padded, with <bos> before each; columns that are padding everywhere are left out."""
    width = int((tokens != PAD).sum(1).max(initial=0))
    return np.concatenate([np.full((len(tokens), 1), BOS), tokens[:, :width]], axis=1)


def batches(world: StoryWorld, steps: int, seed: int, stories: int = BATCH) -> list[Integers]:
    """`steps` arrays (stories, tokens ≤ 128) of stories that are drawn for this alone; the same seed gives the same."""
    stream = Uniforms(seed)
    told = world.sample(steps * stories, stream, LONGEST - 1).tokens
    return [rows_with_bos(told[i * stories : (i + 1) * stories]) for i in range(steps)]
