"""`if __name__ == "__main__":`, which never runs here: what it trains, draws or compares is no answer.

That holds as long as nothing touches `__name__`: a text that gives it a value, names it in a string, or may change
anything without our seeing it, has no such block.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from autograder.sandbox.worker.names import FOLDED, Names
from autograder.sandbox.worker.scopes import BINDING, Place, bound_by
from autograder.sandbox.worker.statements import Facts

GUARDS = ("__name__ == '__main__'", "'__main__' == __name__")
NAMES = frozenset({"__name__", "__main__"})
_QUIET = frozenset({ast.Expr, ast.Assign, ast.Return, ast.Tuple, ast.List, ast.UnaryOp, ast.Compare, ast.Slice, ast.If,
                    ast.For, ast.Pass, ast.BoolOp, ast.IfExp, ast.Starred, ast.AugAssign, ast.While})  # fmt: skip
"""Kinds of nodes that name nothing by themselves."""


def is_main_block(statement: ast.stmt) -> bool:
    """Whether a statement is such a block; it may have an `else`."""
    return isinstance(statement, ast.If) and ast.unparse(statement.test) in GUARDS


def after_main_block(statement: ast.If, places: Sequence[Place]) -> list[Place]:
    """What is left of the block: its `else`, and code that stands in texts."""
    kept = {id(node) for part in statement.orelse for node in ast.walk(part)}
    known = {id(node) for node in ast.walk(statement)}
    return [place for place in places if id(place.node) in kept or id(place.node) not in known]


def touched(blocks: Iterable[tuple[ast.stmt, Sequence[Place], Facts]], names: Names) -> bool:
    """Whether some statement may make `__name__` another, or load the text under another name."""
    return any(_touches(statement, places, facts, names) for statement, places, facts in blocks)


def _touches(statement: ast.stmt, places: Sequence[Place], facts: Facts, names: Names) -> bool:
    guard: set[int] = set()
    if isinstance(statement, ast.If) and is_main_block(statement):
        guard = {id(node) for node in ast.walk(statement.test)}
        places = after_main_block(statement, places) if not NAMES & facts.binds else places
    elif facts.acts or facts.power:
        return True
    return any(_names_it(place.node, names) for place in places if id(place.node) not in guard)


def _names_it(node: ast.AST, names: Names) -> bool:
    kind = type(node)
    if kind in _QUIET:
        return False
    if kind in BINDING and not NAMES.isdisjoint(bound_by(node)):
        return True
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return bool(NAMES.intersection(node.names))
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return any(alias.name.split(".")[0] in NAMES for alias in node.names)
    if isinstance(node, ast.Attribute):
        return node.attr in NAMES and not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.keyword):
        return node.arg in NAMES
    return isinstance(node, (ast.Constant, *FOLDED)) and not NAMES.isdisjoint(names.meaning(node).texts)
