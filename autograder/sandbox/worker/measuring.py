"""A submission's text measured for the budgets of a milestone, and written anew without what no budget counts.

What runs in a milestone is what `ast.unparse` makes of the syntax tree without docstrings and annotations: comments,
layout and spellings of numbers are gone, so that data can only stand in constants and names, which are counted. Nothing
of the student's has run when this is asked for.

What is covered: nodes, characters of constants, characters of distinct names, and five names that turn text into code.
What is not covered: what the code does. The walls of a replay are two processes and a world that nobody has seen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import msgpack

from autograder.sandbox.worker.main_block import is_main_block

REFUSED = frozenset({"exec", "eval", "compile", "__import__", "open", "__builtins__"})
REFUSED_TEXTS = REFUSED - {"compile", "open"}
REFUSED_MODULES = frozenset({"builtins", "importlib"})
UNWRITTEN = (
    "the code cannot be written out again without its comments: it is nested too deep, holds a number of thousands of "
    "digits, or an f-string with too many quotes in each other"
)
_FREE = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
"""Nodes that every expression brings along."""


@dataclass(frozen=True)
class Measured:
    """What was measured. `problem` is a sentence where there is no such text; `refused` are names as they stand."""

    text: str = ""
    nodes: int = 0
    constants: int = 0
    names: int = 0
    statements: int = 0
    refused: tuple[str, ...] = ()
    problem: str = ""

    def to_bytes(self) -> bytes:
        """For the wire."""
        return bytes(msgpack.packb(asdict(self), unicode_errors="surrogatepass"))

    @staticmethod
    def from_bytes(data: bytes) -> Measured:
        """The reverse.

        Raises:
            ValueError: it is none.
        """
        try:
            table = msgpack.unpackb(data, unicode_errors="surrogatepass")
            found = Measured(**(table | {"refused": tuple(table["refused"])}))
        except (msgpack.UnpackException, ValueError, TypeError, KeyError) as error:
            raise ValueError(f"nothing measured: {error}") from None
        numbers = (found.nodes, found.constants, found.names, found.statements)
        if not all(type(n) is int for n in numbers) or not all(type(t) is str for t in (found.text, found.problem)):
            raise ValueError("nothing measured: wrong types")
        return found


def measure(pieces: Iterable[tuple[str, str | bytes]]) -> Measured:
    """Measure the pieces of a submission's top level: (label, source) in order."""
    body: list[ast.stmt] = []
    for label, source in pieces:
        try:
            body += [s for s in ast.parse(source).body if not _is_idle(s)]
        except SyntaxError as error:
            return Measured(problem=f"{label}, line {error.lineno}, is no Python: {error.msg}")
        except (ValueError, RecursionError, MemoryError):
            return Measured(problem=f"{label} is nested too deep, or has characters that no Python has")
    body.sort(key=lambda s: not (isinstance(s, ast.ImportFrom) and s.module == "__future__"))
    try:
        tree = _Bare().visit(ast.Module(body, []))
        text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        tree = ast.parse(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return Measured(problem=UNWRITTEN)
    nodes = [n for n in ast.walk(tree) if not isinstance(n, _FREE)]
    return Measured(
        text,
        len(nodes),
        sum(_length(n.value) for n in nodes if isinstance(n, ast.Constant)),
        sum(len(name) for name in {name for n in nodes for name in _names(n)}),
        sum(_counts_as_statement(n) for n in nodes),
        tuple(sorted({name for n in nodes for name in _refused(n)})),
    )


def _is_idle(statement: ast.stmt) -> bool:
    """What is under `if __name__ == "__main__":` never runs here."""
    return isinstance(statement, ast.If) and is_main_block(statement) and not statement.orelse


class _Bare(ast.NodeTransformer):
    """Drops docstrings, other bare constants, and the annotations of functions; those of variables stay and count."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            found = getattr(node, field, None)
            if isinstance(found, list):
                kept = [s for s in found if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
                setattr(node, field, kept or ([ast.Pass()] if found and field == "body" else []))
        return node

    def _function(self, node: Any) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """An argument without its annotation."""
        node.annotation = None
        return node


def _length(value: object) -> int:
    if value is None or isinstance(value, bool) or value is Ellipsis:
        return 0
    return len(value) if isinstance(value, (str, bytes)) else len(repr(value))


def _names(node: ast.AST) -> Iterator[str]:
    """Identifiers that a node holds itself."""
    for field in ("id", "attr", "arg", "name", "asname", "module", "rest"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            yield value
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names
    if isinstance(node, ast.MatchClass):
        yield from node.kwd_attrs


def _counts_as_statement(node: ast.AST) -> bool:
    """As the course counts them: imports and `pass` are free, a lambda is a function in disguise."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)):
        return False
    return isinstance(node, (ast.stmt, ast.Lambda))


def _refused(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and node.id in REFUSED:
        yield node.id
    elif isinstance(node, ast.Constant) and node.value in REFUSED_TEXTS:
        yield str(node.value)
    elif isinstance(node, ast.alias):
        if node.name.split(".")[0] in REFUSED_MODULES or node.name in REFUSED or node.asname in REFUSED:
            yield node.name
    elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in REFUSED_MODULES:
        yield str(node.module)
