"""Beginnings of stories with the exact law of what comes next: the inputs of a milestone, and the key to them.

A story is taken with a probability that is proportional to its length (by rejection) and cut at a uniform place, so the
mean over prefixes is a mean over tokens: the excess is in nats per token, comparable with a training loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from draws import Floats, Integers, Uniforms
from lexicon import BOS
from stories import LONGEST, StoryWorld

DRAW_AT_ONCE = 4096


@dataclass(frozen=True)
class Prefixes:
    """`batches`: length → ids (n, length), <bos> first; `laws`: length → p* (n, vocabulary); `kinds`: length → what
    kind of word comes next, one text for each row."""

    batches: dict[int, Integers]
    laws: dict[int, Floats]
    kinds: dict[int, list[str]]


def draw_prefixes(world: StoryWorld, count: int, seed: int) -> Prefixes:
    """`count` prefixes of at most `LONGEST` − 1 ids, grouped by length; the same seed gives the same ones."""
    stream = Uniforms(seed)
    tokens, nodes, registers, cuts = _cut_stories(world, count, stream)
    batches, laws, kinds = {}, {}, {}
    for cut in map(int, np.unique(cuts)):
        own = np.flatnonzero(cuts == cut)
        begin = np.full((len(own), 1), BOS)
        batches[cut + 1] = np.concatenate([begin, tokens[own, :cut]], axis=1)
        laws[cut + 1] = world.rows(nodes[own, cut], registers[own, cut])
        kinds[cut + 1] = [world.kind(int(node)) for node in nodes[own, cut]]
    return Prefixes(batches, laws, kinds)


def _cut_stories(world: StoryWorld, count: int, stream: Uniforms) -> tuple[Integers, Integers, Integers, Integers]:
    """Tokens, nodes and registers of `count` accepted stories (all at one width), and where each is cut."""
    longest = LONGEST - 1
    parts: list[tuple[Integers, Integers, Integers, Integers]] = []
    have = 0
    while have < count:
        told = world.sample(DRAW_AT_ONCE, stream, longest)
        accepted = np.flatnonzero(stream.draw(DRAW_AT_ONCE) * longest < told.lengths)[: count - have]
        cuts = (stream.draw(len(accepted)) * told.lengths[accepted]).astype(np.int64)
        wide = ((0, 0), (0, longest - told.tokens.shape[1]))
        parts.append((
            np.pad(told.tokens[accepted], wide, constant_values=-1),
            np.pad(told.nodes[accepted], wide, constant_values=-1),
            np.pad(told.registers[accepted], (*wide, (0, 0))),
            cuts,
        ))  # fmt: skip
        have += len(accepted)
    tokens, nodes, registers, cuts = (np.concatenate(several) for several in zip(*parts, strict=True))
    return tokens, nodes, registers, cuts
