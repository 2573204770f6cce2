"""A running notebook as loaded work: its names, the cells that made them, and their text for the bans.

What counts is what was run, not what was saved. Of a cell that was run twice the later text counts, and of a function
that was defined twice the definition in force. Places are told as the notebook shows them: `cell In[12], line 3`.
Not covered: a cell that was run and then deleted is still in force until the kernel is restarted.
"""

from __future__ import annotations

import ast
import contextlib
import linecache
import os
import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.home.facts import Facts, handout
from autograder.home.places import HomeOrigin
from autograder.sandbox.wire.index import Index
from autograder.sandbox.worker.loading import Loaded
from autograder.sandbox.worker.magics import plain_cell
from autograder.sandbox.worker.uses import Text, index_of

OURS = frozenset({"grader", "otter", "selfcheck"})


@dataclass(frozen=True)
class RunCell:
    """A cell that was run: its number in brackets, the file name it was compiled under, and its text."""

    number: int
    filename: str
    text: str


@dataclass
class CellIds:
    """Which cell each execution was of, as far as the notebook says; heard from IPython's events.

    Attributes:
        now: the cell that is running.
    """

    ids: dict[int, str] = field(default_factory=dict)
    now: str = ""

    def listen(self, shell: Any) -> None:
        """Hear of every cell that is run from now on."""
        events = getattr(shell, "events", None)
        if events is not None:
            events.register("pre_run_cell", self._begins)
            events.register("post_run_cell", self._ended)

    def _begins(self, info: Any) -> None:
        self.now = str(getattr(info, "cell_id", None) or "")

    def _ended(self, result: Any) -> None:
        number = getattr(result, "execution_count", None)
        if self.now and isinstance(number, int):
            self.ids[number] = self.now
        self.now = ""


def running_shell() -> Any:
    """IPython's shell, or None in a plain Python."""
    ipython = sys.modules.get("IPython")
    getter = getattr(ipython, "get_ipython", None)
    return getter() if getter is not None else None


def from_names(env: Mapping[str, Any], facts: Facts, ids: CellIds | None = None) -> tuple[Loaded, Index | None]:
    """A notebook's names as loaded work, and its text, read.

    Args:
        env: its global names.
        ids: which cell each execution was of.
    """
    module = types.ModuleType("submission")
    module.__dict__.update({k: v for k, v in env.items() if not k.startswith("__")})
    cells = list(_cells(running_shell(), ids or CellIds()))
    labels = {c.filename: _label(c, facts) for c in cells}
    others = {v.__code__.co_filename for v in env.values() if isinstance(v, types.FunctionType)}
    unknown = {name: "your code" for name in others if name not in labels and not os.path.exists(name)}
    course = frozenset(Path(name).name for name in facts.files if name.endswith(".py"))
    origin = HomeOrigin(os.getcwd(), labels={**unknown, **labels}, course=course - {facts.file})
    texts = [Text(labels[c.filename], _in_force(c, cells, env)) for c in cells]
    return Loaded(module, origin), index_of(texts) if texts else None


def _cells(shell: Any, ids: CellIds) -> Iterator[RunCell]:
    """The cells that are in force, in the order in which they were run last."""
    manager = getattr(shell, "history_manager", None)
    if manager is None:
        return
    raw, parsed = list(manager.input_hist_raw), list(manager.input_hist_parsed)
    latest: dict[str, RunCell] = {}
    for number in range(1, len(raw)):
        transformed = parsed[number] if number < len(parsed) else raw[number]
        name = _filename(shell, raw[number], transformed, number)
        if not raw[number].strip() or not name:
            continue
        key = ids.ids.get(number) or (ids.now if number == len(raw) - 1 else "") or name
        latest.pop(key, None)
        latest[key] = RunCell(number, name, raw[number])
    yield from latest.values()


def _filename(shell: Any, raw: str, transformed: str, number: int) -> str:
    """The name under which IPython compiled a cell."""
    known = getattr(shell.compile, "_filename_map", {})
    names = [str(name) for name, last in known.items() if last == number]
    for name in reversed(names):  # numbers begin anew after a reset
        if "".join(linecache.getlines(name)).strip() == transformed.strip():
            return name
    with contextlib.suppress(Exception):  # an IPython that does it otherwise: messages then say "your code"
        return str(shell.compile.get_code_name(raw, transformed, number))
    return ""


def _label(cell: RunCell, facts: Facts) -> str:
    """`cell In[12]`; the script's name where the whole script is one cell (otter check runs it so)."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for script in handout().glob("*.py"):
            if len(cell.text) > 200 and script.read_text(encoding="utf-8").strip() == cell.text.strip():
                return script.name
    return f"cell In[{cell.number}]"


def _in_force(cell: RunCell, cells: list[RunCell], env: Mapping[str, Any]) -> str:
    """The text of a cell without definitions that a later cell replaced, and without calls of the grader."""
    text = plain_cell(cell.text).text
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    known = {c.filename for c in cells}
    lines = text.split("\n")
    for statement in body:
        if _replaced(statement, cell, known, env) or _of_ours(statement):
            first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
            for number in range(first - 1, statement.end_lineno or first):
                lines[number] = ""
    return "\n".join(lines)


def _replaced(statement: ast.stmt, cell: RunCell, known: set[str], env: Mapping[str, Any]) -> bool:
    """Whether the name of a function is in force from another cell."""
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) or statement.decorator_list:
        return False
    there = env.get(statement.name)
    name = getattr(getattr(there, "__code__", None), "co_filename", cell.filename)
    return name != cell.filename and name in known


def _of_ours(statement: ast.stmt) -> bool:
    """`grader.check("losses")`, `import selfcheck`, `grader = …`: no part of the work."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        names = [a.name for a in statement.names] if isinstance(statement, ast.Import) else [statement.module or ""]
        return all(name.split(".")[0] in OURS for name in names)
    if isinstance(statement, ast.Assign):
        return [ast.unparse(t) for t in statement.targets] == ["grader"]
    found = statement.value if isinstance(statement, ast.Expr) else None
    while isinstance(found, (ast.Call, ast.Attribute)):
        found = found.func if isinstance(found, ast.Call) else found.value
    return isinstance(found, ast.Name) and found.id == "grader"
