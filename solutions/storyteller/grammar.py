"""The grammar of a story world: which sentences follow each other, and how each is put together, drawn from the key.

A symbol is a tuple: ("lit", name) a fixed word, ("draw", role) a new word that is kept in a register, ("copy", role)
the kept word again, ("pron",) he or she of the hero, ("act",) a verb of that pet, ("feel", good) a mood. Words of
different symbols differ, so the node that a story has reached is a function of its words: `nodes_of` merges sentences
that begin alike, and the law of the next word is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from draws import Keyed

Symbol = tuple[object, ...]
END: Symbol = ("lit", "<eos>")
LITERALS = ("once", "there", "the", ".", "went", "with", "found", "near", "lost", "helped", "again", "was", "now",
            "home", "slept")  # fmt: skip
_FOLLOWS = {  # sentence → what may follow, before the key changes the weights
    "intro": {"find": 0.7, "pet": 0.3},
    "find": {"pet": 0.5, "lose": 0.4, "feel": 0.1},
    "pet": {"pet": 0.25, "feel": 0.45, "end": 0.3},
    "lose": {"help": 0.6, "feel": 0.4},
    "help": {"feel": 0.7, "end": 0.3},
    "feel": {"pet": 0.2, "end": 0.8},
}


@dataclass(frozen=True)
class Grammar:
    """Sentence → its symbols; sentence → what follows, with probabilities."""

    sentences: Mapping[str, tuple[Symbol, ...]]
    follows: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Edge:
    """From a node by a symbol, with a probability, to a node (−1: the story is over)."""

    symbol: Symbol
    weight: float
    to: int


def grammar_of(draw: Keyed, heroes: int = 1) -> Grammar:
    """A grammar from a key; with two heroes, help comes from the second one."""
    lit, new, copy = (lambda name: ("lit", name)), (lambda role: ("draw", role)), (lambda role: ("copy", role))
    start = draw.pick([[lit("once"), new("h")], [new("h")], [lit("once"), lit("there"), new("h")]])
    parts = draw.shuffled([[lit("the"), new("l")], [lit("with"), new("p")]])
    second = [lit("there"), new("h2")] if heroes == 2 else []
    things = draw.pick([[new("a"), new("o")], [new("o"), new("a")]])
    again = [("copy", s[1]) for s in things]
    place = [lit("near"), copy("l")]
    sentences: dict[str, list[Symbol]] = {
        "intro": [*start, lit("went"), *parts[0], *parts[1], *second],
        "find": [("pron",), lit("found"), *draw.pick([[*things, *place], [*place, *things]])],
        "pet": [lit("the"), copy("p"), ("act",)],
        "lose": [("pron",), lit("lost"), *draw.pick([[], [lit("the")]]), *again],
        "help": [lit("the"), copy("p"), lit("helped"), copy("h2" if heroes == 2 else "h"),
                 *draw.pick([[lit("again")], []]), *again],
        "feel": draw.pick([[copy("h"), lit("was"), ("feel",)], [copy("h"), ("feel",), lit("now")]]),
        "end": draw.pick([[("pron",), lit("home"), copy("p"), lit("slept")],
                          [("pron",), lit("home"), lit("slept"), copy("p")]]),
    }  # fmt: skip
    closed = {name: (*symbols, lit("."), *((END,) if name == "end" else ())) for name, symbols in sentences.items()}
    follows = {}
    for name, then in _FOLLOWS.items():
        weights = {other: weight * draw.uniform(0.6, 1.6) for other, weight in then.items()}
        whole = sum(weights.values())
        follows[name] = {other: weight / whole for other, weight in weights.items()}
    return Grammar(closed, follows)


def nodes_of(grammar: Grammar) -> list[list[Edge]]:
    """The deterministic machine: edges of every node; node 0 is the beginning."""
    return _Machine(grammar).nodes


_State = tuple[str, int, bool]
"""A sentence, how far it is, and whether all is well (a loss saddens, help mends it)."""


class _Machine:
    """Subset construction over weighted states."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.nodes: list[list[Edge]] = []
        self._known: dict[tuple[tuple[_State, float], ...], int] = {}
        self._todo: list[tuple[int, dict[_State, float]]] = []
        self._node({("intro", 0, True): 1.0})
        while self._todo:
            number, states = self._todo.pop()
            self.nodes[number] = self._edges(states)

    def _node(self, states: Mapping[_State, float]) -> int:
        whole = sum(states.values())
        states = {state: weight / whole for state, weight in states.items()}
        key = tuple(sorted((state, round(weight, 12)) for state, weight in states.items()))
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append([])
            self._todo.append((self._known[key], states))
        return self._known[key]

    def _edges(self, states: Mapping[_State, float]) -> list[Edge]:
        weights: dict[Symbol, float] = {}
        after: dict[Symbol, dict[_State, float]] = {}
        for (sentence, index, good), weight in states.items():
            symbols = self.grammar.sentences[sentence]
            symbol = symbols[index]
            if symbol == ("feel",):
                symbol = ("feel", good)
            weights[symbol] = weights.get(symbol, 0.0) + weight
            reached = after.setdefault(symbol, {})
            if index + 1 < len(symbols):
                following = {(sentence, index + 1, good): weight}
            elif symbol == END:
                following = {}
            else:
                good = (good or sentence == "help") and sentence != "lose"
                following = {(n, 0, good): weight * p for n, p in self.grammar.follows[sentence].items()}
            for state, part in following.items():
                reached[state] = reached.get(state, 0.0) + part
        return [Edge(s, w, self._node(after[s]) if after[s] else -1) for s, w in weights.items()]
