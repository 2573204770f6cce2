"""`equivalent`: formulas judged by evaluation at seeded random points of their domains."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from autograder.authoring.world import World
from autograder.checks.compare import children, structure
from autograder.checks.domains import Domain, Point, draw
from autograder.checks.evaluation import DIGITS, Function, NotGradable, evaluate
from autograder.checks.forms import in_form_of
from autograder.checks.judgement import FULL, NONE, WRONG, Judgement, allowed
from autograder.checks.shapes import is_open, nodes, places
from autograder.values.formula import Formula, from_sympy
from autograder.values.rendering import brief

POINTS = 8
DRAWS = 60
DEFAULT_TOLERANCE = 1e-9
LARGEST_DECIMAL = 10**6
PLACES = 2
SIMPLE = 64
SAME_PLACE = 1e-30


def functions_from(table: Mapping[str, Any]) -> dict[str, Function]:
    """Meanings of undefined functions from sympy Lambdas or (parameters, expression) pairs.

    >>> import sympy; z = sympy.Symbol("z")
    >>> functions_from({"sigma": sympy.Lambda(z, 1 / (1 + sympy.exp(-z)))})["sigma"].parameters
    ('z',)
    """
    made = {}
    for name, meaning in table.items():
        parameters, body = (meaning.variables, meaning.expr) if hasattr(meaning, "expr") else tuple(meaning)
        made[name] = Function(tuple(str(p) for p in parameters), from_sympy(body))
    return made


def as_formula(value: Any) -> Formula | None:
    """A formula, or a number as a constant formula; None for anything else."""
    if isinstance(value, Formula):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        return None
    if isinstance(value, float):
        return Formula("Float", text=repr(float(value))) if math.isfinite(value) else None
    if max(abs(value.numerator), value.denominator) > 10**300:
        return None
    return Formula("Integer" if value.denominator == 1 else "Rational", text=str(value))


def values_at(formula: Formula, points: list[Point], functions: Mapping[str, Function]) -> list[Any]:
    """Values of a formula at several points."""
    return [evaluate(formula, point, functions) for point in points]


def good_points(
    expected: Formula, domains: Mapping[str, Domain], functions: Mapping[str, Function], world: World
) -> tuple[list[Point], list[Any]]:
    """Points where `expected` is finite, with its values there.

    Raises:
        NotGradable: hardly any point of the domain is good, or the reference's formula cannot be evaluated.
    """
    points: list[Point] = []
    values: list[Any] = []
    for _ in range(DRAWS):
        point = draw(domains, world)
        value = evaluate(expected, point, functions)
        if mpmath.isfinite(value):
            points.append(point)
            values.append(value)
        if len(points) == POINTS:
            return points, values
    raise NotGradable("the expected formula is not finite on its declared domain")


def relative_error(got: list[Any], expected: list[Any]) -> tuple[float, int]:
    """Largest |a−b| over the largest |b|, and the index of the worst point; inf for NaN."""
    scale = max(abs(b) for b in expected)
    errors = []
    for a, b in zip(got, expected, strict=True):
        error = abs(a - b)
        errors.append(float(error / (scale or 1)) if mpmath.isfinite(error) else WRONG)
    worst = max(errors)
    return worst, errors.index(worst)


def at_point(point: Point, *formulas: Formula) -> str:
    """A point as text, without symbols that occur in none of the formulas."""
    used = frozenset[str]().union(*(f.symbols() for f in formulas))
    shown = []
    for name, value in point.items():
        if isinstance(value, dict):
            shown.append(f"{name} = [{', '.join(mpmath.nstr(v, 4) for v in value.values())}]")
        elif name in used:
            shown.append(f"{name} = {mpmath.nstr(value, 4)}")
    return ", ".join(shown)


@dataclass(frozen=True)
class Equivalent:
    """See `equivalent`."""

    domains: Mapping[str, Domain]
    functions: Mapping[str, Function] = field(default_factory=dict)
    tolerance: float | None = None
    kind: str = "equivalent"
    exact: bool = False
    closed: bool = False

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Largest relative error over all formulas and points."""
        limit = allowed(self.tolerance, tolerance, DEFAULT_TOLERANCE)
        return self._judge(outputs, expected, world.fork("points"), limit, "")

    def _judge(self, got: Any, expected: Any, world: World, limit: float, where: str) -> Judgement:
        if isinstance(expected, (list, dict)):
            got = in_form_of(got, expected)
            different = structure(got, expected, where)
            if different:
                return Judgement(NONE, WRONG, different.message, different.got, different.expected, where)
            worst = Judgement(FULL, 0.0)
            for g, e, place in children(got, expected, where):
                found = self._judge(g, e, world, limit, place)
                if found.deviation > worst.deviation:
                    worst = found
            return worst
        mine, theirs = as_formula(got), as_formula(expected)
        if theirs is None:
            raise TypeError(f"the reference's output{where} is no formula")
        if mine is None:
            message = f"not gradable: the result{where} is {brief(got, 80)}; a formula is expected"
            return Judgement(NONE, WRONG, message, brief(got), brief(theirs), where)
        return self._compare(mine, theirs, world, limit, where)

    def _compare(self, mine: Formula, theirs: Formula, world: World, limit: float, where: str) -> Judgement:
        points, values = good_points(theirs, self.domains, self.functions, world)
        try:
            got = values_at(mine, points, self.functions)
        except NotGradable as error:
            return Judgement(NONE, WRONG, f"not gradable: {error}", brief(mine), brief(theirs), where)
        deviation, index = relative_error(got, values)
        if deviation <= limit:
            odd = self._form(mine, theirs, points)
            if not odd:
                return Judgement(FULL, deviation)
            said = f"the formula{' ' + where if where else ''} {odd}"
            return Judgement(NONE, WRONG, said, brief(mine), brief(theirs), where)
        at = at_point(points[index], mine, theirs)
        what, other = ("formula", "function: at " + at + " yours") if at else ("value", "number: yours")
        message = (
            f"the {what}{' ' + where if where else ''} is not the same {other} is "
            f"{mpmath.nstr(got[index], 6)}, the right one {mpmath.nstr(values[index], 6)}"
        )
        return Judgement(NONE, deviation, message, brief(mine), brief(theirs), where)

    def _form(self, mine: Formula, theirs: Formula, points: list[Point]) -> str:
        """What is wrong with the form of a formula that is right in value; empty when nothing is."""
        if self.exact and is_rounded(mine):
            return "has the right value, but a rounded decimal number stands in it; an exact expression is asked for"
        if self.closed and is_open(mine):
            return "is not worked out: a Derivative is left in it"
        return elsewhere(mine, theirs, points, self.functions) if self.closed else ""


