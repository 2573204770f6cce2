"""What a submission's text uses, statement by statement: read once, asked for each question's forbidden names."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.sandbox.wire.index import BARE, METHOD, PATH, Index, Unit, Use
from autograder.sandbox.worker.names import Names, constant

OWN = ("self", "cls")
LINE_CAP = 120
DEEPEST = 20_000
"""Python compiles expressions that are nested deeper than its own recursion limit."""
Function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Text:
    """A piece of the submission: its label for messages (`backprop.py`, `cell 4`) and its Python text."""

    label: str
    source: str | bytes


def index_of(texts: Sequence[Text]) -> Index:
    """Read the texts of a submission, one walk over each top-level statement."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST))
    try:
        return _index_of(texts)
    finally:
        sys.setrecursionlimit(limit)


def _index_of(texts: Sequence[Text]) -> Index:
    parsed = [(text, tree) for text in texts if (tree := _parsed(text.source)) is not None]
    statements = [(text, statement, list(ast.walk(statement))) for text, tree in parsed for statement in tree.body]
    nodes = [node for _, _, inside in statements for node in inside]
    names = Names(nodes)
    functions = frozenset(n.name for n in nodes if isinstance(n, Function))
    methods = frozenset(f.name for c in nodes if isinstance(c, ast.ClassDef) for f in c.body if isinstance(f, Function))
    lines = {text.label: _lines(text.source) for text, _ in parsed}
    units = [
        _unit(text.label, statement, inside, names, lines[text.label])
        for text, statement, inside in statements
        if not _is_main_block(statement)
    ]
    return Index(tuple(units), frozenset(names.starred), functions, methods)


@lru_cache(maxsize=256)
def mentions_of(source: str) -> frozenset[str]:
    """Every name, attribute and short text in a Python text; none where it does not parse."""
    tree = _parsed(source)
    return _mentions(list(ast.walk(tree))) if tree is not None else frozenset()


def _parsed(source: str | bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _lines(source: str | bytes) -> list[str]:
    text = source.decode(errors="replace") if isinstance(source, bytes) else source
    return [line.strip()[:LINE_CAP] for line in text.split("\n")]


def _is_main_block(statement: ast.stmt) -> bool:
    """`if __name__ == "__main__":`, which never runs here: what it trains or draws is no answer."""
    return (
        isinstance(statement, ast.If)
        and not statement.orelse
        and ast.unparse(statement.test) == "__name__ == '__main__'"
    )


def _unit(label: str, statement: ast.stmt, inside: list[ast.AST], names: Names, lines: list[str]) -> Unit:
    def use(line: int, kind: int, name: str) -> Use:
        return Use(line, kind, name, lines[line - 1] if line <= len(lines) else "")

    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        binds = frozenset((a.asname or a.name).split(".")[0] for a in statement.names)
        module = statement.module if isinstance(statement, ast.ImportFrom) else ""
        brought = [f"{module}.{alias.name}" for alias in statement.names if module]
        return Unit(label, binds, frozenset(), tuple(use(statement.lineno, PATH, path) for path in brought))
    binds = _binds(statement, inside)
    # A bare `print(torch.softmax(x))` is a try-out, not an answer.
    tried = {id(n.func) for n in inside if isinstance(n, ast.Call)} if not binds else set()
    found = dict.fromkeys(
        (node.lineno, kind, name)
        for node in inside
        if isinstance(node, ast.expr) and id(node) not in tried
        for kind, name in _used(node, names)
    )
    return Unit(label, binds, _mentions(inside), tuple(use(*key) for key in found))


def _used(node: ast.expr, names: Names) -> Iterator[tuple[int, str]]:
    dotted = names.resolve(node)
    if dotted is not None:
        yield PATH, dotted
    elif isinstance(node, ast.Name):
        yield BARE, node.id
    elif isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id in OWN):
        yield METHOD, node.attr


def _binds(statement: ast.stmt, inside: list[ast.AST]) -> frozenset[str]:
    """Names that a top-level statement gives a value to."""
    if isinstance(statement, Function):
        return frozenset({statement.name})
    names = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return frozenset(names | {n.name for n in inside if isinstance(n, Function)})


def _mentions(nodes: list[ast.AST]) -> frozenset[str]:
    found: set[str] = set()
    for part in nodes:
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.expr) and (text := constant(part)) is not None and text.isidentifier():
            found.add(text)
    return frozenset(found)
