"""Your deck: a corpus to train on, and validation stories for which the true probabilities are known.

A deck is three files: `corpus-d07.bin` (the word ids of 40,000 stories one after the other, 16-bit, each story ends with
<eos>), `validation-d07.npz` (2,000 other stories with the logarithm of every word's true probability and its kind) and
`words-d07.txt` (word number i in line i). Every deck is a language of its own: other words, other order, other habits.
The deck of the large world has the same three files, `corpus-large-d07.bin` and so on, with 100,000 stories.

    deck = story_data.load_deck()                            # or load_deck(large=True)
    for x in story_data.batches(deck, steps=1500): ...       # int64 (64, tokens): <bos> words <eos> padding
    print(deck.text(x[0]))
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

LONGEST = 128
"""Tokens that a model is ever given at once, <bos> included."""
BOS, EOS, PAD = 0, 1, -1
BATCH, LARGE_BATCH = 64, 256
MANY_WORDS = 500
"""A vocabulary of so many words or more is that of the large world (about 900; a deck has about 95)."""


@dataclass(frozen=True)
class Deck:
    """A deck in memory. All stories are rows: <bos>, words, <eos>, padding (−1); at most `LONGEST` tokens.

    Attributes:
        name: "d07".
        words: id → text.
        stories: (40,000, tokens), to train on; 100,000 in the large world.
        told: (2,000, tokens), to measure with; never train on these.
        log_true: (2,000, tokens − 1): ln p*(told[i, t + 1] | told[i, : t + 1]); 0 at padding.
        kinds: (2,000, tokens − 1): index into `kind_names` of token t + 1; −1 at padding.
    """

    name: str
    words: tuple[str, ...]
    stories: np.ndarray[Any, Any]
    told: np.ndarray[Any, Any]
    log_true: np.ndarray[Any, Any]
    kinds: np.ndarray[Any, Any]
    kind_names: tuple[str, ...]

    @property
    def vocabulary(self) -> int:
        """Number of words, <bos> and <eos> included."""
        return len(self.words)

    @property
    def floor(self) -> float:
        """The loss, in nats per token, of the true probabilities on the validation stories: no model gets below it."""
        return float(-self.log_true.sum() / (self.told[:, 1:] != PAD).sum())

    def text(self, story: Any) -> str:
        """A row of ids as words."""
        return " ".join(self.words[int(i)] for i in story if int(i) not in (PAD, BOS, EOS))


def load_deck(folder: str | Path = ".", name: str = "", large: bool = False) -> Deck:
    """The deck in `folder`, or that of the large world; give its name where there are several.

    Raises:
        FileNotFoundError: the files are not there, or there are several decks and none is named.
    """
    mark, there = "large-" if large else "", " ".join(p.name for p in Path(folder).glob("corpus-*.bin"))
    found = sorted(re.findall(rf"corpus-{mark}(d\d+)\.bin", there))
    if not name and len(found) != 1:
        there = f"there are {len(found)} ({', '.join(found)}): name one" if found else "there is none"
        raise FileNotFoundError(
            f"a deck (corpus-{mark}dNN.bin and its two other files) is looked for in {folder}: {there}"
        )
    name = name or found[0]
    words = tuple((Path(folder) / f"words-{mark}{name}.txt").read_text(encoding="utf-8").split())
    with np.load(Path(folder) / f"validation-{mark}{name}.npz", allow_pickle=False) as held:
        told, log_true, kinds = held["told"].astype(np.int64), held["log_true"], held["kinds"].astype(np.int64)
        kind_names = tuple(map(str, held["kind_names"]))
    ids = np.fromfile(Path(folder) / f"corpus-{mark}{name}.bin", dtype="<u2").astype(np.int64)
    return Deck(name, words, rows_of(ids), told, log_true, kinds, kind_names)


def rows_of(ids: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Stories one after the other, each ending with <eos>, as rows (stories, tokens) with <bos>, cropped at `LONGEST`."""
    ends = np.flatnonzero(ids == EOS)
    begins = np.concatenate([[0], ends[:-1] + 1])
    lengths = np.minimum(ends - begins + 1, LONGEST - 1)
    rows = np.full((len(ends), 1 + int(lengths.max(initial=0))), PAD)
    rows[:, 0] = BOS
    inside = np.arange(rows.shape[1] - 1) < lengths[:, None]
    rows[:, 1:][inside] = ids[(begins[:, None] + np.arange(rows.shape[1] - 1))[inside]]
    return rows


def batches(deck: Deck, steps: int, stories: int = BATCH, seed: int = 0) -> Iterator[torch.Tensor]:
    """`steps` batches of random stories of the corpus, as the grader's `train` gets them: int64 (stories, tokens)."""
    draw = np.random.default_rng(seed)
    for _ in range(steps):
        rows = deck.stories[draw.integers(len(deck.stories), size=stories)]
        yield torch.from_numpy(rows[:, : int((rows != PAD).sum(1).max())])
