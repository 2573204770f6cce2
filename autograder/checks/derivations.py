"""`derivation`: a list of formulas that is followed line by line, from a definition to a closed answer.

What is covered: each line is compared with the quantity asked for at random points; a step counts when it leads from
one right line to another on which fewer functions are left under `Derivative`, and what is left there is a part of the
definition that enters with the right factor. So a line that says the same again, a term added and taken off, and a way
back earn nothing.
What is not covered: whether the student did the step, or a machine. One step that does everything counts as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import mpmath

from autograder.authoring.world import World
from autograder.checks.domains import Domain, Point
from autograder.checks.evaluation import Function, NotGradable, evaluate, evaluate_with, slope
from autograder.checks.formulas import (
    as_formula,
    at_point,
    elsewhere,
    functions_from,
    good_points,
    is_rounded,
    relative_error,
    values_at,
)
from autograder.checks.judgement import FULL, WRONG, Judgement
from autograder.checks.shapes import canonical, dependent, derivative_of, derivatives, is_open, parts_of, rank
from autograder.values.formula import Formula
from autograder.values.rendering import brief

EXACT = 1e-20
NEARLY = 1e-6
POINTS_OF_BODY = 3
POINTS_OF_PARTS = 1


@dataclass(frozen=True)
class Line:
    """A line of the student's: its number, what it says, and what is wrong with it ("" for nothing).

    `formula` is None for a line that cannot be judged: it is passed over, and the others are followed all the same.
    `written` is the student's own order of terms, for messages.
    """

    number: int
    formula: Formula | None
    written: Formula | None = None
    fault: str = ""
    deviation: float = 0.0

    @property
    def right(self) -> bool:
        """Equal to the quantity asked for."""
        return self.formula is not None and not self.fault


@dataclass
class Walk:
    """What following the lines has shown: steps that count, and the first remark of each kind."""

    steps: int = 0
    remarks: list[str] = field(default_factory=list)

    def remark(self, said: str) -> None:
        """Something to tell the student."""
        self.remarks.append(said)


@dataclass(frozen=True)
class Definition:
    """What is differentiated, by what, and all that it is made of."""

    body: Formula
    variable: Formula

    @cached_property
    def parts(self) -> frozenset[Formula]:
        """Everything in the body that depends on the variable."""
        return frozenset(dependent(self.body, self.variable))


@dataclass(frozen=True)
class Derivation:
    """See `derivation`."""

    steps: int
    domains: Mapping[str, Domain]
    functions: Mapping[str, Function] = field(default_factory=dict)
    tolerance: float | None = 1e-9
    kind: str = "derivation"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Share of the steps that count; see `derivation`."""
        start = as_formula(expected[0])
        if start is None:
            raise TypeError("the reference's derivation does not start with a formula")
        if not isinstance(outputs, list) or not outputs:
            message = f"not gradable: {brief(outputs, 80)} is no list of formulas"
            return Judgement(Fraction(0), WRONG, message, brief(outputs))
        points, values = good_points(start, self.domains, self.functions, world.fork("points"))
        asked = derivative_of(canonical(start))
        if asked is None:
            raise TypeError("the reference's derivation does not start with a Derivative")
        lines = self._lines(outputs, canonical(start), points, values)
        own, fault = self._definition(lines[0], Definition(*asked), points)
        return self._judged(lines, fault, self._walk(lines, own, points[:POINTS_OF_PARTS]))

    def _lines(self, outputs: list[Any], start: Formula, points: list[Point], values: list[Any]) -> list[Line]:
        """Every line with its fault."""
        made: list[Line] = []
        for number, output in enumerate(outputs, 1):
            right = [line.number for line in made if line.right]
            before = f"line {right[-1]}" if right else "the quantity asked for"
            made.append(self._line(number, output, (start, points, values), before))
        return made

    def _line(self, number: int, output: Any, asked: tuple[Formula, list[Point], list[Any]], before: str) -> Line:
        written = as_formula(output)
        if written is None:
            return Line(number, None, None, f"line {number} is not gradable: {brief(output, 80)} is no formula")
        start, points, values = asked
        formula = canonical(written)
        try:
            got = values_at(formula, points, self.functions)
        except NotGradable as error:
            return Line(number, None, written, f"line {number} is not gradable: {error}")
        deviation, worst = relative_error(got, values)
        limit = self.tolerance or 0.0
        odd = elsewhere(formula, start, points, self.functions) if deviation <= NEARLY else ""
        if odd:
            return Line(number, formula, written, f"line {number} {odd}", WRONG)
        if deviation <= (limit if is_rounded(formula) else min(limit, EXACT)):
            return Line(number, formula, written)
        if deviation <= NEARLY:
            why = (
                f"it is nearly that, but not exactly (off by {deviation:.1g} of it): "
                "a number in it is rounded, or a difference quotient stands for a derivative"
            )
        else:
            why = (
                f"at {at_point(points[worst], written, start)} it is {mpmath.nstr(got[worst], 6)}, "
                f"but {before} is {mpmath.nstr(values[worst], 6)}"
            )
        told = f"line {number} does not follow from {before}: {why}"
        if number == 1:
            told = f"line 1 is not the quantity asked for: {why}"
        return Line(number, formula, written, told, deviation)

    def _definition(self, first: Line, asked: Definition, points: list[Point]) -> tuple[Definition, str]:
        """The student's own definition, and what is wrong with it: then the reference's stands in for it."""
        if not first.right or first.formula is None:
            return asked, first.fault
        found = derivative_of(first.formula)
        own = Definition(*found) if found is not None else None
        if own is not None and own.variable == asked.variable:
            try:
                mine, theirs = (values_at(d.body, points[:POINTS_OF_BODY], self.functions) for d in (own, asked))
                if relative_error(mine, theirs)[0] <= (self.tolerance or 0.0):
                    return own, ""
            except NotGradable:
                pass
        what = f"Derivative(…, {brief(asked.variable)})"
        return asked, f"line 1 is not the definition: write {what} of the function itself, with nothing worked out yet"

    def _walk(self, lines: list[Line], own: Definition, points: list[Point]) -> Walk:
        """Follow the lines; a step counts when it leads from a right line to one with less left to differentiate."""
        walk = Walk()
        judged = [(line, line.formula) for line in lines if line.formula is not None]
        lowest = rank(judged[0][1]) if judged and judged[0][0].right else None
        for (before, _), (line, formula) in pairwise(judged):
            if not line.right:
                continue
            left = rank(formula)
            if lowest is None or not before.right:
                lowest = left if lowest is None else min(lowest, left)
            elif left >= lowest and (left or is_open(formula)):
                walk.remark(f"line {line.number} is no step: no fewer functions are left to differentiate than before")
            elif left < lowest and (odd := self._not_of(formula, own, points)):
                walk.remark(f"line {line.number} is no step: {odd}")
            elif left < lowest:
                if lowest - left > 1:
                    jump = f"from line {before.number} to line {line.number}"
                    walk.remark(f"{jump}, {lowest - left} functions are differentiated at once")
                walk.steps, lowest = walk.steps + 1, left
        return walk

    def _not_of(self, line: Formula, own: Definition, points: list[Point]) -> str:
        """What is odd about the derivatives that a line leaves: no parts of the definition, or with wrong factors."""
        left = derivatives(line, own.variable)
        made = {d: parts_of(d.args[0], own.variable, own.parts) for d in left}
        if None in made.values():
            odd = next(d for d, parts in made.items() if parts is None)
            return f"{brief(odd, 80)} is no derivative of a part of line 1"
        parts = sorted({part for several in made.values() for part in several or ()}, key=brief)
        if not parts:
            return ""
        rates = {part: mpmath.mpf(7 * k + 3) / (5 * k + 11) for k, part in enumerate(parts)}
        try:
            fine = all(self._carries(line, own, left, rates, point) for point in points)
        except NotGradable:
            return ""  # a part hangs on the index of a sum, and has no value by itself
        shown = ", ".join(brief(d, 60) for d in sorted(left, key=brief)[:2])
        return "" if fine else f"what stands before {shown} is not what the chain rule puts there"

    def _carries(
        self, line: Formula, own: Definition, left: set[Formula], rates: Mapping[Formula, Any], point: Point
    ) -> bool:
        """Whether the line is linear in the derivatives that it leaves, each with the factor that the chain rule gives.

        The parts under them are moved at rates of our own: the line must change as the definition does.
        """
        moving = {part: (evaluate(part, point, self.functions), rate) for part, rate in rates.items()}
        given = {d: slope(d.args[0], point, self.functions, moving) for d in left}
        still = dict.fromkeys(left, mpmath.mpf(0))
        change = evaluate_with(line, point, self.functions, given) - evaluate_with(line, point, self.functions, still)
        wanted = slope(own.body, point, self.functions, moving)
        error, _ = relative_error([change], [wanted])
        return error <= (self.tolerance or 0.0)

    def _judged(self, lines: list[Line], fault: str, walk: Walk) -> Judgement:
        last = lines[-1]
        faults = [line for line in lines if line.fault]
        closed = last.right and last.formula is not None and not is_open(last.formula)
        wrong = [line for line in faults if line.formula is not None]
        whole = not fault and not wrong and closed
        if whole and walk.steps >= self.steps:
            return Judgement(FULL, 0.0)
        credit = Fraction(min(walk.steps, self.steps - 1), self.steps)
        first = faults[0] if faults else None
        message = " ".join(self._said(first, fault, last, walk))
        shown = first.written if first is not None else last.written
        where = first.number if first is not None else 1 if fault else last.number
        return Judgement(credit, (first.deviation or WRONG) if first else WRONG, message,
                         got=brief(shown) if shown is not None else "", where=f"line {where}")  # fmt: skip

    def _said(self, first: Line | None, fault: str, last: Line, walk: Walk) -> Iterator[str]:
        """The message: what is wrong, and how many of the steps count."""
        missing = max(self.steps - walk.steps, 0)
        if first is not None:
            yield first.fault + "."
        elif fault:
            yield fault + "."
        elif last.formula is not None and is_open(last.formula):
            yield f"every line follows, but the last still has a Derivative in it: {brief(last.formula, 120)}."
        else:
            yield f"every line follows, but {missing} more step{'s' * (missing > 1)} should be shown."
        for remark in walk.remarks[:2]:
            yield f"{remark[0].upper()}{remark[1:]}."
        yield f"{min(walk.steps, self.steps)} of {self.steps} steps count."


