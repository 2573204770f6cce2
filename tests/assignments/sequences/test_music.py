"""The music of "Sequences": the law of the tunes, the floor, the judge, and the sound."""

from __future__ import annotations

import io
import itertools
import math
import wave
from collections import Counter
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest
import torch

from tests.assignments.sequences.modules import loaded

NAMES = ("tune_source", "tune_model", "tune_player", "music_judge")


@pytest.fixture(scope="module")
def modules() -> Iterator[tuple[ModuleType, ...]]:
    with loaded(*NAMES) as found:
        yield found


def test_both_laws_give_every_tune_the_same_probability(modules: tuple[ModuleType, ...]) -> None:
    source, _, _, judge = modules
    tunes = source.draw_many(300, 1) + [judge.fresh_tune(np.random.default_rng(k)) for k in range(100)]
    for tune in tunes:
        assert sum(source.log_probabilities(tune)) == pytest.approx(judge.log_probability(tune), rel=1e-12)


def test_next_characters_add_up_to_1_along_every_tune(modules: tuple[ModuleType, ...]) -> None:
    source, *_ = modules
    for tune in source.draw_many(50, 2):
        for place in range(len(tune)):
            assert sum(source.next_characters(tune[:place]).values()) == pytest.approx(1)
        assert source.next_characters(tune) == {}


def test_all_bars_of_a_metre_together_have_probability_1(modules: tuple[ModuleType, ...]) -> None:
    _, _, _, judge = modules

    def bars(left: int) -> list[tuple[int, ...]]:
        return [()] if not left else [(n, *rest) for n in (1, 2, 3) if n <= left for rest in bars(left - n)]

    total = 0.0
    for first, second in itertools.product(bars(4), bars(4)):
        walks = {0: [("", 0.0)]}
        for length in (*first, *second):
            nxt: dict[int, list[tuple[str, float]]] = {}
            for degree, texts in walks.items():
                for step in judge.STEPS:
                    if 0 <= degree + step < 8:
                        letter = judge.SCALES["C"][degree + step]
                        nxt.setdefault(degree + step, []).extend((f"{text}{letter}{length}", 0.0) for text, _ in texts)
            walks = nxt
        if len(first) + len(second) <= 4:  # the shortest rhythms, whose walks are few
            texts = [text for found in walks.values() for text, _ in found]
            cut = 2 * len(first)
            given = sum(
                math.exp(judge.log_probability(f"M:2/4\nK:C\n{text[:cut]}|{text[cut:]}|C4|]")) for text in texts
            )
            total_of_rhythm = math.prod(
                judge.LENGTHS[n] / sum(w for k, w in judge.LENGTHS.items() if k <= left)
                for bar in (first, second)
                for n, left in zip(bar, itertools.accumulate((4, *(-n for n in bar[:-1]))), strict=True)
            )
            assert given == pytest.approx(total_of_rhythm / 6)
            total += given
    assert 0 < total < 1 / 6


@pytest.mark.parametrize(
    "change", [("|C", "C", 1), ("]", "", 1), ("M:2", "M:3", 1), ("K:C", "K:G", 1), ("1", "2", 1), ("C4", "C3", 1)]
)
def test_the_recognisers_agree_on_what_is_no_tune(
    modules: tuple[ModuleType, ...], change: tuple[str, str, int]
) -> None:
    source, _, _, judge = modules
    tune = "M:2/4\nK:C\nD1E3|D2C2|C4|]"
    assert source.is_tune(tune)
    assert judge.log_probability(tune) > -math.inf
    broken = tune.replace(*change)
    assert broken != tune
    assert not source.is_tune(broken)
    assert judge.log_probability(broken) == -math.inf


def test_an_unusual_tune_of_the_longest_notes_is_one(modules: tuple[ModuleType, ...]) -> None:
    source, _, _, judge = modules
    tune = "M:3/4\nK:D\nF3E3|G3F3|D6|]"
    assert source.is_tune(tune)
    assert judge.log_probability(tune) == pytest.approx(sum(source.log_probabilities(tune)))


def test_the_floor_of_the_text(modules: tuple[ModuleType, ...]) -> None:
    source, *_ = modules
    tunes = source.draw_many(4000, 3)
    entropy = -sum(sum(source.log_probabilities(tune)) for tune in tunes) / sum(map(len, tunes))
    assert entropy == pytest.approx(0.53, abs=0.005)
    assert max(map(len, tunes)) + 1 <= source.LONGEST
    headers = Counter(tune[:10] for tune in tunes)
    assert len(headers) == 6
    assert min(headers.values()) > 4000 / 6 - 5 * math.sqrt(4000 * 5 / 36)


def test_tokens_and_characters(modules: tuple[ModuleType, ...]) -> None:
    source, model, _, judge = modules
    tunes = source.draw_many(20, 4)
    assert [source.decode(row) for row in source.encode(tunes)] == tunes
    np.testing.assert_array_equal(judge.tokens_of(tunes), source.encode(tunes))
    assert {name: tuple(value.shape) for name, value in model.TuneModel().state_dict().items()} == judge.SHAPES
    assert sum(p.numel() for p in model.TuneModel().parameters()) == 5541


