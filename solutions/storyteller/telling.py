"""Told stories: read word by word by the exact recogniser, and counted; what the question `told` is judged by.

Two thirds of the stories begin with nothing, the others with the hidden beginning of a story, which must be told on. A story
is valid when every word has a chance under the law of the deck and it ends. References are the words that hang on an
earlier one: copied names and things, pronouns, verbs of the pet, moods. So that one learnt story, or a shelf of them, does
not pass, free stories must differ, begin as diversely as true ones do, and not stand in the corpus much more often
than true ones do (9 to 33 % of true stories stand there, it depends on the deck).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from decks import corpus_digests, digest_of, stories_of, world_of
from draws import Integers, Uniforms
from lexicon import BOS, EOS
from stories import LONGEST, StoryWorld

from autograder.authoring.world import World
from autograder.checks.judgement import FULL, NONE, WRONG, Judgement

FREE = 200
BEGUN = {5: 20, 9: 20, 13: 20, 17: 20, 21: 20}
"""Length of a beginning, <bos> included → how many."""
TRUE_STORIES = 2_000
REFERENCES = ("copy", "pron", "act", "feel")
VALID, CONSISTENT, HALF = 0.9, 0.99, 0.8
DISTINCT, ENTROPY_OFF, MORE_VERBATIM = 0.8, 0.1, 0.15
SHOWN = 4


class Refused(ValueError):
    """What came back is no set of stories; the text says why, in a student's words."""


@dataclass
class Tally:
    """What was counted.

    Attributes:
        stories, valid: how many, and how many of them are valid.
        right, wrong: references that are right, and stories whose first mistake is a reference.
        errors: class of a story's first mistake → how often.
        free: the stories without a beginning, as they were told.
        example: a story with a mistake, and where it is.
    """

    stories: int = 0
    valid: int = 0
    right: int = 0
    wrong: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    free: list[Integers] = field(default_factory=list)
    heroes: Counter[int] = field(default_factory=Counter)
    example: str = ""

    @property
    def consistent(self) -> float:
        """Share of references that are right."""
        return self.right / max(self.right + self.wrong, 1)


def beginnings(world: StoryWorld, seed: int) -> dict[int, Integers]:
    """Length → beginnings (n, length), <bos> first, of stories that are told for this alone."""
    found = {1: np.full((FREE, 1), BOS)}
    tokens = stories_of(world, 2_000, Uniforms(seed))[0]
    lengths = (tokens >= 0).sum(1)
    taken = 0
    for length, count in BEGUN.items():
        own = np.flatnonzero(lengths[taken:] >= length + 2)[:count] + taken
        taken = int(own[-1]) + 1
        found[length] = np.concatenate([np.full((count, 1), BOS), tokens[own, : length - 1]], axis=1)
    return found


def tally(world: StoryWorld, outputs: Any, given: Mapping[str, Integers]) -> Tally:
    """Counts of the stories that were told on from `given` (length → beginnings).

    Raises:
        Refused: the outputs are no stories that go on from those beginnings.
    """
    found = Tally()
    if not isinstance(outputs, dict):
        raise Refused("stories by length of their beginning are expected")
    for name, begun in given.items():
        rows = outputs.get(str(name), outputs.get(int(name)))
        rows = np.array(rows) if isinstance(rows, list) and _even(rows) else rows
        for row in _checked(rows, begun, world.size):
            _count(world, row, begun.shape[1], found)
    return found


def _even(rows: list[Any]) -> bool:
    """Whether these are lists of whole numbers, all of one length."""
    return len({len(r) if isinstance(r, list) else -1 for r in rows}) == 1 and all(type(t) is int for r in rows for t in r)


def _checked(rows: Any, begun: Integers, vocabulary: int) -> Integers:
    count, length = begun.shape
    if not isinstance(rows, np.ndarray) or rows.dtype.kind not in "iu":
        raise Refused("`tell` must return an integer tensor (stories, tokens)")
    if rows.ndim != 2 or len(rows) != count or rows.shape[1] < length:
        raise Refused(f"`tell` returned the shape {rows.shape} for beginnings of shape {begun.shape}")
    if rows.shape[1] > LONGEST:
        raise Refused(f"`tell` returned stories of {rows.shape[1]} tokens; {LONGEST} are the most")
    if not np.array_equal(rows[:, :length], begun):
        raise Refused("the stories do not begin with the beginnings that `tell` was given")
    if ((rows < -1) | (rows >= vocabulary)).any():
        raise Refused(f"a word has the number {int(rows.min())} or {int(rows.max())}; there are {vocabulary} words")
    return rows.astype(np.int64)


