"""Seeds and decks: foretold by nobody, the same for the same hand-in, and the team's whatever a manifest says."""

from __future__ import annotations

import dataclasses
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.authoring import Material
from autograder.authoring.case import Case
from autograder.authoring.milestone import Source
from autograder.errors import CasesError
from autograder.grading.drawing import (
    DrawKeys,
    deck_key,
    deck_of,
    drawn,
    feedback_seed,
    final_seed,
    libraries_seed,
    prints,
)
from autograder.grading.grade import Settings, _on_a_known_deck, deck_notes, draws_for
from autograder.grading.trained import Trained
from autograder.grading.worlds import Drawn, Recorded, parse_world
from autograder.spec.models import Decks

KEYS = DrawKeys(b"d" * 32, b"s" * 32)
OTHER = DrawKeys(b"D" * 32, b"S" * 32)


def test_a_changed_byte_a_changed_case_and_a_changed_key_draw_anew() -> None:
    seeds = {
        feedback_seed(keys, digest, case) for keys in (KEYS, OTHER) for digest in ("aa", "ab") for case in ("m", "r")
    }
    assert len(seeds) == 8
    assert feedback_seed(KEYS, "aa", "m") == feedback_seed(KEYS, "aa", "m")
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_the_draw_of_the_grade_hangs_on_term_and_team_and_on_no_attempt() -> None:
    assert final_seed(KEYS, "2026", "ada", "m") != final_seed(KEYS, "2026", "bob", "m")
    assert final_seed(KEYS, "2026", "ada", "m") != final_seed(KEYS, "2027", "ada", "m")
    assert final_seed(KEYS, "2026", "ada", "m") != feedback_seed(KEYS, "ada", "m")


def test_decks_are_spread_over_teams_and_move_with_the_term() -> None:
    teams = [f"team{i}" for i in range(800)]
    counts = Counter(deck_of(KEYS, "2026", team, 16) for team in teams)
    assert set(counts) == set(range(16))
    assert max(counts.values()) < 90
    assert sum(deck_of(KEYS, "2026", t, 16) != deck_of(KEYS, "2027", t, 16) for t in teams) > 600
    assert len({deck_key(keys, deck) for keys in (KEYS, OTHER) for deck in range(16)}) == 32


def test_the_seed_of_libraries_is_another_one_in_each_process() -> None:
    assert len({libraries_seed(5, "train"), libraries_seed(5, "predict"), libraries_seed(6, "train"), 5}) == 4


def case(kind: str, material: Any) -> Case:
    return Case("m", "q", False, "Doc.", lambda s, g: g, None, 1, kind=kind, material=material)  # type: ignore[arg-type]


def test_a_milestone_has_the_decks_world_in_every_draw_and_a_replay_one_of_its_own() -> None:
    def of(source: Source) -> Material:
        return Material(given={"key": source.key}, kept=source.seed)

    deck = {drawn(KEYS, case("milestone", of), seed, 3).given["key"] for seed in (1, 2)}
    assert deck == {deck_key(KEYS, 3)}
    fresh = {drawn(KEYS, case("replay", of), seed, 3).given["key"] for seed in (1, 2)}
    assert len(fresh) == 2
    assert deck_key(KEYS, 3) not in fresh


def test_material_that_cannot_be_made_is_the_authors_fault_in_words() -> None:
    with pytest.raises(CasesError, match="the material of `m` raises ZeroDivisionError"):
        drawn(KEYS, case("milestone", lambda source: 1 / 0), 1)
    with pytest.raises(CasesError, match="is a dict"):
        drawn(KEYS, case("milestone", lambda source: {}), 2)


def test_prints_name_each_part_that_is_there() -> None:
    first, second = Material(given={"a": 1}, kept=[1.0]), Material(given={"a": 1}, kept=[2.0])
    assert set(prints(first)) == {"given", "kept"}
    assert prints(first)["given"] == prints(second)["given"]
    assert prints(first)["kept"] != prints(second)["kept"]


def test_keys_are_kept_as_bytes_and_never_shown() -> None:
    assert DrawKeys.from_bytes(KEYS.to_bytes()) == KEYS
    assert DrawKeys.from_bytes(b"") == DrawKeys()
    assert "ddd" not in repr(KEYS)
    with pytest.raises(ValueError, match="another length"):
        DrawKeys.from_bytes(b"x" * 63)


@pytest.mark.parametrize("world", [Recorded(2), Drawn(7), Drawn(7, 3)])
def test_a_world_is_read_as_it_was_written(world: Recorded | Drawn) -> None:
    assert parse_world(str(world)) == world


@pytest.mark.parametrize("text", ["drawn", "drawn:", "drawn:1:2:3", "drawn:-1", "recorded:1:2", "other:1"])
def test_other_texts_name_no_world(text: str) -> None:
    with pytest.raises(ValueError, match="names no world"):
        parse_world(text)


def bundle(decks: Decks | None) -> Any:
    cases = SimpleNamespace(cases=(case("milestone", None), dataclasses.replace(case("replay", None), name="r")))
    return SimpleNamespace(spec=SimpleNamespace(decks=decks), draws=KEYS, cases=cases)


DECKS = Decks(count=16, term="2026")
MINE = deck_of(KEYS, "2026", "ada", 16)


def decks_of(settings: Settings, claimed: int | None = None) -> set[int]:
    return {w.deck for w in draws_for(bundle(DECKS), "aa", "ada", settings, claimed).values() if isinstance(w, Drawn)}


def test_the_deck_is_the_teams_whatever_the_manifest_says() -> None:
    other = (MINE + 1) % 16
    assert decks_of(Settings()) == decks_of(Settings(), other) == decks_of(Settings(final=True), other) == {MINE}
    assert decks_of(Settings(term="2031")) == {deck_of(KEYS, "2031", "ada", 16)}


def test_where_nobody_knows_who_hands_in_the_manifest_is_asked() -> None:
    assert decks_of(Settings(unnamed=True), 5) == {5}
    assert decks_of(Settings(unnamed=True), 99) == {MINE}


def test_what_is_said_about_decks() -> None:
    named, unnamed = Settings(), Settings(unnamed=True)
    draws = draws_for(bundle(DECKS), "aa", "ada", named)
    other = (MINE + 1) % 16
    assert deck_notes(bundle(DECKS), draws, MINE, named) == ()
    (note,) = deck_notes(bundle(DECKS), draws, other, named)
    assert note == f"milestone.json names deck d{other:02d}; judged on your team's, d{MINE:02d}"
    (note,) = deck_notes(bundle(DECKS), draws, MINE, unnamed)
    assert "as milestone.json says; the grade takes the deck of your team" in note
    assert deck_notes(bundle(None), draws, 3, unnamed) == ()


def test_where_nobody_says_which_deck_it_is_for_the_work_is_not_judged_on_any() -> None:
    unnamed, good = Settings(unnamed=True), Trained(b"x", {"deck": "d03"})
    for claims in ({}, {"deck": "d16"}, {"deck": 3}):
        found = _on_a_known_deck(Trained(b"x", claims), DECKS, unnamed)
        assert "does not say which deck this was trained on" in found.problem
        assert _on_a_known_deck(Trained(b"x", claims), DECKS, Settings()).problem == ""
        assert _on_a_known_deck(Trained(b"x", claims), None, unnamed).problem == ""
    assert _on_a_known_deck(good, DECKS, unnamed) == good


def test_no_milestone_is_drawn_at_home() -> None:
    assert draws_for(bundle(DECKS), "aa", "ada", Settings(handout=True)) == {}
