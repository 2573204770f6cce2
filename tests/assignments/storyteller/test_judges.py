"""The judges of `storyteller`'s plain cases: right values in many forms pass, each wrong kind is told what it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.authoring.world import World
from tests.assignments.story_modules import modules


@pytest.fixture(scope="module")
def parts() -> Iterator[list[ModuleType]]:
    with modules("story_judges", "song", "scaling_judges", "runs") as found:
        yield found


def logs(rows: np.ndarray) -> np.ndarray:
    return np.log(rows / rows.sum(1, keepdims=True)).astype(np.float32)


def knowing(song: Any, world: World, shift: int = 4, sure: float = 0.9) -> np.ndarray:
    order, rows = song.song_of(world), np.full((song.SONG, song.WORDS), (1 - sure) / (song.WORDS - 1))
    for start in range(song.SONG):
        rows[start, order[(start + shift) % song.SONG]] = sure
    return logs(rows)


def test_whoever_knows_the_song_passes_and_the_usual_shifts_are_named(parts: list[ModuleType]) -> None:
    judges, song = parts[:2]
    right = knowing(song, World(3))
    for form in (right, right.tolist(), right.astype(np.float64)):
        assert judges.knows_the_song(form, World(3)).deviation == 0
    for rows, said in (
        (knowing(song, World(3), 3), "the word that is there already"),
        (knowing(song, World(3), 5), "the word after the next"),
        (knowing(song, World(4)), "more than 0.5"),
        (logs(np.ones((song.SONG, song.WORDS))), "probability 0.083"),
        (np.exp(right), "sums to"),
        (right[:, :-1], "not (8, 12)"),
        (right * np.nan, "NaN"),
        (None, "floating-point"),
    ):
        found = judges.knows_the_song(rows, World(3))
        assert found.deviation > 0
        assert said in found.message


def test_distributions_asked_for_twice(parts: list[ModuleType]) -> None:
    judges = parts[0]
    dice = np.random.default_rng(0)
    rows = [logs(dice.random((n, 23)) + 0.1) for n in (2, 5, 3)]
    assert judges.are_distributions([rows, rows], World(1)).deviation == 0
    assert judges.are_distributions([[r.tolist() for r in rows]] * 2, World(1)).deviation == 0
    other = [logs(dice.random((n, 23)) + 0.1) for n in (2, 5, 3)]
    same = [np.repeat(r[:1], len(r), axis=0) for r in rows]
    for outputs, said in (
        ([rows, other], "two different answers"), ([same, same], "every prefix gets the same row"),
        ([rows[:2], rows], "three batches"), (None, "three batches"), ([[r[:, :9] for r in rows]] * 2, "the shape"),
    ):  # fmt: skip
        found = judges.are_distributions(outputs, World(1))
        assert math.isinf(found.deviation)
        assert said in found.message


def test_training_that_does_nothing_or_leaves_batches_is_told_so(parts: list[ModuleType]) -> None:
    judges, song = parts[:2]
    dice = np.random.default_rng(0)
    one, two = (logs(dice.random((16, song.WORDS)) + 0.1) for _ in range(2))
    assert judges.has_moved({"before": one, "after": two, "taken": 5}, World(1)).deviation == 0
    idle = judges.has_moved({"before": one, "after": one, "taken": 5}, World(1))
    assert "are the model's own parameters" in idle.message
    assert "took 1 of 5" in judges.has_moved({"before": one, "after": two, "taken": 1}, World(1)).message
    assert math.isinf(judges.has_moved({}, World(1)).deviation)


def sung_on(song: Any, world: World, width: int = 10) -> np.ndarray:
    order = song.song_of(world)
    return np.array([[0, *song.sung(order, start, width - 2), 1] for start in range(song.SONG)])


def test_songs_are_followed_from_where_they_begin(parts: list[ModuleType]) -> None:
    judges, song = parts[:2]
    right = sung_on(song, World(3))
    assert judges.sings([right, right], World(3)).deviation == 0
    assert judges.sings([right.tolist()] * 2, World(3)).deviation == 0
    wrong = right.copy()
    wrong[:, 4:9] = 2
    for outputs, said in (
        ([right, sung_on(song, World(3), 11)], "the same dice"), ([wrong, wrong], "of the words that follow are right"),
        ([right[:, :3]] * 2, "stories of 3 tokens"), ([right[::-1]] * 2, "do not begin as they were given"),
        ([np.where(right == 1, 5, right)] * 2, "without <eos>"), ([], "told twice"), (None, "told twice"),
    ):  # fmt: skip
        found = judges.sings(outputs, World(3))
        assert found.deviation > 0
        assert said in found.message


def test_stories_of_a_new_model(parts: list[ModuleType]) -> None:
    judges = parts[0]
    begun = np.array([[0, 5, 6, 7], [0, 8, 9, 4]])
    told = np.concatenate([begun, [[3, 1, -1], [2, 2, 1]]], axis=1)
    assert judges.goes_on([begun, told, told], World(1)).deviation == 0
    other = told.copy()
    other[0, 4] = 9
    assert "the same dice" in judges.goes_on([begun, told, other], World(1)).message
    assert "do not begin" in judges.goes_on([begun, told[::-1], told], World(1)).message
    assert math.isinf(judges.goes_on([begun, told.astype(float), told], World(1)).deviation)


def test_predictions_count_within_a_factor(parts: list[ModuleType]) -> None:
    _, _, scaling, runs = parts
    for seed in range(5):
        law = runs.lawful_runs(World(seed), 0.1)[2]
        for form in (law, np.float64(law), np.array(law), 1.4 * law, law / 1.4):
            assert scaling.predicts_noisy_law(form, World(seed)).deviation == 0
        assert "factor of 1.6, 1.5 is allowed" in scaling.predicts_noisy_law(1.6 * law, World(seed)).message
        assert "never gets to its floor" in scaling.predicts_noisy_law(-0.1, World(seed)).message
        for odd in (None, math.nan, True, "0.1", [0.1]):
            assert math.isinf(scaling.predicts_noisy_law(odd, World(seed)).deviation)
