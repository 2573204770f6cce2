"""A top-level statement: the names that it binds, what it may change besides, what it mentions, when it runs."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograder.sandbox.worker.calls import RUN, changes
from autograder.sandbox.worker.meaning import OWN, instance_of, is_library, own_name
from autograder.sandbox.worker.names import FOLDED, Names
from autograder.sandbox.worker.scopes import BINDING, Place, bound_by

POWERS = frozenset({
    "ctypes", "settrace", "setprofile", "_getframe", "currentframe", "f_globals", "f_locals", "f_back",
    "__subclasses__", "__closure__", "cell_contents", "get_referrers", "get_referents", "get_objects", "runpy",
    "run_path", "run_module", "SourceFileLoader", "spec_from_file_location", "spec_from_loader", "exec_module",
    "zipimport", "zipimporter", "meta_path", "path_hooks", "CodeType", "co_names", "co_code", "co_consts",
})  # fmt: skip
"""Whoever mentions one of these may change, or load, what no reading of the text can see."""
UNREADABLE = frozenset({"pickle.loads", "pickle.load", "marshal.loads", "marshal.load", "types.CodeType"})
"""Calls that make functions of bytes."""
BLIND_LOOKUPS = ("builtins.getattr", "inspect.getattr_static", "operator.attrgetter", "operator.methodcaller",
                 "importlib.import_module", "builtins.__import__")  # fmt: skip

_SAYING = frozenset({ast.Name, ast.Attribute, ast.Constant, ast.Import, ast.ImportFrom, *FOLDED})
_CHANGING = frozenset({ast.Attribute, ast.Subscript, ast.Call, ast.AugAssign})


@dataclass
class Facts:
    """What a statement does to names.

    Attributes:
        binds: global names that get a value when the statement is run.
        changes: global names that get another value, or other contents, when what it defines is called.
        mentions: names and attributes that it may lead to.
        acts: it may change anything when it is run; `power`: when what it defines is called.
        blind: nodes that look something up, or run something, that the text does not say.
    """

    binds: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)
    stars: set[str] = field(default_factory=set)
    acts: bool = False
    power: bool = False
    blind: list[ast.expr] = field(default_factory=list)


def facts_of(places: Sequence[Place], names: Names) -> Facts:
    """Read a statement."""
    facts = Facts()
    for place in places:
        node = place.node
        kind = type(node)
        if kind in BINDING:
            _binds(facts, place)
        if kind in _SAYING:
            _mentions(facts, place, names)
        if kind in _CHANGING and type(getattr(node, "ctx", None)) is not ast.Load:
            for base, keys in changes(names, node):
                _changes(facts, place, names, base, keys)
        if isinstance(node, ast.Call) and _is_blind(node, names):
            facts.blind.append(node)
            if runs_texts(node, names) or any(k.arg in POWERS for k in node.keywords):
                _may_do_anything(facts, place)
    return facts


def _may_do_anything(facts: Facts, place: Place) -> None:
    if place.scope.later:
        facts.power = True
    else:
        facts.acts = True


def _binds(facts: Facts, place: Place) -> None:
    node, scope, _ = place
    if isinstance(node, ast.Name) and type(node.ctx) is ast.Load:
        return
    found = {name for name in bound_by(node) if scope.key(name)[0] == 0}
    (facts.changes if scope.later else facts.binds).update(found)
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        facts.stars.add(OWN if node.level or not node.module else node.module)


def _mentions(facts: Facts, place: Place, names: Names) -> None:
    node = place.node
    if isinstance(node, ast.Name):
        if names.keys[id(node)][0] == 0 and isinstance(node.ctx, ast.Load):
            facts.mentions.add(node.id)
    elif isinstance(node, ast.Attribute):
        facts.mentions.add(node.attr)
    elif isinstance(node, ast.ImportFrom):
        facts.mentions.update(alias.name for alias in node.names)
    elif isinstance(node, ast.expr):
        facts.mentions.update(text for text in names.meaning(node).texts if text.isidentifier())
        return
    if not POWERS.isdisjoint(_words(node)):
        _may_do_anything(facts, place)


def _words(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.Import):
        return [part for alias in node.names for part in alias.name.split(".")]
    if isinstance(node, ast.ImportFrom):
        return [*str(node.module).split("."), *(alias.name for alias in node.names)]
    return []


def _changes(facts: Facts, place: Place, names: Names, base: ast.expr, keys: frozenset[str]) -> None:
    """`base` gets other contents under some keys: which global names may mean something else then?"""
    found = set()
    root = _root(base)
    if root is not None and names.keys.get(id(root), (0, root.id))[0] == 0:
        found.add(root.id)
    for dotted in names.meaning(base).paths:
        if dotted == OWN and not keys:
            _may_do_anything(facts, place)
        elif dotted == OWN or is_library(dotted):
            found |= keys
        elif not instance_of(dotted):
            found.add(own_name(dotted))
    (facts.changes if place.scope.later else facts.binds).update(found - {""})


def _root(node: ast.expr) -> ast.Name | None:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def _is_blind(node: ast.Call, names: Names) -> bool:
    """Whether a library's name is looked up, or a text run, that is put together where nobody can read it."""
    if runs_texts(node, names):
        return not names.meaning(node.args[0]).texts
    function = names.meaning(node.func).paths
    if function & UNREADABLE or any(k.arg in POWERS for k in node.keywords):
        return True
    if not node.args or not function.intersection(BLIND_LOOKUPS):
        return False
    if "builtins.getattr" in function or "inspect.getattr_static" in function:
        base = names.meaning(node.args[0]).paths
        return len(node.args) > 1 and not names.meaning(node.args[1]).texts and any(map(is_library, base))
    return not names.meaning(node.args[0]).texts


def runs_texts(node: ast.Call, names: Names) -> bool:
    """Whether a call runs, or compiles, a text."""
    return bool(node.args) and bool(names.meaning(node.func).paths & RUN)