def equivalent(
    domains: Mapping[str, Domain],
    *,
    functions: Mapping[str, Any] | None = None,
    tolerance: float | None = None,
    exact: bool = False,
    closed: bool = False,
) -> Equivalent:
    """Formulas (or nested lists and dicts of them) that are the same function on the declared domains.

    Args:
        domains: symbol name → `real`, `positive`, `integer` or `vector`.
        functions: meaning of undefined functions, name → `sympy.Lambda`.
        tolerance: largest error relative to the largest value; the certificate's when None.
        exact: rounded decimal numbers are refused, however near (0.5 and -6.0 are not rounded).
        closed: the answer to "differentiate": no Derivative may be left, and functions stand only where the right
            answer has them, up to a rational factor; so a difference quotient is refused, however small its step.

    >>> from sympy import cos, sin, symbols
    >>> from autograder.values.codec import decode, encode  # what a probe returns comes to a check through these
    >>> x = symbols("x")
    >>> one, other, twice = (decode(encode(f)) for f in (1 - cos(x) ** 2, sin(x) ** 2, 2 * x))
    >>> check = equivalent({"x": positive()})
    >>> check.judge(one, other, World(1)).passed
    True
    >>> check.judge(twice, decode(encode(x)), World(1)).message
    'the formula is not the same function: at x = 2.859 yours is 5.71764, the right one 2.85882'
    """
    return Equivalent(dict(domains), functions_from(functions or {}), tolerance, exact=exact, closed=closed)


def is_rounded(formula: Formula) -> bool:
    """Whether a decimal number of more than a few digits stands in it: what is left of an exact number."""
    return any(n.head == "Float" and Fraction(n.text).denominator > LARGEST_DECIMAL for n in nodes(formula))


def elsewhere(formula: Formula, model: Formula, points: list[Point], functions: Mapping[str, Function]) -> str:
    """How a formula takes functions where the model does not: a clause about it; empty when it does not.

    Places are compared by their values, term by term, up to rational factors. Where the model has no functions, any
    place will do.
    """
    with mpmath.workdps(DIGITS):
        known = [v for place in places(model) if (v := _values_of(place, points, functions)) is not None]
        if "ImaginaryUnit" in formula.heads() - model.heads():
            return "has the imaginary unit in it, and the question has real numbers only"
        for place in places(formula) if known else ():
            found = _values_of(place, points, functions)
            if found is not None and not any(_in_proportion(found, k) for k in [*known, [mpmath.mpf(1)] * len(found)]):
                return (
                    f"takes a function at {brief(place, 80)}, where the definition takes none: "
                    "a difference quotient is near a derivative, and is none"
                )
    return ""


def _values_of(place: Formula, points: list[Point], functions: Mapping[str, Function]) -> list[Any] | None:
    """None for a place that cannot be evaluated by itself: it hangs on the index of a sum, say."""
    try:
        return values_at(place, points[:PLACES], functions)
    except NotGradable:
        return None


def _in_proportion(values: list[Any], known: list[Any]) -> bool:
    """Whether the values are a simple rational multiple of the others, the same at every point."""
    if any(mpmath.im(v) != 0 or not mpmath.isfinite(v) for v in (*values, *known)):
        return False
    pairs = [(v, k) for v, k in zip(values, known, strict=True) if k != 0]
    if not pairs:
        return all(v == 0 for v in values)
    factor = Fraction(float(pairs[0][0] / pairs[0][1])).limit_denominator(SIMPLE)
    return all(abs(v - mpmath.mpf(factor.numerator) / factor.denominator * k) <= SAME_PLACE * abs(k) for v, k in pairs)
