"""The generic diagnosis: what kind of mistake turns the expected values into these, when no known misconception does.

What is covered: NaN and infinities, the wrong dtype or shape, transposed or permuted axes, an axis summed too much or
too little, a constant factor (−1, 2, 1/2, n, 1/n), a constant offset, off by one, shifted or reversed entries, signs of
some entries, 1 − x, the reciprocal, square, root, logarithm or exponential of the right value, the value of another
part or of another case, and values that are nearly right (rounding). For formulas the same, by their values at points.
What is not covered: two mistakes at once. Then the answer is the empty text: no diagnosis is better than a wrong one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from autograder.authoring.world import World
from autograder.checks.compare import children, compare_close, compare_exact, is_number, structure
from autograder.checks.derivations import Derivation
from autograder.checks.evaluation import NotGradable
from autograder.checks.forms import in_form_of
from autograder.checks.formulas import Equivalent, as_formula, good_points, values_at
from autograder.checks.judgement import Check
from autograder.checks.missing_term import missing_term
from autograder.checks.plain import Close
from autograder.checks.relations import Array, relation
from autograder.checks.whole_numbers import as_whole_numbers, exact_relation
from autograder.values.formula import Formula

SAME, ROUNDED = 1e-6, 1e-12
Leaf = tuple[Any, Any, str]


def diagnose(check: Check, outputs: Any, expected: Any, world: World, others: Mapping[str, Any] | None = None) -> str:
    """What kind of difference it is, as a clause such as "off by the factor 2"; empty when nothing is recognised.

    Args:
        check: the case's check; formulas are compared on its domains.
        outputs, expected: decoded values, outputs wrong.
        world: a fresh world of the case's seed.
        others: expected values of other cases of the same world, by a name that the reader may see.
    """
    if check.kind in ("satisfies", "outline"):
        return ""  # there is no single right value to compare with
    try:
        return _diagnosed(check, outputs, expected, world, others or {})
    except (ArithmeticError, ValueError, TypeError, MemoryError):  # a courtesy must not cost a verdict
        return ""


def _diagnosed(check: Check, outputs: Any, expected: Any, world: World, others: Mapping[str, Any]) -> str:
    if isinstance(check, Derivation):
        return _derivation(check, outputs, expected, world)
    own = of_leaves(list(leaves(outputs, expected)), check, world)
    if own:
        return own
    for name, value in others.items():
        if _telling(value) and _same(outputs, value):
            return f"this is the right answer to {name}"
    return ""


def leaves(got: Any, expected: Any, where: str = "") -> Iterator[Leaf]:
    """Pairs of leaves; a nested list of numbers counts as one leaf, and a level that does not fit is a leaf too."""
    got = in_form_of(got, expected)
    arrays = as_array(got), as_array(expected)
    if arrays[0] is not None and arrays[1] is not None:
        yield got, expected, where
    elif isinstance(expected, (list, dict)) and structure(got, expected, where) is None:
        for g, e, place in children(got, expected, where):
            yield from leaves(g, e, place)
    else:
        yield got, expected, where


def as_array(value: Any) -> Array | None:
    """Numbers, arrays and rectangular nestings of numbers as one float64 or complex array; None for the rest."""
    if isinstance(value, np.ndarray):
        return value.astype(np.complex128 if value.dtype.kind == "c" else np.float64)
    if is_number(value):
        return np.asarray(_float(value))
    if isinstance(value, list) and value:
        parts = [as_array(v) for v in value]
        if any(p is None for p in parts) or len({p.shape for p in parts if p is not None}) != 1:
            return None
        return np.stack([p for p in parts if p is not None])
    return None


def _float(value: Any) -> Any:
    if isinstance(value, complex):
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def of_leaves(pairs: list[Leaf], check: Check, world: World) -> str:
    """One diagnosis that holds for every leaf that differs, with its place when other leaves are right."""
    wrong = [(g, e, place) for g, e, place in pairs if not same_leaf(g, e, check, world)]
    if not wrong:
        return ""
    found = {_leaf(g, e, check, world) for g, e, _ in wrong}
    if len(found) == 1 and (one := found.pop()):
        places = ", ".join(place for _, _, place in wrong if place)
        return f"{places}: {one}" if places and len(wrong) < len(pairs) else one
    return _swapped(wrong, pairs)


def of_first_part(check: Check, outputs: Any, expected: Any, world: World) -> str:
    """What is wrong with the first of several parts that differ, with its place; "" where that is not known."""
    for got, right, place in leaves(outputs, expected):
        if not same_leaf(got, right, check, world):
            said = _leaf(got, right, check, world) if place else ""
            return f"{place}: {said}" if said else ""
    return ""


def _swapped(wrong: list[Leaf], pairs: list[Leaf]) -> str:
    """Wrong leaves that hold the right value of another leaf."""
    said = []
    for got, _, place in wrong:
        sources = [p for _, e, p in pairs if p != place and _telling(e) and _same(got, e)]
        if len(sources) != 1:
            return ""
        said.append(f"{place} holds the right value of {sources[0]}")
    return "; ".join(said)


def _leaf(got: Any, expected: Any, check: Check, world: World) -> str:
    formulas = as_formula(got), as_formula(expected)
    if isinstance(check, Equivalent) and formulas[0] is not None and formulas[1] is not None:
        said = _of_formulas(check, formulas[0], formulas[1], world)
        return said or missing_term(check, formulas[0], formulas[1], world)
    if _lacks_one_tuple(got, expected):
        return "one value came back where a tuple of one is asked for: it is written `(value,)`"
    a, b = as_array(got), as_array(expected)
    if a is None or b is None or (isinstance(got, list) and not isinstance(expected, (list, np.ndarray))):
        return _kinds(got, expected)
    if a.shape == b.shape and exactly_kind(got) != exactly_kind(expected) and np.allclose(a, b, SAME, 0):
        kinds = f"of the wrong type: {exactly_kind(got)}, not {exactly_kind(expected)}"
        if _same_numbers(got, expected, a, b):
            return f"the values are right, but {kinds}"
        rounded = "Fraction" in exactly_kind(expected) and np.allclose(a, b, ROUNDED, 0)
        return f"the values are right up to rounding, but {kinds}" if rounded else ""
    whole = as_whole_numbers(got), as_whole_numbers(expected)
    if whole[0] is not None and whole[1] is not None:
        return exact_relation(whole[0], whole[1])
    near = check.kind != "exact" and as_whole_numbers(expected) is None
    return relation(a, b, rounded=near, entrywise=entrywise(check))


def _lacks_one_tuple(got: Any, expected: Any) -> bool:
    """Whether these are the entries of the array that is expected alone in a list or tuple."""
    if not isinstance(expected, list) or len(expected) != 1 or not isinstance(expected[0], (np.ndarray, list)):
        return False
    return isinstance(got, (list, np.ndarray)) and len(got) != 1 and _same(_stacked(got), _stacked(expected[0]))


def _stacked(value: Any) -> Any:
    array = as_array(value)
    return value if array is None else array


def _same_numbers(got: Any, expected: Any, a: Array, b: Array) -> bool:
    """Whether two leaves hold the same numbers, whatever their types: exactly so where whole ones are asked for."""
    if a.shape != b.shape:
        return False
    if as_whole_numbers(expected) is not None:
        return not compare_exact(_fractions(got), _fractions(expected)).message
    return bool(np.allclose(a, b, SAME, 0))


def _fractions(value: Any) -> Any:
    """Every number of a leaf as the fraction that it is."""
    if isinstance(value, np.ndarray):
        return _fractions(value.tolist())
    if isinstance(value, list):
        return [_fractions(v) for v in value]
    return Fraction(value) if isinstance(value, (int, Fraction)) or (
        isinstance(value, float) and math.isfinite(value)
    ) else value  # fmt: skip


def exactly_kind(value: Any) -> str:
    """What a person calls the type of the numbers in a leaf."""
    if isinstance(value, list):
        kinds = {exactly_kind(v) for v in value}
        return kinds.pop() if len(kinds) == 1 else "a mixture of types"
    if isinstance(value, Formula):
        return "formula"
    if isinstance(value, np.ndarray):
        return {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex"}[value.dtype.kind]
    return type(value).__name__


def _kinds(got: Any, expected: Any) -> str:
    if got is None:
        return "nothing came back: is a `return` missing? (print shows a value and returns none)"
    if isinstance(got, str) and isinstance(expected, Formula):
        return "this is text; a formula is written without quotation marks"
    if isinstance(got, str) and not isinstance(expected, str):
        return "this is text where a value is expected"
    if isinstance(got, list) and len(got) == 1 and not isinstance(expected, list):
        return "the value is wrapped in a list or tuple"
    if isinstance(expected, Formula) and isinstance(got, float):
        return "this is a decimal number, rounded; an exact expression is asked for"
    return ""


def same_leaf(got: Any, expected: Any, check: Check, world: World) -> bool:
    formulas = as_formula(got), as_formula(expected)
    if isinstance(check, Equivalent) and formulas[0] is not None and formulas[1] is not None:
        values = _values(check, formulas[0], formulas[1], world)
        return values is not None and bool(np.allclose(values[0], values[1], SAME, 0))
    if check.kind == "exact" or (as_whole_numbers(got) is not None and as_whole_numbers(expected) is not None):
        return not compare_exact(got, expected).message
    return _same(got, expected, entrywise(check))


def entrywise(check: Check) -> bool:
    """Whether a check asks for every entry by itself, however small it is beside the others."""
    return isinstance(check, Close) and check.elementwise


def _same(got: Any, expected: Any, elementwise: bool = False) -> bool:
    return compare_close(got, expected, elementwise, SAME).deviation <= SAME


def _telling(value: Any) -> bool:
    """Whether equality with this value can hardly be chance: not 0, 1, a small integer, one word or the like."""
    array = as_array(value)
    if array is not None:
        with np.errstate(invalid="ignore"):
            odd = bool(np.any(np.abs(array * 12 - np.round(array * 12)) > SAME))
        return odd or (array.size > 1 and len(np.unique(array)) > 2)
    if isinstance(value, (list, dict)):
        parts = list(value.values()) if isinstance(value, dict) else value
        return any(_telling(p) for p in parts)
    return isinstance(value, Formula) and value.size > 3


def _values(
    check: Equivalent | Derivation, got: Formula, expected: Formula, world: World
) -> tuple[Array, Array] | None:
    """Both formulas at the same points, or None where they cannot be evaluated."""
    try:
        points, right = good_points(expected, check.domains, check.functions, world.fork("points"))
        mine = values_at(got, points, check.functions)
    except NotGradable:
        return None
    return np.array([_number(v) for v in mine]), np.array([_number(v) for v in right])


def _number(value: Any) -> Any:
    return complex(value) if mpmath.im(value) != 0 else float(value)


def _of_formulas(check: Equivalent | Derivation, got: Formula, expected: Formula, world: World) -> str:
    values = _values(check, got, expected, world)
    return relation(*values, points=True) if values is not None else ""


def _derivation(check: Derivation, outputs: Any, expected: Any, world: World) -> str:
    """The first line that is not the quantity asked for, compared with what it should be equal to."""
    right = as_formula(expected[-1]) if isinstance(expected, list) and expected else None
    lines = [as_formula(line) for line in outputs] if isinstance(outputs, list) else []
    for number, line in enumerate(lines, 1):
        values = _values(check, line, right, world) if line is not None and right is not None else None
        if values is not None and not np.allclose(values[0], values[1], SAME, 0):
            found = relation(*values, points=True)
            return f"line {number}: {found}" if found else ""
    return ""
