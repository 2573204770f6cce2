"""What a text says at first sight: its variables, functions and classes, and where values flow; nothing is resolved."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from autograder.sandbox.worker.meaning import ATTRIBUTE, NOTHING, OWN, RETURNED, Meaning, Signature, path
from autograder.sandbox.worker.scopes import Function, Key, Place, Scope, function_name


class Collected:
    """Facts of a text, in the order of its statements.

    Attributes:
        env: what variables, attributes and results may stand for, whatever else happens.
        keys: the variable that each name in the text means, by the node's id.
        flows: values that go into variables; `taken`: names that are imported from a module.
        acts: calls, and values that go into attributes and containers.
        members, bases, functions: own classes and functions.
        only: the one value of a variable; None where it has several.
        unsure: variables that may stand for something that the text does not say.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        self.env: dict[Key, Meaning] = {}
        self.keys: dict[int, Key] = {}
        self.flows: list[tuple[tuple[Key, ...], ast.expr]] = []
        self.taken: list[tuple[Key, str, str]] = []
        self.acts: list[ast.Call | tuple[ast.expr, ast.expr]] = []
        self.members: dict[str, set[str]] = {}
        self.bases: dict[str, list[str]] = {}
        self.functions: dict[str, list[Signature]] = {}
        self.only: dict[Key, ast.expr | None] = {}
        self.unsure: set[Key] = set()
        for place in places:
            self._collect(place)

    def _add(self, key: Key, meaning: Meaning) -> None:
        self.env[key] = self.env.get(key, NOTHING).plus(meaning)

    def _collect(self, place: Place) -> None:
        node, scope, inner = place
        if isinstance(node, ast.Name):
            self.keys[id(node)] = key = scope.key(node.id)
            if not isinstance(node.ctx, ast.Load):
                self._stored(node.id, key, scope)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._imports(node, scope)
        elif isinstance(node, (*Function, ast.ClassDef)):
            assert inner is not None
            self._defines(node, scope, inner)
        elif isinstance(node, ast.Call):
            self.acts.append(node)
        elif isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) and node.value is not None:
            self.flows.append((((RETURNED, scope.function),), node.value))
        else:
            for target, value in assigned(node):
                self._assign(target, value, scope.around() if isinstance(node, ast.NamedExpr) else scope)

    def _stored(self, name: str, key: Key, scope: Scope) -> None:
        if key[0] == 0:
            self._add(key, path(f"{OWN}.{name}"))
        elif scope.kind == "class":
            self.members.setdefault(scope.function, set()).add(name)

    def _imports(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                target = alias.name if alias.asname else alias.name.split(".")[0]
                self.taken.append((scope.key(alias.asname or target), target, ""))
            elif alias.name != "*":
                module = OWN if node.level else str(node.module)
                self.taken.append((scope.key(alias.asname or alias.name), module, alias.name))

    def _defines(self, node: Any, scope: Scope, inner: Scope) -> None:
        name = node.name if isinstance(node, ast.ClassDef) else function_name(node)
        thing = path(f"{OWN}.{name}")
        if isinstance(node, ast.Lambda):
            self.flows.append((((RETURNED, name),), node.body))
        else:
            self._add(scope.key(name), thing)
        if scope.kind == "class":
            self.members.setdefault(scope.function, set()).add(name)
            self._add((ATTRIBUTE, name), thing)
        if isinstance(node, ast.ClassDef):
            self.members.setdefault(name, set())
            self.bases[name] = [base.id for base in node.bases if isinstance(base, ast.Name)]
        else:
            self._takes(name, node.args, inner)

    def _takes(self, name: str, node: ast.arguments, inner: Scope) -> None:
        given = [*node.posonlyargs, *node.args]
        keys = [(inner.number, argument.arg) for argument in given]
        only = [(inner.number, argument.arg) for argument in node.kwonlyargs]
        rest = tuple((inner.number, a.arg) for a in (node.vararg, node.kwarg) if a is not None)
        defaults = [*zip(keys[len(keys) - len(node.defaults) :], node.defaults, strict=True),
                    *((k, d) for k, d in zip(only, node.kw_defaults, strict=True) if d is not None)]  # fmt: skip
        self.flows += [((key,), default) for key, default in defaults]
        self.unsure.update(keys, only, rest)
        if inner.owner and keys:
            self._add(keys.pop(0), path(f"{OWN}.{inner.owner}()"))
        named = {key[1]: key for key in (*keys, *only)}
        self.functions.setdefault(name, []).append(Signature(tuple(keys), named, rest))

    def _assign(self, target: ast.expr, value: ast.expr, scope: Scope) -> None:
        if isinstance(target, (ast.Attribute, ast.Subscript)):
            self.acts.append((target, value))
        elif isinstance(target, ast.Name):
            key = scope.key(target.id)
            self.only[key] = None if key in self.only else value
            keys = (key, (ATTRIBUTE, target.id)) if scope.kind == "class" else (key,)
            self.flows.append((keys, value))


def assigned(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """Pairs (target, value) of whatever gives values, tuples taken apart; an element stands for its container."""
    if isinstance(node, ast.Assign):
        return [pair for target in node.targets for pair in _matched(target, node.value)]
    if isinstance(node, (ast.AnnAssign, ast.NamedExpr, ast.AugAssign)) and node.value is not None:
        return _matched(node.target, node.value)
    if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        return _matched(node.target, node.iter)
    if isinstance(node, ast.withitem) and node.optional_vars is not None:
        return _matched(node.optional_vars, node.context_expr)
    return []


def _matched(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Starred):
        return _matched(target.value, value)
    if not isinstance(target, (ast.Tuple, ast.List)):
        return [(target, value)]
    if isinstance(value, (ast.Tuple, ast.List)) and len(target.elts) == len(value.elts):
        return [pair for t, v in zip(target.elts, value.elts, strict=True) for pair in _matched(t, v)]
    return [pair for t in target.elts for pair in _matched(t, value)]
