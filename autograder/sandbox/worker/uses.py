"""What a submission's text uses, statement by statement: read once, asked for each question's forbidden names."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.sandbox.wire.index import ACTS, BARE, BLIND, FIRM, METHOD, PATH, POWER, RUNS, Index, Unit, Use
from autograder.sandbox.worker.calls import GETTER, handed_on, is_formula, looks_up
from autograder.sandbox.worker.evaluated import code_in, evaluates_annotations
from autograder.sandbox.worker.main_block import after_main_block, is_main_block, touched
from autograder.sandbox.worker.meaning import BUILTINS, Meaning, leads_out
from autograder.sandbox.worker.names import LIBRARIES, Names
from autograder.sandbox.worker.scopes import Function, Place, Walker
from autograder.sandbox.worker.statements import Facts, facts_of
from autograder.values.parsing import tree_of

LINE_CAP = 120
DEEPEST = 20_000
"""Python compiles expressions that are nested deeper than its own recursion limit."""
MOST_CODE, CODE_IN_CODE, MOST_FORMULA = 64_000, 3, 2_000
MOST_MODULES = 5_000
SWEEPS = frozenset({"builtins.vars", "builtins.dir", "inspect.getmembers"})
"""Calls that give all of a library's names, to pick one of."""
FIRMLY = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Text:
    """A piece of the submission: its label for messages (`backprop.py`, `cell 4`) and its Python text."""

    label: str
    source: str | bytes


@dataclass
class Statement:
    """A top-level statement, and what is in it; code that it runs as a text belongs to it."""

    label: str
    node: ast.stmt
    places: list[Place]


def index_of(texts: Sequence[Text]) -> Index:
    """Read the texts of a submission."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST))
    try:
        return _index_of(texts)
    finally:
        sys.setrecursionlimit(limit)


def _index_of(texts: Sequence[Text]) -> Index:
    walker = Walker()
    parsed = [(text, tree) for text in texts if (tree := _parsed(text.source)) is not None]
    statements = [Statement(text.label, s, walker.walk([s])) for text, tree in parsed for s in tree.body]
    names = _names(statements, texts)
    code, deep = _Code(walker), 0
    while code.found(statements, names) and deep < CODE_IN_CODE:
        names, deep = _names(statements, texts), deep + 1
    if deep == CODE_IN_CODE or code.left < 0:
        names = _names(statements, texts)
        names.tangled = True
    read = [(s, facts_of(s.places, names)) for s in statements]
    blocks = any(isinstance(s.node, ast.If) and is_main_block(s.node) for s in statements)
    if blocks and not touched(((s.node, s.places, facts) for s, facts in read), names):
        read = [kept for one in read if (kept := _without_main_block(*one, names)) is not None]
    bound = {name for _, facts in read for name in facts.binds | facts.changes}
    starred = any(facts.stars for _, facts in read)
    lines = {text.label: _lines(text.source) for text, _ in parsed}
    units = [_unit(s, facts, _Uses(names, bound, starred), lines[s.label]) for s, facts in read]
    return Index(tuple(units), names.tangled)


def _names(statements: Sequence[Statement], texts: Sequence[Text]) -> Names:
    return Names([place for s in statements for place in s.places], _modules(texts))


def _without_main_block(statement: Statement, facts: Facts, names: Names) -> tuple[Statement, Facts] | None:
    if not isinstance(statement.node, ast.If) or not is_main_block(statement.node):
        return statement, facts
    left = after_main_block(statement.node, statement.places)
    return (Statement(statement.label, statement.node, left), facts_of(left, names)) if left else None


def _modules(texts: Sequence[Text]) -> set[str]:
    """Names under which the submission's own files can be imported."""
    paths = [text.label.removesuffix(".py").split("/") for text in texts if text.label.endswith(".py")]
    paths = [parts[start:] for parts in paths for start in range(len(parts))][:MOST_MODULES]
    found = {".".join(parts[:n]) for parts in paths for n in range(1, len(parts) + 1)}
    return {name for name in found if name.partition(".")[0] not in (*sys.stdlib_module_names, *LIBRARIES)}


@lru_cache(maxsize=256)
def mentions_of(source: str) -> frozenset[str]:
    """The names of the student's that probes may ask for: whatever is free in a Python text, and attributes."""
    tree = _parsed(source)
    if tree is None:
        return frozenset()
    places = Walker().walk(tree.body)
    return frozenset(facts_of(places, Names(places)).mentions)


