"""Two nested values side by side: the first place where they differ, and by how much."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.checks.forms import in_form_of, single
from autograder.checks.judgement import WRONG
from autograder.values.formula import Formula
from autograder.values.rendering import brief, number

SCALE_FLOOR = 1e-8
TINY = 1e-300
_ORDER = "biufc"
"""Kinds of numbers: what stands earlier can be written as what stands later, and nothing is lost."""


@dataclass(frozen=True)
class Difference:
    """The worst leaf of a comparison. `deviation` 0 means that nothing differs.

    `kind_only` says that the values are right and only the kind of number is another (a float for an integer).
    """

    deviation: float = 0.0
    message: str = ""
    got: str = ""
    expected: str = ""
    where: str = ""
    kind_only: bool = False

    @property
    def rank(self) -> tuple[int, float]:
        """Orders differences: wrong values before wrong kinds before none."""
        return (0 if not self.message else 1 if self.kind_only else 2), self.deviation


@dataclass(frozen=True)
class Rules:
    """How `close` compares.

    Attributes:
        tolerance: largest relative deviation that passes.
        elementwise: relative to each entry, not to the largest.
        single: the tolerance of what came back in float32; None where it is judged like all else.
        only_keys: whether a further key of a dict is a mistake.
        quick: whether the first wrong value ends it, without words.
    """

    tolerance: float
    elementwise: bool = False
    single: float | None = None
    only_keys: bool = False
    quick: bool = False


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


def structure(got: Any, expected: Any, where: str = "", only_keys: bool = False) -> Difference | None:
    """A difference in kind, length or keys at this level, or None. Further keys of text count with `only_keys`."""
    place = f"the result{where}"
    if isinstance(expected, dict) and isinstance(got, dict):
        mine, theirs = set(map(str, got)), set(map(str, expected))
        named = not only_keys and all(isinstance(k, str) for k in expected)
        if mine != theirs and not (named and mine > theirs):
            return _wrong(f"{place} has the keys {sorted(mine)}, not {sorted(theirs)}", got, expected, where)
    if names := _names(got, expected):
        return _wrong(f"{place}: {names}", got, expected, where)
    if isinstance(expected, list) and isinstance(got, list) and len(got) != len(expected):
        return _wrong(f"{place} has {len(got)} items, not {len(expected)}", got, expected, where)
    same = (
        (is_number(expected) and (is_number(got) or (isinstance(got, bool) and isinstance(expected, np.ndarray))))
        or (isinstance(expected, bool) and _is_truth(got))
        or type(got) is type(expected)
    )
    if not same:
        return _wrong(f"{place} is {_a(kind_of(got))}; expected {_a(kind_of(expected))}", got, expected, where)
    return None


def _is_truth(value: Any) -> bool:
    """True and False, and the numbers that are equal to them."""
    return isinstance(value, (bool, int, float)) and value in (0, 1)


def _names(got: Any, expected: Any) -> str:
    """What is missing in a list of names, and what is too many; "" for other values, and where there is neither."""
    if not (_is_names(got) and _is_names(expected)) or not (got or expected):
        return ""
    missing, more = [n for n in expected if n not in got], [n for n in got if n not in expected]
    parts = [f"{', '.join(map(repr, names))} {verb}" for names, verb in (
        (missing, "is missing" if len(missing) == 1 else "are missing"),
        (more, "does not belong there" if len(more) == 1 else "do not belong there"),
    ) if names]  # fmt: skip
    return "; ".join(parts)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _a(kind: str) -> str:
    return (
        kind if kind in ("True or False", "text", "bytes", "None") else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    )


def _wrong(message: str, got: Any, expected: Any, where: str, deviation: float = WRONG) -> Difference:
    return Difference(deviation, message, brief(got), brief(expected), where)


def children(got: Any, expected: Any, where: str) -> list[tuple[Any, Any, str]]:
    """The pairs below a list or dict whose structure agrees."""
    if isinstance(expected, dict):
        by_text = {str(k): v for k, v in got.items()}
        return [(by_text[str(k)], v, f"{where}[{k!r}]") for k, v in expected.items()]
    return [(g, e, f"{where}[{i}]") for i, (g, e) in enumerate(zip(got, expected, strict=True))]


def compare_close(got: Any, expected: Any, elementwise: bool, tolerance: float, where: str = "") -> Difference:
    """The worst difference of two nested values, by the rules of `close`."""
    return compare(got, expected, Rules(tolerance, elementwise), where)


def compare(got: Any, expected: Any, rules: Rules, where: str = "") -> Difference:
    """The same by other rules."""
    got = in_form_of(got, expected)
    different = structure(got, expected, where, rules.only_keys)
    if different:
        return different
    if isinstance(expected, (list, dict)):
        worst = Difference()
        for g, e, place in children(got, expected, where):
            worst = max(worst, compare(g, e, rules, place), key=lambda found: found.rank)
            if rules.quick and worst.rank[0] == 2:
                break
        return worst
    if is_number(expected):
        return _compare_numbers(got, expected, rules, where)
    if got != expected:
        return _wrong(f"the result{where} is {brief(got)}", got, expected, where)
    if type(got) is not type(expected):
        return _other_kind(got, expected, where)
    return Difference()


def agree(got: Any, expected: Any, tolerance: float) -> bool:
    """Whether all of two nested values lies within a relative tolerance, by the rules of `close`."""
    return compare(got, expected, Rules(tolerance, quick=True)).deviation <= tolerance


def _class(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex"}[value.dtype.kind]
    return "complex" if isinstance(value, complex) else "scalar"


def _other_kind(got: Any, expected: Any, where: str) -> Difference:
    """The values are right; what they are written as is not what is asked for."""
    message = f"the values are right, but the result{where} is of type {_dtype(got)}; {_dtype(expected)} is asked for"
    return Difference(WRONG, message, brief(got), brief(expected), where, kind_only=True)


def _loses_nothing(got: Any, expected: Any) -> bool:
    """Whether every number of the one kind is one of the other: whole numbers where floats are expected."""
    return _rank(got) <= _rank(expected)


def _rank(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return _ORDER.index(value.dtype.kind.replace("u", "i"))
    if isinstance(value, bool):
        return 0
    return _ORDER.index("c" if isinstance(value, complex) else "f" if isinstance(value, float) else "i")


def _compare_numbers(got: Any, expected: Any, rules: Rules, where: str) -> Difference:
    place = f"the result{where}"
    a, b = _as_array(got), _as_array(expected)
    if a.shape != b.shape:
        return _wrong(f"{place} has shape {a.shape}, not {b.shape}", got, expected, where)
    tolerance = rules.tolerance
    if rules.single is not None and single(got):
        tolerance = max(tolerance, rules.single)
    errors = _errors(a, b, rules.elementwise) if a.size else np.zeros(0)
    worst = float(errors.max(initial=0.0))
    classes = (_class(got), _class(expected))
    if classes[0] != classes[1] and not _compatible(classes, a.shape):
        if worst > tolerance:
            return _wrong(f"{place} has dtype {_dtype(got)}; expected a {classes[1]} kind", got, expected, where)
        return Difference(worst) if _loses_nothing(got, expected) else _other_kind(got, expected, where)
    if worst <= tolerance:
        return Difference(worst)
    return Difference(worst, "other values") if rules.quick else _differing(a, b, errors, tolerance, where)


def _compatible(classes: tuple[str, str], shape: tuple[int, ...]) -> bool:
    """A Python number for a 0-d array and the reverse are fine; bool and complex are not numbers' kin."""
    return shape == () and "scalar" in classes and not {"bool", "complex"} & set(classes)


