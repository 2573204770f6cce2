"""What milestones and replays of this assignment are made of; every function draws from a `Source` (seed and key)."""

from __future__ import annotations

from typing import Any

import numpy as np
from decks import corpus, world_of
from draws import Uniforms
from prefixes import draw_prefixes
from supply import batches, rows_with_bos
from telling import beginnings

from autograder.authoring import Material
from autograder.checks import kept_rows

NEAR, MANY = 4_000, 16_000
SHORT, LONG = 150, 600
FIXTURE_STEPS = 600
STORIES = 64


def near_prefixes(source: Any) -> Material:
    """4,000 prefixes of the team's deck."""
    return _prefixes(source, NEAR)


def many_prefixes(source: Any) -> Material:
    """16,000 prefixes of the team's deck."""
    return _prefixes(source, MANY)


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
    rows = rows_with_bos(corpus(source.key))
    places = (Uniforms(source.seed).draw(steps * STORIES) * len(rows)).astype(np.int64).reshape(steps, STORIES)
    drawn = [rows[own] for own in places]
    cut = [x[:, : int((x >= 0).sum(1).max())].astype(np.int16) for x in drawn]
    return {"vocabulary": world_of(source.key).size, "batches": cut, "steps": steps}


def _prefixes(source: Any, count: int) -> Material:
    world = world_of(source.key)
    drawn = draw_prefixes(world, count, source.seed)
    return Material(given={"vocabulary": world.size, "batches": drawn.batches}, kept=kept_rows(drawn.laws, drawn.kinds))


def _replay(source: Any, steps: int) -> Material:
    world = world_of(source.key)
    drawn = _prefixes(source, NEAR)
    supply = [x.astype(np.int16) for x in batches(world, steps, source.seed)]
    return Material(
        supply={"vocabulary": world.size, "batches": supply, "steps": steps}, given=drawn.given, kept=drawn.kept
    )
