"""Texts that a program writes down in pieces: `"soft" + "max"`, `f"{a}max"`, `"".join([...])`, `b"...".decode()`.

What is covered: constants put together by operators, methods of texts and a few builtins, within tight bounds.
What is not covered: whatever depends on a value that is made by calling something else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

LONGEST = 20_000
MOST_STEPS = 3000
_METHODS = frozenset({
    "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "swapcase", "casefold", "removeprefix",
    "removesuffix", "replace", "decode", "encode", "join", "format", "split", "rsplit", "splitlines", "partition",
    "rpartition",
})  # fmt: skip
_BUILTINS: dict[str, Callable[..., Any]] = {
    "chr": chr, "ord": ord, "str": str, "bytes": bytes, "bytearray": bytes, "list": list, "tuple": tuple,
    "reversed": lambda values: list(reversed(values)), "sorted": sorted, "int": int,
}  # fmt: skip
_WIDE = re.compile(r"%[^%sdcr]|\{[^{}]*[:!.\[][^{}]*\}")  # widths make long texts of short ones
_STRAYS = (TypeError, ValueError, IndexError, KeyError, OverflowError, AttributeError, LookupError, UnicodeError)


class Unknown(Exception):
    """The text does not say what the value is, or it would be too long."""


def written(node: ast.expr, lookup: Callable[[ast.Name], Any]) -> Any:
    """The str, bytes, int, list or tuple that an expression of constants stands for.

    Args:
        node: the expression.
        lookup: the value of a name; it raises Unknown.

    Raises:
        Unknown: the text does not say.
    """
    try:
        return _Reader(lookup).value(node)
    except _STRAYS:
        raise Unknown from None


class _Reader:
    """Evaluates one expression, with a budget."""

    def __init__(self, lookup: Callable[[ast.Name], Any]) -> None:
        self.lookup = lookup
        self.steps = 0
        self.local: dict[str, Any] = {}

    def value(self, node: ast.expr, depth: int = 0) -> Any:
        self.steps += 1
        if self.steps > MOST_STEPS or depth > 100:
            raise Unknown
        rule = _RULES.get(type(node))
        if rule is None:
            raise Unknown
        return _bounded(rule(self, node, depth + 1))

    def constant(self, node: ast.Constant, depth: int) -> Any:
        if isinstance(node.value, (str, bytes, int)):
            return node.value
        raise Unknown

    def name(self, node: ast.Name, depth: int) -> Any:
        return self.local[node.id] if node.id in self.local else self.lookup(node)

    def sequence(self, node: ast.List | ast.Tuple, depth: int) -> Any:
        values = [self.value(item, depth) for item in node.elts]
        return values if isinstance(node, ast.List) else tuple(values)

    def binary(self, node: ast.BinOp, depth: int) -> Any:
        left, right = self.value(node.left, depth), self.value(node.right, depth)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.BitXor):
            return left ^ right
        if isinstance(node.op, ast.Mult):
            sizes = [len(v) if hasattr(v, "__len__") else abs(v) for v in (left, right)]
            return left * right if sizes[0] * sizes[1] <= LONGEST else _refuse()
        if isinstance(node.op, ast.Mod) and isinstance(left, str) and not _WIDE.search(left):
            return left % (tuple(map(_plain, right)) if isinstance(right, tuple) else _plain(right))
        raise Unknown

    def joined(self, node: ast.JoinedStr, depth: int) -> str:
        parts = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                if part.format_spec is not None:
                    raise Unknown
                parts.append(str(_plain(self.value(part.value, depth))))
            else:
                parts.append(self.value(part, depth))
        return "".join(parts)

    def subscript(self, node: ast.Subscript, depth: int) -> Any:
        base = self.value(node.value, depth)
        if isinstance(node.slice, ast.Slice):
            parts = (node.slice.lower, node.slice.upper, node.slice.step)
            lower, upper, step = (None if part is None else self.value(part, depth) for part in parts)
            return base[slice(lower, upper, step)]
        return base[self.value(node.slice, depth)]

    def negative(self, node: ast.UnaryOp, depth: int) -> Any:
        return -self.value(node.operand, depth) if isinstance(node.op, ast.USub) else _refuse()

    def call(self, node: ast.Call, depth: int) -> Any:
        if any(k.arg is None for k in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args):
            raise Unknown
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func, depth)
        if not isinstance(node.func, ast.Name) or node.keywords or not node.args:
            raise Unknown
        if node.func.id == "map" and len(node.args) == 2 and isinstance(node.args[0], ast.Name):
            return [_BUILTINS[node.args[0].id](v) for v in self.value(node.args[1], depth)]
        values = [self.value(a, depth) for a in node.args]
        if node.func.id == "str" or isinstance(values[0], int):  # bytes(10**9) is no text
            values = [_plain(v) for v in values] if node.func.id in ("str", "chr", "int") else _refuse()
        return _BUILTINS[node.func.id](*values)

    def _method(self, node: ast.Call, func: ast.Attribute, depth: int) -> Any:
        arguments = [self.value(a, depth) for a in node.args]
        named = {str(k.arg): self.value(k.value, depth) for k in node.keywords}
        if func.attr == "fromhex" and isinstance(func.value, ast.Name) and func.value.id in ("bytes", "bytearray"):
            return bytes.fromhex(*arguments)
        base = self.value(func.value, depth)
        if func.attr not in _METHODS or not isinstance(base, (str, bytes)):
            raise Unknown
        if func.attr == "format":
            if _WIDE.search(str(base)):
                raise Unknown
            arguments, named = [_plain(a) for a in arguments], {k: _plain(v) for k, v in named.items()}
        if func.attr == "join" and sum(len(part) + len(base) for part in arguments[0]) > LONGEST:
            raise Unknown
        if func.attr == "replace" and (len(base) + 1) * (len(arguments[1]) + 1) > 10 * LONGEST:
            raise Unknown
        return getattr(base, func.attr)(*arguments, **named)

    def comprehension(self, node: ast.ListComp | ast.GeneratorExp, depth: int) -> list[Any]:
        (loop,) = node.generators
        if loop.ifs or not isinstance(loop.target, ast.Name):
            raise Unknown
        values = []
        for item in self.value(loop.iter, depth):
            self.local[loop.target.id] = item
            values.append(self.value(node.elt, depth))
        return values


def _refuse() -> Any:
    raise Unknown


def _plain(value: Any) -> Any:
    """A value whose text is no longer than it is itself: a list may hold one long text many times."""
    return value if isinstance(value, (str, bytes, int)) else _refuse()


def _bounded(value: Any) -> Any:
    if isinstance(value, int):
        return value if abs(value) < 2**62 else _refuse()
    return value if len(value) <= LONGEST else _refuse()


_RULES: dict[type, Callable[[_Reader, Any, int], Any]] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.List: _Reader.sequence,
    ast.Tuple: _Reader.sequence,
    ast.BinOp: _Reader.binary,
    ast.JoinedStr: _Reader.joined,
    ast.Subscript: _Reader.subscript,
    ast.UnaryOp: _Reader.negative,
    ast.Call: _Reader.call,
    ast.ListComp: _Reader.comprehension,
    ast.GeneratorExp: _Reader.comprehension,
}
