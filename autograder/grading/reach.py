"""Reach: which functions of the reference a case calls, directly or through others, read off the sources.

An over-approximation on purpose: a name counts as used wherever it stands. So a case that is not in reach of a change
certainly gives the same outputs, and need not be run again.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.authoring.loading import CaseSet
from autograder.grading.worlds import for_practice
from autograder.values.parsing import tree_of

Names = frozenset[str]


@dataclass(frozen=True)
class Reach:
    """Names that the reference defines at its top level, what each of them uses, and what each case calls."""

    uses: Mapping[str, Names]
    calls: Mapping[str, Names]
    loose: str

    def of(self, names: Iterable[str]) -> Names:
        """These names and all that they use, as far as the reference defines them."""
        found: set[str] = set()
        queue = [n for n in names if n in self.uses]
        while queue:
            name = queue.pop()
            if name not in found:
                found.add(name)
                queue.extend(self.uses[name] - found)
        return frozenset(found)

    def cases(self, changed: Collection[str] | None) -> tuple[str, ...]:
        """Cases that may come out otherwise when these names change; None stands for a change of everything."""
        if changed is None:
            return tuple(self.calls)
        return tuple(case for case, names in self.calls.items() if self.of(names) & set(changed))


def reach_of(reference: str, cases: CaseSet) -> Reach:
    """The reach of every case on the text of a reference."""
    tree = tree_of(reference)
    bound, loose = _definitions(tree)
    known = frozenset(bound)
    uses = {name: frozenset().union(*(_names(s) & known for s in parts)) for name, parts in bound.items()}
    calls = {c.name: _names(tree_of(cases.probes([c.name]))) & known for c in cases.cases}
    return Reach(uses, calls, loose)


def known_names(reference: str, stub: str) -> dict[str, tuple[str, ...]]:
    """Each name that the reference defines → the names in the stub by which a student knows it.

    That is itself where it stands in the stub, and else those in whose own helpers it stands: whoever writes an answer
    need not have these helpers.
    """
    bound, known = _parts(reference).bound, frozenset(_definitions(tree_of(stub))[0])
    names = frozenset(bound)
    uses = {name: frozenset().union(*(_names(s) & names for s in parts)) - {name} for name, parts in bound.items()}
    found: dict[str, list[str]] = {name: [name] for name in bound if name in known}
    for owner in list(found):
        queue, seen = [*uses[owner]], set(known)
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue.extend(uses[name])
                found.setdefault(name, []).append(owner)
    return {name: tuple(owners) for name, owners in found.items()}


def training_only(reach: Reach, cases: CaseSet) -> Names:
    """Names that training reaches (in a replay, or for the fixture) and no plain case that earns points."""
    plain = [reach.calls[c.name] for c in cases.cases if c.kind == "case" and not for_practice(c)]
    trains = [reach.calls[c.name] for c in cases.cases if c.kind == "replay"]
    if cases.fixture is not None:
        trains.append(_names(tree_of(cases.fixture_probe())))
    return reach.of(frozenset().union(*trains)) - reach.of(frozenset().union(*plain))


def signatures(reference: str, cases: CaseSet) -> dict[str, tuple[str, ...]]:
    """Function → the names of its parameters, for the functions that cases call themselves; students have both."""
    called = frozenset().union(*reach_of(reference, cases).calls.values())
    return {
        s.name: tuple(a.arg for a in (*s.args.posonlyargs, *s.args.args))
        for s in tree_of(reference).body
        if isinstance(s, ast.FunctionDef) and s.name in called
    }


def numbered(reach: Reach) -> dict[str, frozenset[int]]:
    """Case → numbers of what it hangs on: enough to tell whether one case hangs on all that another does."""
    number = {name: i for i, name in enumerate(sorted(reach.uses))}
    return {case: frozenset(number[n] for n in reach.of(names)) for case, names in reach.calls.items()}


def changed_names(reference: str, variant: str) -> Names | None:
    """Top-level names whose definition differs; None when code outside of definitions does, so that all may."""
    before, after = _parts(reference), _parts(variant)
    if before.loose != after.loose:
        return None
    return frozenset(n for n in {*before.bound, *after.bound} if before.differs(after, n))


@dataclass(frozen=True)
class _Parts:
    """A program's top-level statements by the names that they bind; comparing their lines first spares most dumps."""

    bound: Mapping[str, Sequence[ast.stmt]]
    loose: str
    lines: Sequence[str]

    def differs(self, other: _Parts, name: str) -> bool:
        """Whether the two define a name otherwise; white space and comments do not count."""
        mine, its = self.bound.get(name), other.bound.get(name)
        if mine is None or its is None:
            return True
        if [self._text(s) for s in mine] == [other._text(s) for s in its]:
            return False
        return [ast.dump(s) for s in mine] != [ast.dump(s) for s in its]

    def _text(self, statement: ast.stmt) -> Sequence[str]:
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
        return self.lines[first - 1 : statement.end_lineno]


@lru_cache(maxsize=4)  # one side is the same reference for all variants of an exam
def _parts(text: str) -> _Parts:
    return _Parts(*_definitions(tree_of(text)), text.split("\n"))


def _definitions(tree: ast.Module) -> tuple[dict[str, list[ast.stmt]], str]:
    """Name → the top-level statements that bind it; and what is left, as text: code that runs and binds nothing."""
    bound: dict[str, list[ast.stmt]] = {}
    loose: list[str] = []
    for statement in tree.body:
        names = _binds(statement)
        for name in names:
            bound.setdefault(name, []).append(statement)
        if not names and not _harmless(statement):
            loose.append(ast.dump(statement))
    return bound, "\n".join(loose)


def _harmless(statement: ast.stmt) -> bool:
    """A docstring, or what runs in a student's notebook only."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return True
    return isinstance(statement, ast.If) and "__name__" in ast.dump(statement.test)


def _binds(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(a.asname or a.name).split(".")[0] for a in statement.names}
    if _harmless(statement):
        return set()
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _names(node: ast.AST) -> Names:
    """Every name, attribute and string in a piece of code: a superset of what it may call."""
    found: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.isidentifier():
            found.add(part.value)
    return frozenset(found)