def _parsed(source: str | bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tree_of(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _lines(source: str | bytes) -> list[str]:
    text = source.decode(errors="replace") if isinstance(source, bytes) else source
    return [line.strip()[:LINE_CAP] for line in text.split("\n")]


class _Code:
    """Code that a text runs as a text: it is put where it is run. `left` is how much of it will be read."""

    def __init__(self, walker: Walker) -> None:
        self.walker, self.left = walker, MOST_CODE
        self.ran: set[tuple[int, str]] = set()

    def found(self, statements: Sequence[Statement], names: Names) -> bool:
        """Take in what is new; whether there was any."""
        before = len(self.ran)
        annotations = evaluates_annotations(place for statement in statements for place in statement.places)
        for statement in statements:
            for place in list(statement.places):
                for text in sorted(code_in(place.node, names, annotations)):
                    self._take(statement, place, text)
        return len(self.ran) > before

    def _take(self, statement: Statement, call: Place, text: str) -> None:
        if (id(call.node), text) in self.ran:
            return
        self.left -= len(text)
        tree = _parsed(text.strip()) if self.left >= 0 else None
        if tree is not None:
            self.ran.add((id(call.node), text))
            statement.places += self.walker.walk(tree.body, call)


def _unit(statement: Statement, facts: Facts, uses: _Uses, lines: list[str]) -> Unit:
    node = statement.node
    found = dict.fromkeys(
        (getattr(place.node, "lineno", 1), kind, name)
        for place in statement.places
        for kind, name in uses.of(place, facts.mentions)
    )
    found |= dict.fromkeys((node.lineno, BLIND, "") for node in facts.blind)
    flags = FIRM * isinstance(node, FIRMLY) | ACTS * facts.acts | POWER * facts.power
    if not isinstance(node, (ast.Import, ast.ImportFrom, *Function)) or getattr(node, "decorator_list", []):
        flags |= RUNS
    read = tuple(Use(line, kind, name, lines[line - 1] if line <= len(lines) else "") for line, kind, name in found)
    binds, changes = frozenset(facts.binds), frozenset(facts.changes)
    return Unit(statement.label, binds, changes, frozenset(facts.mentions), frozenset(facts.stars), read, flags)


class _Uses:
    """Tells what a node uses. `bound` are the text's own global names, `starred` whether it imports with a star."""

    def __init__(self, names: Names, bound: set[str], starred: bool) -> None:
        self.names, self.bound, self.starred = names, bound, starred

    def of(self, place: Place, mentions: Collection[str]) -> Iterator[tuple[int, str]]:
        """Pairs (kind, name). `mentions` is all that the statement names: any of it may be picked out of a library."""
        node = place.node
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((PATH, f"{node.module}.{a.name}") for a in node.names if a.name != "*")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from self._name(node)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield from self._paths(node)
            base = self.names.meaning(node.value)
            if node.attr == "__dict__":
                yield from _picked(base, mentions)
            if not self.names.sure(node) and not self.names.is_own_method(base, node.attr):
                yield METHOD, node.attr
        elif isinstance(node, (ast.Call, ast.Subscript)):
            yield from self._paths(node)
            if isinstance(node, ast.Call):
                yield from self._call(node)
                if not self.names.meaning(node.func).paths.isdisjoint(SWEEPS) and node.args:
                    yield from _picked(self.names.meaning(node.args[0]), mentions)

    def _paths(self, node: ast.expr) -> Iterator[tuple[int, str]]:
        for dotted in self.names.meaning(node).paths:
            if "." in dotted and not dotted.startswith("<"):
                yield PATH, dotted

    def _name(self, node: ast.Name) -> Iterator[tuple[int, str]]:
        yield from (use for use in self._paths(node) if use[1] != BUILTINS + node.id)
        if self.names.keys[id(node)][0] == 0 and (node.id not in self.bound or self.starred):
            yield BARE, node.id

    def _call(self, node: ast.Call) -> Iterator[tuple[int, str]]:
        """Names in texts: getattr of something unknown, attrgetter, formulas of sympy."""
        function, arguments = self.names.meaning(node.func), node.args
        if looks_up(function, node.func):
            base = self.names.meaning(arguments[0] if len(arguments) > 1 else node.func)
            for text in self.names.meaning(arguments[min(1, len(arguments) - 1)]).texts if arguments else ():
                if not self.names.is_own_method(base, text):
                    yield METHOD, text
        if handed := handed_on(self.names, node):
            yield from ((METHOD, t) for t in sorted(handed.texts) if not self.names.is_own_method(handed, t))
        for dotted in self.names.meaning(node).paths:
            if dotted.startswith(GETTER):
                yield METHOD, dotted.rpartition(".")[2]
        if any(map(is_formula, function.paths)):
            for text in sorted({t for a in arguments for t in self.names.meaning(a).texts}):
                tree = _parsed(text) if len(text) < MOST_FORMULA else None
                yield from (
                    (PATH, f"sympy.{n.id}") for n in ast.walk(tree or ast.Module([], [])) if isinstance(n, ast.Name)
                )


def _picked(library: Meaning, mentions: Collection[str]) -> Iterator[tuple[int, str]]:
    """Names of a library that a statement may pick when it goes through all of them."""
    for dotted in library.paths:
        if leads_out(dotted) and not dotted.startswith(BUILTINS):
            yield from ((PATH, f"{dotted}.{name}") for name in sorted(mentions))
