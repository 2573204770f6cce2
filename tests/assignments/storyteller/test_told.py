"""Told stories: true ones pass, a wrong word makes a story invalid, neither one story nor a shelf of them passes."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.authoring.world import World
from autograder.checks.judgement import Judgement
from tests.assignments.story_modules import modules

KEY = b"told stories".ljust(32, b".")
FREE = 200
"""Stories without a beginning; 100 more have one."""
Outputs = dict[str, Any]


@pytest.fixture(scope="module")
def parts() -> Iterator[list[ModuleType]]:
    with modules("telling", "decks", "draws") as found:
        yield found


@pytest.fixture(scope="module")
def kept(parts: list[ModuleType]) -> dict[str, Any]:
    telling, decks, _ = parts
    begun = telling.beginnings(decks.world_of(KEY), 5)
    return {"key": KEY.hex(), "beginnings": {str(n): rows for n, rows in begun.items()}}


@pytest.fixture(scope="module")
def true(parts: list[ModuleType], kept: dict[str, Any]) -> Outputs:
    """What a perfect model tells: true stories, and true endings of the beginnings."""
    _, decks, draws = parts
    world = decks.world_of(KEY)
    supply = decks.stories_of(world, FREE, draws.Uniforms(77))[0]
    found: Outputs = {"1": decks.rows_with_bos(supply)}
    for name, begun in kept["beginnings"].items():
        if name != "1":
            found[name] = np.stack([ended(world, row, 60) for row in begun])
    return found


def ended(world: Any, begun: np.ndarray, width: int) -> np.ndarray:
    """A story that goes on with the likeliest word of the law at each place."""
    node, registers, story = 0, np.zeros((1, len(world.registers)), dtype=np.int64), []
    while node >= 0:
        at = len(story) + 1
        word = int(begun[at]) if at < len(begun) else int(world.rows(np.array([node]), registers)[0].argmax())
        edge = next(e for e in world.nodes[node] if world._probability(e, word, registers) > 0)
        if edge.symbol[0] == "draw":
            registers[0, world.registers[edge.symbol[1]]] = word
        story.append(word)
        node = edge.to
    return np.array([0, *story, *([-1] * (width - len(story) - 1))])


def judged(parts: list[ModuleType], outputs: Any, kept: dict[str, Any]) -> Judgement:
    found = parts[0].ToldStories().judge(outputs, kept, World(1))
    assert isinstance(found, Judgement)
    return found


def test_true_stories_get_everything(parts: list[ModuleType], true: Outputs, kept: dict[str, Any]) -> None:
    assert judged(parts, true, kept) == Judgement(parts[0].FULL, 0.0)
    by_number = {int(n): rows for n, rows in true.items()}
    assert judged(parts, by_number, kept).passed


def test_one_word_that_has_no_chance_makes_a_story_invalid(
    parts: list[ModuleType], true: Outputs, kept: dict[str, Any]
) -> None:
    telling, decks, _ = parts
    world, dice = decks.world_of(KEY), np.random.default_rng(0)
    rows = true["1"][:12]
    kinds = set()
    for row in rows:
        story = row[row >= 0]
        place = int(dice.integers(1, len(story)))
        steps, _ = world.walk(story[1:])
        allowed = {w for w in range(world.size) if world.walk([*story[1:place], w])[1] in ("", "unfinished")}
        wrong = int(dice.choice(sorted(set(range(2, world.size)) - allowed)))
        mutated = story.copy()
        mutated[place] = wrong
        found = telling.tally(world, {"1": mutated[None]}, {"1": mutated[None, :1]})
        assert (found.valid, found.stories) == (0, 1)
        kinds |= set(found.errors)
        whole = telling.tally(world, {"1": story[None]}, {"1": story[None, :1]})
        assert whole.valid == 1
        assert whole.right == sum(s.symbol[0] in telling.REFERENCES for s in steps)
    assert len(kinds) >= 2


def test_half_for_four_fifths_none_below(parts: list[ModuleType], true: Outputs, kept: dict[str, Any]) -> None:
    for broken, credit in ((10, 1), (40, 0.5), (120, 0)):
        outputs = {n: rows.copy() for n, rows in true.items()}
        for row in outputs["1"][:broken]:
            row[int((row >= 0).sum()) - 1] = 0  # another word where <eos> stood
        found = judged(parts, outputs, kept)
        assert found.credit == credit
        if credit != 1:
            assert f"{300 - broken} of 300 stories are valid" in found.message
            assert f"ungrammatical: {broken}" in found.message


def test_one_learnt_story_a_shelf_of_them_and_the_corpus_do_not_pass(
    parts: list[ModuleType], true: Outputs, kept: dict[str, Any]
) -> None:
    _, decks, _ = parts
    corpus = decks.rows_with_bos(decks.corpus(KEY))
    few = np.repeat(true["1"][: FREE // 10], 10, axis=0)
    place = 1 if len({*corpus[:, 1]}) > 1 else 2
    one_hero = corpus[corpus[:, place] == corpus[0, place]]
    different = np.unique(one_hero, axis=0)[:FREE]
    for rows, why in (
        (true["1"][[0] * FREE], "differ from each other"),
        (few, "differ from each other"),
        (different, "the entropy of the first name"),
        (corpus[:FREE], "stand in the corpus word for word"),
    ):
        found = judged(parts, true | {"1": rows}, kept)
        assert found.credit == 0
        assert why in found.message


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda rows: None, "stories by length"),
        (lambda rows: {}, "integer tensor"),
        (lambda rows: rows | {"1": rows["1"].astype(float)}, "integer tensor"),
        (lambda rows: rows | {"1": rows["1"][:9]}, "for beginnings of shape"),
        (lambda rows: rows | {"5": rows["5"] * 0 + 3}, "do not begin with the beginnings"),
        (lambda rows: rows | {"1": np.where(rows["1"] > 0, 999, rows["1"])}, "there are 95 words"),
        (lambda rows: rows | {"1": np.zeros((FREE, 200), np.int64)}, "128 are the most"),
    ],
)
def test_what_is_no_set_of_stories_is_told_so(
    parts: list[ModuleType], true: Outputs, kept: dict[str, Any], spoil: Any, why: str
) -> None:
    found = judged(parts, spoil(dict(true)), kept)
    assert found.credit == 0
    assert why in found.message


def test_the_limit_on_verbatim_stories_leaves_true_ones_room_in_every_deck(parts: list[ModuleType]) -> None:
    telling, decks, draws = parts
    for number in range(4):
        key = b"some course %d" % number
        held = decks.corpus_digests(key)
        rows = decks.stories_of(decks.world_of(key), FREE, draws.Uniforms(9 + number))[0]
        share = sum(decks.digest_of(row) in held for row in rows) / FREE
        assert share < telling.true_verbatim(key) + telling.MORE_VERBATIM - 0.03
