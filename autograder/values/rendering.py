"""Values and formulas as short text for messages: what a person reads, never what is compared."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from autograder.values.formula import CONSTANTS, REFUSED, Formula

_RELATION_SIGNS = {"Equality": "==", "Unequality": "!=", "StrictGreaterThan": ">", "StrictLessThan": "<",
                   "GreaterThan": ">=", "LessThan": "<="}  # fmt: skip


def brief(value: Any, limit: int = 300) -> str:
    """`value` in at most `limit` characters."""
    text = _brief(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def without_place(message: str) -> str:
    """A message about an exception without what follows in brackets: the place, and the program's own line."""
    return message.split(" (", 1)[0]


def number(value: Any) -> str:
    """A number as a person writes it: six significant digits for floats, everything for the exact kinds."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.6g}"
    if isinstance(value, (complex, np.complexfloating)):
        return f"{complex(value):.6g}"
    return str(value)


def _brief(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return describe_array(value) if value.ndim else number(value.item())
    if isinstance(value, Formula):
        return infix(value)
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, list):
        inner = ", ".join(_brief(v) for v in value[:8])
        return f"[{inner}{', …' if len(value) > 8 else ''}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{k}: {_brief(v)}" for k, v in list(value.items())[:8])
        return f"{{{inner}{', …' if len(value) > 8 else ''}}}"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return number(value) if value is not None else "None"


def describe_array(array: np.ndarray[Any, Any]) -> str:
    """Shape, dtype and up to 12 entries."""
    if array.size <= 12:
        entries = np.array2string(
            array, separator=", ", formatter={"all": number}, max_line_width=10_000, threshold=100
        )
    else:
        entries = "[" + ", ".join(number(x) for x in array.ravel()[:6]) + ", …]"
    return f"{entries} (shape {array.shape}, {array.dtype})".replace("\n", "")


def infix(formula: Formula) -> str:
    """The formula as one line of mathematics, the echo of what was understood."""
    return _infix(formula, 0)


def _infix(node: Formula, outer: int) -> str:
    """`outer` is the binding strength of the place: 0 none, 1 sum, 2 product, 3 power."""
    args = node.args
    if node.head in ("Integer", "Rational", "Float"):
        wrap = outer >= 2 and (node.text.startswith("-") or (outer == 3 and "/" in node.text))
        return f"({node.text})" if wrap else node.text
    if node.head == "Symbol":
        return node.text
    if node.head in CONSTANTS:
        return CONSTANTS[node.head]
    if node.head == "Add":
        text = " + ".join(_infix(a, 1) for a in args).replace("+ -", "- ")
        return f"({text})" if outer >= 1 + (outer == 1) else text
    if node.head == "Mul":
        return _product(args, outer)
    if node.head == "Pow":
        if args[1] == Formula("Rational", text="1/2"):
            return f"sqrt({_infix(args[0], 0)})"
        if args[1].head in ("Integer", "Rational") and args[1].text.startswith("-"):
            return _product((node,), outer)
        text = f"{_infix(args[0], 3)}**{_infix(args[1], 3)}"
        return f"({text})" if outer >= 3 else text
    if node.head in _RELATION_SIGNS:
        return f"{_infix(args[0], 1)} {_RELATION_SIGNS[node.head]} {_infix(args[1], 1)}"
    if node.head == "Indexed":
        return f"{_infix(args[0], 3)}[{', '.join(_infix(a, 0) for a in args[1:])}]"
    if node.head == REFUSED:
        return "(a formula that cannot be read)"
    if node.head == "Derivative":
        return f"Derivative({', '.join([_infix(args[0], 0), *map(_by, args[1:])])})"
    if node.head in ("Tuple", "ExprCondPair"):
        return f"({', '.join(_infix(a, 0) for a in args)})"
    name = node.text if node.head == "Apply" else node.head
    return f"{name}({', '.join(_infix(a, 0) for a in args)})"


def _by(by: Formula) -> str:
    """By what a derivative is taken: the symbol alone where it is taken once."""
    once = by.head == "Tuple" and len(by.args) == 2 and by.args[1] == Formula("Integer", text="1")
    return _infix(by.args[0] if once else by, 0)


def _product(args: tuple[Formula, ...], outer: int) -> str:
    """A product as people write it: a leading number, what is multiplied, then what is divided by."""
    minus, top, bottom = "", [], []
    for index, factor in enumerate(args):
        exponent = factor.args[1] if factor.head == "Pow" else None
        if index == 0 and factor.head in ("Integer", "Rational", "Float") and factor.text.startswith("-"):
            minus = "-"
            if factor.text != "-1" or len(args) == 1:
                top.append(factor.text[1:])
        elif exponent is not None and exponent.head in ("Integer", "Rational") and exponent.text.startswith("-"):
            bottom.append(_reciprocal(factor.args[0], exponent))
        else:
            top.append(_infix(factor, 2))
    text = minus + ("*".join(top) or "1") + "".join(f"/{b}" for b in bottom)
    return f"({text})" if outer >= (2 if minus else 3) or (bottom and outer >= 2) else text


def _reciprocal(base: Formula, exponent: Formula) -> str:
    """The denominator that base**exponent makes, its exponent being negative."""
    if exponent.text == "-1":
        return _infix(base, 3)
    return _infix(Formula("Pow", (base, Formula(exponent.head, text=exponent.text[1:]))), 2)