def test_the_judge_runs_the_same_network(modules: tuple[ModuleType, ...]) -> None:
    source, model, _, judge = modules
    torch.manual_seed(0)
    network = model.TuneModel().double()
    tunes = source.draw_many(30, 5)
    tokens = torch.tensor(source.encode(tunes))
    with torch.no_grad():
        logits = network(tokens[:, :-1])[0]
        logits[..., 0] = -math.inf
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), ignore_index=0)
    entropy = -sum(map(judge.log_probability, tunes)) / sum(map(len, tunes))
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    assert judge.excess(weights, tunes) == pytest.approx(loss.item() - entropy, rel=1e-9)


def test_a_model_that_knows_nothing_has_the_loss_of_24_characters(modules: tuple[ModuleType, ...]) -> None:
    _, _, _, judge = modules
    weights = {name: np.zeros(shape) for name, shape in judge.SHAPES.items()}
    tunes = [judge.fresh_tune(np.random.default_rng(k)) for k in range(50)]
    entropy = -sum(map(judge.log_probability, tunes)) / sum(map(len, tunes))
    assert judge.excess(weights, tunes) == pytest.approx(math.log(24) - entropy)
    measured = judge.has_learned(weights, np.random.default_rng(1))
    assert measured.deviation > 1
    assert "above the floor" in measured.message


def test_malformed_weights_are_named(modules: tuple[ModuleType, ...]) -> None:
    _, _, _, judge = modules
    good = {name: np.zeros(shape) for name, shape in judge.SHAPES.items()}
    assert judge.malformed(good) == ""
    faults = {
        "no dict": [1.0],
        "`readout.bias` is not an array of shape (25,)": {**good, "readout.bias": np.zeros(24)},
        "`embedding.weight` holds entries that are not finite": {**good, "embedding.weight": np.full((25, 12), np.nan)},
    }
    for message, weights in faults.items():
        assert message in judge.malformed(weights)


def onsets_and_pitches(samples: np.ndarray, rate: int, eighth: float) -> list[tuple[int, int]]:
    """(start in eighths, MIDI pitch) of every note that is heard, from the sound alone."""
    window = rate // 200
    loud = np.sqrt(np.convolve(samples**2, np.ones(window) / window, "same"))
    found, silent = [], True
    for place in range(0, len(samples) - window, window):
        if silent and loud[place] > 0.05 and loud[place + window] >= loud[place]:
            start = round(place / rate / eighth)
            piece = samples[place + window : place + window + int(0.2 * rate)]
            spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 17))
            frequency = np.argmax(spectrum) * rate / (1 << 17)
            found.append((start, round(69 + 12 * math.log2(frequency / 440))))
            silent = False
        silent = silent or loud[place] < 0.01
    return found


@pytest.mark.parametrize("seed", range(12))
def test_the_sound_of_a_tune_has_the_onsets_and_pitches_of_its_abc(modules: tuple[ModuleType, ...], seed: int) -> None:
    source, _, player, _ = modules
    tune = source.draw_many(1, seed)[0]
    with wave.open(io.BytesIO(player.wav_bytes(tune))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, player.RATE)
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32768
    # ABC read by another program: semitones above C of each letter, raised by the key's sharps.
    sharps = {"C": "", "G": "Ff", "D": "FfCc"}[tune[8]]
    above = dict(zip("CDEFGABcdefgab", (0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19, 21, 23), strict=True))
    body, start, expected = tune[10:].replace("|", "").rstrip("]"), 0, []
    for letter, digit in zip(body[::2], body[1::2], strict=True):
        expected.append((start, 60 + above[letter] + (letter in sharps)))
        start += int(digit)
    assert onsets_and_pitches(samples, player.RATE, player.EIGHTH) == expected


def test_a_midi_file_has_the_same_notes(modules: tuple[ModuleType, ...]) -> None:
    mido = pytest.importorskip("mido")
    source, _, player, _ = modules
    tune = source.draw_many(1, 3)[0]
    file, now, found = mido.MidiFile(file=io.BytesIO(player.midi_bytes(tune))), 0, []
    for message in file.tracks[0]:
        now += message.time
        if message.type == "note_on":
            found.append((message.note, now / 240))
    assert found == [(pitch, start) for pitch, start, _ in player.notes(tune)]


def test_without_mido_a_tune_is_heard_all_the_same(
    modules: tuple[ModuleType, ...],
    tmp_path: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source, _, player, _ = modules
    monkeypatch.setitem(__import__("sys").modules, "mido", None)
    tune = source.draw_many(1, 3)[0]
    assert player.listen([tune], tmp_path) == tune
    assert "pip install mido" in capsys.readouterr().out
