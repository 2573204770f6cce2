"""Texts that are code without eval or exec: annotations that somebody evaluates, timeit, ForwardRef, consoles.

Nobody evaluates the annotations of most texts; they are code only where the text names something that does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from autograder.sandbox.worker.calls import RUN
from autograder.sandbox.worker.names import Names
from autograder.sandbox.worker.scopes import Place

EVALUATORS = frozenset({"get_type_hints", "get_annotations", "_evaluate", "eval_str", "ForwardRef", "_eval_type",
                        "evaluate_forward_ref"})  # fmt: skip
"""Whoever names one of these may evaluate annotations."""
REFERENCES = frozenset({"typing.ForwardRef", "annotationlib.ForwardRef", "typing_extensions.ForwardRef"})
TIMED = frozenset({"timeit.timeit", "timeit.repeat", "timeit.Timer"})
CONSOLES = frozenset({"runsource", "runcode", "eval_in_context"})
"""Methods of consoles that run a text."""
SHOWN = frozenset({"builtins.print", "builtins.repr", "builtins.str", "builtins.format", "builtins.len",
                   "builtins.ValueError", "builtins.TypeError", "builtins.AssertionError"})  # fmt: skip
"""Calls whose texts are for people."""
LITERAL = frozenset({"typing.Literal", "typing_extensions.Literal"})


def evaluates_annotations(places: Iterable[Place]) -> bool:
    """Whether a text names anything that evaluates annotations."""
    return any(not EVALUATORS.isdisjoint(_named(place.node)) for place in places)


def _named(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.ImportFrom):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):  # getattr(typing, "get_type_hints")
        return [node.value]
    return [keyword.arg or "" for keyword in node.keywords] if isinstance(node, ast.Call) else []


def code_in(node: ast.AST, names: Names, annotations: bool) -> frozenset[str]:
    """Texts that are run, or evaluated, where a node stands.

    Args:
        node: any node of a text.
        names: what names stand for there.
        annotations: whether annotations are evaluated.
    """
    if isinstance(node, ast.Call):
        return _of_call(node, names) | (_given_later(node, names) if annotations else frozenset())
    if not annotations:
        return frozenset()
    return frozenset(text for one in _annotations(node) for text in _texts(one, names)) | _set_later(node, names)


def _given_later(node: ast.Call, names: Names) -> frozenset[str]:
    """`NamedTuple("T", [("a", "np.mean")])`, `setattr(f, "__annotations__", {…})`: texts that calls are given."""
    if names.meaning(node.func).paths & SHOWN:
        return frozenset()
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return frozenset(text for one in given for text in names.meaning(one).texts)


def _of_call(node: ast.Call, names: Names) -> frozenset[str]:
    function = names.meaning(node.func).paths
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    given: list[ast.expr] = []
    if function & (RUN | REFERENCES) or method in CONSOLES:
        given = node.args[:1] or [k.value for k in node.keywords if k.arg in ("arg", "source")]
    if function & TIMED:
        given = [*node.args[:2], *(k.value for k in node.keywords if k.arg in ("stmt", "setup"))]
    return frozenset(text for one in given for text in names.meaning(one).texts)


def _annotations(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.AnnAssign):
        return [node.annotation]
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return []
    every = node.args
    arguments = [*every.posonlyargs, *every.args, *every.kwonlyargs, every.vararg, every.kwarg]
    found = [a.annotation for a in arguments if a is not None and a.annotation is not None]
    return found if node.returns is None else [*found, node.returns]


def _texts(node: ast.AST, names: Names) -> Iterator[str]:
    """Texts within an annotation; those of `Literal["mean"]` are only texts."""
    joined = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    if joined or isinstance(node, (ast.Constant, ast.Name, ast.JoinedStr)):
        yield from names.meaning(node).texts
    elif isinstance(node, ast.Subscript):
        base = names.meaning(node.value).paths
        if base and base <= LITERAL:
            return
    for part in ast.iter_child_nodes(node):
        yield from _texts(part, names)


def _set_later(node: ast.AST, names: Names) -> frozenset[str]:
    """`f.__annotations__ = {…}`, `f.__annotations__["x"] = …` and `{"__annotations__": {…}}`."""
    if isinstance(node, ast.Assign) and any(_is_annotations(target) for target in node.targets):
        return names.meaning(node.value).texts
    if isinstance(node, ast.Dict) and any("__annotations__" in names.meaning(key).texts for key in node.keys if key):
        return names.meaning(node).texts
    return frozenset()


def _is_annotations(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        node = node.value
    return "__annotations__" in _named(node)