def derivation(
    steps: int,
    domains: Mapping[str, Domain],
    *,
    functions: Mapping[str, Any] | None = None,
    tolerance: float | None = 1e-9,
) -> Derivation:
    """A list of formulas, each equal to the one before, from a definition to a closed answer.

    The first line must be the definition: the `Derivative` of the function that the reference's first line has under
    its own (`Derivative(J, w)`), before anything is worked out. The last must hold no `Derivative`.

    Credit is the share of the steps that count. A step counts when its line and the one before are right and fewer
    functions are left under `Derivative` than on any line before; what is left must be a part of the definition and
    have the factor of the chain rule. A line that cannot be read is passed over. With a wrong line, a wrong first line
    or no closed last one, one step at least is missing.

    Args:
        steps: how many steps a full derivation shows: one for each function between the definition and the variable.
        domains, functions: as in `equivalent`.
        tolerance: for lines with rounded numbers; lines without are judged at 1e-20.

    >>> from sympy import Derivative, symbols
    >>> from autograder.values.codec import decode, encode
    >>> a, w, y = symbols("a w y")
    >>> error = a * w - y
    >>> lines = [Derivative(error**2, w), 2 * error * Derivative(error, w), 2 * error * a]
    >>> reference, short = decode(encode(lines)), decode(encode([lines[0], lines[2]]))
    >>> check = derivation(2, {"a": real(), "w": real(), "y": real()})
    >>> check.judge(reference, reference, World(1)).credit
    Fraction(1, 1)
    >>> check.judge(short, reference, World(1)).credit
    Fraction(1, 2)
    """
    return Derivation(steps, dict(domains), functions_from(functions or {}), tolerance)
