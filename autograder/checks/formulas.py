"""`equivalent` and `derivation`: formulas judged by evaluation at seeded random points of their domains."""

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
from autograder.checks.evaluation import Function, NotGradable, evaluate
from autograder.checks.forms import in_form_of
from autograder.checks.judgement import FULL, NONE, WRONG, Judgement, allowed
from autograder.values.formula import Formula, from_sympy
from autograder.values.rendering import brief

POINTS = 8
DRAWS = 60
DEFAULT_TOLERANCE = 1e-9


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
        return Formula("Float", text=repr(value)) if math.isfinite(value) else None
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


def _at(point: Point, *formulas: Formula) -> str:
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
            return Judgement(FULL, deviation)
        message = (
            f"the formula{' ' + where if where else ''} is not the same function: "
            f"at {_at(points[index], mine, theirs)} yours is "
            f"{mpmath.nstr(got[index], 6)}, the right one {mpmath.nstr(values[index], 6)}"
        )
        return Judgement(NONE, deviation, message, brief(mine), brief(theirs), where)


def equivalent(
    domains: Mapping[str, Domain], *, functions: Mapping[str, Any] | None = None, tolerance: float | None = None
) -> Equivalent:
    """Formulas (or nested lists and dicts of them) that are the same function on the declared domains.

    Args:
        domains: symbol name → `real`, `positive`, `integer` or `vector`.
        functions: meaning of undefined functions, name → `sympy.Lambda`.
        tolerance: largest error relative to the largest value; the certificate's when None.
    """
    return Equivalent(dict(domains), functions_from(functions or {}), tolerance)


@dataclass(frozen=True)
class Derivation:
    """See `derivation`."""

    steps: int
    domains: Mapping[str, Domain]
    functions: Mapping[str, Function] = field(default_factory=dict)
    tolerance: float | None = 1e-9
    kind: str = "derivation"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Share of valid steps; see `derivation`."""
        start = as_formula(expected[0])
        if start is None:
            raise TypeError("the reference's derivation does not start with a formula")
        lines = [as_formula(line) for line in outputs] if isinstance(outputs, list) else []
        if not lines or None in lines:
            bad = (
                f"line {lines.index(None) + 1} is no formula"
                if lines
                else f"{brief(outputs, 80)} is no list of formulas"
            )
            return Judgement(NONE, WRONG, f"not gradable: {bad}", brief(outputs))
        formulas = [line for line in lines if line is not None]
        points, values = good_points(start, self.domains, self.functions, world.fork("points"))
        return self._follow(formulas, points, values)

    def _follow(self, lines: list[Formula], points: list[Point], values: list[Any]) -> Judgement:
        """The first line that does not follow, and the credit of what came before."""
        before = "the quantity asked for"
        for number, line in enumerate(lines, 1):
            try:
                got = values_at(line, points, self.functions)
            except NotGradable as error:
                return self._broken(lines, number, WRONG, f"not gradable: {error}", before)
            deviation, index = relative_error(got, values)
            if not deviation <= (self.tolerance or 0.0):
                why = (
                    f"at {_at(points[index], line, *lines[: number - 1])} it is {mpmath.nstr(got[index], 6)}, "
                    f"but {before} is {mpmath.nstr(values[index], 6)}"
                )
                return self._broken(lines, number, deviation, why, before)
            before = f"line {number}"
        return self._complete(lines)

    def _valid(self, lines: list[Formula]) -> int:
        """Number of different lines after the first."""
        return max(len(set(lines)) - 1, 0)

    def _broken(self, lines: list[Formula], number: int, deviation: float, why: str, before: str) -> Judgement:
        right = lines[: number - 1]
        credit = min(self._earned(right), Fraction(self.steps - 1, self.steps))
        message = f"line {number} does not follow from {before}: {why}"
        if number == 1:
            message = f"line 1 is not the quantity asked for: {why}"
        return Judgement(credit, deviation, message, got=brief(lines[number - 1]), where=f"line {number}")

    def _earned(self, right: list[Formula]) -> Fraction:
        """Credit of lines that all follow. Writing the definition again and again reaches one half, no more."""
        reached = any("Derivative" not in line.heads() for line in right)
        return min(Fraction(self._valid(right), self.steps), Fraction(1) if reached else Fraction(1, 2))

    def _complete(self, lines: list[Formula]) -> Judgement:
        """Every line is right: is the last one an answer, and are there enough steps?"""
        if "Derivative" in lines[-1].heads():
            credit = self._earned(lines)
            message = f"every line follows, but the last still has a Derivative in it: {brief(lines[-1], 120)}"
            return Judgement(credit, WRONG, message, got=brief(lines[-1]), where=f"line {len(lines)}")
        missing = self.steps - self._valid(lines)
        if missing > 0:
            message = f"every line follows, but {missing} more step{'s' * (missing > 1)} should be shown"
            return Judgement(Fraction(self._valid(lines), self.steps), WRONG, message, got=f"{len(lines)} lines")
        return Judgement(FULL, 0.0)


def derivation(
    steps: int,
    domains: Mapping[str, Domain],
    *,
    functions: Mapping[str, Any] | None = None,
    tolerance: float | None = 1e-9,
) -> Derivation:
    """A list of formulas, each equal to the one before, from a definition to a closed answer.

    The first line must be the quantity asked for (the reference's first line, such as `Derivative(J, w)`), the last
    must hold no `Derivative`. Credit is the share of valid steps before the first that does not follow; at most one
    half while no line is free of `Derivative`: rewriting the definition over and over earns nothing more.

    Args:
        steps: how many steps (different lines after the first) a full derivation shows.
        domains, functions, tolerance: as in `equivalent`.
    """
    return Derivation(steps, dict(domains), functions_from(functions or {}), tolerance)
