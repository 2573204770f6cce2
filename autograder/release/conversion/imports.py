"""Imports of a reference that nothing in it uses: a plotting library costs seconds in every run."""

from __future__ import annotations

import ast


def without_idle_imports(text: str) -> tuple[str, list[str]]:
    """The text without the imports at its top level that nothing uses, and the names of those modules."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text, []
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    lines, idle = text.split("\n"), []
    for statement in reversed(tree.body):
        if not isinstance(statement, (ast.Import, ast.ImportFrom)) or lines[statement.lineno - 1].count(";"):
            continue
        names = {a.asname or a.name.split(".")[0] for a in statement.names}
        module = getattr(statement, "module", None)
        if names & {*used, "*"} or module == "__future__":
            continue
        idle.append(module or ", ".join(a.name for a in statement.names))
        del lines[statement.lineno - 1 : statement.end_lineno]
    return "\n".join(lines), idle[::-1]