def _dtype(value: Any) -> str:
    return str(value.dtype) if isinstance(value, np.ndarray) else type(value).__name__


def _as_array(value: Any) -> np.ndarray[Any, Any]:
    """Numbers as float64 or complex; a number without a dimension where an array is expected is one of shape ()."""
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


def _type_of(value: Any) -> str:
    """The type of a value as a student knows it."""
    if isinstance(value, np.ndarray):
        return "an array"
    names = {float: "a float (a decimal number)", int: "an int (a whole number)", Fraction: "a Fraction",
             Formula: "a formula", bool: "True or False", type(None): "None", str: "text", bytes: "bytes",
             complex: "a complex number", list: "a list or tuple", dict: "a dict"}  # fmt: skip
    return names.get(type(value), "another kind of value")


def compare_exact(got: Any, expected: Any, where: str = "", only_keys: bool = False) -> Difference:
    """The first difference of two nested values, by the rules of `exact`; one of kind only where there is no other."""
    got = in_form_of(got, expected)
    got, expected = (v.item() if isinstance(v, np.ndarray) and not v.ndim else v for v in (got, expected))
    if is_number(expected) and _is_scalar(got) and _is_scalar(expected):
        return _exact_numbers(got, expected, where)
    different = structure(got, expected, where, only_keys)
    if different:
        return different
    if isinstance(expected, (list, dict)):
        worst = Difference()
        for g, e, place in children(got, expected, where):
            found = compare_exact(g, e, place, only_keys)
            if found.rank > worst.rank:
                worst = found
            if worst.rank[0] == 2:
                break
        return worst
    if isinstance(expected, np.ndarray) or isinstance(got, np.ndarray):
        return _exact_arrays(np.asarray(got), np.asarray(expected), where)
    if got != expected:
        return _unequal(got, expected, where)
    return Difference() if type(got) is type(expected) else _other_kind(got, expected, where)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (int, float, complex, Fraction)) and not isinstance(value, bool)


def _exact_numbers(got: Any, expected: Any, where: str) -> Difference:
    if got == expected:
        return Difference() if _loses_nothing(got, expected) else _other_kind(got, expected, where)
    if type(got) is type(expected) or {type(got), type(expected)} == {int, Fraction}:
        return _unequal(got, expected, where)
    message = f"the result{where} is {_type_of(got)}; {_type_of(expected)} is asked for, exactly"
    return _wrong(message, got, expected, where)


def _exact_arrays(got: np.ndarray[Any, Any], expected: np.ndarray[Any, Any], where: str) -> Difference:
    if got.shape != expected.shape:
        return _wrong(f"the result{where} has shape {got.shape}, not {expected.shape}", got, expected, where)
    bad = got != (expected.astype(got.dtype) if single(got) and expected.dtype.kind in "fc" else expected)
    if not bad.any():
        return Difference() if _loses_nothing(got, expected) else _other_kind(got, expected, where)
    if got.dtype.kind != expected.dtype.kind and {got.dtype.kind, expected.dtype.kind} != {"i", "u"}:
        return _wrong(f"the result{where} has dtype {got.dtype}; expected {expected.dtype}", got, expected, where)
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    return _unequal(got[first].item(), expected[first].item(), f"{where}[{', '.join(map(str, first))}]")


def _unequal(got: Any, expected: Any, where: str) -> Difference:
    spot = f" at {where}" if where else ""
    return _wrong(f"the values differ{spot}; exact equality is asked for", got, expected, where)
