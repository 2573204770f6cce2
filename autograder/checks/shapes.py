"""The shape of formulas: what is left to differentiate, what stands under a Derivative, where functions are taken.

What is covered: sums, products, powers and functions, whatever their order. What is not covered: identities. Two ways
to write one function may have different shapes, so a shape says how much work a line shows, not whether it is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from autograder.checks.evaluation import NotGradable, by_one
from autograder.values.formula import CONSTANTS, Formula

_ANY_ORDER = ("Add", "Mul", "Max", "Min", "And", "Or")
_LINEAR = ("Add", "Sum", "Tuple", "ExprCondPair", "Derivative", "Subs")
_NUMBERS = ("Integer", "Rational", "Float", *CONSTANTS)
_PLACED = frozenset([
    "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch", "erf", "exp2",
    "expm1", "Apply",
])  # fmt: skip
"""Functions whose argument tells where they are taken; a root or a logarithm is algebra."""


def canonical(formula: Formula) -> Formula:
    """The same formula with sums in sums and products in products opened, and their parts in a fixed order.

    What a product has besides its numbers is a part of its own: −v·a holds v·a.
    """
    return _ordered(formula)[0]


@lru_cache(maxsize=4096)
def _ordered(node: Formula) -> tuple[Formula, str]:
    parts = [_ordered(a) for a in node.args]
    if node.head in ("Add", "Mul"):
        parts = [_ordered(p) for part, _ in parts for p in _opened(part, node.head)]
    if node.head in _ANY_ORDER:
        parts.sort(key=lambda part: part[1])
    if node.head == "Mul":
        rest = [part for part in parts if not is_number(part[0])]
        if 1 < len(rest) < len(parts):
            parts = [*parts[: len(parts) - len(rest)], _made("Mul", rest)]
    return _made(node.head, parts, node.text)


def _opened(part: Formula, head: str) -> Iterator[Formula]:
    """What a sum within a sum, or a product within a product, is made of."""
    for inner in part.args if part.head == head else ():
        yield from _opened(inner, head)
    if part.head != head:
        yield part


def _made(head: str, parts: list[tuple[Formula, str]], text: str = "") -> tuple[Formula, str]:
    """A node of ordered parts, and the key that it is ordered by."""
    made = Formula(head, tuple(p for p, _ in parts), text)
    first = "0" if is_number(made) else "1"  # numbers stand in front
    return made, f"{first}{head}:{text}({','.join(key for _, key in parts)})"


def nodes(formula: Formula) -> Iterator[Formula]:
    """The formula and all that it is made of."""
    yield formula
    for part in formula.args:
        yield from nodes(part)


def is_number(formula: Formula) -> bool:
    """Whether it is made of numbers only."""
    return all(leaf.head in _NUMBERS for leaf in nodes(formula) if not leaf.args)


def depth(node: Formula, variable: Formula) -> int | None:
    """How many functions lie between the whole and a variable; None where it does not depend on it.

    Sums and numeric factors do not count: a derivative passes through them. Any other product counts as a function.
    """
    if node == variable:
        return 0
    below = [(part, depth(part, variable)) for part in node.args]
    deep = [d for _, d in below if d is not None]
    if not deep:
        return None
    if node.head in _LINEAR:
        return max(deep)
    if node.head == "Mul" and len(deep) == 1 and all(is_number(part) for part, d in below if d is None):
        return deep[0]
    return max(deep) + 1


def dependent(node: Formula, variable: Formula) -> set[Formula]:
    """All that a formula is made of and that depends on a variable, the whole and the variable included."""
    found: set[Formula] = set().union(*(dependent(part, variable) for part in node.args))
    return found | {node} if found or node == variable else found


def rank(formula: Formula) -> int:
    """How many functions are still to be differentiated: the most in a term, the sum in a product; 0 where none is."""
    below = [rank(part) for part in formula.args]
    if formula.head == "Derivative":
        variable, order = by_one(formula)
        return (depth(formula.args[0], variable) or 0) + below[0] + (order.text == "2")
    return sum(below) if formula.head == "Mul" else max(below, default=0)


def is_open(formula: Formula) -> bool:
    """Whether a Derivative is left in it."""
    return "Derivative" in formula.heads()


def derivatives(formula: Formula, variable: Formula) -> set[Formula]:
    """The outermost derivatives by one variable."""
    if formula.head == "Derivative" and by_one(formula)[0] == variable:
        return {formula}
    return {found for part in formula.args for found in derivatives(part, variable)}


def terms(formula: Formula) -> list[Formula]:
    """The summands of a formula."""
    return list(formula.args) if formula.head == "Add" else [formula]


def without_factors(product: Formula, variable: Formula) -> Formula:
    """A product without the factors that do not depend on the variable."""
    kept = [part for part in product.args if depth(part, variable) is not None]
    return kept[0] if len(kept) == 1 else Formula("Mul", tuple(kept))


def parts_of(body: Formula, variable: Formula, known: frozenset[Formula]) -> set[Formula] | None:
    """The known parts that a body is made of; None where it depends on the variable in another way too.

    Args:
        body: what stands under a Derivative, canonical.
        known: all that the definition is made of.
    """
    if depth(body, variable) is None:
        return set()
    if body in known and body != variable and body.head != "Add":
        return {body}
    if body == variable:
        return None
    inner = [without_factors(body, variable)] if body.head == "Mul" else list(body.args)
    found = [parts_of(part, variable, known) for part in (inner if inner != [body] else body.args)]
    if body.head not in ("Add", "Mul", "Pow") or None in found:
        return None
    return {part for several in found if several is not None for part in several}


def places(formula: Formula) -> Iterator[Formula]:
    """The summands of the arguments at which functions are taken, and of the values of a Subs."""
    for node in nodes(formula):
        if node.head in _PLACED:
            for argument in node.args:
                yield from terms(argument)
        elif node.head == "Subs" and len(node.args) == 3:
            values = node.args[2]
            for argument in values.args if values.head == "Tuple" else (values,):
                yield from terms(argument)


def derivative_of(line: Formula) -> tuple[Formula, Formula] | None:
    """(body, variable) of a line that is a sum of Derivatives by one variable, numeric factors allowed; else None."""
    bodies, variables = [], set()
    for term in terms(line):
        factors = term.args if term.head == "Mul" else (term,)
        found = [f for f in factors if f.head == "Derivative"]
        numbers = tuple(f for f in factors if f.head != "Derivative")
        if len(found) != 1 or not all(map(is_number, numbers)):
            return None
        try:
            variable, order = by_one(found[0])
        except NotGradable:
            return None
        if order.text != "1":
            return None
        variables.add(variable)
        bodies.append(Formula("Mul", (*numbers, found[0].args[0])) if numbers else found[0].args[0])
    if len(variables) != 1:
        return None
    return (Formula("Add", tuple(bodies)) if len(bodies) > 1 else bodies[0]), variables.pop()
