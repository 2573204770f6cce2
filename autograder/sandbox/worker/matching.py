"""`match` statements told as assignments: what a pattern takes out of its subject, as attributes and items of it.

`match np: case object(mean=f)` reads `np.mean` and calls it f. Nothing says which case holds: each may.
"""

from __future__ import annotations

import ast
from copy import deepcopy


def as_assignments(node: ast.Match, number: int) -> list[ast.stmt]:
    """What the patterns of a statement read and bind, in their order; the subject is evaluated once.

    Args:
        node: the statement; its subject becomes part of the first assignment.
        number: tells its hidden variables from those of other statements.
    """
    told = _Told(f"<match {number}>")
    subject = told.hidden(node.subject, node.subject)
    for case in node.cases:
        told.pattern(case.pattern, subject)
    return told.statements


class _Told:
    """Collects assignments. Every part that is taken out gets a hidden variable, so that nothing is told twice."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.statements: list[ast.stmt] = []

    def hidden(self, value: ast.expr, at: ast.AST) -> str:
        """A new hidden variable for a value."""
        name = f"{self.prefix}{len(self.statements)}"
        self.bind(name, value, at)
        return name

    def bind(self, name: str, value: ast.expr, at: ast.AST) -> None:
        """A variable gets a value."""
        statement = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), at)
        self.statements.append(ast.fix_missing_locations(statement))

    def pattern(self, node: ast.pattern, value: str) -> None:
        """What a pattern takes out of the value of a variable."""
        if isinstance(node, ast.MatchClass):
            self._of_class(node, value)
        elif isinstance(node, ast.MatchMapping):
            for key, part in zip(node.keys, node.patterns, strict=True):
                self.pattern(part, self.hidden(ast.Subscript(_load(value), deepcopy(key), ast.Load()), part))
            if node.rest:
                self.bind(node.rest, _load(value), node)
        elif isinstance(node, (ast.MatchSequence, ast.MatchOr)):
            for part in node.patterns:  # an element stands for its container
                self.pattern(part, value)
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)):
            if node.name:
                self.bind(node.name, _load(value), node)
            if isinstance(node, ast.MatchAs) and node.pattern is not None:
                self.pattern(node.pattern, value)

    def _of_class(self, node: ast.MatchClass, value: str) -> None:
        """Keywords are attributes; places are the value itself, or the attributes that `__match_args__` names."""
        for name, part in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            self.pattern(part, self.hidden(ast.Attribute(_either(value, node.cls), name, ast.Load()), part))
        for part in node.patterns:
            named = ast.Attribute(deepcopy(node.cls), "__match_args__", ast.Load())
            picked = ast.Call(_load("getattr"), [_either(value, node.cls), named], [])
            self.pattern(part, self.hidden(ast.BoolOp(ast.Or(), [_load(value), picked]), part))


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _either(value: str, cls: ast.expr) -> ast.expr:
    """The subject, which is an instance of the class where the pattern holds: own classes have members of their own."""
    return ast.BoolOp(ast.Or(), [_load(value), ast.Call(deepcopy(cls), [], [])])
