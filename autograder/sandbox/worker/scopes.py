"""Scopes of a Python text: which variable a name means where it stands, so that a parameter `x` is not a global `x`.

What is covered: functions, lambdas, classes, comprehensions, `global`. `nonlocal` needs nothing: such a name is local
further out. All files and cells of a submission share one module scope: a name of a helper file means the same.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any, NamedTuple

from autograder.sandbox.worker.matching import as_assignments

Key = tuple[int, str]
"""A variable: the number of its scope (0: the module's) and its name."""
Function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_OPENING = frozenset({*Function, ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})
BINDING = frozenset({ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom,
                     ast.MatchAs, ast.MatchStar, ast.MatchMapping, ast.ExceptHandler, ast.Global})  # fmt: skip
"""Kinds of nodes that may give names a value. What the parser makes is of just these types, so none is asked twice."""
_WITHIN = frozenset(["args", "body", "elt", "key", "value", "generators"])
_LEAVES = frozenset({ast.Name, ast.Constant, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Pass})
_PLAIN = frozenset({"ctx", "op", "ops", "id", "attr", "name", "arg", "kind", "type_comment", "conversion", "simple",
                    "is_async", "asname", "module", "level"})  # fmt: skip
"""Fields without anything in them that means something."""


class Scope:
    """A function, class or comprehension, or the whole module. `later`: its code runs when something is called.

    `function` is the name under which what is returned here is known, `owner` the class around a method.
    """

    def __init__(self, number: int, parent: Scope | None, kind: str, function: str = "", owner: str = "") -> None:
        self.number, self.parent, self.kind, self.function, self.owner = number, parent, kind, function, owner
        self.local: set[str] = set()
        self.shared: set[str] = set()
        self.later: bool = kind == "function" or (parent is not None and parent.later)

    def key(self, name: str) -> Key:
        """The variable that `name` means here."""
        scope: Scope = self
        while scope.parent is not None:
            if name in scope.shared:
                return 0, name
            if name in scope.local and (scope is self or scope.kind != "class"):
                return scope.number, name
            scope = scope.parent
        return 0, name

    def around(self) -> Scope:
        """This scope, or the one around a comprehension: where `:=` gives a name its value."""
        scope: Scope = self
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        return scope


class Place(NamedTuple):
    """A node and the scope in which it is evaluated; `inner` is the scope that it opens itself."""

    node: ast.AST
    scope: Scope
    inner: Scope | None


class Walker:
    """Walks statements, one after the other; parents come before what is in them. Numbers the scopes."""

    def __init__(self) -> None:
        self.module = Scope(0, None, "module")
        self._count = 0

    def walk(self, statements: list[ast.stmt], call: Place | None = None) -> list[Place]:
        """All nodes of some statements of the module; lone texts (docstrings) are left out.

        Args:
            statements: parsed.
            call: where they stand in a text that is run; they are told to be in its line.
        """
        module = Scope(0, None, "module") if call is not None else self.module
        module.later = call is not None and call.scope.later
        places: list[Place] = []
        stack: list[tuple[ast.AST, Scope]] = [(statement, module) for statement in reversed(statements)]
        while stack:
            node, scope = stack.pop()
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                continue
            if call is not None and hasattr(node, "lineno"):
                node.lineno = getattr(call.node, "lineno", 1)
            kind = type(node)
            if kind in BINDING:
                _bind(node, scope)
            if kind in _LEAVES:
                places.append(Place(node, scope, None))
                continue
            inner = self._opened(node, scope) if kind in _OPENING else None
            places.append(Place(node, scope, inner))
            parts = self._matched(node, scope) if isinstance(node, ast.Match) else _children(node, scope, inner)
            parts.reverse()
            stack += parts
        return places

    def _matched(self, node: ast.Match, scope: Scope) -> list[tuple[ast.AST, Scope]]:
        self._count += 1
        return [(part, scope) for part in (*as_assignments(node, self._count), *node.cases)]

    def _opened(self, node: ast.AST, scope: Scope) -> Scope:
        if isinstance(node, Function):
            owner = scope.function if scope.kind == "class" else ""
            return self._scope(scope, "function", function_name(node), owner)
        if isinstance(node, ast.ClassDef):
            return self._scope(scope, "class", node.name)
        return self._scope(scope, "comprehension", scope.function)

    def _scope(self, parent: Scope, kind: str, function: str, owner: str = "") -> Scope:
        self._count += 1
        return Scope(self._count, parent, kind, function, owner)


def function_name(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> str:
    """What a function is known by; a lambda by its place."""
    return f"λ{node.lineno}:{node.col_offset}" if isinstance(node, ast.Lambda) else node.name


def _children(node: ast.AST, scope: Scope, inner: Scope | None) -> list[tuple[ast.AST, Scope]]:
    """What stands directly in a node, with its scope: defaults, decorators and bases belong outside."""
    if isinstance(node, ast.NamedExpr):
        return [(node.target, scope.around()), (node.value, scope)]
    found: list[tuple[ast.AST, Scope]] = []
    kind: Any = type(node)
    for field in _fields(kind):
        value = getattr(node, field, None)
        within = inner if inner is not None and field in _WITHIN else scope
        if isinstance(value, list):
            found += [(item, within) for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.arguments):
            found += _parameters(value, scope, within)
        elif isinstance(value, ast.AST):
            found.append((value, within))
    return found


@lru_cache(maxsize=512)
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field for field in kind._fields if field not in _PLAIN)


def _parameters(node: ast.arguments, scope: Scope, within: Scope) -> list[tuple[ast.AST, Scope]]:
    found: list[tuple[ast.AST, Scope]] = []
    for argument in [*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg]:
        if argument is not None:
            within.local.add(argument.arg)
            if argument.annotation is not None:
                found.append((argument.annotation, scope))
    return found + [(default, scope) for default in [*node.defaults, *node.kw_defaults] if default is not None]


def _bind(node: ast.AST, scope: Scope) -> None:
    """Note the names that a node gives a value to."""
    if isinstance(node, ast.Global):
        scope.shared.update(node.names)
    scope.local.update(bound_by(node))


def bound_by(node: ast.AST) -> list[str]:
    """Names that this very node gives a value to, or takes it from."""
    if isinstance(node, ast.Name):
        return [] if type(node.ctx) is ast.Load else [node.id]
    if type(node) not in BINDING:
        return []
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [alias.asname or alias.name for alias in node.names]
        return [n.split(".")[0] for n in names if n != "*"]
    if isinstance(node, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)):
        return [node.name] if node.name else []
    if isinstance(node, ast.MatchMapping):
        return [node.rest] if node.rest else []
    return []
