"""Shapes of expressions: a text with open places, whether an expression has it, and another text filled with its parts.

In a shape `_x` stands for any expression, the same one for the same name. In a call `*_axes` takes the other arguments
and the keywords that name axes, `**_keep` those that keep them; other keywords stand as they are, in any order.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.values.parsing import tree_of

Parts = dict[str, ast.AST]
_AXES = frozenset({"axis", "dim"})
_KEEP = frozenset({"keepdims", "keepdim"})


@dataclass(frozen=True)
class Shape:
    """An expression with open places."""

    text: str
    tree: ast.expr = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", tree_of(self.text, mode="eval").body)

    def parts(self, node: ast.AST, defined: Mapping[str, ast.expr] | None = None) -> Parts | None:
        """What its names stand for in an expression; None where the expression has another shape.

        Args:
            defined: name → the expression that it is bound to; a name counts as that expression too.
        """
        parts: Parts = {}
        return parts if _fits(self.tree, node, parts, defined or {}) else None

    def filled(self, parts: Mapping[str, ast.AST]) -> str:
        """Its text with names replaced by what they stand for, in parentheses."""
        made = _Filled(parts).visit(tree_of(self.text, mode="eval").body)
        return f"({ast.unparse(made)})"


def _fits(shape: ast.AST, node: ast.AST, parts: Parts, defined: Mapping[str, ast.expr]) -> bool:
    if isinstance(shape, ast.Name) and shape.id.startswith("_"):
        return isinstance(node, ast.expr) and _stands_for(shape.id, node, parts)
    if isinstance(node, ast.Name) and node.id in defined and not isinstance(shape, ast.Name):
        return _fits(shape, defined[node.id], parts, defined)
    if type(shape) is not type(node):
        return False
    if isinstance(shape, ast.Call) and isinstance(node, ast.Call):
        return _call_fits(shape, node, parts, defined)
    for name in shape._fields:
        mine, its = getattr(shape, name), getattr(node, name, None)
        if isinstance(mine, list):
            if not isinstance(its, list) or not _all_fit(mine, its, parts, defined):
                return False
        elif isinstance(mine, ast.AST):
            if not isinstance(its, ast.AST) or not _fits(mine, its, parts, defined):
                return False
        elif name not in ("ctx", "kind", "type_comment") and mine != its:
            return False
    return True


def _stands_for(name: str, node: ast.AST, parts: Parts) -> bool:
    return ast.dump(parts.setdefault(name, node)) == ast.dump(node)


def _all_fit(shapes: list[ast.AST], nodes: list[ast.AST], parts: Parts, defined: Mapping[str, ast.expr]) -> bool:
    return len(shapes) == len(nodes) and all(_fits(a, b, parts, defined) for a, b in zip(shapes, nodes, strict=True))


def _call_fits(shape: ast.Call, node: ast.Call, parts: Parts, defined: Mapping[str, ast.expr]) -> bool:
    if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
        return False
    if not _fits(shape.func, node.func, parts, defined):
        return False
    axes = [a.value for a in shape.args if isinstance(a, ast.Starred)]
    keep = [k.value for k in shape.keywords if k.arg is None]
    fixed = [a for a in shape.args if not isinstance(a, ast.Starred)]
    named = sorted((k for k in shape.keywords if k.arg is not None), key=lambda k: str(k.arg))
    names = {k.arg for k in named}
    open_names = (_AXES if axes else frozenset()) | (_KEEP if keep else frozenset())
    theirs = sorted((k for k in node.keywords if k.arg in names or k.arg not in open_names), key=lambda k: str(k.arg))
    count = len(fixed) if axes else len(node.args)
    if not _all_fit([*fixed, *named], [*node.args[:count], *theirs], parts, defined):
        return False
    rest = [k for k in node.keywords if k not in theirs]
    taken = [(axes, node.args[count:], _AXES), (keep, [], _KEEP)]
    return all(
        _stands_for(_name(of[0]), ast.Call(ast.Name("_"), args, [k for k in rest if k.arg in which]), parts)
        for of, args, which in taken
        if of
    )


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


class _Filled(ast.NodeTransformer):
    """A shape with its names replaced by what they stand for."""

    def __init__(self, parts: Mapping[str, ast.AST]) -> None:
        self.parts = parts

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.parts.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        args: list[ast.expr] = []
        keywords: list[ast.keyword] = []
        parts: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        for part in parts:
            taken = self._taken(part)
            if taken is not None:
                args += taken.args
                keywords += taken.keywords
            elif isinstance(part, ast.keyword):
                keywords.append(self.visit(part))
            else:
                args.append(self.visit(part))
        return ast.Call(self.visit(node.func), args, keywords)

    def _taken(self, part: ast.expr | ast.keyword) -> ast.Call | None:
        """The arguments that an open place of a call took."""
        if isinstance(part, ast.Starred) or (isinstance(part, ast.keyword) and part.arg is None):
            taken = self.parts[_name(part.value)]
            return taken if isinstance(taken, ast.Call) else None
        return None
