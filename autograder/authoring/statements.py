"""A module's top-level statements: which of them binds a name, and what each of them uses."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator
from functools import lru_cache

from autograder.values.parsing import tree_of

TRUSTED_PACKAGE = "autograder"


class Module:
    """A text's statements, with the index of the one that binds a name."""

    def __init__(self, source: str) -> None:
        self.body = tree_of(source).body
        self.owners = {name: index for index, statement in enumerate(self.body) for name in binds(statement)}
        self._uses: dict[int, list[str]] = {}

    def uses(self, index: int) -> list[str]:
        """Names that a statement needs, its decorators and annotations left out; sorted."""
        if index not in self._uses:
            self._uses[index] = sorted(_uses(self.body[index]))
        return self._uses[index]


@lru_cache(maxsize=64)
def known(source: str) -> Module:
    """The module of a text; the same one for the same text."""
    return Module(source)


def binds(statement: ast.stmt) -> set[str]:
    """Names that a top-level statement defines."""
    top = symtable.symtable(ast.unparse(statement), "cases.py", "exec")
    return {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}


def _uses(statement: ast.stmt) -> set[str]:
    return set(_referenced(symtable.symtable(ast.unparse(bare(statement)), "cases.py", "exec")))


def _referenced(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _referenced(inner)


def bare(statement: ast.stmt) -> ast.stmt:
    """A function without decorators, docstring and annotations; any other statement as it is."""
    if not isinstance(statement, ast.FunctionDef):
        return statement
    body = statement.body
    if ast.get_docstring(statement, clean=False) is not None:
        body = body[1:] or [ast.Pass()]
    arguments = tree_of(f"def f({ast.unparse(statement.args)}): pass").body[0]
    assert isinstance(arguments, ast.FunctionDef)
    for argument in ast.walk(arguments.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    made = tree_of("def f(): pass").body[0]
    assert isinstance(made, ast.FunctionDef)
    made.name, made.args, made.body = statement.name, arguments.args, body
    return made


def attributes(statements: Iterable[ast.stmt], module: str) -> tuple[set[str], bool]:
    """The names `x` of all `module.x`, and whether the module is ever named without one."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    owned = [
        n for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == module
    ]
    named = sum(isinstance(n, ast.Name) and n.id == module for n in nodes)
    return {n.attr for n in owned}, named > len(owned)
