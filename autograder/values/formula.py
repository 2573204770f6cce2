"""A sympy expression as an immutable tree of allow-listed nodes: what a student's formula becomes before it is judged.

`from_sympy` reads a tree off a sympy object (beside the student, so nothing it says is believed), `from_tree` builds
one from decoded lists and checks every node. Neither ever calls `sympify`, `parse_expr` or `eval`, and nothing here
simplifies: a formula is only ever *evaluated* (autograder/checks/evaluation.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

FUNCTIONS = frozenset([
    "exp", "log", "sqrt", "Abs", "sign", "Max", "Min", "Heaviside", "erf", "conjugate", "floor", "ceiling",
    "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot", "asec", "acsc", "sinc",
    "sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh", "acosh", "atanh", "acoth", "asech", "acsch",
    "exp2", "expm1", "log2", "log10", "log1p",
])  # fmt: skip
RELATIONS = frozenset([
    "Equality", "Unequality", "StrictGreaterThan", "StrictLessThan", "GreaterThan", "LessThan", "And", "Or", "Not",
    "BooleanTrue", "BooleanFalse",
])  # fmt: skip
STRUCTURE = frozenset([
    "Add", "Mul", "Pow", "Piecewise", "ExprCondPair", "Derivative", "Subs", "Sum", "Product", "Indexed", "Tuple",
    "Apply",
])  # fmt: skip
CONSTANTS = {"Pi": "pi", "Exp1": "E", "ImaginaryUnit": "I", "NaN": "nan", "Infinity": "oo", "NegativeInfinity": "-oo",
             "ComplexInfinity": "zoo"}  # fmt: skip
REFUSED = "Refused"
"""Stands for a formula that cannot be read; its text says why. Other formulas beside it are judged all the same."""
LEAVES = frozenset({"Integer", "Rational", "Float", "Symbol", REFUSED, *CONSTANTS})
HEADS = FUNCTIONS | RELATIONS | STRUCTURE | LEAVES
_KNOWN = ", ".join(sorted(FUNCTIONS, key=str.lower))
MAX_NODES = 4_000
MAX_DEPTH = 120
MAX_DIGITS = 400
MAX_EXPONENT = 10_000


@dataclass(frozen=True)
class Formula:
    """One node. Leaves carry their text in `text`: `Symbol` a name, `Integer` "3", `Rational` "1/3", `Float` a decimal,
    `Apply` (an undefined function) its name, `Refused` the reason."""

    head: str
    args: tuple[Formula, ...] = ()
    text: str = ""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.head, self.args, self.text))

    @cached_property
    def size(self) -> int:
        """Number of nodes of the tree."""
        return 1 + sum(a.size for a in self.args)

    def symbols(self) -> frozenset[str]:
        """Names of all symbols in the tree."""
        own = {self.text} if self.head == "Symbol" else set()
        return frozenset(own.union(*(a.symbols() for a in self.args)))

    def heads(self) -> frozenset[str]:
        """Heads of all nodes of the tree."""
        return frozenset({self.head}.union(*(a.heads() for a in self.args)))


def from_sympy(expression: Any) -> Formula:
    """The tree of a sympy expression.

    Raises:
        ValueError: a node outside the allow list, or a tree that is too large; the message names it.
    """
    return _Reading().formula(expression, 0)


def read(expression: Any) -> Formula:
    """The tree of a student's sympy expression; `Refused` with the reason where there is none.

    >>> import sympy
    >>> read(sympy.gamma(sympy.Symbol("x"))).text[:38]
    '`gamma` is not understood in a formula'
    """
    try:
        return from_sympy(expression)
    except ValueError as error:
        return Formula(REFUSED, text=str(error)[:MAX_DIGITS])


@dataclass
class _Reading:
    """One reading: how many nodes may follow, and what names the placeholders (`Dummy`) go by."""

    left: int = MAX_NODES
    dummies: dict[Any, str] = field(default_factory=dict)

    def formula(self, node: Any, depth: int) -> Formula:
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0:
            raise ValueError(f"a formula of more than {MAX_NODES} nodes or {MAX_DEPTH} levels")
        head = _head(node)
        if head in ("Integer", "Rational", "Float"):
            return _checked(Formula(head, text=str(node)))
        if head == "Symbol":
            return _checked(Formula(head, text=self._name(node)))
        if head in CONSTANTS:
            return Formula(head)
        args = node.args
        if head == "Indexed":
            args = (_SymbolOf(str(node.base.label)), *node.indices)
        text = str(node.func.__name__) if head == "Apply" else ""
        return _checked(Formula(head, tuple(self.formula(a, depth + 1) for a in args), text))

    def _name(self, symbol: Any) -> str:
        """A symbol's name. Two placeholders of one name are told apart, in the order in which they are met."""
        name = str(symbol.name)
        if not hasattr(symbol, "dummy_index"):
            return name
        if symbol not in self.dummies:
            taken = sum(known.rstrip("′") == name for known in self.dummies.values())
            self.dummies[symbol] = name + "′" * taken
        return self.dummies[symbol]


