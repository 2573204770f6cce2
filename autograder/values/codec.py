"""Plain values as bytes and back: msgpack with a handful of extension types, capped, no pickle.

What is covered: None, bool, int (4,096 bits), float, complex, str, bytes, Fraction, NumPy arrays and scalars (float32
ones arrive as arrays without a dimension, arrays of objects or of text as lists), torch tensors (they arrive as NumPy
arrays; bfloat16 as float32), sympy expressions (they arrive as `Formula`; numbers and truth values as Python's own),
lists and tuples (both arrive as lists), dicts with str, int or bool keys.
What is not covered: every other object. `encode` names its type and its place; it never guesses.

`decode` treats its bytes as hostile: every length, count, depth and dtype is checked before memory is taken.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from functools import lru_cache
from typing import Any

import msgpack
import numpy as np

from autograder.values.counting import MAX_DEPTH, MAX_ITEMS, TooMany, count
from autograder.values.counting import BadValue as BadValue
from autograder.values.formula import Formula, from_tree, read, to_tree

DTYPES = (
    "bool",
    "int8",
    "uint8",
    "int16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
)
MAX_BYTES = 256 * 2**20
MAX_INT_BITS = 4096
_COMPLEX, _FRACTION, _INT, _ARRAY, _FORMULA = 1, 2, 3, 4, 5


class NotAValue(TypeError):
    """A Python object that may not cross the wall; the message names its type and its place."""


def encode(value: Any) -> bytes:
    """The canonical bytes of `value`.

    Raises:
        NotAValue: an object outside the list above, too deep, too many, or too large.
    """
    packed = msgpack.packb(_plain(value, "outputs", 0), use_bin_type=True)
    if len(packed) > MAX_BYTES:
        raise NotAValue(f"outputs take {len(packed):,} bytes, more than the {MAX_BYTES:,} allowed")
    try:
        count(packed)
    except TooMany as error:
        raise NotAValue(str(error)) from None
    return bytes(packed)


def _plain(value: Any, place: str, depth: int) -> Any:
    """`value` in msgpack's own types and our extension types."""
    if depth > MAX_DEPTH:
        raise NotAValue(f"{place} is nested more than {MAX_DEPTH} levels deep")
    if value is None or value is True or value is False:
        return value
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return _integer(int(value), place)
    if isinstance(value, (np.float32, np.float16)):  # what they were rounded to is part of the value
        return _array(np.asarray(value), place)
    if isinstance(value, (float, np.floating)):
        return float(value)
    if isinstance(value, (complex, np.complexfloating)):
        return msgpack.ExtType(_COMPLEX, msgpack.packb([float(value.real), float(value.imag)]))
    if isinstance(value, (str, bytes)):
        return str(value) if isinstance(value, str) else bytes(value)
    if isinstance(value, Fraction):
        pair = [_integer(int(value.numerator), place), _integer(int(value.denominator), place)]  # NumPy's, perhaps
        return msgpack.ExtType(_FRACTION, msgpack.packb(pair))
    if isinstance(value, Formula):
        return msgpack.ExtType(_FORMULA, msgpack.packb(to_tree(value)))
    if isinstance(value, (list, tuple, dict)):
        return _container(value, place, depth)
    return _library_value(value, place, depth)


