"""A formula at a point: mpmath arithmetic with 40 digits, no simplifier, everything bounded.

Derivatives are taken numerically (`mpmath.diff`), sums and products are run through, relations choose the branch of a
Piecewise. Numbers of absurd size stop the evaluation before they are made.

Operations are counted, dear ones and those of more digits as several (autograder/checks/allowance.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import mpmath

from autograder.checks.allowance import OPERATIONS as OPERATIONS
from autograder.checks.allowance import TOO_MANY, take
from autograder.checks.allowance import OverBudget as OverBudget
from autograder.checks.allowance import allowance as allowance
from autograder.checks.domains import Point
from autograder.checks.functions import CONSTANTS, OF_ANY_SIZE, RELATIONS, UNARY, WEIGHTS
from autograder.values.formula import REFUSED, Formula

DIGITS = 40
LARGEST_ARGUMENT = 1e7
LARGEST_KEPT = 1_000
MOST_BITS = 5_000
_PRECISION = 160  # bits; 40 digits are 136


class NotGradable(Exception):
    """The formula cannot be evaluated here; the message is for the student."""


@dataclass(frozen=True)
class Function:
    """The meaning of an undefined function: parameter names and body."""

    parameters: tuple[str, ...]
    body: Formula


@dataclass
class _Evaluation:
    """One evaluation: the meaning of the functions, what is left of the budget, values of functions so far, and parts
    that have a value of their own in it, `instead` of what they come to."""

    functions: Mapping[str, Function]
    left: int = OPERATIONS
    known: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    instead: Mapping[Formula, Any] = field(default_factory=dict)

    def value(self, node: Formula, point: Point) -> Any:
        head = node.head
        self.left -= WEIGHTS.get(head, 1) * (1 + mpmath.mp.prec // _PRECISION)
        if self.left < 0:
            raise OverBudget(TOO_MANY)
        if mpmath.mp.prec > MOST_BITS:  # every derivative inside another doubles the digits
            raise NotGradable("derivatives are nested too deep to be worked out")
        if self.instead and node in self.instead:
            return self.instead[node]
        if head in ("Integer", "Float"):
            return mpmath.mpf(node.text)
        if head == "Rational":
            top, bottom = node.text.split("/")
            return mpmath.mpf(top) / mpmath.mpf(bottom)
        if head == "Symbol":
            return self._symbol(node.text, point)
        if head in CONSTANTS:
            return CONSTANTS[head]()
        if head in UNARY:
            return self._unary(head, self.value(node.args[0], point), node, point)
        if head == REFUSED:
            raise NotGradable(node.text)
        method = getattr(self, f"_{head.lower()}", None)
        if method is None:
            raise NotGradable(f"{head} cannot stand here")
        return method(node, point)

    def _symbol(self, name: str, point: Point) -> Any:
        if name not in point:
            known = ", ".join(sorted(point))
            raise NotGradable(f"the symbol `{name}` is not one of this question's: {known}")
        if isinstance(point[name], dict):
            raise NotGradable(f"`{name}` is an indexed quantity here; write {name}[i]")
        return point[name]

    def _unary(self, head: str, x: Any, node: Formula, point: Point) -> Any:
        if head == "log" and len(node.args) == 2:
            return mpmath.log(x) / mpmath.log(self.value(node.args[1], point))
        if len(node.args) != 1:
            raise NotGradable(f"{head} takes one argument")
        if mpmath.isfinite(x) and abs(x) > LARGEST_ARGUMENT and head not in OF_ANY_SIZE:
            raise NotGradable(f"{head} of a number beyond {LARGEST_ARGUMENT:.0e}")
        return UNARY[head](x)

    def _add(self, node: Formula, point: Point) -> Any:
        return mpmath.fsum([self.value(a, point) for a in node.args])

    def _mul(self, node: Formula, point: Point) -> Any:
        return mpmath.fprod([self.value(a, point) for a in node.args])

    def _pow(self, node: Formula, point: Point) -> Any:
        base, exponent = (self.value(a, point) for a in node.args)
        if base == 0:
            if mpmath.im(exponent) == 0 and mpmath.re(exponent) < 0:
                return mpmath.nan
            return mpmath.mpf(1) if exponent == 0 else mpmath.mpf(0)
        if mpmath.isfinite(base) and abs(exponent * mpmath.log(abs(base))) > LARGEST_ARGUMENT:
            raise NotGradable("a power that is too large to compute")
        return mpmath.power(base, exponent)

    def _max(self, node: Formula, point: Point) -> Any:
        return max(self._reals(node, point))

    def _min(self, node: Formula, point: Point) -> Any:
        return min(self._reals(node, point))

    def _reals(self, node: Formula, point: Point) -> list[Any]:
        values = [self.value(a, point) for a in node.args]
        if any(mpmath.im(v) != 0 for v in values) or not values:
            raise NotGradable(f"{node.head} needs real numbers")
        return [mpmath.re(v) for v in values]

    def _heaviside(self, node: Formula, point: Point) -> Any:
        x = self.value(node.args[0], point)
        at_zero = self.value(node.args[1], point) if len(node.args) > 1 else mpmath.mpf("0.5")
        return at_zero if x == 0 else mpmath.mpf(1 if x > 0 else 0)

    def _piecewise(self, node: Formula, point: Point) -> Any:
        for branch in node.args:
            if branch.head != "ExprCondPair" or len(branch.args) != 2:
                raise NotGradable("a Piecewise needs (value, condition) pairs")
            if self.truth(branch.args[1], point):
                return self.value(branch.args[0], point)
        return mpmath.nan

    def truth(self, node: Formula, point: Point) -> bool:
        """The truth of a relation at a point."""
        if node.head in ("BooleanTrue", "BooleanFalse"):
            return node.head == "BooleanTrue"
        if node.head == "Not":
            return not self.truth(node.args[0], point)
        if node.head in ("And", "Or"):
            return (all if node.head == "And" else any)(self.truth(a, point) for a in node.args)
        if node.head not in RELATIONS or len(node.args) != 2:
            raise NotGradable(f"{node.head} is not a condition")
        return RELATIONS[node.head](self.value(node.args[0], point), self.value(node.args[1], point))

    def _indexed(self, node: Formula, point: Point) -> Any:
        base = point.get(node.args[0].text)
        if not isinstance(base, dict) or len(node.args) != 2:
            raise NotGradable(f"`{node.args[0].text}` is not an indexed quantity of this question")
        index = self.value(node.args[1], point)
        if int(index) != index or int(index) not in base:
            raise NotGradable(f"{node.args[0].text}[{mpmath.nstr(index, 5)}] does not exist: {min(base)} … {max(base)}")
        return base[int(index)]

    def _range(self, node: Formula, point: Point) -> tuple[str, range]:
        if len(node.args) != 2 or node.args[1].head != "Tuple" or len(node.args[1].args) != 3:
            raise NotGradable(f"{node.head} needs one index with both bounds")
        symbol, *bounds = node.args[1].args
        low, high = (self.value(b, point) for b in bounds)
        if int(low) != low or int(high) != high or high - low > 10_000:
            raise NotGradable(f"the bounds of a {node.head} are whole numbers, at most 10,000 apart")
        return symbol.text, range(int(low), int(high) + 1)

    def _sum(self, node: Formula, point: Point) -> Any:
        name, indices = self._range(node, point)
        return mpmath.fsum([self.value(node.args[0], {**point, name: mpmath.mpf(i)}) for i in indices])

    def _product(self, node: Formula, point: Point) -> Any:
        name, indices = self._range(node, point)
        return mpmath.fprod([self.value(node.args[0], {**point, name: mpmath.mpf(i)}) for i in indices])

    def _apply(self, node: Formula, point: Point) -> Any:
        function = self.functions.get(node.text)
        if function is None or len(function.parameters) != len(node.args):
            known = ", ".join(f"{n}({', '.join(f.parameters)})" for n, f in sorted(self.functions.items())) or "none"
            raise NotGradable(f"the function `{node.text}` of {len(node.args)} arguments is not known; known: {known}")
        values = [self.value(a, point) for a in node.args]
        key = (node.text, *values)
        if key not in self.known:
            self.known[key] = self.value(function.body, dict(zip(function.parameters, values, strict=True)))
        return self.known[key]

    def _subs(self, node: Formula, point: Point) -> Any:
        """`Subs(body, names, places)`: the body where the names have the values of the places."""
        body, *rest = node.args
        names, places = (r.args if r.head == "Tuple" else (r,) for r in rest) if len(rest) == 2 else ((), ())
        if len(names) != len(places) or not names or any(n.head != "Symbol" for n in names):
            raise NotGradable("Subs takes an expression, symbols, and as many values")
        moved = {n.text: self.value(p, point) for n, p in zip(names, places, strict=True)}
        return self.value(body, {**point, **moved})

    def _derivative(self, node: Formula, point: Point) -> Any:
        variable, order = by_one(node)
        times = self.value(order, point)
        if times not in (1, 2):
            raise NotGradable("derivatives of first and second order only")
        at = self.value(variable, point)
        return mpmath.diff(lambda x: self._moved(node.args[0], variable, x, point), at, int(times))

    def _moved(self, body: Formula, variable: Formula, x: Any, point: Point) -> Any:
        """The body with a symbol, an entry of an indexed one, or a function's value set to x."""
        if variable.head == "Symbol":
            return self.value(body, {**point, variable.text: x})
        if variable.head == "Indexed":
            name, index = variable.args[0].text, int(self.value(variable.args[1], point))
            return self.value(body, {**point, name: {**point[name], index: x}})
        outside = self.instead
        self.instead = {**outside, variable: x}
        try:
            return self.value(body, point)
        finally:
            self.instead = outside


