"""Texts of a program that are written down, variables included: `part = "soft"` and later `part + "max"`."""

from __future__ import annotations

import ast
from typing import Any

from autograder.sandbox.worker.collecting import Collected
from autograder.sandbox.worker.meaning import NOTHING, Meaning, texts, union
from autograder.sandbox.worker.scopes import Key
from autograder.sandbox.worker.texts import Unknown, written

MOST_OPEN = 20


class Constants:
    """Reads expressions of a text; each is read once."""

    def __init__(self, collected: Collected) -> None:
        self._keys, self._only = collected.keys, collected.only
        self._known: dict[int, Meaning] = {}
        self._open: set[Key] = set()

    def of(self, node: ast.expr) -> Meaning:
        """The texts that an expression stands for; nothing where the program does not write them down."""
        known = self._known.get(id(node))
        if known is None and isinstance(node, ast.BinOp) and self._known.get(id(node.left)) is NOTHING:
            known = NOTHING  # a sum is no text when the sum before it is none
        if known is None:
            try:
                value = written(node, self._value)
            except Unknown:
                known = NOTHING
            else:
                known = union(map(constant, value)) if isinstance(value, (list, tuple)) else constant(value)
        self._known[id(node)] = known
        return known

    def _value(self, node: ast.Name) -> Any:
        """The value of a variable that gets one value in the whole text, which is written down."""
        key = self._keys.get(id(node), (0, node.id))
        value = self._only.get(key)
        if value is None or key in self._open or len(self._open) > MOST_OPEN:
            raise Unknown
        self._open.add(key)
        try:
            return written(value, self._value)
        finally:
            self._open.discard(key)


def constant(value: object) -> Meaning:
    """What a literal stands for."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return texts([value]) if isinstance(value, str) else NOTHING
