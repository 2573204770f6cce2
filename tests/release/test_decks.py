"""The files of decks are of the very worlds that milestones are drawn from."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.errors import AuthorError
from autograder.grading.drawing import deck_key, drawn
from autograder.grading.fixtures import draw_keys
from autograder.grading.source import AssignmentSource, load_source
from autograder.release.decks import deck_count, deck_zips

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def source() -> AssignmentSource:
    return load_source(ROOT, "storyteller")


def test_the_files_are_of_the_world_that_the_milestone_is_drawn_from(source: AssignmentSource) -> None:
    ((name, data),) = deck_zips(source, [3])
    assert name == "d03.zip"
    assert list(deck_zips(source, [3])) == [(name, data)]
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        assert sorted(held.namelist()) == ["corpus-d03.bin", "validation-d03.npz", "words-d03.txt"]
        ids = np.frombuffer(held.read("corpus-d03.bin"), "<u2")
        words = held.read("words-d03.txt").decode().split()
    given = drawn(draw_keys(source), source.cases.get("has_learned"), 5, 3).given
    assert given["vocabulary"] == len(words)
    pairs = set(pairwise(ids.tolist()))
    for rows in given["batches"].values():
        for row in rows[:20]:
            assert all(pair in pairs for pair in pairwise(row[1:].tolist()))
    other = drawn(draw_keys(source), source.cases.get("has_learned"), 5, 4).given["batches"]
    strange = [p for rows in other.values() for r in rows[:5] for p in pairwise(r) if p not in pairs]
    assert len(strange) > 50


def test_no_two_decks_have_a_key_in_common(source: AssignmentSource) -> None:
    keys = draw_keys(source)
    assert len({deck_key(keys, n) for n in range(16)}) == 16


def test_large_decks_are_of_the_world_that_their_milestone_is_drawn_from(source: AssignmentSource) -> None:
    ((name, data),) = deck_zips(source, [3], large=True)
    assert name == "large-d03.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        names = ["corpus-large-d03.bin", "validation-large-d03.npz", "words-large-d03.txt"]
        assert sorted(held.namelist()) == names
        ids = np.frombuffer(held.read(names[0]), "<u2")
        words = held.read(names[2]).decode().split()
    assert int((ids == 1).sum()) == 100_000
    given = drawn(draw_keys(source), source.cases.get("is_near_in_the_large"), 5, 3).given
    assert given["vocabulary"] == len(words) > 800
    pairs = set(pairwise(ids.tolist()))

    def share(batches: dict[int, np.ndarray]) -> float:
        """Of pairs of words that stand in the corpus, too; a few are too rare for it."""
        found = [p in pairs for several in batches.values() for row in several[:10] for p in pairwise(row[1:].tolist())]
        return float(np.mean(found))

    assert share(given["batches"]) > 0.99
    assert share(drawn(draw_keys(source), source.cases.get("is_near_in_the_large"), 5, 4).given["batches"]) < 0.2


def test_an_assignment_without_decks_says_so(source: AssignmentSource) -> None:
    bare = replace(source, spec=source.spec.model_copy(update={"decks": None}))
    assert deck_count(bare) == 1, "deck 0, which is everybody's"
    with pytest.raises(AuthorError, match="has no decks"):
        list(deck_zips(load_source(ROOT, "backprop")))
    without = replace(source, cases=replace(source.cases, trusted={}))
    with pytest.raises(AuthorError, match=r"there is no decks\.py"):
        list(deck_zips(without, [0]))
    with pytest.raises(AuthorError, match=r"has no function large_deck_files"):
        list(deck_zips(replace(source, cases=replace(source.cases, trusted={"decks": ""})), [0], large=True))
    odd = replace(
        source, cases=replace(source.cases, trusted={"decks": "def deck_files(key, number):\n    return 1 / 0"})
    )
    with pytest.raises(AuthorError, match="deck_files raises ZeroDivisionError"):
        list(deck_zips(odd, [0]))


def test_the_command_names_decks_and_writes_those_that_are_needed(tmp_path: Path) -> None:
    run = CliRunner()
    told = run.invoke(main, ["deck", "storyteller", "anna", "--root", str(ROOT), "-o", str(tmp_path)])
    assert told.exit_code == 0, told.output
    deck = told.output.split()[0]
    assert told.output.splitlines()[0] == f"{deck}  anna"
    assert [p.name for p in (tmp_path / "storyteller" / "decks").iterdir()] == [f"{deck}.zip"]
    assert run.invoke(main, ["deck", "storyteller", "--root", str(ROOT)]).exit_code == 2
    assert run.invoke(main, ["deck", "storyteller", "anna", "--large", "--root", str(ROOT)]).exit_code == 2
    refused = run.invoke(main, ["deck", "backprop", "anna", "--root", str(ROOT)])
    assert refused.exit_code == 2
    assert "has no decks" in refused.output
