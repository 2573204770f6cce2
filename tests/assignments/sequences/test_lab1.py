"""What the published tests of 6.S191's first lab let through (@e44754e), and what is heard of it here.

Its test of `get_batch` looks at types, shapes and x[:, 1:] == y[:, :-1]: batches of zeros pass, and so do targets made
by `np.roll`, whose last one is the window's own first token. Its player prints that no song was valid also after it has
played one. Its users know batch and time confused (introtodeeplearning #188).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.assignments.sitting import ROOT, Sitting, sitting

ROLLED = """
def next_token_batch(ids, starts, length):
    inputs = np.array([ids[s : s + length] for s in starts])
    return inputs, np.roll(inputs, -1, axis=1)
"""
ZEROS = """
def next_token_batch(ids, starts, length):
    return np.zeros((len(starts), length), dtype=int), np.zeros((len(starts), length), dtype=int)
"""
CONFUSED = """
def rnn(X, h0, Wx, Wh, b):
    h, states = np.resize(h0, (X.shape[1], len(b))), []
    for x in X:
        h = np.tanh(x @ Wx + h @ Wh + b)
        states.append(h)
    return np.stack(states)
"""
RIGHT = """
def next_token_batch(ids, starts, length):
    return np.array([ids[s : s + length] for s in starts]), np.array([ids[s + 1 : s + 1 + length] for s in starts])
"""


def lab1_accepts(program: str) -> bool:
    """What the lab's own test of a batch asks, read in its text."""
    names: dict[str, object] = {"np": np}
    exec(program, names)
    x, y = names["next_token_batch"](np.arange(100) % 7, np.array([0, 10]), 10)  # type: ignore[operator]
    return type(x) is type(y) is np.ndarray and x.shape == y.shape == (2, 10) and bool((x[:, 1:] == y[:, :-1]).all())


@pytest.fixture(scope="module")
def sequences() -> Iterator[Sitting]:
    with sitting("sequences") as made:
        yield made


@pytest.mark.parametrize("program", [ROLLED, ZEROS, RIGHT])
def test_the_lab_accepts_all_three_batches(program: str) -> None:
    assert lab1_accepts(program)


@pytest.mark.parametrize("program", [ROLLED, ZEROS])
def test_here_wrong_batches_lose_both_cases_about_windows(sequences: Sitting, program: str) -> None:
    assert set(sequences.lost(program)) == {"two_windows", "windows_up_to_the_end"}


def test_the_right_batch_loses_nothing(sequences: Sitting) -> None:
    assert sequences.lost(RIGHT) == {}


def test_batch_and_time_confused_are_seen_although_every_shape_fits(sequences: Sitting) -> None:
    lost = sequences.lost(CONFUSED)
    assert {"one_sequence_of_three_steps", "as_many_steps_as_sequences", "sizes_all_different"} <= set(lost)


@pytest.fixture(scope="module")
def player() -> ModuleType:
    """`tune_player` of the handout."""
    return _module("tune_player", ROOT / "assignments" / "sequences")


def _module(name: str, folder: Path) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


TUNE = "M:2/4\nK:G\nA2G1B1|A1B3|G4|]"


def test_the_player_says_none_only_where_none_is(
    player: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert player.listen([TUNE[:-1], TUNE, TUNE.replace("G4", "G3")], tmp_path) == TUNE
    assert "1 of 3 texts are tunes" in capsys.readouterr().out
    assert (tmp_path / "tune.wav").stat().st_size > 10_000
    assert player.listen(["", TUNE * 2], tmp_path) is None
    assert "0 of 2 texts are tunes" in capsys.readouterr().out