def _integer(value: int, place: str) -> Any:
    if -(2**63) <= value < 2**63:
        return value
    if value.bit_length() > MAX_INT_BITS:
        raise NotAValue(f"{place} is an integer of {value.bit_length():,} bits; at most {MAX_INT_BITS:,} are allowed")
    return msgpack.ExtType(_INT, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def _container(value: Any, place: str, depth: int) -> Any:
    if len(value) > MAX_ITEMS:
        raise NotAValue(f"{place} has {len(value):,} items; at most {MAX_ITEMS:,} are allowed")
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, (str, int, np.integer, np.bool_)):
                raise NotAValue(f"{place} has the key {_short(key)}; keys are str, int or bool")
        return {_plain(k, place, depth): _plain(v, f"{place}[{k!r}]", depth + 1) for k, v in value.items()}
    return [_plain(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(value)]


def _library_value(value: Any, place: str, depth: int) -> Any:
    """NumPy, torch and sympy objects. torch and sympy are looked up, never imported: who has none sends none."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "OU":
            return _plain(value.tolist(), place, depth)
        return _array(np.asarray(value), place)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        tensor = value.detach().to("cpu")
        if tensor.layout != torch.strided:
            tensor = tensor.to_dense()
        if tensor.dtype == torch.bfloat16:
            tensor = tensor.float()
        return _array(tensor.resolve_conj().resolve_neg().numpy(), place)
    sympy = sys.modules.get("sympy")
    if sympy is not None and isinstance(value, (sympy.Basic, sympy.MatrixBase)):
        if isinstance(value, sympy.MatrixBase):
            return _plain(value.tolist(), place, depth)
        if (value.is_Number and value.is_finite) or value in (sympy.true, sympy.false):
            return _plain(_number(value), place, depth)
        return msgpack.ExtType(_FORMULA, msgpack.packb(to_tree(read(value))))
    raise NotAValue(f"{place} is {_short(value)}{_hint(value)}")


def _number(value: Any) -> Any:
    """A number or truth value of sympy's as Python's own."""
    if value.is_Float:
        return float(value)
    if not value.is_Number:
        return bool(value)
    return int(value) if value.is_Integer else Fraction(int(value.p), int(value.q))


def _hint(value: Any) -> str:
    name = type(value).__name__
    if name == "generator":
        return " (a generator: did you write `yield` for `return`?)"
    if name == "coroutine":
        return " (a coroutine: `async def` functions are not awaited here; write `def`)"
    if callable(value):
        return " (a function or class: did you forget to call it?)"
    return "; numbers, strings, Fractions, arrays, tensors, sympy expressions, lists and dicts of them may be returned"


def _short(value: Any) -> str:
    return f"an object of type {type(value).__module__}.{type(value).__qualname__}"[:120]


def _array(array: np.ndarray[Any, Any], place: str) -> Any:
    array = _known(array)
    if array.dtype.name not in DTYPES:
        raise NotAValue(f"{place} is an array of dtype {array.dtype}; allowed are {', '.join(DTYPES)}")
    if array.nbytes > MAX_BYTES:
        raise NotAValue(f"{place} is an array of {array.nbytes:,} bytes; at most {MAX_BYTES:,} are allowed")
    data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    return msgpack.ExtType(_ARRAY, msgpack.packb([array.dtype.name, list(array.shape), data]))


def _known(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """An array of a dtype that is rarely met, as one that is; the values stay."""
    if array.dtype.name not in DTYPES and array.dtype.kind == "u" and (array < 2**63).all():
        return array.astype(np.int64)
    return array.astype(np.float64) if array.dtype == np.longdouble else array


def decode(data: bytes) -> Any:
    """The value that `data` encodes; arrays are fresh, writable NumPy arrays.

    Raises:
        BadValue: for every input that `encode` cannot have made; nothing is built of more than is allowed.
    """
    if len(data) > MAX_BYTES + 2**20:
        raise BadValue(f"{len(data):,} bytes of outputs; at most {MAX_BYTES:,} are allowed")
    try:
        count(data)
        value = _unpack(data, _extension)
        _walk(value, 0)
    except (BadValue, MemoryError):  # within the counts, memory that runs out is the grader's own trouble
        raise
    except Exception as error:  # msgpack raises a family of its own, RecursionError among them
        raise BadValue(f"outputs cannot be decoded: {type(error).__name__}") from None
    return value


def _unpack(data: bytes, extension: Any) -> Any:
    return msgpack.unpackb(
        data, raw=False, strict_map_key=False, ext_hook=extension, use_list=True,
        max_str_len=2**24, max_bin_len=MAX_BYTES, max_ext_len=MAX_BYTES,
        max_array_len=min(MAX_ITEMS, len(data)), max_map_len=min(MAX_ITEMS, len(data)),  # taken before they are seen
    )  # fmt: skip


def _no_extension(code: int, data: bytes) -> Any:
    raise BadValue(f"extension {code} inside an extension")


def _small_int(code: int, data: bytes) -> int:
    if code != _INT or not 0 < len(data) <= MAX_INT_BITS // 8 + 1:
        raise BadValue("an integer outside the cap")
    return int.from_bytes(data, "big", signed=True)


def _extension(code: int, data: bytes) -> Any:
    if code == _INT:
        return _small_int(code, data)
    if code == _COMPLEX:
        real, imaginary = _unpack(data, _no_extension)
        return complex(float(real), float(imaginary))
    if code == _FRACTION:
        top, bottom = _unpack(data, _small_int)
        if type(top) is not int or type(bottom) is not int or bottom <= 0:
            raise BadValue("not a fraction")
        return Fraction(top, bottom)
    if code == _ARRAY:
        return _decoded_array(*_unpack(data, _no_extension))
    if code == _FORMULA:
        return _known_formula(data) if len(data) <= 4096 else _formula(data)
    raise BadValue(f"extension type {code} is not known")


def _formula(data: bytes) -> Formula:
    try:
        return from_tree(_unpack(data, _no_extension))
    except ValueError as error:
        raise BadValue(f"outputs cannot be decoded: {error}") from None


_known_formula = lru_cache(maxsize=256)(_formula)  # a class has the same lines, and known mistakes are decoded for each


def _decoded_array(dtype: Any, shape: Any, data: Any) -> np.ndarray[Any, Any]:
    if dtype not in DTYPES or not isinstance(shape, list) or not isinstance(data, bytes) or len(shape) > 16:
        raise BadValue("not an array")
    if not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise BadValue("not an array shape")
    if math.prod(shape) * np.dtype(dtype).itemsize != len(data):
        raise BadValue(f"array of {dtype} {shape} does not have {len(data)} bytes")
    if dtype == "bool" and data.strip(b"\x00\x01"):
        raise BadValue("a bool array with bytes other than 0 and 1")
    return np.frombuffer(data, dtype=np.dtype(dtype).newbyteorder("<")).reshape(shape).astype(dtype)


def _walk(value: Any, depth: int) -> None:
    """Depth and key types of what arrived."""
    if depth > MAX_DEPTH:
        raise BadValue("outputs are nested too deep")
    if isinstance(value, list):
        for item in value:
            _walk(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, (str, int, bool)):
                raise BadValue("a key that is neither str, int nor bool")
            _walk(item, depth + 1)
    elif not isinstance(value, (type(None), bool, int, float, complex, str, bytes, Fraction, np.ndarray, Formula)):
        raise BadValue(f"a {type(value).__name__} is not a value")
