"""Values and their bytes: what may cross comes back as it was; what may not is refused by name."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgpack
import numpy as np
import pytest
import sympy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.values.codec import BadValue, NotAValue, decode, encode
from autograder.values.formula import Formula, from_sympy

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | st.fractions(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
@settings(max_examples=200, deadline=None)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    back = decode(encode(value))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "float16", "float32", "float64", "complex64"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (3, 5, 7)])
def test_arrays_keep_shape_dtype_and_every_bit(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).normal(size=shape).astype(dtype)
    back = decode(encode(array))
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert np.array_equal(back, array)
    assert back.flags.writeable


def test_tensors_arrive_as_arrays() -> None:
    tensor = torch.arange(6.0, requires_grad=True).reshape(2, 3).transpose(0, 1)
    assert np.array_equal(decode(encode(tensor)), tensor.detach().numpy())
    assert decode(encode(torch.ones(2, dtype=torch.bfloat16))).dtype == np.float32


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Fraction(np.int64(1), np.int64(3)), Fraction(1, 3)),
        (sympy.Integer(3), 3),
        (sympy.Integer(10) ** 30, 10**30),
        (sympy.Rational(1, 3), Fraction(1, 3)),
        (sympy.Float("0.1", 50), 0.1),
        (sympy.true, True),
        (sympy.Matrix([[1, sympy.Rational(1, 2)]]), [[1, Fraction(1, 2)]]),
        (np.array([[Fraction(1, 3), 2]], dtype=object), [[Fraction(1, 3), 2]]),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array("a"), "a"),
        ({np.int64(3): np.bool_(True)}, {3: True}),
        (np.longdouble(0.5), 0.5),
    ],
)
def test_numbers_of_libraries_arrive_as_pythons_own(value: Any, plain: Any) -> None:
    back = decode(encode(value))
    assert back == plain
    assert type(back) is type(plain)


def test_what_was_rounded_to_float32_is_known_to_be() -> None:
    back = decode(encode(np.float32(0.1)))
    assert (back.dtype, back.shape, back.item()) == (np.float32, (), float(np.float32(0.1)))


def test_whole_numbers_of_unusual_width_arrive_as_int64() -> None:
    assert decode(encode(np.arange(3, dtype=np.uint32))).dtype == np.int64
    with pytest.raises(NotAValue, match="dtype uint64"):
        encode(np.array([2**63], dtype=np.uint64))


def test_subclasses_arrive_plain() -> None:
    class Liar(np.ndarray):
        def __eq__(self, other: object) -> Any:
            return True

    back = decode(encode(np.zeros(3).view(Liar)))
    assert type(back) is np.ndarray
    assert not (back == 1).any()


def test_formulas_arrive_as_trees_that_are_never_evaluated() -> None:
    x, y = sympy.symbols("x y")
    expression = sympy.exp(-x) / (1 + y) + sympy.Derivative(x**2, x)
    back = decode(encode(expression))
    assert isinstance(back, Formula)
    assert back == from_sympy(expression)
    assert back.symbols() == {"x", "y"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (object(), "object of type builtins.object"),
        ((i for i in range(3)), "a generator: did you write `yield`"),
        (len, "did you forget to call it"),
        ({"a": [1, {2, 3}]}, "outputs['a'][1] is an object of type builtins.set"),
        ({(1, 2): 3}, "has the key"),
        (np.array(["a"], dtype="S1"), "dtype |S1"),
        (2**5000, "5,001 bits"),
    ],
)
def test_what_may_not_cross_is_named_with_its_place(value: Any, words: str) -> None:
    with pytest.raises(NotAValue) as caught:
        encode(value)
    assert words in str(caught.value)


def test_a_formula_that_cannot_be_read_takes_nothing_else_with_it() -> None:
    x = sympy.Symbol("x")
    refused, fine = decode(encode([sympy.gamma(x), x]))
    assert refused.head == "Refused"
    assert refused.text.startswith("`gamma` is not understood in a formula; functions that are: Abs, acos, ")
    assert fine == from_sympy(x)


def test_placeholders_of_one_name_are_told_apart() -> None:
    a, b = sympy.Dummy("xi"), sympy.Dummy("xi")
    both = from_sympy(sympy.Add(a, sympy.Mul(2, b)))
    assert sorted(both.symbols()) == ["xi", "xi′"]
    assert from_sympy(sympy.Add(sympy.Dummy("xi"), 1)) == from_sympy(sympy.Symbol("xi") + 1)


def test_a_value_nested_too_deep_is_refused_on_both_sides() -> None:
    value: Any = 1
    for _ in range(30):
        value = [value]
    with pytest.raises(NotAValue, match="levels deep"):
        encode(value)
    with pytest.raises(BadValue, match="nested too deep"):
        decode(msgpack.packb(value))


def array_frame(dtype: Any, shape: Any, data: Any) -> bytes:
    return bytes(msgpack.packb(msgpack.ExtType(4, msgpack.packb([dtype, shape, data]))))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        array_frame("float64", [10**9, 10**9], b""),
        array_frame("float64", [2], b"\0" * 8),
        array_frame("float64", [-1, -1], b"\0" * 8),
        array_frame("object", [1], b"\0" * 8),
        array_frame("bool", [1], b"\x07"),
        array_frame("float64", [True], b"\0" * 8),
        msgpack.packb(msgpack.ExtType(2, msgpack.packb([1, 0]))),
        msgpack.packb(msgpack.ExtType(2, msgpack.packb([1.5, 2]))),
        msgpack.packb(msgpack.ExtType(3, b"")),
        msgpack.packb(msgpack.ExtType(5, msgpack.packb(["os.system", "", []]))),
        msgpack.packb(msgpack.ExtType(5, msgpack.packb(["Integer", "not a number", []]))),
        msgpack.packb(msgpack.ExtType(5, msgpack.packb(["Symbol", "x" * 1000, []]))),
        msgpack.packb(msgpack.ExtType(99, b"")),
        msgpack.packb({"a": 1})[:-1],
        b"\x91" * 5000,
    ],
)
def test_hostile_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadValue):
        decode(data)


@given(st.binary(max_size=300))
@settings(max_examples=500, deadline=None)
def test_random_bytes_are_decoded_or_refused_and_nothing_else(data: bytes) -> None:
    try:
        decode(data)
    except BadValue:
        return


def test_fractions_come_back_exactly() -> None:
    assert decode(encode(Fraction(10**50, 7))) == Fraction(10**50, 7)
