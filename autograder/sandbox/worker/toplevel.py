"""Running a submission's top level: piece by piece, and where one stops, what comes after it statement by statement.

A cell that stops at `from google.colab import drive` has not lost the imports below it. What stopped, and which names
are missing for it, is written down once and stands on top of every report; a NameError that follows points there.
"""

from __future__ import annotations
import __future__

import ast
import functools
import operator
import re
import types
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.worker.awaiting import run_to_the_end
from autograder.sandbox.worker.explaining import Origin, cap, explain, own_traceback

MOST_NAMES = 8
_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_COROUTINE = 0x80  # inspect.CO_COROUTINE, without the import
_FEATURES = functools.reduce(operator.or_, (getattr(__future__, n).compiler_flag for n in __future__.all_feature_names))
_PLACE = re.compile(r" \([^()]*, line (\d+): `[^\n]*`\)$")
_BINDS = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=[^=]", re.M)


@dataclass(frozen=True)
class Unit:
    """A piece of the submission's top level that is run as a whole: the file, or a cell; `code` is None if it fails."""

    filename: str
    source: str | bytes
    code: types.CodeType | None


def code_of(source: str | bytes | ast.Module, filename: str, features: int = 0) -> types.CodeType:
    """The code of a text; `await` may stand at its top level, as in a notebook.

    Args:
        features: those of `features_of` that an earlier piece of the same text asked for.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it is no Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code: types.CodeType = compile(source, filename, "exec", flags=_AWAIT | features, dont_inherit=True)
    return code


def features_of(code: types.CodeType | None) -> int:
    """The `from __future__ import` that a piece asks for; it holds for the pieces after it as well."""
    return code.co_flags & _FEATURES if code is not None else 0


def run_unit(unit: Unit, namespace: dict[str, Any], origin: Origin) -> str:
    """Run a unit; what went wrong, in one line, or ""."""
    try:
        code = unit.code or code_of(unit.source, unit.filename)
    except BaseException as error:
        line = getattr(error, "lineno", None)
        why = f"was not run ({type(error).__name__}{f' in line {line}' if type(line) is int else ''})"
        note_missing(origin, unit, sorted(_named_in(unit.source)), why)
        return f"{_subject(unit, origin)} was not run: {explain(error, origin)}"
    try:
        execute(code, namespace)
    except BaseException as error:  # SystemExit too: what was defined before counts
        return _after(unit, code, error, namespace, origin)
    return ""


def execute(code: types.CodeType, namespace: dict[str, Any]) -> None:
    """Run code; where it awaits something, in an event loop that needs no socket."""
    if not code.co_flags & _COROUTINE:
        exec(code, namespace)
        return
    run_to_the_end(eval(code, namespace))


def _after(unit: Unit, code: types.CodeType, error: BaseException, namespace: dict[str, Any], origin: Origin) -> str:
    """Try the statements below the one that failed, and tell what is missing in the end."""
    story = _PLACE.sub(r" (line \1)", explain(error, origin))
    statements = list(_statements(unit.source))
    line = _line_in(error, code)
    at = next((i for i, s in enumerate(statements) if s.lineno <= line <= (s.end_lineno or s.lineno)), None)
    if at is None:
        return f"{_subject(unit, origin)} stopped: {story}"
    failed = [statements[at]]
    for statement in statements[at + 1 :]:
        try:
            execute(code_of(ast.Module([statement], []), unit.filename, features_of(code)), namespace)
        except BaseException:
            failed.append(statement)
    missing = [name for s in failed for name in _bound(s) if name not in namespace]
    note_missing(origin, unit, missing, f"stopped at `{_text(statements[at])}`")
    rest = len(statements) - at - 1
    told = "; what comes after it was tried line by line" if rest else ""
    told += f", and {len(failed) - 1} more of it failed" if len(failed) > 1 else ""
    names = ", ".join(dict.fromkeys(missing[:MOST_NAMES])) + (", …" if len(missing) > MOST_NAMES else "")
    told += f"; missing: {names}" if missing else ""
    return f"{_subject(unit, origin)} stopped at `{_text(statements[at])}`: {story}{told}"


def note_missing(origin: Origin, unit: Unit, names: list[str], why: str) -> None:
    """Remember why these names are missing, for the NameErrors that follow."""
    for name in names:
        origin.missing.setdefault(name, f"{_subject(unit, origin)} {why}")


def _subject(unit: Unit, origin: Origin) -> str:
    return origin.label(unit.filename) or "your file"


def _statements(source: str | bytes) -> Iterator[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def _line_in(error: BaseException, code: types.CodeType) -> int:
    """The line of the top level that an exception came through; 0 when it cannot be told."""
    traceback = own_traceback(error)
    while traceback is not None:
        if traceback.tb_frame.f_code is code:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return 0


def _text(statement: ast.stmt) -> str:
    try:
        return cap(ast.unparse(statement).split("\n")[0], 120)
    except (ValueError, RecursionError):
        return f"line {statement.lineno}"


def _bound(statement: ast.stmt) -> list[str]:
    """Names that a top-level statement gives a value to, those inside functions left out."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    found: list[str] = []
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found += [(a.asname or a.name).split(".")[0] for a in node.names if a.name != "*"]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.append(node.name)
            continue
        elif isinstance(node, ast.Lambda):
            continue
        waiting += ast.iter_child_nodes(node)
    return list(dict.fromkeys(found))


def _named_in(source: str | bytes) -> set[str]:
    """Names that a text which is no Python would define, by its lines."""
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    return {a or b for a, b in _BINDS.findall(text)}
