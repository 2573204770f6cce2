"""A formula at a point: mpmath arithmetic with 40 digits, no simplifier, everything bounded.

Derivatives are taken numerically (`mpmath.diff`), sums and products are run through, relations choose the branch of a
Piecewise. Numbers of absurd size stop the evaluation before they are made.

Operations are counted, dear ones and those of more digits as several (`allowance`). The count says the same on every
machine and under every load, which a clock does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import mpmath

from autograder.checks.domains import Point
from autograder.values.formula import Formula

DIGITS = 40
OPERATIONS = 500_000
"""What one verdict may take, about 5 s of processor time; the dearest of the shipped assignments takes 37,136."""
LARGEST_ARGUMENT = 1e7
LARGEST_KEPT = 1_000
MOST_BITS = 5_000


class NotGradable(Exception):
    """The formula cannot be evaluated here; the message is for the student."""


class OverBudget(Exception):
    """More operations than one verdict may take; the message is for the student."""


@dataclass
class Allowance:
    """Operations that are left."""

    left: int


_ALLOWANCE: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def allowance(operations: int = OPERATIONS) -> Iterator[Allowance]:
    """Every evaluation in this block takes from one budget; what goes over it raises OverBudget."""
    given = Allowance(operations)
    token = _ALLOWANCE.set(given)
    try:
        yield given
    finally:
        _ALLOWANCE.reset(token)


@dataclass(frozen=True)
class Function:
    """The meaning of an undefined function: parameter names and body."""

    parameters: tuple[str, ...]
    body: Formula


_UNARY: dict[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp, "log": mpmath.log, "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh, "asin": mpmath.asin, "acos": mpmath.acos,
    "atan": mpmath.atan, "Abs": abs, "sign": mpmath.sign, "erf": mpmath.erf, "sqrt": mpmath.sqrt,
    "conjugate": mpmath.conj,
}  # fmt: skip
_RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equality": lambda a, b: bool(a == b), "Unequality": lambda a, b: bool(a != b),
    "StrictGreaterThan": lambda a, b: bool(a > b), "StrictLessThan": lambda a, b: bool(a < b),
    "GreaterThan": lambda a, b: bool(a >= b), "LessThan": lambda a, b: bool(a <= b),
}  # fmt: skip
_CONSTANTS: dict[str, Callable[[], Any]] = {
    "Pi": lambda: +mpmath.pi, "Exp1": lambda: +mpmath.e, "ImaginaryUnit": lambda: mpmath.mpc(0, 1),
    "Infinity": lambda: mpmath.inf, "NegativeInfinity": lambda: -mpmath.inf, "ComplexInfinity": lambda: mpmath.nan,
    "NaN": lambda: mpmath.nan,
}  # fmt: skip


_WEIGHTS = dict.fromkeys((*_UNARY, "Pow"), 10) | {"Abs": 1, "sign": 1, "conjugate": 1, "erf": 200}
_PRECISION = 160  # bits; 40 digits are 136
TOO_MANY = "judging these formulas takes too many operations; simplify them"


@dataclass
class _Evaluation:
    """One evaluation: the meaning of the functions, what is left of the budget, and values of functions so far."""

    functions: Mapping[str, Function]
    left: int = OPERATIONS
    known: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def value(self, node: Formula, point: Point) -> Any:
        head = node.head
        self.left -= _WEIGHTS.get(head, 1) * (1 + mpmath.mp.prec // _PRECISION)
        if self.left < 0:
            raise OverBudget(TOO_MANY)
        if mpmath.mp.prec > MOST_BITS:  # every derivative inside another doubles the digits
            raise NotGradable("derivatives are nested too deep to be worked out")
        if head in ("Integer", "Float"):
            return mpmath.mpf(node.text)
        if head == "Rational":
            top, bottom = node.text.split("/")
            return mpmath.mpf(top) / mpmath.mpf(bottom)
        if head == "Symbol":
            return self._symbol(node.text, point)
        if head in _CONSTANTS:
            return _CONSTANTS[head]()
        if head in _UNARY:
            return self._unary(head, self.value(node.args[0], point), node, point)
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
        if mpmath.isfinite(x) and abs(x) > LARGEST_ARGUMENT and head not in ("Abs", "sign", "sqrt", "log", "conjugate"):
            raise NotGradable(f"{head} of a number beyond {LARGEST_ARGUMENT:.0e}")
        return _UNARY[head](x)

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
        if node.head not in _RELATIONS or len(node.args) != 2:
            raise NotGradable(f"{node.head} is not a condition")
        return _RELATIONS[node.head](self.value(node.args[0], point), self.value(node.args[1], point))

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

    def _derivative(self, node: Formula, point: Point) -> Any:
        body, *by = node.args
        if (
            len(by) != 1
            or by[0].head != "Tuple"
            or len(by[0].args) != 2
            or by[0].args[0].head not in ("Symbol", "Indexed")
        ):
            raise NotGradable("a Derivative is taken by one symbol of the question")
        order = self.value(by[0].args[1], point)
        if order not in (1, 2):
            raise NotGradable("derivatives of first and second order only")
        at = self.value(by[0].args[0], point)
        return mpmath.diff(lambda x: self.value(body, _moved(by[0].args[0], x, point, self)), at, int(order))


def _moved(variable: Formula, x: Any, point: Point, evaluation: _Evaluation) -> Point:
    """The point with one symbol, or one entry of an indexed symbol, set to x."""
    if variable.head == "Symbol":
        return {**point, variable.text: x}
    name = variable.args[0].text
    index = int(evaluation.value(variable.args[1], point))
    return {**point, name: {**point[name], index: x}}


def evaluate(formula: Formula, point: Point, functions: Mapping[str, Function] | None = None) -> Any:
    """The value of `formula` at `point`, an mpmath number with 40 digits (NaN where it is not defined).

    Raises:
        NotGradable: an unknown symbol or function, a misplaced node, or a number of absurd size.
        OverBudget: it takes more operations than are left of the allowance.
    """
    given = _ALLOWANCE.get() or Allowance(OPERATIONS)
    if given.left < 0:
        raise OverBudget(TOO_MANY)
    known = _kept if formula.size <= LARGEST_KEPT else _evaluated
    found = known(formula, _frozen(point), tuple(sorted((functions or {}).items())))
    given.left -= found.operations  # what was known costs as much: a verdict hangs on nothing but its own answer
    if given.left < 0:
        raise OverBudget(TOO_MANY)
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
    value, problem = mpmath.nan, ""
    with mpmath.workdps(DIGITS):
        try:
            value = evaluation.value(formula, thawed)
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
