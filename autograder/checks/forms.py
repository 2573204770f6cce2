"""Forms: the same value in another form (a list for an array, a sympy number for an integer) in the form expected.

What a student hands in may have any form that holds the values; which one is a matter of taste, and no case is about
it unless its question says so. Only forms that lose nothing are changed here: no rounding, no guess.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from autograder.checks.evaluation import NotGradable, evaluate
from autograder.values.formula import Formula

SINGLE = 1e-5
"""Largest relative error that counts as rounding of the size of float32, a few dozen operations long."""
_SHORT = frozenset({"float16", "float32", "complex64"})
_NUMBERS = (int, float, complex, Fraction, np.ndarray)  # bool is an int here


def in_form_of(got: Any, expected: Any) -> Any:
    """`got` in the form of `expected`, at this level; as it is where it has no such form."""
    if isinstance(got, Formula) and isinstance(expected, (*_NUMBERS, list)):
        got = constant(got)
    if isinstance(expected, np.ndarray):
        return _array(got, expected) if isinstance(got, list) else got
    if isinstance(got, np.ndarray):
        if isinstance(expected, list):
            return _rows(got) if got.ndim else got
        if got.ndim == 0 and (isinstance(expected, (bool, str)) or expected is None):
            return got.item()
    if isinstance(got, bool) and isinstance(expected, _NUMBERS) and not isinstance(expected, bool):
        return int(got) if not isinstance(expected, np.ndarray) and got == expected else got
    return got


def array_of(value: Any) -> np.ndarray[Any, Any] | None:
    """An array, or nested lists of numbers as one: for `satisfies` predicates, which get either; None for the rest.

    >>> array_of([[1, 2], [3, 4]]).shape
    (2, 2)
    >>> array_of("text") is None
    True
    """
    if isinstance(value, np.ndarray):
        return value
    if not isinstance(value, list):
        value = constant(value) if isinstance(value, Formula) else value
        return np.asarray(_number(value)) if isinstance(value, (bool, int, float, complex, Fraction)) else None
    found = _stacked(value)
    return found if isinstance(found, np.ndarray) else None


def constant(formula: Formula) -> Any:
    """The number that a formula without symbols stands for; the formula itself where there is none."""
    if formula.head == "Integer":
        return int(formula.text)
    if formula.head == "Rational":
        return Fraction(formula.text)
    if formula.symbols() or formula.head in ("BooleanTrue", "BooleanFalse"):
        return formula
    try:
        value = complex(evaluate(formula, {}, {}))
    except (NotGradable, ArithmeticError, ValueError, TypeError):
        return formula
    return value if value.imag else value.real


def single(value: Any) -> bool:
    """Whether numbers in it came back in float32 (or shorter)."""
    if isinstance(value, np.ndarray):
        return value.dtype.name in _SHORT
    if isinstance(value, dict):
        return any(single(v) for v in value.values())
    return isinstance(value, list) and any(single(v) for v in value)


def without_dimension(value: Any) -> Any:
    """Nested values with every array that has no dimension as the number that it holds."""
    if isinstance(value, dict):
        return {k: without_dimension(v) for k, v in value.items()}
    if isinstance(value, list):
        return [without_dimension(v) for v in value]
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _rows(array: np.ndarray[Any, Any]) -> list[Any]:
    """An array as a list; entries in float32 stay arrays, so that it can be told what they came back in."""
    if array.ndim == 1 and not single(array):
        found: list[Any] = array.tolist()
        return found
    return [np.asarray(row) for row in array]


def _array(value: list[Any], expected: np.ndarray[Any, Any]) -> Any:
    """Nested lists of numbers as one array, where they are as many as expected and rectangular."""
    if not value and expected.shape[:1] == (0,):
        return np.zeros(expected.shape, expected.dtype)
    return _stacked(value) if _size(value, expected.size) == expected.size else value


def _stacked(value: list[Any]) -> Any:
    """Nested lists of numbers as one array; as they are where they are ragged, or hold something else."""
    try:
        made = np.array(value)
        if made.dtype == object:
            made = np.array([_number(x) for x in made.flat]).reshape(made.shape)
    except (ValueError, TypeError, OverflowError):  # ragged, or no numbers
        return value
    if made.dtype.kind not in "biufc":
        return value
    return made.astype(np.float32) if made.dtype == np.float64 and single(value) else made


def _size(value: Any, most: int) -> int:
    """How many entries nested lists of numbers and arrays have; more than `most` need not be counted."""
    if isinstance(value, np.ndarray):
        return value.size
    if not isinstance(value, list):
        return 1
    count = 0
    for part in value:
        count += _size(part, most)
        if count > most:
            break
    return count


def _number(value: Any) -> Any:
    """An entry of an array of objects as a number of NumPy's."""
    value = constant(value) if isinstance(value, Formula) else value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    if isinstance(value, (bool, int, float, complex)):
        return value
    raise TypeError("not a number")
