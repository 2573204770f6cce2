"""The story worlds of `storyteller`: the law is exact, the sampler follows it, the recogniser knows every mistake."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder.authoring.loading import modules_from

FOLDER = Path(__file__).parents[3] / "solutions" / "storyteller"


@pytest.fixture(scope="module")
def stories() -> ModuleType:
    return _module("stories")


@pytest.fixture(scope="module")
def prefixes() -> ModuleType:
    return _module("prefixes")


def _module(name: str) -> ModuleType:
    import importlib

    with modules_from({p.stem: p.read_text() for p in FOLDER.glob("*.py") if p.stem != "storyteller"}):
        return importlib.import_module(name)


def keys(count: int) -> list[bytes]:
    return [f"world {i}".encode() for i in range(count)]


def surprise(world: object, story: np.ndarray) -> float:
    steps, why = world.walk(story)  # type: ignore[attr-defined]
    assert why == "" or len(story) == 127, why
    return -sum(math.log(step.probability) for step in steps)


@pytest.mark.parametrize("key", keys(20))
def test_entropy_by_linear_systems_is_that_of_samples(stories: ModuleType, key: bytes) -> None:
    world = stories.StoryWorld(key)
    per_story, tokens = world.entropy()
    told = world.sample(400, stories.Uniforms(7))
    found = np.array([surprise(world, row[row >= 0]) for row in told.tokens])
    assert abs(found.mean() - per_story) < 4 * found.std() / len(found) ** 0.5
    assert abs(told.lengths.mean() - tokens) < 4 * told.lengths.std() / len(found) ** 0.5


@pytest.mark.parametrize("key", keys(4))
def test_every_law_of_a_next_word_sums_to_one_and_holds_what_comes(stories: ModuleType, key: bytes) -> None:
    world = stories.StoryWorld(key)
    told = world.sample(60, stories.Uniforms(3))
    there = told.tokens >= 0
    rows = world.rows(told.nodes[there], told.registers[there])
    assert np.allclose(rows.sum(1), 1, rtol=0, atol=1e-12)
    steps = [step.probability for row in told.tokens for step in world.walk(row[row >= 0])[0]]
    taken = rows[np.arange(len(rows)), told.tokens[there]]
    assert np.allclose(taken, steps, rtol=1e-12)


def test_the_recogniser_rejects_every_word_that_has_no_chance(stories: ModuleType) -> None:
    world = stories.StoryWorld(b"mutations")
    told = world.sample(12, stories.Uniforms(5))
    reasons = set()
    for story, nodes, registers in zip(told.tokens, told.nodes, told.registers, strict=True):
        length = int((story >= 0).sum())
        rows = world.rows(nodes[:length], registers[:length])
        for place in range(length):
            for word in np.flatnonzero(rows[place] == 0):
                steps, why = world.walk([*story[:place], word])
                assert len(steps) == place
                assert why not in ("", "unfinished")
                reasons.add(why)
    assert {
        "wrong pet",
        "wrong object",
        "wrong pronoun",
        "verb of another pet",
        "wrong mood",
        "ungrammatical",
    } <= reasons


def test_a_story_without_end_is_unfinished_and_one_with_more_is_no_story(stories: ModuleType) -> None:
    world = stories.StoryWorld(b"ends")
    told = world.sample(1, stories.Uniforms(2)).tokens[0]
    story = told[told >= 0]
    assert world.walk(story)[1] == ""
    assert world.walk(story[:-1])[1] == "unfinished"
    assert world.walk([*story, story[0]])[1] == "ungrammatical"


def test_worlds_of_other_keys_share_no_law(stories: ModuleType) -> None:
    one, two = stories.StoryWorld(b"one"), stories.StoryWorld(b"two")
    told = one.sample(200, stories.Uniforms(2)).tokens
    assert sum(two.walk(row[row >= 0])[1] == "" for row in told) == 0
    assert one.lexicon.words[:2] == two.lexicon.words[:2] == ("<bos>", "<eos>")
    assert one.lexicon.words != two.lexicon.words


def test_a_world_is_the_same_on_every_machine(stories: ModuleType, prefixes: ModuleType) -> None:
    world = stories.StoryWorld(b"frozen")
    drawn = prefixes.draw_prefixes(world, 300, 11)
    whole = hashlib.sha256("\n".join(world.lexicon.words).encode())
    for length, batch in drawn.batches.items():
        whole.update(length.to_bytes(2, "big") + batch.astype("<i4").tobytes())
    assert whole.hexdigest()[:16] == "6532f8620112e444"


def test_prefixes_stand_for_tokens(stories: ModuleType, prefixes: ModuleType) -> None:
    world = stories.StoryWorld(b"tokens")
    drawn = prefixes.draw_prefixes(world, 6000, 4)
    assert sum(map(len, drawn.batches.values())) == 6000
    assert max(drawn.batches) <= stories.LONGEST - 1
    assert all((b[:, 0] == 0).all() and b.shape[1] == n and (b[:, 1:] >= 2).all() for n, b in drawn.batches.items())
    laws = np.concatenate(list(drawn.laws.values()))
    entropies = -np.where(laws > 0, laws * np.log(np.where(laws > 0, laws, 1)), 0).sum(1)
    assert abs(entropies.mean() - world.floor()) < 4 * entropies.std() / len(entropies) ** 0.5


@pytest.mark.parametrize(("scale", "heroes", "least", "most"), [(1, 1, 80, 120), (10, 2, 850, 950)])
def test_sizes(stories: ModuleType, scale: int, heroes: int, least: int, most: int) -> None:
    world = stories.StoryWorld(b"sizes", scale, heroes)
    assert least <= world.size <= most
    assert sorted(world.lexicon.words) == sorted(set(world.lexicon.words))
