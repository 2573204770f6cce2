"""Mutation operators: small mistakes made by machine in the solution regions of a reference, one at a time.

Each mutant is the reference's text with one expression or statement replaced, so that its diff is one line. Operators:
sign, operator, constant, axis, dropped term, dropped transpose, dropped keepdims, dropped call (abs, copy), comparison,
condition, swapped arguments, wrong reduction, wrong function, removed statement, unstable form (unstable.py).
Not covered: several mistakes at once, text inside f-strings, docstrings, annotations, strings.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.release.stub import marked_regions
from autograder.values.parsing import tree_of
from autograder.verify.unstable import unstable_forms

Change = tuple[str, ast.AST, str]
"""Operator (after ": " what it did, as "sum for mean"), the node that is replaced, and the text in its place."""
Operator = Callable[[ast.AST], Iterator[Change]]

UNSTABLE = "unstable form"
_BINARY: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,), ast.FloorDiv: (ast.Div,), ast.Mod: (ast.FloorDiv,), ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_REDUCTIONS = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "amax": "amin", "amin": "amax", "prod": "sum",
               "argmax": "argmin", "argmin": "argmax", "any": "all", "all": "any", "std": "var", "var": "std",
               "cumsum": "cumprod", "cumprod": "cumsum", "nansum": "nanmean"}  # fmt: skip
_BUILTINS = {"sum": "max", "max": "min", "min": "max", "any": "all", "all": "any"}
_FUNCTIONS = {"maximum": "minimum", "minimum": "maximum", "sin": "cos", "cos": "sin", "zeros": "ones", "ones": "zeros",
              "zeros_like": "ones_like", "ones_like": "zeros_like", "floor": "ceil", "ceil": "floor", "triu": "tril",
              "tril": "triu", "sinh": "cosh", "cosh": "sinh"}  # fmt: skip
_SYMMETRIC = frozenset({"maximum", "minimum", "max", "min", "logaddexp", "add", "multiply", "allclose", "array_equal",
                        "gcd", "Max", "Min", "zip", "isclose", "isinstance", "symbols"})  # fmt: skip
_AXES = frozenset({"axis", "dim", "axes", "dims"})
_TRANSPOSES = frozenset({"transpose", "swapaxes", "permute", "moveaxis", "t"})
_IS_AXIS = "is_axis"
_MODULES = frozenset({"np", "numpy", "torch", "sympy", "copy", "math", "F"})
_DROPPED = frozenset({"abs", "absolute", "fabs", "copy", "clone", "deepcopy", "reversed", "flip"})


@dataclass(frozen=True)
class Mutant:
    """One mutant. `before` and `after` are the changed lines, without surrounding white space.

    `function` names several as "f, g" where it changes several; `detail` says what the operator did, as "sum for mean";
    `direct`: other functions do not see the change (alone.py).
    """

    function: str
    line: int
    operator: str
    before: str
    after: str
    text: str
    detail: str = ""
    direct: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What an entry of equivalent.toml names."""
        return self.function, self.before, self.after

    @property
    def diff(self) -> str:
        """Two lines."""
        return f"- {self.before}\n+ {self.after}"


def mutants(text: str, where: str) -> tuple[Mutant, ...]:
    """Every mutant of the reference `text`, by line; no two have the same text.

    Raises:
        AuthorError: the text is no Python, or its markers are unbalanced.
    """
    made: dict[str, Mutant] = {}
    for function, statement, node in secret_nodes(text, where):
        for operator, target, source in changes(node, statement):
            mutant = mutant_of(text, function, statement, operator, target, source)
            if mutant is not None and mutant.text not in made and mutant.before != mutant.after:
                made[mutant.text] = mutant
    return tuple(sorted(made.values(), key=lambda m: m.line))


