"""Probes cut out of cases.py: the source that goes into the sandbox, and nothing beside it.

A worker gets the probes of its own cases with the helpers, constants and imports that they name, and no check, no
decorator, no other case and no trusted module. So what a student's code can find beside it is only how it is called.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from autograder.errors import CasesError

TRUSTED_PACKAGE = "autograder"


def extract_probes(source: str, names: Iterable[str], trusted: Collection[str] = (), where: str = "cases.py") -> str:
    """Source that defines the probes `names` and all they need.

    Args:
        source: text of cases.py.
        names: names of probe functions.
        trusted: names of modules that only checks may use.

    Raises:
        CasesError: a probe names a check or a trusted module.
    """
    return _extracted(source, tuple(names), frozenset(trusted), where)


@lru_cache(maxsize=256)  # every submission of a class asks for the same ones
def _extracted(source: str, names: tuple[str, ...], trusted: frozenset[str], where: str) -> str:
    known = _known(source)
    body, owners = known.body, known.owners
    wanted: dict[int, str] = {}
    queue = [(name, name) for name in names]
    seen: set[str] = set()
    while queue:
        name, probe = queue.pop()
        if name in seen or name not in owners:
            continue
        seen.add(name)
        _refuse_trusted(body[owners[name]], name, probe, trusted, where)
        wanted[owners[name]] = name
        queue.extend((used, probe) for used in known.uses(owners[name]))
    kept = [_kept(body[i], seen) for i in sorted(wanted)]
    return "\n\n".join(ast.unparse(s) for s in kept) + "\n"


class _Known:
    """A text's top-level statements, which of them binds a name, and what each of them uses."""

    def __init__(self, source: str) -> None:
        self.body = ast.parse(source).body
        self.owners = {name: index for index, statement in enumerate(self.body) for name in binds(statement)}
        self._uses: dict[int, list[str]] = {}

    def uses(self, index: int) -> list[str]:
        """Names that a statement needs, sorted."""
        if index not in self._uses:
            self._uses[index] = sorted(_uses(self.body[index]))
        return self._uses[index]


@lru_cache(maxsize=4)
def _known(source: str) -> _Known:
    return _Known(source)


def binds(statement: ast.stmt) -> set[str]:
    """Names that a top-level statement defines."""
    top = symtable.symtable(ast.unparse(statement), "cases.py", "exec")
    return {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}


def _uses(statement: ast.stmt) -> set[str]:
    """Global names that a statement needs, its decorators and annotations left out."""
    if isinstance(statement, ast.FunctionDef):
        statement = _bare(statement)
    return set(_referenced(symtable.symtable(ast.unparse(statement), "cases.py", "exec")))


def _referenced(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _referenced(inner)


def _bare(function: ast.FunctionDef) -> ast.FunctionDef:
    """The function without decorators, docstring and annotations."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:] or [ast.Pass()]
    arguments = ast.parse(f"def f({ast.unparse(function.args)}): pass").body[0]
    assert isinstance(arguments, ast.FunctionDef)
    for argument in ast.walk(arguments.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    bare = ast.parse("def f(): pass").body[0]
    assert isinstance(bare, ast.FunctionDef)
    bare.name, bare.args, bare.body = function.name, arguments.args, body
    return bare


def _kept(statement: ast.stmt, seen: set[str]) -> ast.stmt:
    """A statement as it goes into the sandbox."""
    if isinstance(statement, ast.FunctionDef):
        return _bare(statement)
    if isinstance(statement, ast.Import):
        return ast.Import([a for a in statement.names if (a.asname or a.name).split(".")[0] in seen])
    if isinstance(statement, ast.ImportFrom):
        used = [a for a in statement.names if (a.asname or a.name) in seen]
        return ast.ImportFrom(statement.module, used, statement.level)
    return statement


def _refuse_trusted(statement: ast.stmt, name: str, probe: str, trusted: Collection[str], where: str) -> None:
    modules: list[str] = []
    if isinstance(statement, ast.Import):
        modules = [a.name for a in statement.names if (a.asname or a.name).split(".")[0] == name]
    elif isinstance(statement, ast.ImportFrom):
        modules = [statement.module or "."]
    for module in modules:
        if module.split(".")[0] in {TRUSTED_PACKAGE, *trusted}:
            raise CasesError(
                f"the probe `{probe}` uses `{name}` of `{module}`, which only checks may use",
                where=f"{where}:{statement.lineno}",
                fix="return the values and compute with them in the case's check",
            )
