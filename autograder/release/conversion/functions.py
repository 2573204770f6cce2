"""Solution cells as functions: what is a function stays one, and a variable becomes a function that returns it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from autograder.release.conversion.marks import BEGIN, END, SCOPES, own_text, with_region, without_marks
from autograder.release.docstrings import docstring

Place = tuple[int, int, int]
_AFTER = re.compile(r"\s+#|\s*# END (SOLUTION|PROMPT)")


@dataclass
class Solutions:
    """The solution cells of a question as code of a reference.

    Attributes:
        code: functions, classes and imports, in order.
        functions, variables: the names that a student writes, by what they were.
        notes: what was left out.
    """

    code: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def solutions_of(cells: Iterable[str], tested: Collection[str], known: Collection[str], title: str) -> Solutions:
    """The functions of a question.

    Args:
        tested: names that its tests use.
        known: variables of earlier questions, which are functions now.
        title: what a variable's function says of itself.
    """
    made = Solutions()
    loose: list[tuple[ast.stmt, str]] = []
    for cell in cells:
        try:
            body = ast.parse(cell).body
        except SyntaxError as error:
            made.notes.append(f"a solution cell is no Python (line {error.lineno}: {error.msg}): it was left out")
            continue
        for statement in body:
            text = _text_of(cell, statement)
            if isinstance(statement, SCOPES):
                made.functions.append(statement.name)
                made.code.append(with_region(called(text, known)))
            elif isinstance(statement, (ast.Import, ast.ImportFrom)):
                made.code.append(without_marks(text))
            else:
                loose.append((statement, without_marks(text)))
    _variables(made, loose, tested, known, title)
    return made


def _text_of(cell: str, statement: ast.stmt) -> str:
    """The lines of a statement, with its decorators and the marks around it."""
    lines = cell.split("\n")
    last = statement.end_lineno or statement.lineno
    while last < len(lines) and _AFTER.match(lines[last]):  # comments of its body that stand below its last statement
        last += 1
    return own_text(statement, lines, last)


def _variables(
    made: Solutions, loose: list[tuple[ast.stmt, str]], tested: Collection[str], known: Collection[str], title: str
) -> None:
    """A function for each variable that is tested, of the statements that it hangs on."""
    assigned = dict.fromkeys(name for statement, _ in loose for name in binds(statement))
    wanted = [name for name in assigned if name in tested] or list(assigned)[-1:]
    used: set[int] = set()
    for name in wanted:
        chosen = _slice([s for s, _ in loose], name)
        used |= set(chosen)
        body = "\n".join(indented(called(loose[index][1], set(known) - {name})) for index in chosen)
        says = "    " + docstring(f"{title}: the value of `{name}`.")
        made.code.append(f"def {name}():\n{says}\n    {BEGIN}\n{body}\n    return {name}\n    {END}")
        made.variables.append(name)
    left = [text.split("\n")[0] for index, (_, text) in enumerate(loose) if index not in used]
    if left:
        made.notes.append(f"statements that no tested value hangs on were left out: {'; '.join(left)[:200]}")


def indented(text: str) -> str:
    """Statements as a function's body; lines inside of a string stay where they are."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:
        nodes = []
    strings = [n for n in nodes if isinstance(n, ast.JoinedStr) or (isinstance(n, ast.Constant) and n.end_lineno)]
    inside = {line for n in strings for line in range(n.lineno + 1, (n.end_lineno or n.lineno) + 1)}
    lines = enumerate(text.split("\n"), 1)
    return "\n".join(f"    {line}" if line and number not in inside else line for number, line in lines)


def binds(statement: ast.stmt) -> list[str]:
    """Names that a statement assigns, in order."""
    return [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


def _slice(statements: list[ast.stmt], name: str) -> list[int]:
    """Indices of the statements that the last value of a name hangs on, in order."""
    needed, chosen = {name}, []
    for index in range(len(statements) - 1, -1, -1):
        statement = statements[index]
        loads = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        touched = loads & needed if _changes(statement) else set()
        if needed & set(binds(statement)) or touched:
            chosen.append(index)
            needed |= loads
    return chosen[::-1]


def _changes(statement: ast.stmt) -> bool:
    """Whether it may change what a name stands for: an item, an attribute, or by a method's call."""
    if isinstance(statement, ast.Expr):
        call = statement.value
        return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    if not isinstance(statement, (ast.Assign, ast.AugAssign)):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return not all(isinstance(target, ast.Name) for target in targets)


def called(source: str, variables: Collection[str]) -> str:
    """The text with each of these variables called, where a function does not have one of its own of that name."""
    if not variables:
        return source
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    lines = source.split("\n")
    for line, start, end in sorted(_places(tree, frozenset(variables)), reverse=True):
        data = lines[line - 1].encode()
        if data[start:end].decode(errors="replace") in variables:  # places in long f-strings are not always right
            lines[line - 1] = (data[:end] + b"()" + data[end:]).decode()
    return "\n".join(lines)


def _places(node: ast.AST, names: frozenset[str]) -> Iterable[Place]:
    """(line, column, end column) of the loads of these names."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        own = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
        own |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        names = names - own
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        yield node.lineno, node.col_offset, node.end_col_offset or node.col_offset
    for child in ast.iter_child_nodes(node):
        yield from _places(child, names)