def secret_nodes(text: str, where: str) -> Iterator[tuple[str, ast.stmt, ast.AST]]:
    """Every part of the solution regions that may be changed: the function, its top-level statement, the part.

    Raises:
        AuthorError: the text's markers are unbalanced.
    """
    secret = {n for region in marked_regions(text, where) for n in region.secret}
    for function, statement in _owners(tree_of(text)):
        for node in _mutable(statement):
            first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0) or 0
            if first and secret.issuperset(range(first, last + 1)):
                yield function, statement, node


def _owners(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for statement in tree.body:
        yield getattr(statement, "name", ""), statement


def _mutable(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a statement that may be changed."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                yield from _mutable(child)


def mutant_of(text: str, function: str, owner: ast.stmt, operator: str, node: ast.AST, source: str) -> Mutant | None:
    """The text with `node`, a part of the top-level statement `owner`, replaced; None where it would not compile."""
    lines = text.encode().splitlines(keepends=True)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1  # type: ignore[attr-defined]
    start, end = node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
    new = lines[first][:start] + source.encode() + lines[last][end:]
    above, below = lines[:first], lines[last + 1 :]
    try:
        tree_of(b"".join([*above[owner.lineno - 1 :], new, *below[: (owner.end_lineno or last + 1) - last - 1]]))
    except SyntaxError:
        return None
    before = " ".join(b"".join(lines[first : last + 1]).decode().split())
    after, whole = " ".join(new.decode().split()), b"".join([*above, new, *below]).decode()
    operator, _, detail = operator.partition(": ")
    return Mutant(function, first + 1, operator, before, after, whole, detail)


def changes(node: ast.AST, owner: ast.stmt) -> Iterator[Change]:
    """What the operators make of a node."""
    for operator in _OPERATORS:
        yield from operator(node)
    for words, source in unstable_forms(node, owner):
        yield f"{UNSTABLE}: {words}", node, source
    if isinstance(node, ast.stmt) and _removable(node, owner):
        yield "removed statement", node, "pass"


def as_source(node: ast.AST) -> str:
    """An expression as text that can stand anywhere."""
    text = ast.unparse(node)
    return text if isinstance(node, (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript)) else f"({text})"


def _binary(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in _BINARY.get(type(node.op), ()):
            changed = copy.copy(node)
            changed.op = other()
            kind = "sign" if isinstance(node.op, (ast.Add, ast.Sub)) else "operator"
            yield kind, node, as_source(changed) if isinstance(node, ast.BinOp) else ast.unparse(changed)
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)):
            yield "dropped term", node, as_source(node.left)
        if isinstance(node.op, (ast.Add, ast.Mult)):
            yield "dropped term", node, as_source(node.right)
    if isinstance(node, ast.BoolOp):
        flipped = ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        yield "condition", node, as_source(flipped)
        for value in node.values:
            yield "condition", node, as_source(value)


def _unary(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        yield ("sign" if isinstance(node.op, ast.USub) else "condition"), node, as_source(node.operand)
    numeric = (ast.BinOp, ast.Call, ast.Name, ast.UnaryOp)
    if isinstance(node, ast.Return) and isinstance(node.value, numeric):
        yield "sign", node.value, f"(-({ast.unparse(node.value)}))"


def _constant(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Constant) or getattr(node, _IS_AXIS, False):
        return
    value = node.value
    if isinstance(value, bool):
        yield "constant", node, str(not value)
    elif isinstance(value, int):
        yield "constant", node, str(value + 1)
        yield "constant", node, str(value - 1) if value else "(-1)"
    elif isinstance(value, float):
        yield "constant", node, repr(value + 1)
        yield "constant", node, repr(value * 2 if value else -1.0)


def _axis(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Call):
        return
    for index, keyword in enumerate(node.keywords):
        if keyword.arg in ("keepdims", "keepdim"):
            yield "dropped keepdims", node, as_source(_without_keyword(node, index))
        if keyword.arg in _AXES:
            yield "axis", node, as_source(_without_keyword(node, index))
            number = _integer(keyword.value)
            if number is not None:
                for part in ast.walk(keyword.value):
                    setattr(part, _IS_AXIS, True)
                for other in {0: (1, -1), 1: (0,), -1: (0, -2), -2: (-1,)}.get(number, (number - 1,)):
                    yield "axis", keyword.value, str(other)


def _integer(node: ast.AST) -> int | None:
    try:
        value = ast.literal_eval(ast.unparse(node))
    except (ValueError, TypeError, SyntaxError):
        return None
    return value if type(value) is int else None


def _without_keyword(call: ast.Call, index: int) -> ast.Call:
    return ast.Call(call.func, call.args, call.keywords[:index] + call.keywords[index + 1 :])


def _transpose(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT", "H") and isinstance(node.ctx, ast.Load):
        yield "dropped transpose", node, as_source(node.value)
    if not isinstance(node, ast.Call):
        return
    name, owner = called(node)
    kind = "dropped transpose" if name in _TRANSPOSES else "dropped call" if name in _DROPPED else ""
    if kind:
        inner = node.args[0] if node.args and is_module(owner) else owner
        if inner is not None:
            yield kind, node, as_source(inner)


def called(call: ast.Call) -> tuple[str, ast.AST | None]:
    """Name of what is called, and what it is a method of."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr, call.func.value
    return (call.func.id, None) if isinstance(call.func, ast.Name) else ("", None)


def is_module(owner: ast.AST | None) -> bool:
    return owner is None or (isinstance(owner, ast.Name) and owner.id in _MODULES)


def _comparison(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for index, op in enumerate(node.ops):
            if type(op) in _COMPARE:
                ops = [*node.ops[:index], _COMPARE[type(op)](), *node.ops[index + 1 :]]
                yield "comparison", node, as_source(ast.Compare(node.left, ops, node.comparators))
    if isinstance(node, (ast.If, ast.While, ast.IfExp)) and not isinstance(node.test, ast.Constant):
        yield "condition", node.test, f"(not {as_source(node.test)})"


def _call(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Call):
        return
    name, owner = called(node)
    if len(node.args) >= 2 and name not in _SYMMETRIC and not any(isinstance(a, ast.Starred) for a in node.args[:2]):
        swapped = [node.args[1], node.args[0], *node.args[2:]]
        yield "swapped arguments", node, as_source(ast.Call(node.func, swapped, node.keywords))
    table = (_REDUCTIONS, "wrong reduction"), (_FUNCTIONS, "wrong function")
    for names, kind in table:
        if isinstance(node.func, ast.Attribute) and name in names:
            other = ast.Attribute(node.func.value, names[name], ast.Load())
            yield f"{kind}: {names[name]} for {name}", node, as_source(ast.Call(other, node.args, node.keywords))
    if isinstance(node.func, ast.Name) and name in _BUILTINS and owner is None:
        changed = ast.Call(ast.Name(_BUILTINS[name]), node.args, node.keywords)
        yield f"wrong reduction: {_BUILTINS[name]} for {name}", node, as_source(changed)


def _removable(node: ast.stmt, owner: ast.stmt) -> bool:
    """Statements whose loss leaves a program: not the first binding of a name, not a docstring."""
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, (ast.Constant, ast.Yield, ast.YieldFrom))
    if isinstance(node, ast.Assign):
        parts = [part for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        names = [part.id for part in parts if isinstance(part.ctx, ast.Store)]
        return not names or all(_bound_before(name, node, owner) for name in names)
    return isinstance(node, (ast.AugAssign, ast.If)) and node is not owner


def _bound_before(name: str, node: ast.stmt, owner: ast.stmt) -> bool:
    for other in ast.walk(owner):
        if isinstance(other, ast.arg) and other.arg == name:
            return True
        stored = isinstance(other, ast.Name) and other.id == name and isinstance(other.ctx, ast.Store)
        if stored and getattr(other, "lineno", 0) < node.lineno:
            return True
    return False


_OPERATORS: tuple[Operator, ...] = (
    _axis, _binary, _unary, _constant, _transpose, _comparison, _call,
)  # fmt: skip