class _SymbolOf:
    """Stands for the base of an Indexed."""

    def __init__(self, name: str) -> None:
        self.name = name


def _head(node: Any) -> str:
    if isinstance(node, _SymbolOf):
        return "Symbol"
    names = [cls.__name__ for cls in type(node).__mro__]
    if "AppliedUndef" in names:
        return "Apply"
    for name in names:
        if name == "Idx":
            return "Symbol"
        if name in HEADS:
            return name
    raise ValueError(f"`{names[0]}` is not understood in a formula; functions that are: {_KNOWN}")


def to_tree(formula: Formula) -> list[Any]:
    """Nested lists for msgpack."""
    return [formula.head, formula.text, [to_tree(a) for a in formula.args]]


def from_tree(tree: Any) -> Formula:
    """The formula of nested lists from outside; every node is checked.

    Raises:
        ValueError: anything that `to_tree` cannot have made.
    """
    return _from_tree(tree, 0, [MAX_NODES])


def _from_tree(tree: Any, depth: int, budget: list[int]) -> Formula:
    budget[0] -= 1
    if depth > MAX_DEPTH or budget[0] < 0:
        raise ValueError("a formula that is too large")
    if not (isinstance(tree, list) and len(tree) == 3):
        raise ValueError("not a formula")
    head, text, args = tree
    if head not in HEADS or not isinstance(text, str) or not isinstance(args, list):
        raise ValueError("not a formula")
    return _checked(Formula(head, tuple(_from_tree(a, depth + 1, budget) for a in args), text))


def _checked(node: Formula) -> Formula:
    """A leaf's text is what its head promises; nothing else has text or lacks arguments."""
    if len(node.text) > MAX_DIGITS:
        raise ValueError(f"a formula with a number or name of {len(node.text)} characters")
    if node.head == "Integer":
        int(node.text)
    elif node.head == "Rational":
        top, _, bottom = node.text.partition("/")
        if int(bottom or "1") <= 0:
            raise ValueError("not a rational")
        int(top)
    elif node.head == "Float":
        float(node.text)
        exponent = node.text.lower().rpartition("e")[2] if "e" in node.text.lower() else "0"
        if abs(int(exponent)) > MAX_EXPONENT:  # 10 to that power would be worked out, digit by digit
            raise ValueError("a formula with a number of absurd size")
    elif node.head == REFUSED:
        if not node.text.isprintable():
            raise ValueError("a reason that cannot be printed")
    elif node.head in ("Symbol", "Apply"):
        if not node.text or not node.text.isprintable() or len(node.text) > 60:
            raise ValueError("a symbol without a printable name of at most 60 characters")
    elif node.text:
        raise ValueError(f"{node.head} carries no text")
    childless = node.head in LEAVES or node.head in ("BooleanTrue", "BooleanFalse")
    if childless == bool(node.args) and node.head not in ("Add", "Mul", "And", "Or", "Max", "Min", "Tuple", "Apply"):
        raise ValueError(f"{node.head} with {len(node.args)} arguments")
    return node