def by_one(derivative: Formula) -> tuple[Formula, Formula]:
    """The variable of a Derivative and its order.

    Raises:
        NotGradable: several variables, or one that is no symbol and no value of a function.
    """
    _, *by = derivative.args
    if len(by) != 1 or by[0].head != "Tuple" or len(by[0].args) != 2:
        raise NotGradable("a Derivative is taken by one symbol of the question")
    variable, order = by[0].args
    if variable.head not in ("Symbol", "Indexed", "Apply"):
        raise NotGradable("a Derivative is taken by one symbol of the question")
    return variable, order


def slope(
    formula: Formula, point: Point, functions: Mapping[str, Function], moving: Mapping[Formula, tuple[Any, Any]]
) -> Any:
    """d/dt of a formula at t = 0, where each part named in `moving` is its value + t · its rate.

    Raises:
        NotGradable, OverBudget: as `evaluate`.
    """
    evaluation = _Evaluation(dict(functions))

    def at(t: Any) -> Any:
        evaluation.instead = {part: value + t * rate for part, (value, rate) in moving.items()}
        return evaluation.value(formula, point)

    return _within(evaluation, lambda: mpmath.diff(at, mpmath.mpf(0)))


def evaluate_with(
    formula: Formula, point: Point, functions: Mapping[str, Function], instead: Mapping[Formula, Any]
) -> Any:
    """The value of `formula` at `point`, where parts of it have values of their own.

    Raises:
        NotGradable, OverBudget: as `evaluate`.
    """
    evaluation = _Evaluation(dict(functions), instead=instead)
    return _within(evaluation, lambda: evaluation.value(formula, point))


