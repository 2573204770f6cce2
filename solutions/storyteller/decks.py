"""Decks: story worlds of keys, and the files that students get of them. The generator is in none.

A deck is a corpus (`corpus-d07.bin`), validation stories with the logarithms of the true probabilities and the kinds of
words (`validation-d07.npz`), and the words (`words-d07.txt`). A handful of true probabilities of words that were told
says no more of the law than the corpus does; whole laws are never handed out.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import io

import numpy as np
from draws import Floats, Integers, Uniforms
from stories import FORK, KINDS, PAD, StoryWorld
from supply import rows_with_bos

REMEMBERED = 16
STORIES, LARGE_STORIES, TOLD = 40_000, 100_000, 2_000
AT_ONCE = 20_000
"""Stories are drawn so many at a time: a story of the large world takes 8 kB while it is drawn."""
KIND_NAMES = (*KINDS.values(), FORK)
LONGEST_TOLD = 127


@functools.lru_cache(maxsize=REMEMBERED)
def world_of(key: bytes) -> StoryWorld:
    """The world of a deck's (or of a replay's) own key."""
    return StoryWorld(key)


@functools.lru_cache(maxsize=REMEMBERED)
def large_world_of(key: bytes) -> StoryWorld:
    """The large world of the same deck: about 900 words, two heroes, and nothing that its small one tells of it."""
    return StoryWorld(hmac.new(key, b"large", "sha256").digest(), scale=10, heroes=2)


def stories_of(world: StoryWorld, count: int, stream: Uniforms) -> tuple[Integers, Integers, Integers]:
    """Tokens, nodes and registers of `count` whole stories; the few that are longer than a model may see are left out."""
    told = world.sample(count + count // 100 + 50, stream, LONGEST_TOLD)
    whole = np.flatnonzero((told.tokens == 1).any(1))[:count]
    width = int(told.lengths[whole].max(initial=0))
    return told.tokens[whole, :width], told.nodes[whole, :width], told.registers[whole, :width]


def corpus(key: bytes, stories: int = STORIES) -> Integers:
    """The stories of a deck's corpus: (stories, tokens), padded."""
    return stories_of(world_of(key), stories, Uniforms(_seed(key, "corpus")))[0]


def large_corpus(key: bytes, stories: int = LARGE_STORIES) -> Integers:
    """The same of its large world."""
    world, stream = large_world_of(key), Uniforms(_seed(key, "large corpus"))
    parts = [stories_of(world, min(AT_ONCE, stories - first), stream)[0] for first in range(0, stories, AT_ONCE)]
    width = max(part.shape[1] for part in parts)
    return np.concatenate([np.pad(p, ((0, 0), (0, width - p.shape[1])), constant_values=PAD) for p in parts])


@functools.lru_cache(maxsize=REMEMBERED)
def corpus_digests(key: bytes, stories: int = STORIES) -> frozenset[bytes]:
    """What `digest_of` says of every story of the corpus."""
    return frozenset(digest_of(row) for row in corpus(key, stories))


def digest_of(story: Integers) -> bytes:
    """Eight bytes that stand for a story (padding does not count)."""
    return hashlib.blake2b(story[story != PAD].astype("<u2").tobytes(), digest_size=8).digest()


def deck_files(key: bytes, number: int, stories: int = STORIES, told: int = TOLD) -> dict[str, bytes]:
    """File name → content of deck `number`; `key` is the deck's own. The same key gives the same bytes."""
    seed = _seed(key, "validation")
    return _files(world_of(key), f"d{number:02d}", corpus(key, stories), _validation(world_of(key), seed, told))


def large_deck_files(key: bytes, number: int, stories: int = LARGE_STORIES, told: int = TOLD) -> dict[str, bytes]:
    """The same of its large world."""
    world, seed = large_world_of(key), _seed(key, "large validation")
    return _files(world, f"large-d{number:02d}", large_corpus(key, stories), _validation(world, seed, told))


def _files(world: StoryWorld, name: str, rows: Integers, validation: bytes) -> dict[str, bytes]:
    return {
        f"corpus-{name}.bin": rows[rows != PAD].astype("<u2").tobytes(),
        f"validation-{name}.npz": validation,
        f"words-{name}.txt": ("\n".join(world.lexicon.words) + "\n").encode(),
    }


def _validation(world: StoryWorld, seed: int, count: int) -> bytes:
    tokens, nodes, registers = stories_of(world, count, Uniforms(seed))
    file = io.BytesIO()
    np.savez_compressed(
        file, told=rows_with_bos(tokens).astype(np.int16), log_true=log_true(world, tokens, nodes, registers),
        kinds=kinds_of(world, nodes), kind_names=np.array(KIND_NAMES),
    )  # fmt: skip
    return file.getvalue()


def log_true(world: StoryWorld, tokens: Integers, nodes: Integers, registers: Integers) -> Floats:
    """ln p* of every token, float32, 0 at padding: (stories, tokens)."""
    there = tokens != PAD
    laws = world.rows(nodes[there], registers[there])
    found = np.zeros(tokens.shape, dtype=np.float32)
    found[there] = np.log(laws[np.arange(len(laws)), tokens[there]])
    return found


def kinds_of(world: StoryWorld, nodes: Integers) -> Integers:
    """Index into `KIND_NAMES` of what comes at each node, −1 at padding; int8."""
    table = np.array([*(KIND_NAMES.index(world.kind(node)) for node in range(len(world.nodes))), -1], dtype=np.int8)
    return table[nodes]


def _seed(key: bytes, purpose: str) -> int:
    return int.from_bytes(hmac.new(key, purpose.encode(), "sha256").digest()[:8], "big")