def _count(world: StoryWorld, row: Integers, begun: int, found: Tally) -> None:
    """One story: <bos>, its beginning, and what was told, up to the first <eos>."""
    ends = np.flatnonzero(row[1:] == EOS)
    story = row[1 : int(ends[0]) + 2] if len(ends) else row[1:][row[1:] >= 0]
    steps, why = world.walk(story)
    found.stories += 1
    found.right += sum(step.symbol[0] in REFERENCES for step in steps[begun - 1 :])
    if begun == 1:
        found.free.append(story)
        hero = next((t for t, s in zip(story, steps, strict=False) if s.symbol == ("draw", "h")), -1)
        found.heroes[int(hero)] += 1
    if not why:
        found.valid += 1
        return
    found.errors[why] += 1
    found.wrong += why not in ("ungrammatical", "unfinished")
    if not found.example and why != "unfinished":
        found.example = f"{world.text(story[max(0, len(steps) - 8) : len(steps)])} [{world.text(story[len(steps) :][:1])}]"


@dataclass(frozen=True)
class ToldStories:
    """The check: full credit, half or none. `kept` is {"key": hex of the deck's key, "beginnings": length → rows}."""

    kind: str = "told stories"
    tolerance: float | None = 0.0

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Credit by the shares of valid stories and right references, if the free stories are diverse."""
        key = bytes.fromhex(expected["key"])
        try:
            found = tally(world_of(key), outputs, expected["beginnings"])
        except Refused as refused:
            return Judgement(NONE, WRONG, str(refused))
        fault = sameness(key, found)
        valid = found.valid / found.stories
        credit = NONE if fault else credit_of(valid, found.consistent)
        return Judgement(credit, 1 - valid, "" if credit == FULL else message(found, fault))


def credit_of(valid: float, consistent: float) -> Fraction:
    """1, 1/2 or 0."""
    if valid >= VALID and consistent >= CONSISTENT:
        return FULL
    return Fraction(1, 2) if valid >= HALF else NONE


def sameness(key: bytes, found: Tally) -> str:
    """Why the free stories are not a fair sample of a storyteller; "" where they are."""
    world, count = world_of(key), len(found.free)
    different = len({digest_of(story) for story in found.free}) / count
    if different < DISTINCT:
        return f"only {different:.0%} of {count} free stories differ from each other ({DISTINCT:.0%} are needed)"
    law = world.lexicon.law["h"]
    true = float(-(law * np.log(law)).sum())
    shares = np.array(list(found.heroes.values())) / count
    own = float(-(shares * np.log(shares)).sum())
    if abs(own - true) > ENTROPY_OFF * true:
        how = "too few heroes, or always the same ones" if own < true else "heroes that are too evenly spread"
        return f"free stories have {how}: the entropy of the first name is {own:.2f} nats, true stories have {true:.2f}"
    held = corpus_digests(key)
    verbatim = sum(digest_of(story) in held for story in found.free) / count
    usual = true_verbatim(key)
    if verbatim > usual + MORE_VERBATIM:
        return f"{verbatim:.0%} of the free stories stand in the corpus word for word; of true stories {usual:.0%} do"
    return ""


def true_verbatim(key: bytes) -> float:
    """Share of true stories that happen to stand in the deck's corpus."""
    held = corpus_digests(key)
    rows = stories_of(world_of(key), TRUE_STORIES, Uniforms(3))[0]
    return sum(digest_of(row) in held for row in rows) / len(rows)


def message(found: Tally, fault: str) -> str:
    """What was counted, for the student."""
    lines = [fault] if fault else []
    lines.append(
        f"{found.valid} of {found.stories} stories are valid ({VALID:.0%} for full marks, {HALF:.0%} for half), "
        f"{found.consistent:.1%} of the references are right ({CONSISTENT:.0%})"
    )
    lines += [f"{why}: {count}" for why, count in found.errors.most_common(SHOWN)]
    if found.example:
        lines.append(f"for example (the word in brackets cannot stand there): … {found.example}")
    return "; ".join(lines)

