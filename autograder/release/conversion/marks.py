"""Marks of solutions as a reference has them, from those of the two tools."""

from __future__ import annotations

import ast
import re
import textwrap

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
_RULES = (
    (re.compile(r"#+\s*BEGIN SOLUTION( NO PROMPT)?\s*$", re.IGNORECASE), BEGIN),
    (re.compile(r"#+\s*END SOLUTION\s*$", re.IGNORECASE), END),
    (re.compile(r"#\s*SEED\s*$"), "# SOLUTION NO PROMPT"),
    (re.compile(r"#\s*SOLUTION( NO PROMPT)?\s*$", re.IGNORECASE), "# SOLUTION"),
)
_MAGIC = re.compile(r"^\s*[%!]")
_MARK_LINE = re.compile(r"\s*# (BEGIN|END) (SOLUTION|PROMPT)( NO PROMPT)?")
_ANY = re.compile(r"# (BEGIN |END )?SOLUTION")


def for_reference(source: str) -> str:
    """A solution cell with our marks; magics become comments; hidden test blocks are no part of it."""
    lines = [f"# {line}" if _MAGIC.match(line) else line for line in source.split("\n")]
    return "\n".join(_line(line) for line in lines)


def _line(line: str) -> str:
    for pattern, ours in _RULES:
        found = pattern.search(line)
        if found:
            return line[: found.start()] + ours + ((found[1] or "").upper() if pattern.groups else "")
    return line


def marked(source: str) -> bool:
    """Whether something of a text is marked as solution."""
    return _ANY.search(source) is not None


def without_marks(source: str) -> str:
    """The text alone: what is marked stays, the marks go."""
    lines = (re.sub(r"\s*# SOLUTION( NO PROMPT)?\s*$", "", line) for line in source.split("\n"))
    return "\n".join(line for line in lines if not _MARK_LINE.fullmatch(line))


def with_region(source: str) -> str:
    """A function or class with its body marked, where nothing of it is; the docstring stays outside."""
    if marked(source) and not _whole_body(source):
        return source
    source = without_marks(source)
    statement = ast.parse(source).body[0]
    if isinstance(statement, ast.ClassDef):
        return _classes(source, statement)
    if not isinstance(statement, ast.FunctionDef):
        return source
    lines = source.split("\n")
    body = statement.body[1:] if ast.get_docstring(statement) is not None else statement.body
    if not body:
        return source
    first, last = body[0].lineno, statement.end_lineno or len(lines)
    indent = " " * body[0].col_offset
    if first == statement.lineno:  # def f(x): return x
        return with_region(ast.unparse(statement))
    return "\n".join(
        [*lines[: first - 1], f"{indent}{BEGIN}", *lines[first - 1 : last], f"{indent}{END}", *lines[last:]]
    )


def _whole_body(source: str) -> bool:
    """Whether each line of a function's body is marked by itself: then all of it is to be written."""
    statement = ast.parse(source).body[0]
    if not isinstance(statement, ast.FunctionDef):
        return False
    body = statement.body[1:] if ast.get_docstring(statement) is not None else statement.body
    lines = source.split("\n")
    last = [lines[(one.end_lineno or 1) - 1] if one.lineno > statement.lineno else "" for one in body]
    return all(line.rstrip().endswith("# SOLUTION") for line in last)


def _classes(source: str, statement: ast.ClassDef) -> str:
    """A class with the bodies of its methods marked."""
    lines = source.split("\n")
    for method in reversed([s for s in statement.body if isinstance(s, ast.FunctionDef)]):
        text = textwrap.dedent("\n".join(lines[method.lineno - 1 : method.end_lineno]))
        made = textwrap.indent(with_region(text), " " * method.col_offset)
        lines[method.lineno - 1 : method.end_lineno] = made.split("\n")
    return "\n".join(lines)
