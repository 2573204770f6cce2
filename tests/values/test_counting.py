"""Counting comes before building: what hostile bytes would make is never made, and no value is refused for nothing."""

from __future__ import annotations

import time
import tracemalloc
from fractions import Fraction
from typing import Any

import msgpack
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.values.codec import BadValue, NotAValue, decode, encode
from autograder.values.counting import MAX_ITEMS, MAX_NODES, MAX_NUMBERS, TooMany, count
from autograder.values.formula import Formula, from_sympy, to_tree


def lists(count: int, inside: bytes) -> bytes:
    return b"\xdd" + count.to_bytes(4, "big") + inside


def formulas(count: int) -> bytes:
    tree = to_tree(from_sympy(sympy.Add(*sympy.symbols("a0:100"))))
    one = msgpack.packb(msgpack.ExtType(5, msgpack.packb(tree)))
    return lists(count, one * count)


BOMBS = {
    "millions of empty lists": lists(300, lists(100_000, b"\x90" * 100_000) * 300),
    "lists that are announced in lists": lists(90_000, b"") * 500,
    "lists that are announced and never come": lists(90_000, b"\x01"),
    "a list in a complex number": msgpack.packb(msgpack.ExtType(1, lists(90_000, b"") * 400)),
    "a list in an array's shape": msgpack.packb(
        msgpack.ExtType(4, b"\x93\xa7float64" + lists(90_000, b"\x01" * 90_000))
    ),
    "a list in a formula": msgpack.packb(msgpack.ExtType(5, lists(10**6, b"\x90" * 10**6))),
    "a map of millions": b"\xdf" + (10**7).to_bytes(4, "big") + b"\x01\x90" * 10**6,
    "formulas without end": formulas(1_000),
    "an array of a billion": msgpack.packb(
        msgpack.ExtType(4, msgpack.packb(["bool", [MAX_NUMBERS + 100], b"\0" * (MAX_NUMBERS + 100)]))
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_is_built(name: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(BadValue):
        decode(BOMBS[name])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 2**20
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("millions of empty lists", "more than 100,000 items in lists and dicts, too many to judge"),
        ("formulas without end", "the formulas have more than 20,000 nodes, too many to judge"),
        ("an array of a billion", "the arrays have more than 16,777,216 numbers, too many to judge"),
    ],
)
def test_the_message_says_of_what_there_is_too_much(name: str, words: str) -> None:
    with pytest.raises(TooMany, match=words):
        decode(BOMBS[name])


def test_who_returns_too_much_is_told_before_it_is_sent() -> None:
    with pytest.raises(NotAValue, match="more than 100,000 items in lists and dicts"):
        encode([[0.0] * 1000] * 101)
    assert len(decode(encode([0.0] * MAX_ITEMS))) == MAX_ITEMS


def test_each_count_is_what_there_is() -> None:
    x = sympy.Symbol("x")
    value = {"a": [1, "two", Fraction(3, 2**70)], "b": np.zeros((5, 4), np.float32), "c": x + 1, "d": 2j, "e": 2**100}
    found = count(encode(value))
    assert (found.items, found.nodes) == (10 + 3, 3)
    assert 20 <= found.numbers <= 24  # the bytes around an array count too
    assert count(encode(np.ones(100, bool))).numbers < 130


@pytest.mark.parametrize(
    "value", [None, [], {}, "", b"", 1.5, np.zeros(0), [[[[]]]], {1: {2: {3: 4}}}, "é" * 70_000, b"x" * 300]
)
def test_every_form_of_msgpack_is_walked(value: Any) -> None:
    assert count(encode(value)).items <= 6


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_the_deepest_value_that_may_be_sent_may_be_read() -> None:
    assert decode(encode(nested(24))) == nested(24)
    formula = Formula("Symbol", text="x")
    for _ in range(100):
        formula = Formula("exp", (formula,))
    assert decode(encode(formula)) == formula


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text() | st.integers(0, 9), inner, max_size=20),
    max_leaves=60,
)


@given(PLAIN)
@settings(max_examples=200, deadline=None)
def test_no_value_is_refused_for_nothing(value: Any) -> None:
    assert decode(encode(value)) == value


@pytest.mark.parametrize("text", ["1e999999999", "1e-999999999", "1E+99999"])
def test_a_number_of_absurd_size_is_never_worked_out(text: str) -> None:
    with pytest.raises(BadValue, match="a number of absurd size"):
        decode(encode(Formula("Float", text=text)))
    assert decode(encode(Formula("Float", text="1e-300"))).text == "1e-300"


def test_the_budget_of_nodes_is_over_all_formulas_of_an_answer() -> None:
    assert len(decode(formulas(MAX_NODES // 101))) == MAX_NODES // 101
    with pytest.raises(TooMany):
        decode(formulas(MAX_NODES // 101 + 1))