def _within(evaluation: _Evaluation, work: Callable[[], Any]) -> Any:
    """The work's value; what it took is taken off the allowance."""
    found = _worked_out(evaluation, work)
    return _taken(found)


def evaluate(formula: Formula, point: Point, functions: Mapping[str, Function] | None = None) -> Any:
    """The value of `formula` at `point`, an mpmath number with 40 digits (NaN where it is not defined).

    Raises:
        NotGradable: an unknown symbol or function, a misplaced node, or a number of absurd size.
        OverBudget: it takes more operations than are left of the allowance.
    """
    take(0)
    known = _kept if formula.size <= LARGEST_KEPT else _evaluated
    return _taken(known(formula, _frozen(point), tuple(sorted((functions or {}).items()))))


def _taken(found: _Evaluated) -> Any:
    """The value; what was known costs as much, so that a verdict hangs on nothing but its own answer."""
    take(found.operations)
    if found.problem:
        raise NotGradable(found.problem)
    return found.value


def _frozen(point: Point) -> tuple[Any, ...]:
    return tuple((k, tuple(v.items()) if isinstance(v, dict) else v) for k, v in point.items())


@dataclass(frozen=True)
class _Evaluated:
    """A value, or why there is none; and what it took."""

    value: Any
    operations: int
    problem: str = ""


def _evaluated(formula: Formula, point: tuple[Any, ...], functions: tuple[tuple[str, Function], ...]) -> _Evaluated:
    thawed = {k: dict(v) if isinstance(v, tuple) else v for k, v in point}
    evaluation = _Evaluation(dict(functions))
    return _worked_out(evaluation, lambda: evaluation.value(formula, thawed))


def _worked_out(evaluation: _Evaluation, work: Callable[[], Any]) -> _Evaluated:
    value, problem = mpmath.nan, ""
    with mpmath.workdps(DIGITS):
        try:
            value = work()
        except OverBudget:
            pass  # then more was used than any allowance has
        except NotGradable as error:
            problem = str(error)
        except (ZeroDivisionError, mpmath.libmp.libhyper.NoConvergence):
            pass
        except (ValueError, TypeError, OverflowError, RecursionError, IndexError) as error:
            problem = f"this formula cannot be evaluated ({type(error).__name__}: {error})"
    return _Evaluated(value, OPERATIONS - evaluation.left, problem)


_kept = lru_cache(maxsize=8192)(_evaluated)  # the reference's formulas are evaluated at the same points for everybody
