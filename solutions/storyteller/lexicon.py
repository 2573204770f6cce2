"""The lexicon of a story world: its words, what each word is, and how likely, all drawn from the key.

Ids 0 and 1 are <bos> and <eos> in every world; all other ids are shuffled, so that an id says nothing of its word.
Roles: h hero, p pet, o object, a adjective, l place; with two heroes also h2, who has names of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from draws import Floats, Integers, Keyed

BOS, EOS = 0, 1
SIZES = {"h": 12, "p": 8, "o": 10, "a": 8, "l": 8}
VERBS, MOODS = 3, 3
_SYLLABLES = [c + v for c in ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "ch", "sh"] for v in "aeiou"]
_ENDS = ("n", "r", "s", "t", "l", "k", "")


@dataclass(frozen=True)
class Lexicon:
    """See the module. All arrays are of ids or of probabilities in the order of those ids.

    Attributes:
        words: id → text.
        domain, law: role → its words, their probabilities.
        literals: name of a fixed word in the grammar → id.
        female: id → whether a hero of that name is a she.
        verbs, verb_law: (pets, VERBS); row i belongs to pet number i.
        moods, mood_law: good? → its words, their probabilities.
        pet_number: id → number of the pet, −1 for other words.
    """

    words: tuple[str, ...]
    domain: Mapping[str, Integers]
    law: Mapping[str, Floats]
    literals: Mapping[str, int]
    he: int
    she: int
    female: np.ndarray[tuple[int], np.dtype[np.bool_]]
    verbs: Integers
    verb_law: Floats
    moods: Mapping[bool, Integers]
    mood_law: Mapping[bool, Floats]
    pet_number: Integers

    @property
    def size(self) -> int:
        """Words, <bos> and <eos> included."""
        return len(self.words)


def lexicon_of(draw: Keyed, literals: Iterable[str], scale: int = 1, heroes: int = 1) -> Lexicon:
    """A lexicon from a key.

    Args:
        literals: fixed words that the grammar names.
        scale: multiplies the number of words of every role (10 for the large world).
        heroes: 1 or 2.
    """
    make = _Words(draw)
    roles = dict(SIZES) | ({"h2": SIZES["h"]} if heroes == 2 else {})
    domain = {r: make.several(n * scale, 3 if r in ("h", "h2") else 2) for r, n in roles.items()}
    fixed = {name: make.one(2) for name in literals}
    he, she = make.one(1), make.one(1)
    pets = SIZES["p"] * scale
    verbs = np.array([make.several(VERBS, 2) for _ in range(pets)])
    moods = {good: make.several(MOODS * scale, 2) for good in (True, False)}
    ids = np.array([BOS, EOS, *(2 + i for i in draw.shuffled(range(len(make.texts) - 2)))])
    words = [""] * len(make.texts)
    for old, new in enumerate(ids):
        words[new] = make.texts[old]
    domain = {r: ids[a] for r, a in domain.items()}
    female, pet_number = np.zeros(len(words), bool), np.full(len(words), -1)
    for role in ("h", "h2"):
        if role in domain:
            female[draw.shuffled(list(domain[role]))[::2]] = True
    pet_number[domain["p"]] = np.arange(pets)
    return Lexicon(
        words=tuple(words),
        domain=domain,
        law={r: _zipf(draw, len(a)) for r, a in domain.items()},
        literals={name: int(ids[i]) for name, i in fixed.items()},
        he=int(ids[he]),
        she=int(ids[she]),
        female=female,
        verbs=ids[verbs],
        verb_law=np.stack([_zipf(draw, VERBS) for _ in range(pets)]),
        moods={good: ids[a] for good, a in moods.items()},
        mood_law={good: _zipf(draw, len(a)) for good, a in moods.items()},
        pet_number=pet_number,
    )


class _Words:
    """Makes words of syllables, none of them twice."""

    def __init__(self, draw: Keyed) -> None:
        self.draw, self.texts = draw, ["<bos>", "<eos>"]
        self._used = set(self.texts)

    def one(self, syllables: int) -> int:
        """The number of a new word."""
        while True:
            text = "".join(self.draw.pick(_SYLLABLES) for _ in range(syllables)) + self.draw.pick(_ENDS)
            if text not in self._used:
                self._used.add(text)
                self.texts.append(text)
                return len(self.texts) - 1

    def several(self, count: int, syllables: int) -> Integers:
        """Numbers of new words."""
        return np.array([self.one(syllables) for _ in range(count)])


def _zipf(draw: Keyed, n: int) -> Floats:
    """Probabilities of n words, falling with a random rank by a random power."""
    ranks = np.array(draw.shuffled(range(n)), dtype=np.float64)
    weights = (1 + ranks) ** -draw.uniform(0.3, 0.9)
    return np.asarray(weights / weights.sum())
