"""Probes that cannot do what a probe is for, read off their text: each is told once, and its case is examined no more.

What is looked for: draws that no world gives, assertions and comparisons in place of values, no value at all, names
that neither the reference nor a world has, nothing of the student's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.authoring.case import Case
from autograder.authoring.extraction import CaseFile
from autograder.authoring.statements import known
from autograder.authoring.world import World
from autograder.errors import AuthorError, near
from autograder.grading.source import AssignmentSource
from autograder.values.parsing import tree_of
from autograder.verify.places import place
from autograder.verify.report import Problem

_DRAWS = ("random.", "numpy.random.", "secrets.", "uuid.uuid", "os.urandom", "torch.rand", "torch.normal",
          "torch.bernoulli", "torch.multinomial")  # fmt: skip
_SEEDED = ("default_rng", "RandomState", "Random", "Generator", "PCG64", "SeedSequence")
_EQUAL = ("allclose", "isclose", "array_equal", "equal")
_WORLD = frozenset(n for n in dir(World(0)) if not n.startswith("_"))


def probe_problems(source: AssignmentSource) -> dict[str, tuple[Problem, ...]]:
    """Case → what is wrong with its probe; cases of questions with nothing to write are not looked at."""
    try:
        names = frozenset(known(source.reference).owners)
    except SyntaxError:
        names = frozenset()
    found = {case.name: tuple(_of(source, case, names)) for case in source.cases.cases}
    return {name: problems for name, problems in found.items() if problems}


def _of(source: AssignmentSource, case: Case, names: frozenset[str]) -> Iterator[Problem]:
    file = source.cases.file_of(case.name)
    function = file.module.body[file.module.owners[case.name]]
    if not isinstance(function, ast.FunctionDef) or len(function.args.args) < 2:
        return

    def at(node: ast.AST) -> str:
        return place(source, Path(file.where), getattr(node, "lineno", function.lineno))

    look = _Look(case, file, function)
    yield from (Problem(at(node), what, fix) for node, what, fix in look.values(source))
    yield from (Problem(at(node), what, fix) for node, what, fix in look.draws())
    yield from (Problem(at(node), what, fix) for node, what, fix in look.names(names))


Found = Iterator[tuple[ast.AST, str, str]]


class _Look:
    """One probe, looked at."""

    def __init__(self, case: Case, file: CaseFile, function: ast.FunctionDef) -> None:
        self.case, self.file, self.function = case, file, function
        self.student, self.world = (a.arg for a in function.args.args[:2])
        self.own = list(_own(function))
        self.said = f"the probe `{case.name}`"

    def values(self, source: AssignmentSource) -> Found:
        """Whether it returns values."""
        returns = [n for n in self.own if isinstance(n, ast.Return) and n.value is not None]
        asserts: ast.AST | None = next((n for n in self.own if isinstance(n, ast.Assert)), None)
        if asserts is None and self._helper_asserts(source):
            asserts = self.function
        if asserts is not None:
            yield asserts, f"{self.said} asserts", "return what the assertion looks at; the check compares it"
        elif not returns:
            last = self.function.body[-1]
            yield last, f"{self.said} returns nothing", "return what the student's function returns"
        for node in returns:
            if _compares(node.value):
                what = f"{self.said} returns True or False, which can be guessed"
                yield node, what, "return the values; the check compares them with the reference's"

    def _helper_asserts(self, source: AssignmentSource) -> bool:
        try:
            text = source.cases.probes([self.case.name])
        except AuthorError:
            return False
        functions = (s for s in tree_of(text).body if isinstance(s, ast.FunctionDef) and s.name != self.case.name)
        return any(isinstance(n, ast.Assert) for one in functions for n in ast.walk(one))

    def draws(self) -> Found:
        """Whether it draws what the world does not give."""
        aliases = _aliases(self.file, self.function)
        calls = [(n, _dotted(n.func, aliases)) for n in ast.walk(self.function) if isinstance(n, ast.Call)]
        if any(name.endswith((".manual_seed", ".seed")) for _, name in calls):
            return
        for node, name in calls:
            seeded = name.endswith(_SEEDED) and bool(node.args or node.keywords)
            if name.startswith(_DRAWS) and not seeded and not any(k.arg == "generator" for k in node.keywords):
                what = f"{self.said} draws from `{name}`: another run, or a student's own draw, gives another value"
                yield node, what, "draw from the world: world.normal(...), world.uniform(...), world.torch_generator()"

    def names(self, names: frozenset[str]) -> Found:
        """Whether the names exist that it asks for."""
        used = False
        for node in ast.walk(self.function):
            used |= isinstance(node, ast.Name) and node.id == self.student
            owner = node.value.id if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else ""
            if not isinstance(node, ast.Attribute) or node.attr.startswith("__"):
                continue
            if owner == self.student and names and node.attr not in names:
                yield (
                    node,
                    f"{self.said} asks for `{node.attr}`, which the reference does not define",
                    near(node.attr, names),
                )
            if owner == self.world and self.case.kind == "case" and node.attr not in _WORLD:
                fix = near(node.attr, _WORLD) or f"there are {', '.join(sorted(_WORLD))}"
                yield node, f"{self.said} asks for world.`{node.attr}`, which there is not", fix
        if not used:
            yield self.function, f"{self.said} calls nothing of the student's", f"return {self.student}.FUNCTION(...)"
        for key, several in (("may_change", self.case.may_change), ("given", tuple(self.case.given))):
            for name in several:
                if names and name not in names:
                    what = f"{key} of case `{self.case.name}` names `{name}`, which the reference does not define"
                    yield self.function, what, near(name, names)


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    queue: list[ast.AST] = list(function.body)
    while queue:
        node = queue.pop(0)
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            queue += ast.iter_child_nodes(node)


def _compares(value: ast.expr | None) -> bool:
    """Whether a value is a comparison: `a == b`, `not a`, `bool(a < b)`, `np.allclose(a, b)`."""
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not):
        return True
    if isinstance(value, ast.BoolOp):
        return all(_compares(one) for one in value.values)
    if isinstance(value, ast.Call):
        name = _dotted(value.func, {}).rpartition(".")[2]
        if name in ("bool", "all", "any"):
            inner = value.args[0] if value.args else getattr(value.func, "value", None)
            return _compares(inner)
        return name in _EQUAL
    return isinstance(value, ast.Compare)


def _aliases(file: CaseFile, function: ast.FunctionDef) -> Mapping[str, str]:
    """Name → the dotted name that an import has given it."""
    found: dict[str, str] = {}
    for node in (*file.module.body, *ast.walk(function)):
        if isinstance(node, ast.Import):
            found |= {
                a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names
            }
        elif isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def _dotted(node: ast.expr, aliases: Mapping[str, str]) -> str:
    """`numpy.random.rand` of `np.random.rand`; "" for what has no name."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, aliases)}.{node.attr}"
    return ""
