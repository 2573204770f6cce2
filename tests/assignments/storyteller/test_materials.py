"""What milestones and replays are made of: no answer among what is sent, fresh worlds, whole distributions kept."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.authoring.milestone import Material, Source
from autograder.values.codec import decode, encode
from tests.assignments.story_modules import modules

DECK, FRESH = b"a deck".ljust(32, b"."), b"a fresh world".ljust(32, b".")


@pytest.fixture(scope="module")
def parts() -> Iterator[list[ModuleType]]:
    with modules("materials", "decks", "story_data", "telling") as found:
        found[0].NEAR = 300  # type: ignore[attr-defined]  # the same drawing, fewer of them
        yield found


def same(one: Material, two: Material) -> bool:
    return encode(dict(one.given)) == encode(dict(two.given)) and encode(one.kept) == encode(two.kept)


def test_prefixes_are_sent_and_laws_are_kept(parts: list[ModuleType]) -> None:
    materials, decks, _, _ = parts
    made = materials.near_prefixes(Source(5, DECK))
    assert set(made.given) == {"vocabulary", "batches"}
    assert sum(map(len, made.given["batches"].values())) == 300
    assert same(made, materials.near_prefixes(Source(5, DECK)))
    assert not same(made, materials.near_prefixes(Source(6, DECK)))
    world = decks.world_of(DECK)
    for length, rows in made.given["batches"].items():
        laws = made.kept["laws"][str(length)]
        assert rows.shape == (len(laws), length)
        assert np.allclose(laws.sum(1), 1)
        for row in rows[:5]:
            assert world.walk(row[1:])[1] == "unfinished"


def test_what_is_sent_can_be_sent(parts: list[ModuleType]) -> None:
    materials = parts[0]
    for make in (materials.near_prefixes, materials.hidden_beginnings):
        given = dict(make(Source(5, DECK)).given)
        back: Any = decode(encode({"values": given}))["values"]
        assert set(back) == set(given)


def test_a_replay_trains_and_asks_in_one_world_that_is_not_the_deck(parts: list[ModuleType]) -> None:
    materials, decks, _, _ = parts
    made = materials._replay(Source(5, FRESH), 4)
    assert made.supply["steps"] == len(made.supply["batches"]) == 4
    assert all(b.shape[0] == 64 and b.dtype == np.int16 and b.shape[1] <= 128 for b in made.supply["batches"])
    fresh, deck = decks.world_of(FRESH), decks.world_of(DECK)
    told = [row[row >= 0][1:] for batch in made.supply["batches"] for row in batch[:8]]
    assert all(fresh.walk(story)[1] == "" for story in told)
    assert not any(deck.walk(story)[1] == "" for story in told)
    assert made.given["vocabulary"] == fresh.size
    assert "batches" in made.given
    assert not any(key in made.given for key in ("steps", "seed"))


def test_fixtures_train_on_the_corpus_that_students_get(parts: list[ModuleType]) -> None:
    materials, decks, story_data, _ = parts
    made = materials.deck_supply(Source(5, DECK), 3)
    held = {decks.digest_of(row) for row in decks.corpus(DECK)}
    for batch in made["batches"]:
        assert all(decks.digest_of(row[1:]) in held for row in batch)
    assert batch.shape[0] == story_data.BATCH


def test_hidden_beginnings_are_beginnings_of_stories_of_the_deck(parts: list[ModuleType]) -> None:
    materials, decks, _, telling = parts
    made = materials.hidden_beginnings(Source(5, DECK))
    begun = made.given["beginnings"]
    assert {n: len(rows) for n, rows in begun.items()} == {1: telling.FREE, **telling.BEGUN}
    world = decks.world_of(DECK)
    for rows in begun.values():
        assert all(world.walk(row[1:])[1] == "unfinished" for row in rows)
    assert set(made.kept) == {"key", "beginnings"}
    assert DECK.hex() not in repr(made.given)
