"""What the named functions, relations and constants of formulas mean, in mpmath, and what each costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

_OF_THE_SAME_NAME = (
    "exp", "log", "sqrt", "sign", "erf", "floor", "expm1", "log1p", "log10", "sinc",
    "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot", "asec", "acsc",
    "sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh", "acosh", "atanh", "acoth", "asech", "acsch",
)  # fmt: skip
UNARY: dict[str, Callable[[Any], Any]] = {name: getattr(mpmath, name) for name in _OF_THE_SAME_NAME} | {
    "Abs": abs,
    "conjugate": mpmath.conj,
    "ceiling": mpmath.ceil,
    "exp2": lambda x: mpmath.power(2, x),
    "log2": lambda x: mpmath.log(x, 2),
}
RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equality": lambda a, b: bool(a == b), "Unequality": lambda a, b: bool(a != b),
    "StrictGreaterThan": lambda a, b: bool(a > b), "StrictLessThan": lambda a, b: bool(a < b),
    "GreaterThan": lambda a, b: bool(a >= b), "LessThan": lambda a, b: bool(a <= b),
}  # fmt: skip
CONSTANTS: dict[str, Callable[[], Any]] = {
    "Pi": lambda: +mpmath.pi, "Exp1": lambda: +mpmath.e, "ImaginaryUnit": lambda: mpmath.mpc(0, 1),
    "Infinity": lambda: mpmath.inf, "NegativeInfinity": lambda: -mpmath.inf, "ComplexInfinity": lambda: mpmath.nan,
    "NaN": lambda: mpmath.nan,
}  # fmt: skip
_CHEAP = ("Abs", "sign", "conjugate", "floor", "ceiling")
OF_ANY_SIZE = frozenset({*_CHEAP, "sqrt", "log", "log2", "log10", "log1p"})
"""Functions whose values stay small however large their argument is."""
WEIGHTS = dict.fromkeys((*UNARY, "Pow"), 10) | dict.fromkeys(_CHEAP, 1) | {"erf": 200}
"""What an operation counts; all others count as one."""
