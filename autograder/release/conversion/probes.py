"""Tests made into probes: `assert f(3) == 9` returns `f(3)`, and what cannot be told stays a TODO with its text."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from autograder.release.conversion.functions import binds

_CLOSE = {"isclose", "allclose", "approx", "assert_allclose", "assert_almost_equal", "assert_array_almost_equal",
          "assertAlmostEqual"}  # fmt: skip
_EQUAL = {"array_equal", "equal", "assert_array_equal", "assert_equal", "assertEqual", "assertListEqual"}
_SIZES = ("abs", "fabs", "norm", "absolute")
_VALUES = "values"
_TEXT = {"getsource", "getsourcelines", "getsourcefile"}
_FORM = {"shape", "ndim", "size", "dtype"}
_OF_IT = {"sum", "mean", "max", "min", "prod", "all", "any", "isfinite", "isnan", "len", "shape", "ndim", "std", "var"}


class Unclear(Exception):
    """What a test asks for cannot be told as a value."""


@dataclass(frozen=True)
class Names:
    """What the names of a test stand for: functions and variables that students write, given ones, and imports."""

    functions: Collection[str]
    variables: Collection[str]
    given: Collection[str]
    imports: Mapping[str, str]
    derived: set[str] = field(default_factory=set)

    def follow(self, statement: ast.stmt) -> None:
        """Note the names that a statement of a test makes of the student's."""
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value and self.ours(statement.value):
            self.derived.update(binds(statement))

    def ours(self, node: ast.AST) -> bool:
        """Whether something that a student writes is named."""
        mine = {*self.functions, *self.variables, *self.derived}
        return any(isinstance(n, ast.Name) and n.id in mine for n in ast.walk(node)) or any(
            _of_env(n) in mine for n in ast.walk(node)
        )


@dataclass(frozen=True)
class Probe:
    """The body of a probe.

    Attributes:
        body: its lines, without indentation.
        exact: whether equality was asked for.
        values: how many it returns.
        imports: names that it takes from the notebook's imports.
        why: why it is a TODO; "" where it is none.
        whole: whether the test looked at a form or a sum of a value, and the probe returns the value itself.
    """

    body: str
    exact: bool = True
    values: int = 0
    imports: tuple[str, ...] = ()
    why: str = ""
    whole: bool = False


def probe_of(code: str, names: Names, only: slice = slice(None)) -> Probe:
    """The probe of a test.

    Args:
        only: which of the test's top-level assertions count.
    """
    try:
        body = ast.parse(code).body
    except SyntaxError as error:
        return Probe(code, why=f"is no Python: {error.msg}")
    if any(_name(n.func) in _TEXT for s in body for n in ast.walk(s) if isinstance(n, ast.Call)):
        return Probe(code, why="reads the text of the code: `forbidden` in assignment.toml is for that")
    asserting = [s for s in body if asserts(s)]
    if not asserting:
        return Probe(code, why="asserts nothing")
    dropped = [s for s in asserting if s not in asserting[only]]
    body = [s for s in body if s not in dropped and not _prints(s)]
    while body and not asserts(body[-1]):
        body.pop()
    names = replace(names, derived=set())
    for statement in body:
        names.follow(statement)
    taker = _Taker(names)
    try:
        made = [taker.statement(s) for s in body]
    except Unclear as error:
        return Probe(code, why=str(error))
    if taker.count == 1 and isinstance(made[-1], ast.Expr):  # nothing to collect
        made[-1] = ast.Return(made[-1].value.args[0])  # type: ignore[attr-defined]  # values.append(…)
    else:
        made = [ast.parse(f"{_VALUES} = []").body[0], *made, ast.Return(ast.Name(_VALUES, ast.Load()))]
    renamed = [ast.fix_missing_locations(_Renamed(names).visit(s)) for s in made]
    free = _free(renamed)
    unknown = sorted(free - {"student", "world", *names.imports} - set(dir(builtins)))
    if unknown:
        return Probe(code, why=f"uses `{unknown[0]}`, which only the notebook's other cells have")
    text = "\n".join(ast.unparse(s) for s in renamed)
    return Probe(text, taker.exact, taker.count, tuple(sorted(free & set(names.imports))), whole=taker.whole)


def assertions(code: str) -> int:
    """How many statements of a test assert something."""
    try:
        return sum(asserts(s) for s in ast.parse(code).body)
    except SyntaxError:
        return 0


def asserts(statement: ast.stmt) -> bool:
    """Whether a statement asserts something, by `assert`, a call, or by raising AssertionError."""
    return any(isinstance(n, ast.Assert) or _checking(n) or _raising(n) for n in ast.walk(statement))


def _raising(node: ast.AST) -> bool:
    error = node.exc if isinstance(node, ast.Raise) else None
    return error is not None and "AssertionError" in {n.id for n in ast.walk(error) if isinstance(n, ast.Name)}


