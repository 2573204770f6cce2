"""Two nested values side by side: the first place where they differ, and by how much."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.checks.judgement import WRONG
from autograder.values.formula import Formula
from autograder.values.rendering import brief, number

SCALE_FLOOR = 1e-8
TINY = 1e-300


@dataclass(frozen=True)
class Difference:
    """The worst leaf of a comparison. `deviation` 0 means that nothing differs."""

    deviation: float = 0.0
    message: str = ""
    got: str = ""
    expected: str = ""
    where: str = ""


def kind_of(value: Any) -> str:
    """What a person calls this value: "array of shape (2, 3)", "list of 4", "number", "text" …"""
    if isinstance(value, np.ndarray):
        return f"array of shape {value.shape}"
    if isinstance(value, list):
        return f"list of {len(value)}"
    if isinstance(value, dict):
        return f"dict with keys {sorted(map(str, value))}"
    names = {bool: "True or False", str: "text", bytes: "bytes", Formula: "formula", type(None): "None"}
    return names.get(type(value), "number")


def is_number(value: Any) -> bool:
    """Numbers and arrays; bool counts as its own class."""
    return isinstance(value, (int, float, complex, Fraction, np.ndarray)) and not isinstance(value, bool)


def structure(got: Any, expected: Any, where: str = "") -> Difference | None:
    """A difference in kind, length or keys at this level, or None."""
    place = f"the result{where}"
    if isinstance(expected, dict) and isinstance(got, dict) and set(map(str, got)) != set(map(str, expected)):
        return _wrong(f"{place} has the keys {sorted(map(str, got))}, not {sorted(map(str, expected))}",
                      got, expected, where)  # fmt: skip
    if isinstance(expected, list) and isinstance(got, list) and len(got) != len(expected):
        return _wrong(f"{place} has {len(got)} items, not {len(expected)}", got, expected, where)
    same = (
        (is_number(expected) and is_number(got))
        or (isinstance(expected, bool) and isinstance(got, bool))
        or type(got) is type(expected)
    )
    if not same:
        return _wrong(f"{place} is {_a(kind_of(got))}; expected {_a(kind_of(expected))}", got, expected, where)
    return None


def _a(kind: str) -> str:
    return (
        kind if kind in ("True or False", "text", "bytes", "None") else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    )


def _wrong(message: str, got: Any, expected: Any, where: str, deviation: float = WRONG) -> Difference:
    return Difference(deviation, message, brief(got), brief(expected), where)


def unify(got: Any, expected: Any) -> Any:
    """A one-dimensional array where a list of numbers is expected is that list."""
    if isinstance(expected, list) and isinstance(got, np.ndarray) and got.ndim == 1:
        return got.tolist()
    return got


def children(got: Any, expected: Any, where: str) -> list[tuple[Any, Any, str]]:
    """The pairs below a list or dict whose structure agrees."""
    if isinstance(expected, dict):
        by_text = {str(k): v for k, v in got.items()}
        return [(by_text[str(k)], v, f"{where}[{k!r}]") for k, v in expected.items()]
    return [(g, e, f"{where}[{i}]") for i, (g, e) in enumerate(zip(got, expected, strict=True))]


def compare_close(got: Any, expected: Any, elementwise: bool, tolerance: float, where: str = "") -> Difference:
    """The worst difference of two nested values, by the rules of `close`."""
    got = unify(got, expected)
    different = structure(got, expected, where)
    if different:
        return different
    if isinstance(expected, (list, dict)):
        worst = Difference()
        for g, e, place in children(got, expected, where):
            found = compare_close(g, e, elementwise, tolerance, place)
            if found.deviation > worst.deviation:
                worst = found
        return worst
    if is_number(expected):
        return _compare_numbers(got, expected, elementwise, tolerance, where)
    if got != expected:
        return _wrong(f"the result{where} is {brief(got)}", got, expected, where)
    return Difference()


def _class(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex"}[value.dtype.kind]
    return "complex" if isinstance(value, complex) else "scalar"


def _compare_numbers(got: Any, expected: Any, elementwise: bool, tolerance: float, where: str) -> Difference:
    place = f"the result{where}"
    a, b = _as_array(got), _as_array(expected)
    if a.shape != b.shape:
        return _wrong(f"{place} has shape {a.shape}, not {b.shape}", got, expected, where)
    classes = (_class(got), _class(expected))
    if classes[0] != classes[1] and not _compatible(classes, a.shape):
        return _wrong(f"{place} has dtype {_dtype(got)}; expected a {classes[1]} kind", got, expected, where)
    if a.size == 0:
        return Difference()
    errors = _errors(a, b, elementwise)
    worst = float(errors.max())
    if worst <= tolerance:
        return Difference(worst)
    return _differing(a, b, errors, tolerance, where)


def _compatible(classes: tuple[str, str], shape: tuple[int, ...]) -> bool:
    """A Python number for a 0-d array and the reverse are fine; bool and complex are not numbers' kin."""
    return shape == () and "scalar" in classes and not {"bool", "complex"} & set(classes)


