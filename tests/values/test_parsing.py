"""Threads that make syntax trees do not disturb each other, and whoever may run in a thread asks for them here."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.values.parsing import tree_of

PACKAGE = Path(__file__).parents[2] / "autograder"
ALONE = ("home/", "release/", "values/parsing.py", "sandbox/worker/")
"""What runs in one thread, or in a process of its own."""


def test_trees_of_many_threads_are_whole() -> None:
    text = "".join(
        f"def f{i}(x):\n    return [x + {i} for x in range(x)] if x else -({i} ** 2)\n\n" for i in range(200)
    )
    expected = ast.dump(ast.parse(text))
    with ThreadPoolExecutor(4) as pool:
        assert {ast.dump(tree) for tree in pool.map(tree_of, [text] * 24)} == {expected}


def test_it_is_the_parser() -> None:
    assert ast.dump(tree_of("1 + 1", "eval")) == ast.dump(ast.parse("1 + 1", mode="eval"))
    with pytest.raises(SyntaxError):
        tree_of("1 +")


def test_nobody_else_parses_in_threads() -> None:
    files = {str(p.relative_to(PACKAGE)): p.read_text() for p in PACKAGE.rglob("*.py")}
    assert [name for name, text in files.items() if "ast.parse(" in text and not name.startswith(ALONE)] == []