def apart(code: str) -> list[str]:
    """A test as several: what asserts that something raises by itself, each with the statements that it builds on."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return [code]
    raising = [s for s in body if isinstance(s, (ast.Try, ast.With)) and asserts(s)]
    if not raising or not any(asserts(s) for s in body if s not in raising):
        return [code]
    built = [s for s in body if not asserts(s)]
    rest = [s for s in body if s not in raising]
    return ["\n".join(map(ast.unparse, part)) for part in (rest, *([*built, one] for one in raising))]


def _checking(node: ast.AST) -> bool:
    """`np.testing.assert_allclose(a, b)` and its like as a statement."""
    name = _name(node.value.func) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else ""
    return name in _CLOSE | _EQUAL and name.startswith("assert")


def _prints(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and _name(call.func) in ("print", "display")


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


class _Taker:
    """Takes the values out of assertions."""

    def __init__(self, names: Names) -> None:
        self.names, self.count, self.exact, self.whole = names, 0, True, False

    def statement(self, statement: ast.stmt) -> ast.stmt:
        """A statement with each assertion in it collecting its value."""
        if isinstance(statement, ast.Assert):
            return self._collected(self.value(statement.test))
        if isinstance(statement, ast.Expr) and _checking(statement):
            return self._collected(self.value(statement.value))
        if not asserts(statement):
            return statement
        if isinstance(statement, (ast.For, ast.If)):
            statement.body = [self.statement(s) for s in statement.body]
            statement.orelse = [self.statement(s) for s in statement.orelse]
            self.count += isinstance(statement, ast.For)
            return statement
        raises = isinstance(statement, (ast.Try, ast.With))
        raise Unclear("asserts that something raises" if raises else "has a form of its own")

    def _collected(self, value: ast.expr) -> ast.stmt:
        self.count += 1
        method = ast.Attribute(ast.Name(_VALUES, ast.Load()), "append", ast.Load())
        return ast.Expr(ast.Call(method, [value], []))

    def value(self, test: ast.expr) -> ast.expr:
        """What a condition looks at."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self.value(test.operand)
        if isinstance(test, ast.BoolOp):
            return ast.List([self.value(one) for one in test.values], ast.Load())
        if isinstance(test, ast.Compare):
            return self._compared(test)
        if isinstance(test, ast.Call):
            return self._called(test)
        return self._side([test])

    def _compared(self, test: ast.Compare) -> ast.expr:
        sides = [test.left, *test.comparators]
        if isinstance(test.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
            difference = next((found for one in sides if (found := _difference(one)) is not None), None)
            if difference is not None:
                self.exact = False
                return self._side([difference.left, difference.right])
        if any(isinstance(n, ast.Constant) and isinstance(n.value, float) for one in sides for n in ast.walk(one)):
            self.exact = False
        return self._side(sides)

    def _called(self, call: ast.Call) -> ast.expr:
        name = _name(call.func)
        if name in _CLOSE | _EQUAL and len(call.args) >= 2:
            self.exact = False
            return self._side(call.args[:2])
        if name == "isinstance" and self.names.ours(call.args[0]):
            kind = ast.Call(ast.Name("type", ast.Load()), [self._side(call.args[:1])], [])
            return ast.Attribute(kind, "__name__", ast.Load())
        inner = call.args[0] if name in ("all", "any", "bool") and call.args else getattr(call.func, "value", None)
        if name in ("all", "any", "bool") and isinstance(inner, ast.Compare):
            self.exact = False
            return self.value(inner)
        if name in ("all", "any") and isinstance(inner, (ast.GeneratorExp, ast.ListComp)):
            return ast.ListComp(self.value(inner.elt), inner.generators)
        if name in ("callable", "hasattr"):
            raise Unclear(f"asks whether something is there ({name})")
        return self._side([call])

    def _itself(self, value: ast.expr) -> ast.expr:
        """The value of which a test looks at the form, a sum, or whether it is finite: those can be guessed."""
        inner = _inner(value)
        if inner is None or not self.names.ours(inner):
            return value
        self.exact, self.whole = False, True
        return self._itself(inner)

    def _side(self, sides: Iterable[ast.expr]) -> ast.expr:
        mine = [self._itself(one) for one in sides if self.names.ours(one)]
        if not mine:
            raise Unclear("looks at nothing that the solution defines by a name")
        return mine[0] if len(mine) == 1 else ast.List(mine, ast.Load())


def _inner(node: ast.expr) -> ast.expr | None:
    """`f(x)` of `f(x).shape`, `f(x).sum(axis=1)`, `np.isfinite(f(x))`, `len(f(x))`."""
    if isinstance(node, ast.Attribute) and node.attr in _FORM:
        return node.value
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
        return node.value.value
    if isinstance(node, ast.Call) and _name(node.func) in _OF_IT:
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        method = owner is not None and (not isinstance(owner, ast.Name) or not node.args)
        return owner if method else next(iter(node.args), None)
    return None


def _difference(node: ast.expr) -> ast.BinOp | None:
    """`a - b` of `abs(a - b)`, `np.abs(a - b).max()`, `np.linalg.norm(a - b)`."""
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call) and _name(n.func) in _SIZES):
        if call.args and isinstance(call.args[0], ast.BinOp) and isinstance(call.args[0].op, ast.Sub):
            return call.args[0]
    return None


def _of_env(node: ast.AST) -> str:
    """`f` of `env["f"]`, as Otter's test functions have it."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "env":
        return node.slice.value if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str) else ""
    return ""


class _Renamed(ast.NodeTransformer):
    """Names of the submission by `student`: functions as they are, variables called."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:  # env["f"]
        name = _of_env(node)
        return self._of(name) or node if name else self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:  # f
        return (self._of(node.id) if isinstance(node.ctx, ast.Load) else None) or node

    def _of(self, name: str) -> ast.expr | None:
        attribute = ast.Attribute(ast.Name("student", ast.Load()), name, ast.Load())
        if name in self.names.variables:
            return ast.Call(attribute, [], [])
        return attribute if name in self.names.functions or name in self.names.given else None


def _free(statements: list[ast.stmt]) -> set[str]:
    bound = {name for s in statements for name in binds(s)}
    for node in (n for s in statements for n in ast.walk(s)):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            bound |= {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
            bound |= {node.name} if isinstance(node, ast.FunctionDef) else set()
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {a.asname or a.name.split(".")[0] for a in node.names}
    loads = {n.id for s in statements for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return loads - bound
