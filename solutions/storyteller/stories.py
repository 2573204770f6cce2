"""A keyed story world: an exact law of the next word, its entropy, sampling, and a recogniser.

Everything (words, word order, flow, probabilities) is drawn from the key, so code that knows one world knows no other.
A story is an array of ids that ends with <eos>; rows of several stories are padded with −1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from draws import Floats, Integers, Keyed, Uniforms
from grammar import END, LITERALS, Edge, Symbol, grammar_of, nodes_of
from lexicon import BOS, EOS, Lexicon, lexicon_of

LONGEST = 128
"""Ids that a model may be given at once, <bos> included."""
PAD = -1
KINDS = {"lit": "fixed word", "draw": "fresh word", "copy": "copied word", "pron": "pronoun", "act": "verb",
         "feel": "mood"}  # fmt: skip
FORK = "what comes next"


@dataclass(frozen=True)
class Told:
    """Stories as they were drawn. `tokens` (n, length), padded; `nodes` before each token; `registers` (n, length, r)."""

    tokens: Integers
    nodes: Integers
    registers: Integers

    @property
    def lengths(self) -> Integers:
        """Tokens of each story, <eos> included."""
        return np.asarray((self.tokens != PAD).sum(1))


@dataclass(frozen=True)
class Step:
    """One word of a recognised story: the node before it, the symbol that it was read as, and its probability."""

    node: int
    symbol: Symbol
    probability: float


class StoryWorld:
    """See the module.

    Args:
        key: bytes; the same key gives the same world.
        scale: multiplies the lexicon (10 for the large world).
        heroes: 1 or 2.
    """

    def __init__(self, key: bytes, scale: int = 1, heroes: int = 1) -> None:
        draw = Keyed(b"story world\0" + key)
        self.lexicon: Lexicon = lexicon_of(draw, LITERALS, scale, heroes)
        self.grammar = grammar_of(draw, heroes)
        self.nodes = nodes_of(self.grammar)
        self.registers = {role: i for i, role in enumerate(self.lexicon.domain)}

    @property
    def size(self) -> int:
        """Vocabulary, <bos> and <eos> included."""
        return self.lexicon.size

    @cached_property
    def _role_place(self) -> dict[str, dict[int, int]]:
        return {r: {int(word): i for i, word in enumerate(a)} for r, a in self.lexicon.domain.items()}

    # The law

    def entropy(self) -> tuple[float, float]:
        """(H in nats per story, expected tokens per story, <eos> included), from two linear systems on the nodes."""
        n = len(self.nodes)
        leaving, gained = np.eye(n), np.zeros(n)
        for i, edges in enumerate(self.nodes):
            for edge in edges:
                gained[i] += edge.weight * (self._entropy_of(edge.symbol) - math.log(edge.weight))
                if edge.to >= 0:
                    leaving[i, edge.to] -= edge.weight
        return float(np.linalg.solve(leaving, gained)[0]), float(np.linalg.solve(leaving, np.ones(n))[0])

    def floor(self) -> float:
        """The least loss in nats per token that any model can have."""
        per_story, tokens = self.entropy()
        return per_story / tokens

    def _entropy_of(self, symbol: Symbol) -> float:
        words = self.lexicon
        if symbol[0] == "draw":
            return _entropy(words.law[str(symbol[1])])
        if symbol[0] == "act":
            return float(sum(p * _entropy(row) for p, row in zip(words.law["p"], words.verb_law, strict=True)))
        return _entropy(words.mood_law[bool(symbol[1])]) if symbol[0] == "feel" else 0.0

    def rows(self, nodes: Integers, registers: Integers) -> Floats:
        """p*(next word) of n states: (n, vocabulary).

        Args:
            nodes: (n,).
            registers: (n, r), as in `Told`.
        """
        found = np.zeros((len(nodes), self.size))
        for node in np.unique(nodes):
            which = np.flatnonzero(nodes == node)
            for edge in self.nodes[node]:
                self._add(found, which, edge, registers[which])
        return found

    def _add(self, rows: Floats, which: Integers, edge: Edge, registers: Integers) -> None:
        """Add an edge's share to some rows."""
        words, weight = self.lexicon, edge.weight
        kind, *detail = edge.symbol
        if kind == "draw":
            rows[np.ix_(which, words.domain[str(detail[0])])] += weight * words.law[str(detail[0])]
        elif kind == "feel":
            rows[np.ix_(which, words.moods[bool(detail[0])])] += weight * words.mood_law[bool(detail[0])]
        elif kind == "act":
            pets = words.pet_number[registers[:, self.registers["p"]]]
            rows[which[:, None], words.verbs[pets]] += weight * words.verb_law[pets]
        else:
            rows[which, self._sure(edge.symbol, registers)] += weight

    def _sure(self, symbol: Symbol, registers: Integers) -> Integers:
        """The one word of a symbol that leaves no choice, for each state."""
        words = self.lexicon
        if symbol[0] == "copy":
            return np.asarray(registers[:, self.registers[str(symbol[1])]])
        if symbol[0] == "pron":
            return np.where(words.female[registers[:, self.registers["h"]]], words.she, words.he)
        return np.full(len(registers), EOS if symbol == END else words.literals[str(symbol[1])])

    def kind(self, node: int) -> str:
        """What kind of word comes at a node, in a student's words."""
        edges = self.nodes[node]
        return FORK if len(edges) > 1 else KINDS[str(edges[0].symbol[0])]

    # Drawing

    def sample(self, count: int, stream: Uniforms, longest: int = LONGEST - 1) -> Told:
        """`count` stories, cropped at `longest` tokens."""
        tokens, nodes = np.full((count, longest), PAD), np.full((count, longest), -1)
        kept = np.zeros((count, longest, len(self.registers)), dtype=np.int64)
        registers, current = np.zeros((count, len(self.registers)), dtype=np.int64), np.zeros(count, dtype=np.int64)
        end = longest
        for t in range(longest):
            live = np.flatnonzero(current >= 0)
            if not len(live):
                end = t
                break
            nodes[live, t], kept[live, t] = current[live], registers[live]
            for node in np.unique(current[live]):
                self._advance(live[nodes[live, t] == node], int(node), t, tokens, registers, current, stream)
        return Told(tokens[:, :end], nodes[:, :end], kept[:, :end])

    def _advance(
        self, who: Integers, node: int, t: int, tokens: Integers, registers: Integers, current: Integers,
        stream: Uniforms,
    ) -> None:  # fmt: skip
        """One word for the stories `who`, which are all at `node`."""
        edges = self.nodes[node]
        taken = stream.classes(np.array([e.weight for e in edges]), len(who)) if len(edges) > 1 else None
        for number, edge in enumerate(edges):
            own = who if taken is None else who[taken == number]
            if not len(own):
                continue
            tokens[own, t] = self._emit(edge.symbol, registers[own], stream)
            if edge.symbol[0] == "draw":
                registers[own, self.registers[str(edge.symbol[1])]] = tokens[own, t]
            current[own] = edge.to

    def _emit(self, symbol: Symbol, registers: Integers, stream: Uniforms) -> Integers:
        words = self.lexicon
        if symbol[0] == "draw":
            role = str(symbol[1])
            return np.asarray(words.domain[role][stream.classes(words.law[role], len(registers))])
        if symbol[0] == "feel":
            good = bool(symbol[1])
            return np.asarray(words.moods[good][stream.classes(words.mood_law[good], len(registers))])
        if symbol[0] == "act":
            pets = words.pet_number[registers[:, self.registers["p"]]]
            above = stream.draw(len(pets))[:, None] >= np.cumsum(words.verb_law[pets], 1)
            return np.asarray(words.verbs[pets, np.minimum(above.sum(1), words.verbs.shape[1] - 1)])
        return self._sure(symbol, registers)

    # Recognising

    def walk(self, story: Iterable[int]) -> tuple[list[Step], str]:
        """The story read word by word, and why reading stopped: "" where it ended with <eos>.

        The reasons are "wrong pet" (object, place, …), "wrong pronoun", "verb of another pet", "wrong mood",
        "ungrammatical" and "unfinished".
        """
        node, registers, steps = 0, np.zeros((1, len(self.registers)), dtype=np.int64), []
        for token in map(int, story):
            if node < 0:
                return steps, "ungrammatical"
            found = [(e, p) for e in self.nodes[node] if (p := self._probability(e, token, registers)) > 0]
            if not found:
                return steps, self._reason(node, token)
            edge, probability = found[0]
            steps.append(Step(node, edge.symbol, probability))
            if edge.symbol[0] == "draw":
                registers[0, self.registers[str(edge.symbol[1])]] = token
            node = edge.to
        return steps, "" if node < 0 else "unfinished"

    def _probability(self, edge: Edge, token: int, registers: Integers) -> float:
        words = self.lexicon
        kind, *detail = edge.symbol
        if kind == "draw":
            place = self._role_place[str(detail[0])].get(token)
            return 0.0 if place is None else edge.weight * float(words.law[str(detail[0])][place])
        if kind in ("feel", "act"):
            pet = int(words.pet_number[registers[0, self.registers["p"]]])
            ids, law = (
                (words.moods[bool(detail[0])], words.mood_law[bool(detail[0])])
                if kind == "feel"
                else (words.verbs[pet], words.verb_law[pet])
            )
            return edge.weight * float(law[ids == token].sum())
        return edge.weight if int(self._sure(edge.symbol, registers)[0]) == token else 0.0

    def _reason(self, node: int, token: int) -> str:
        """The class of a word that cannot stand here: the right kind of word with the wrong referent, or nonsense."""
        words = self.lexicon
        for edge in self.nodes[node]:
            kind, *detail = edge.symbol
            if kind == "copy" and token in self._role_place[str(detail[0])]:
                return f"wrong {ROLES[str(detail[0])]}"
            if kind == "pron" and token in (words.he, words.she):
                return "wrong pronoun"
            if kind == "act" and token in words.verbs:
                return "verb of another pet"
            if kind == "feel" and any(token in moods for moods in words.moods.values()):
                return "wrong mood"
        return "ungrammatical"

    def text(self, story: Iterable[Any]) -> str:
        """A story in words."""
        return " ".join(self.lexicon.words[int(i)] for i in story if i not in (PAD, BOS, EOS))


ROLES = {"h": "hero", "h2": "hero", "p": "pet", "o": "object", "a": "adjective", "l": "place"}


def _entropy(law: Floats) -> float:
    return float(-(law * np.log(law)).sum())
