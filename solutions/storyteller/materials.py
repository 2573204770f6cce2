"""What milestones and replays of this assignment are made of; every function draws from a `Source` (seed and key)."""

from __future__ import annotations

from typing import Any

import numpy as np
from decks import corpus, large_corpus, large_world_of, world_of
from draws import Integers, Uniforms
from prefixes import draw_prefixes
from stories import StoryWorld
from supply import batches, rows_with_bos
from telling import beginnings

from autograder.authoring import Material
from autograder.checks import kept_rows

NEAR, MANY, LARGE = 4_000, 16_000, 1_800
"""Prefixes of a draw. A row of the large world has 900 numbers, and one answer may take 16.8 million; right ones a tenth."""
SHORT, LONG = 150, 600
FIXTURE_STEPS, LARGE_STEPS = 600, 400
STORIES, LARGE_STORIES = 64, 256


def near_prefixes(source: Any) -> Material:
    """4,000 prefixes of the team's deck."""
    return _prefixes(world_of(source.key), NEAR, source.seed)


def large_prefixes(source: Any) -> Material:
    """1,800 prefixes of the large world of the team's deck."""
    return _prefixes(large_world_of(source.key), LARGE, source.seed)


def many_prefixes(source: Any) -> Material:
    """16,000 prefixes of the team's deck."""
    return _prefixes(world_of(source.key), MANY, source.seed)


def short_replay(source: Any) -> Material:
    """150 batches of a fresh world, and 4,000 prefixes of it."""
    return _replay(source, SHORT)


def long_replay(source: Any) -> Material:
    """600 batches of a fresh world, and 4,000 prefixes of it."""
    return _replay(source, LONG)


def hidden_beginnings(source: Any) -> Material:
    """Beginnings of stories of the team's deck, and a seed for the student's dice."""
    world = world_of(source.key)
    begun = beginnings(world, source.seed)
    return Material(
        given={"vocabulary": world.size, "beginnings": begun, "seed": source.seed % 2**31},
        kept={"key": source.key.hex(), "beginnings": {str(n): rows for n, rows in begun.items()}},
    )


def deck_supply(source: Any, steps: int = FIXTURE_STEPS) -> dict[str, Any]:
    """Batches of the deck's corpus, as `story_data.batches` draws them: what a student trains on at home."""
    return _supply(world_of(source.key), corpus(source.key), source.seed, steps, STORIES)


def large_supply(source: Any, steps: int = LARGE_STEPS) -> dict[str, Any]:
    """The same of its large world, in batches of 256."""
    return _supply(large_world_of(source.key), large_corpus(source.key), source.seed, steps, LARGE_STORIES)


def _supply(world: StoryWorld, tokens: Integers, seed: int, steps: int, stories: int) -> dict[str, Any]:
    rows = rows_with_bos(tokens)
    places = (Uniforms(seed).draw(steps * stories) * len(rows)).astype(np.int64).reshape(steps, stories)
    drawn = [rows[own] for own in places]
    cut = [x[:, : int((x >= 0).sum(1).max())].astype(np.int16) for x in drawn]
    return {"vocabulary": world.size, "batches": cut, "steps": steps}


def _prefixes(world: StoryWorld, count: int, seed: int) -> Material:
    drawn = draw_prefixes(world, count, seed)
    return Material(given={"vocabulary": world.size, "batches": drawn.batches}, kept=kept_rows(drawn.laws, drawn.kinds))


def _replay(source: Any, steps: int) -> Material:
    world = world_of(source.key)
    drawn = _prefixes(world, NEAR, source.seed)
    supply = [x.astype(np.int16) for x in batches(world, steps, source.seed)]
    return Material(
        supply={"vocabulary": world.size, "batches": supply, "steps": steps}, given=drawn.given, kept=drawn.kept
    )