def _dtype(value: Any) -> str:
    return str(value.dtype) if isinstance(value, np.ndarray) else type(value).__name__


def _as_array(value: Any) -> np.ndarray[Any, Any]:
    if isinstance(value, np.ndarray):
        return value.astype(np.complex128 if value.dtype.kind == "c" else np.float64)
    if isinstance(value, complex):
        return np.asarray(value)
    try:
        return np.asarray(float(value))
    except OverflowError:
        return np.asarray(math.inf if value > 0 else -math.inf)


def _errors(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any], elementwise: bool) -> np.ndarray[Any, Any]:
    """Relative error per entry; inf where one is not finite and they are not the same infinity."""
    with np.errstate(all="ignore"):
        finite = np.isfinite(b)
        magnitude = np.abs(np.where(finite, b, 0))
        scale = magnitude + TINY if elementwise else magnitude.max() + SCALE_FLOOR
        errors = np.abs(a - b) / scale
        errors = np.where(finite & np.isfinite(a), errors, np.where(a == b, 0.0, WRONG))
        return np.where(a == b, 0.0, errors)


def _differing(
    a: np.ndarray[Any, Any], b: np.ndarray[Any, Any], errors: np.ndarray[Any, Any], tolerance: float, where: str
) -> Difference:
    bad = errors > tolerance
    first = tuple(int(i) for i in np.argwhere(bad)[0]) if a.ndim else ()
    spot = f"{where}[{', '.join(map(str, first))}]" if first else where
    count = f"{int(bad.sum())} of {a.size} entries differ; the first at {spot}: " if a.size > 1 else ""
    got, expected = number(a[first]), number(b[first])
    if got == expected:
        got, expected = repr(a[first].item()), repr(b[first].item())
    worst = float(errors.max())
    size = (
        f"largest relative error {worst:.3g}, allowed {tolerance:.1g}"
        if math.isfinite(worst)
        else "not a finite number"
    )
    return Difference(worst, f"{count}{size}", got, expected, spot)


def compare_exact(got: Any, expected: Any, where: str = "") -> Difference:
    """The first difference of two nested values, by the rules of `exact`."""
    got = unify(got, expected)
    if isinstance(expected, (list, dict)) or type(got) is not type(expected):
        number_kinds = (int, Fraction)
        if type(got) in number_kinds and type(expected) in number_kinds:
            return Difference() if got == expected else _unequal(got, expected, where)
        different = structure(got, expected, where)
        if different or not isinstance(expected, (list, dict)):
            return different or _wrong(
                f"the result{where} is of type {type(got).__name__}; expected {type(expected).__name__}, exactly",
                got, expected, where)  # fmt: skip
        for g, e, place in children(got, expected, where):
            found = compare_exact(g, e, place)
            if found.deviation:
                return found
        return Difference()
    if isinstance(expected, np.ndarray):
        return _exact_arrays(got, expected, where)
    return Difference() if got == expected else _unequal(got, expected, where)


def _exact_arrays(got: np.ndarray[Any, Any], expected: np.ndarray[Any, Any], where: str) -> Difference:
    if got.shape != expected.shape:
        return _wrong(f"the result{where} has shape {got.shape}, not {expected.shape}", got, expected, where)
    if got.dtype.kind != expected.dtype.kind and {got.dtype.kind, expected.dtype.kind} != {"i", "u"}:
        return _wrong(f"the result{where} has dtype {got.dtype}; expected {expected.dtype}", got, expected, where)
    bad = got != expected
    if not bad.any():
        return Difference()
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    return _unequal(got[first].item(), expected[first].item(), f"{where}[{', '.join(map(str, first))}]")


def _unequal(got: Any, expected: Any, where: str) -> Difference:
    spot = f" at {where}" if where else ""
    return _wrong(f"the values differ{spot}; exact equality is asked for", got, expected, where)
