"""A digest of code: what a program does, without its comments, docstrings and layout."""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

from autograder.values.parsing import tree_of

PACKAGE = Path(__file__).parent.parent


@functools.cache
def code_digest(parts: tuple[str, ...], root: Path = PACKAGE) -> str:
    """sha256 over modules of the package.

    Args:
        parts: folders and files below `root`.
    """
    whole = hashlib.sha256()
    for path in files_of(parts, root):
        data = bare(path.read_text(encoding="utf-8")).encode()
        whole.update(f"{path.relative_to(root)}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()


def files_of(parts: Iterable[str], root: Path = PACKAGE) -> list[Path]:
    """The modules in these folders, and these files, in order."""
    found = {p for part in parts for p in ([root / part] if part.endswith(".py") else (root / part).rglob("*.py"))}
    return sorted(found)


def bare(text: str) -> str:
    """The code of a module without comments, docstrings and layout.

    >>> bare('\\"\\"\\"Doc.\\"\\"\\"\\nx = 1  # one')
    'x = 1'
    """
    tree = tree_of(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and _documented(node):
            node.body = node.body[1:]
    return ast.unparse(tree)


def _documented(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
