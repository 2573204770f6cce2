"""Decks: what students get of a world is true, is the same every time, and holds no generator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.assignments.story_modules import PUBLIC, modules

KEY = b"deck".ljust(32, b".")


@pytest.fixture(scope="module")
def parts() -> Iterator[list[ModuleType]]:
    with modules("decks", "story_data", "supply", "stories", "draws") as found:
        yield found


@pytest.fixture(scope="module")
def deck(parts: list[ModuleType], tmp_path_factory: pytest.TempPathFactory) -> Any:
    decks, story_data = parts[:2]
    folder = tmp_path_factory.mktemp("deck")
    for name, data in decks.deck_files(KEY, 3, stories=500, told=200).items():
        (folder / name).write_bytes(data)
    return story_data.load_deck(folder)


def test_the_files_are_read_as_they_were_meant(parts: list[ModuleType], deck: Any) -> None:
    decks, story_data = parts[:2]
    world = decks.world_of(KEY)
    assert (deck.name, deck.words) == ("d03", world.lexicon.words)
    assert np.array_equal(deck.stories, decks.rows_with_bos(decks.corpus(KEY, 500)))
    for row in (*deck.stories[:50], *deck.told[:50]):
        assert row[0] == story_data.BOS
        assert world.walk(row[row >= 0][1:])[1] == ""
    assert deck.text(deck.stories[0]) == world.text(deck.stories[0])


def test_true_probabilities_are_those_of_the_words_that_came(parts: list[ModuleType], deck: Any) -> None:
    decks = parts[0]
    world = decks.world_of(KEY)
    for row, logs, kinds in list(zip(deck.told, deck.log_true, deck.kinds, strict=True))[:40]:
        steps, _ = world.walk(row[row >= 0][1:])
        assert np.allclose(logs[: len(steps)], np.log([s.probability for s in steps]), atol=1e-6)
        assert [deck.kind_names[k] for k in kinds[: len(steps)]] == [world.kind(s.node) for s in steps]
        assert not logs[len(steps) :].any()
        assert (kinds[len(steps) :] == -1).all()
    assert abs(deck.floor - world.floor()) < 0.05


def test_the_same_key_gives_the_same_files_and_other_numbers_others(parts: list[ModuleType]) -> None:
    decks = parts[0]
    one, two = (decks.deck_files(KEY + bytes([n]), n, 50, 20) for n in (0, 1))
    assert one == decks.deck_files(KEY + bytes([0]), 0, 50, 20)
    assert set(one) == {"corpus-d00.bin", "validation-d00.npz", "words-d00.txt"}
    assert not set(one.values()) & set(two.values())


def test_the_large_world_is_another_language_with_its_own_files(parts: list[ModuleType], tmp_path: Path) -> None:
    decks, story_data = parts[:2]
    files = decks.large_deck_files(KEY, 3, stories=300, told=60)
    assert set(files) == {"corpus-large-d03.bin", "validation-large-d03.npz", "words-large-d03.txt"}
    assert files == decks.large_deck_files(KEY, 3, stories=300, told=60)
    small = decks.deck_files(KEY, 3, stories=50, told=20)
    for name, data in (files | small).items():
        (tmp_path / name).write_bytes(data)
    deck, world = story_data.load_deck(tmp_path, large=True), decks.large_world_of(KEY)
    assert (deck.name, len(deck.stories), deck.words) == ("d03", 300, world.lexicon.words)
    assert deck.vocabulary >= story_data.MANY_WORDS > story_data.load_deck(tmp_path).vocabulary
    assert abs(deck.floor - world.floor()) < 0.1
    for row in (*deck.stories[:30], *deck.told[:30]):
        assert world.walk(row[row >= 0][1:])[1] == ""
    assert world.lexicon.words != type(world)(KEY, scale=10, heroes=2).lexicon.words
    (tmp_path / "corpus-large-d03.bin").unlink()
    with pytest.raises(FileNotFoundError, match=r"corpus-large-dNN\.bin.*there is none"):
        story_data.load_deck(tmp_path, large=True)


def test_a_corpus_that_is_drawn_in_parts_is_one(parts: list[ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    decks = parts[0]
    monkeypatch.setattr(decks, "AT_ONCE", 40)
    made = decks.large_corpus(KEY, 100)
    assert len(made) == 100
    assert len({decks.digest_of(row) for row in made}) > 95
    assert all(decks.large_world_of(KEY).walk(row[row >= 0])[1] == "" for row in made)


def test_batches_are_what_train_is_given_by_the_grader(parts: list[ModuleType], deck: Any) -> None:
    decks, story_data, supply, stories, _ = parts
    fresh = supply.batches(decks.world_of(KEY), 3, 5)
    home = [b.numpy() for b in story_data.batches(deck, 3)]
    for supplied in (fresh, home):
        assert len(supplied) == 3
        for batch in supplied:
            assert batch.shape[0] == story_data.BATCH
            assert batch.shape[1] <= story_data.LONGEST == stories.LONGEST
            assert (batch[:, 0] == 0).all()
            assert (batch != -1).any(0).all()
            assert ((batch == 1).sum(1) <= 1).all()


def test_a_story_of_any_length_is_cropped_and_several_decks_want_a_name(
    parts: list[ModuleType], tmp_path: Path
) -> None:
    story_data = parts[1]
    rows = story_data.rows_of(np.array([5, 1, *[7] * 300, 1, 9, 9, 1]))
    assert rows.shape == (3, story_data.LONGEST)
    assert list(rows[0][:4]) == [0, 5, 1, -1]
    assert list(rows[2][:5]) == [0, 9, 9, 1, -1]
    for found, text in (([], "there is none"), (["d01", "d02"], "there are 2 (d01, d02): name one")):
        for name in found:
            (tmp_path / f"corpus-{name}.bin").write_bytes(b"")
        with pytest.raises(FileNotFoundError, match=text.replace("(", r"\(").replace(")", r"\)")):
            story_data.load_deck(tmp_path)


def test_nothing_that_students_get_makes_stories(parts: list[ModuleType]) -> None:
    for path in PUBLIC.glob("*.py"):
        text = path.read_text()
        for word in ("StoryWorld", "Lexicon", "grammar", "draw_prefixes", "Uniforms"):
            assert f"import {word}" not in text
            assert f"{word}(" not in text, path.name
