"""Forbidden names in a submission's text, found where the functions of this question can reach them.

What is covered: aliases, `from … import … as`, star imports, getattr and `__dict__` with constants, a torch function
under its sister names (`torch.softmax`, `torch.nn.functional.softmax`, `x.softmax(…)`).
What is not covered: `eval`, names put together at run time. The operators that ran are kept as evidence instead.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from autograder.sandbox.names import Names, constant

SISTERS = ("torch", "torch.nn.functional", "torch.special", "torch.Tensor", "torch._C._nn",
           "torch._C._VariableFunctions", "torch.ops.aten")  # fmt: skip
MOST_FINDINGS = 8
Function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Text:
    """A piece of the submission: its label for messages (`backprop.py`, `cell 4`) and its Python text."""

    label: str
    source: str | bytes


@dataclass(frozen=True)
class _Unit:
    """A top-level statement and the names that it binds. Only those that are reached are looked into."""

    text: Text
    statement: ast.stmt
    binds: frozenset[str]

    def mentions(self) -> frozenset[str]:
        """Names that it may lead to."""
        plain = isinstance(self.statement, (ast.Import, ast.ImportFrom))
        return frozenset() if plain else _mentions(self.statement)


def find_forbidden(texts: Sequence[Text], probes: str, forbidden: Sequence[str]) -> list[str]:
    """A sentence for each use of a forbidden name by code that `probes` may call.

    Args:
        texts: the submission; what does not parse is passed over (it will not run either).
        probes: source of the question's probes.
        forbidden: dotted names such as `torch.nn.functional.softmax`; a module's name stands for all in it.
    """
    if not forbidden:
        return []
    parsed = [(text, tree) for text in texts if (tree := _parsed(text.source)) is not None]
    names = Names(tree for _, tree in parsed)
    nodes = [node for _, tree in parsed for node in ast.walk(tree)]
    functions = {n.name for n in nodes if isinstance(n, Function)}
    methods = {f.name for c in nodes if isinstance(c, ast.ClassDef) for f in c.body if isinstance(f, Function)}
    scan = _Scan(names, forbidden, functions, methods)
    units = [_Unit(text, s, _binds(s)) for text, tree in parsed for s in tree.body if not _is_main_block(s)]
    reached = _reached(units, _mentions(_parsed(probes) or ast.Module([], [])))
    return list(islice((finding for unit in reached for finding in scan.findings(unit)), MOST_FINDINGS))


def _is_main_block(statement: ast.stmt) -> bool:
    """`if __name__ == "__main__":`, which never runs here: what it trains or draws is no answer."""
    return (
        isinstance(statement, ast.If)
        and not statement.orelse
        and ast.unparse(statement.test) == "__name__ == '__main__'"
    )


def _parsed(source: str | bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _mentions(node: ast.AST) -> frozenset[str]:
    """Every name, attribute and short text in `node`."""
    found: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.expr) and (text := constant(part)) is not None and text.isidentifier():
            found.add(text)
    return frozenset(found)


def _reached(units: Sequence[_Unit], roots: Iterable[str]) -> list[_Unit]:
    """Units that the roots lead to, and those that bind no name (they act when the module is loaded)."""
    wanted, queue = set(roots), list(roots)
    kept = {i for i, unit in enumerate(units) if not unit.binds}
    while queue:
        name = queue.pop()
        for index, unit in enumerate(units):
            if name in unit.binds and index not in kept:
                kept.add(index)
                mentions = unit.mentions()
                queue += mentions - wanted
                wanted |= mentions
    return [units[i] for i in sorted(kept)]


class _Scan:
    """Looks for the forbidden names of one question."""

    def __init__(self, names: Names, forbidden: Sequence[str], functions: set[str], methods: set[str]) -> None:
        self.names, self.own_functions, self.own_methods = names, functions, methods
        self.families = {name: family(name) for name in forbidden}

    def findings(self, unit: _Unit) -> Iterator[str]:
        """Uses in one top-level statement. A bare `print(torch.softmax(x))` is a try-out, not an answer."""
        statement = unit.statement
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return self._imported(unit.text, statement)
        tried = {id(n.func) for n in ast.walk(statement) if isinstance(n, ast.Call)} if not unit.binds else set()
        return self._uses(unit.text, statement, tried)

    def _imported(self, text: Text, statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
        """A forbidden function that is imported under the name of the answer."""
        module = statement.module if isinstance(statement, ast.ImportFrom) else ""
        for alias in statement.names if module else ():
            name = self._matching(f"{module}.{alias.name}")
            if name is not None:
                yield self._sentence(text, name, statement.lineno)

    def _uses(self, text: Text, statement: ast.stmt, tried: set[int]) -> Iterator[str]:
        seen: set[tuple[int, str]] = set()
        for node in ast.walk(statement):
            name = self._forbidden(node) if isinstance(node, ast.expr) and id(node) not in tried else None
            if name is None or not isinstance(node, ast.expr) or (node.lineno, name) in seen:
                continue
            seen.add((node.lineno, name))
            yield self._sentence(text, name, node.lineno)

    @staticmethod
    def _sentence(text: Text, name: str, line: int) -> str:
        source = text.source.decode(errors="replace") if isinstance(text.source, bytes) else text.source
        lines = source.split("\n")
        code = lines[line - 1].strip()[:120] if line <= len(lines) else ""
        return f"`{name}` may not be used in this question ({text.label}, line {line}: `{code}`)"

    def _matching(self, dotted: str) -> str | None:
        """The forbidden name that a dotted path falls under."""
        plain = dotted.removeprefix("builtins.")
        for name, (paths, _) in self.families.items():
            if any(plain == path or plain.startswith(path + ".") for path in paths):
                return name
        return None

    def _forbidden(self, node: ast.expr) -> str | None:
        """The forbidden name that `node` is, if any."""
        dotted = self.names.resolve(node)
        if isinstance(node, ast.Name) and dotted is None:
            return self._bare(node.id)
        if dotted is not None:
            return self._matching(dotted)
        for name, (_, method) in self.families.items():
            if isinstance(node, ast.Attribute) and node.attr == method and self._foreign(node):
                return name
        return None

    def _bare(self, name: str) -> str | None:
        """A builtin, or what a star import brought in."""
        for forbidden, (paths, _) in self.families.items():
            if name in self.own_functions:
                break
            if forbidden == name or any(f"{module}.{name}" in paths for module in self.names.starred):
                return forbidden
        return None

    def _foreign(self, node: ast.Attribute) -> bool:
        """Whether this attribute is not one of the submission's own."""
        own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        return not own and node.attr not in self.own_methods


def family(name: str) -> tuple[tuple[str, ...], str]:
    """All dotted paths that mean `name`, and the method of a tensor that does ("" for none).

    >>> family("numpy.linalg.inv")
    (('numpy.linalg.inv',), '')
    """
    parent, _, last = name.rpartition(".")
    if parent in SISTERS:
        return tuple(f"{sister}.{last}" for sister in SISTERS), last
    return (name,), ""


def _binds(statement: ast.stmt) -> frozenset[str]:
    """Names that a top-level statement gives a value to."""
    if isinstance(statement, Function):
        return frozenset({statement.name})
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return frozenset((a.asname or a.name).split(".")[0] for a in statement.names)
    names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    inner = {n.name for n in ast.walk(statement) if isinstance(n, Function)}
    return frozenset(names | inner)
