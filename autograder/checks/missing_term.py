"""What a formula lacks: the difference or the ratio of a wrong formula and the right one, as one term of their symbols.

By their values at seeded points: "yours lacks 2·d", "yours is the right formula times h/d". Told only where one term
with a simple number fits at every point, which no other formula does by chance.
Not covered: two terms at once, terms with functions in them, symbols that stand for vectors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import mpmath

from autograder.authoring.world import World
from autograder.checks.evaluation import NotGradable
from autograder.checks.formulas import Equivalent, good_points, values_at
from autograder.values.formula import Formula

MOST_SYMBOLS, MOST_DEGREE, MOST_POWER = 9, 5, 3
LARGEST, DENOMINATOR = 256, 24
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
Powers = tuple[int, ...]


def missing_term(check: Equivalent, mine: Formula, right: Formula, world: World) -> str:
    """A clause such as "yours lacks 2·d"; "" where no term explains the difference."""
    try:
        points, values = good_points(right, check.domains, check.functions, world.fork("points"))
        got = values_at(mine, points, check.functions)
    except NotGradable:
        return ""
    if any(mpmath.im(v) != 0 or not mpmath.isfinite(v) for v in (*values, *got)):
        return ""
    pairs = [(float(g), float(v)) for g, v in zip(got, values, strict=True)]
    used = right.symbols() | mine.symbols()
    names = [n for n, v in points[0].items() if n in used and not isinstance(v, dict)]
    if len(names) > MOST_SYMBOLS or not names:
        return ""
    rows = [[float(point[n]) for n in names] for point in points]
    gap = _fitting([v - g for g, v in pairs], rows, _powers(len(names), 0))
    if gap is not None:
        number, powers = gap
        return f"yours {'lacks' if number > 0 else 'has too much:'} {_text(abs(number), powers, names)}"
    if any(v == 0 for _, v in pairs):
        return ""
    ratio = _fitting([g / v for g, v in pairs], rows, _powers(len(names), -2))
    if ratio is None or not any(ratio[1]):
        return ""
    return f"yours is the right formula times {_text(ratio[0], ratio[1], names)}"


def _powers(count: int, least: int) -> Iterator[Powers]:
    """Exponents, small ones first."""
    limit = MOST_DEGREE if least == 0 else 3
    yield from sorted(_within(count, least, limit), key=lambda p: sum(map(abs, p)))


def _within(count: int, least: int, limit: int) -> Iterator[Powers]:
    """Exponents whose sizes add up to at most the limit."""
    if not count:
        yield ()
        return
    for power in range(least, MOST_POWER + 1):
        if abs(power) <= limit:
            yield from ((power, *rest) for rest in _within(count - 1, least, limit - abs(power)))


def _fitting(
    values: Sequence[float], rows: Sequence[Sequence[float]], every: Iterator[Powers]
) -> tuple[Fraction, Powers] | None:
    """The simple number and the powers of the one term that has these values."""
    for powers in every:
        number = _constant(values, rows, powers)
        if number is not None:
            return number, powers
    return None


def _constant(values: Sequence[float], rows: Sequence[Sequence[float]], powers: Powers) -> Fraction | None:
    first: float | None = None
    for value, row in zip(values, rows, strict=True):
        term = math.prod(x**p for x, p in zip(row, powers, strict=True))
        if not term or not math.isfinite(term):
            return None
        if first is None:
            first = value / term
        if not math.isclose(value / term, first, rel_tol=1e-7) or not first:
            return None
    assert first is not None
    number = Fraction(first).limit_denominator(DENOMINATOR)
    simple = 0 < abs(number.numerator) <= LARGEST and math.isclose(float(number), first, rel_tol=1e-7)
    return number if simple else None


def _text(number: Fraction, powers: Powers, names: Sequence[str]) -> str:
    """`2·d²/h`."""
    top = [_power(n, p) for n, p in zip(names, powers, strict=True) if p > 0]
    bottom = [_power(n, -p) for n, p in zip(names, powers, strict=True) if p < 0]
    if abs(number.numerator) != 1 or not top:
        top.insert(0, str(number.numerator))
    elif number < 0:
        top[0] = f"−{top[0]}"
    if number.denominator != 1:
        bottom.insert(0, str(number.denominator))
    text = "·".join(top).replace("-", "−")
    return f"{text}/({'·'.join(bottom)})" if len(bottom) > 1 else f"{text}/{bottom[0]}" if bottom else text


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}{str(power).translate(_POWERS)}"
