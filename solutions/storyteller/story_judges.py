"""Judges of the cases that train on a song of eight words, or on nothing: properties that every right program has."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from song import LEAST, SONG, WORDS, song_of

from autograder.authoring.world import World
from autograder.checks import Measured

SUM_ERROR = 1e-3
KNOWN = 0.5
"""Probability that a model must give to the next word of the song, in the mean. Measured: see calibration.json."""
SUNG = 0.3
ADVICE = {
    "copied word": "names and things that come back cost most: your model does not look back far enough",
    "verb": "verbs cost most: each pet has its own, so the pet has to be found again",
    "pronoun": "pronouns cost most: he or she hangs on the hero's name, many words ago",
    "mood": "moods cost most: they hang on what was lost and who helped",
    "fixed word": "the order of words is not learned yet: is the learning rate too high or too low, the target the next word?",
    "fresh word": "how often names and things occur costs most: train longer, with a small rate at the end",
    "what comes next": "how often each sentence follows costs most: train longer, with a small rate at the end",
}
"""Kind of place → what a student is told when most of the excess lies there."""


def are_distributions(outputs: Any, world: World) -> Measured:
    """Log-probabilities of 23 words at prefixes of three lengths, asked for twice."""
    shapes = ((2, 23), (5, 23), (3, 23))
    if not isinstance(outputs, list) or [len(o) if isinstance(o, list) else -1 for o in outputs] != [3, 3]:
        return _wrong("rows for three batches, twice, are expected")
    outputs = [[array_of(rows) for rows in several] for several in outputs]
    for several in outputs:
        for rows, shape in zip(several, shapes, strict=True):
            if fault := fault_of_rows(rows, shape):
                return _wrong(fault)
    for first, second in zip(*outputs, strict=True):
        if not np.array_equal(first, second):
            return _wrong(
                "twice the same call gives two different answers: is dropout on? model.eval() belongs into next_log_probs"
            )
    if all(np.ptp(rows, axis=0).max() == 0 for rows in outputs[0]):
        return _wrong("every prefix gets the same row")
    return Measured(0.0)


def array_of(value: Any) -> Any:
    """Nested lists of numbers as one array; anything else as it is."""
    if not isinstance(value, list):
        return value
    try:
        found = np.array(value)
    except ValueError:
        return value
    return found if found.dtype.kind in "fiu" else value


def fault_of_rows(rows: Any, shape: tuple[int, int]) -> str:
    """Why these are no log-probabilities; "" where they are."""
    if not isinstance(rows, np.ndarray) or rows.dtype.kind != "f":
        return "next_log_probs must return a tensor of floating-point numbers"
    if rows.shape != shape:
        return f"next_log_probs returns the shape {rows.shape}, not {shape}: one row a prefix, of the word that comes next"
    if np.isnan(rows).any():
        return "some of the log-probabilities are NaN"
    with np.errstate(over="ignore"):
        sums = np.exp(rows.astype(np.float64)).sum(1)
    worst = int(np.argmax(np.abs(sums - 1)))
    if not abs(sums[worst] - 1) <= SUM_ERROR:
        return f"exp of row {worst} sums to {sums[worst]:.6g}, not 1: use log_softmax over the words, in float32"
    return ""


def knows_the_song(outputs: Any, world: World) -> Measured:
    """Probability of the next word after five words of the song."""
    outputs = array_of(outputs)
    if fault := fault_of_rows(outputs, (SONG, WORDS)):
        return _wrong(fault)
    song = song_of(world)
    known = np.exp(outputs[np.arange(SONG), [song[(start + 4) % SONG] for start in range(SONG)]])
    mean = float(known.mean())
    if mean >= KNOWN:
        return Measured(0.0)
    return Measured(1 - mean, f"the word that comes next gets the probability {mean:.3f} in the mean; {_suspect(outputs, song)}")


def _suspect(rows: Any, song: list[int]) -> str:
    """What the model says instead of the next word."""
    for shift, why in ((3, "instead it says the word that is there already: the targets are not shifted"),
                       (5, "instead it says the word after the next: the targets are shifted twice")):  # fmt: skip
        said = np.exp(rows[np.arange(SONG), [song[(start + shift) % SONG] for start in range(SONG)]])
        if said.mean() >= KNOWN:
            return why
    return (
        "it must be more than 0.5. Does the loss fall? Is the mask causal, is the target the next word, is the rate "
        "neither far too high nor far too low?"
    )


def has_moved(outputs: Any, world: World) -> Measured:
    """All batches taken, and other predictions afterwards."""
    if not isinstance(outputs, dict) or not {"before", "after", "taken"} <= set(outputs):
        return _wrong("predictions before and after training are expected")
    before, after = array_of(outputs["before"]), array_of(outputs["after"])
    for rows in (before, after):
        if fault := fault_of_rows(rows, (16, WORDS)):
            return _wrong(fault)
    if outputs["taken"] != 5:
        return _wrong(f"train took {outputs['taken']} of 5 batches")
    if np.array_equal(before, after):
        return _wrong("the predictions after training are those from before: are the model's own parameters trained?")
    return Measured(0.0)


def goes_on(outputs: Any, world: World) -> Measured:
    """Stories of a new model: [what was begun, told, told again with the same dice]."""
    if not isinstance(outputs, list) or len(outputs) != 3:
        return _wrong("three arrays are expected")
    begun, *told = map(array_of, outputs)
    for rows in told:
        if fault := fault_of_stories(rows, begun):
            return _wrong(fault)
    if not np.array_equal(*told):
        return _wrong("the same dice tell two different stories: every draw must come from `generator`")
    return Measured(0.0)


def fault_of_stories(rows: Any, begun: Any) -> str:
    """Why these are no stories told on from `begun`; "" where they are."""
    if not isinstance(begun, np.ndarray) or begun.dtype.kind != "i" or begun.ndim != 2 or not begun[:, 1:].all():
        return "the beginnings are not those that were given"
    if not isinstance(rows, np.ndarray) or rows.dtype.kind != "i" or rows.ndim != 2 or len(rows) != len(begun):
        return "tell must return an int64 tensor (stories, tokens), a row for each beginning"
    if not begun.shape[1] < rows.shape[1] <= 128:
        return f"tell returned stories of {rows.shape[1]} tokens; at most 128, and more than the beginning, are expected"
    if not np.array_equal(rows[:, : begun.shape[1]], begun):
        return "the stories do not begin as they were given"
    if rows.shape[1] < 128 and not (rows == 1).any(1).all():
        return "a story stops without <eos> (1) before it has 128 tokens"
    return ""


def sings(outputs: Any, world: World) -> Measured:
    """Songs told on from three words."""
    song = song_of(world)
    begun = np.array([[0, *(song[(start + i) % SONG] for i in range(3))] for start in range(SONG)])
    if not isinstance(outputs, list) or len(outputs) != 2:
        return _wrong("songs are expected, told twice")
    outputs = [array_of(rows) for rows in outputs]
    for rows in outputs:
        if fault := fault_of_stories(rows, begun):
            return _wrong(fault)
    if not np.array_equal(*outputs):
        return _wrong("the same dice tell two different stories: every draw must come from `generator`")
    follows = np.array([[song[(start + 3 + i) % SONG] for i in range(LEAST - 3)] for start in range(SONG)])
    told = outputs[0][:, 4 : 1 + LEAST]
    share = float((told == follows[:, : told.shape[1]]).sum() / follows.size)
    if share >= SUNG:
        return Measured(0.0)
    return Measured(1 - share, f"{share:.0%} of the words that follow are right: is a word drawn from next_log_probs' row, "
                               "and put behind the beginning?")  # fmt: skip


def _wrong(message: str) -> Measured:
    return Measured(math.inf, message)
