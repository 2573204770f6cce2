"""Every error that the package raises on purpose, read off its text: what is wrong, and what mends it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from autograder import errors
from autograder.release.vendor import every_module, source_of
from autograder.values.parsing import tree_of

KINDS = tuple(n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, errors.AutograderError))
PROBLEM = "Problem"
"""What a gate of `verify` finds: where, what, fix."""
_MODELS = ("autograder.spec.", "autograder.grading.misconceptions", "autograder.verify.allowed")


@dataclass(frozen=True)
class Fault:
    """An error of the package: its class, where it is raised, its text and its fix; … for what differs."""

    kind: str
    module: str
    what: str
    fix: str


def faults() -> tuple[Fault, ...]:
    """All of them, in the order of the modules' names."""
    return tuple(dict.fromkeys(fault for module in every_module() for fault in _of(module)))


def _of(module: str) -> Iterator[Fault]:
    tree = tree_of(source_of(module))
    _name_texts(tree)
    for node in ast.walk(tree):
        if module.startswith(_MODELS):
            yield from _of_models(module, node)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        kind = node.func.id
        if kind not in KINDS and kind != PROBLEM:
            continue
        given = {k.arg: k.value for k in node.keywords if k.arg}
        given |= dict(zip(("where", "what", "fix") if kind == PROBLEM else ("what",), node.args, strict=False))
        what = _text(given.get("what"))
        if not what.strip("… :`"):
            continue  # it passes on what another one says
        expected = _text(given.get("expected"))
        fix = _text(given.get("fix")) or (f"expected: {expected}" if expected else "")
        yield Fault(kind, module, what, "" if not fix.strip("… :`") else fix)


def _name_texts(tree: ast.Module) -> None:
    """Names that stand for a text, as `fix = f"move it to {place}"`, give way to it where only one text is meant."""
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        said: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                said.setdefault(node.targets[0].id, []).append(node.value)
        for keyword in (k for n in ast.walk(function) if isinstance(n, ast.Call) for k in n.keywords):
            texts = said.get(keyword.value.id, []) if isinstance(keyword.value, ast.Name) else []
            if len(texts) == 1 and isinstance(texts[0], (ast.Constant, ast.JoinedStr, ast.IfExp)):
                keyword.value = texts[0]


def _of_models(module: str, node: ast.AST) -> Iterator[Fault]:
    """What the models of TOML files say: errors that pydantic hands on, and sentences of `_faults`."""
    said = node.value if isinstance(node, ast.Yield) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ValueError" and node.args:
        said = node.args[0]
    if isinstance(said, (ast.Constant, ast.JoinedStr, ast.BinOp)) and _text(said).strip("… :`"):
        yield Fault("SpecError", module, _text(said), "")


def _text(node: ast.expr | None) -> str:
    """A text as it is printed, … for each part that is not known before."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(v) if isinstance(v, ast.Constant) else "…" for v in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    if isinstance(node, ast.IfExp):
        return _text(node.body) or _text(node.orelse)
    return "" if node is None else "…"
