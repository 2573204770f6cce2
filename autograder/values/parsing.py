"""Python's parser for threads: one text at a time.

Before Python 3.12 two threads that make syntax trees at once count each other's depth, and one of them ends with
`SystemError: AST constructor recursion depth mismatch` (python/cpython#106905).
"""

from __future__ import annotations

import ast
import threading
from typing import Literal, overload

_ONE_AT_A_TIME = threading.Lock()


@overload
def tree_of(text: str | bytes, mode: Literal["exec"] = "exec") -> ast.Module: ...


@overload
def tree_of(text: str | bytes, mode: Literal["eval"]) -> ast.Expression: ...


def tree_of(text: str | bytes, mode: str = "exec") -> ast.AST:
    """`ast.parse`, safe in threads.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(text, mode=mode)
