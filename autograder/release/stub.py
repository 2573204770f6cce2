"""The stub of an assignment: its reference solution with every marked solution taken out.

The markers are Otter's, written as comments of a percent-format script:

    # BEGIN SOLUTION ... # END SOLUTION      becomes `raise NotImplementedError("write <function>")` inside a function,
                                             `...` in a class body or at module level
    # BEGIN SOLUTION NO PROMPT ... # END     vanishes
    x = 3  # SOLUTION                        becomes `x = ...` (`return ...` for a return, `...` for other statements)
    x = 3  # SOLUTION NO PROMPT              vanishes
    # BEGIN PROMPT ... # END PROMPT          its lines, each behind `# `, uncommented; beside a region, in its place

Everything else (docstrings, signatures, type hints, markdown cells, comments) stays as it is, letter for letter.
Markers inside strings are text, not markers.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from autograder.errors import AuthorError

Kind = Literal["solution", "solution_no_prompt", "prompt", "line", "line_no_prompt"]
_BEGIN: dict[str, Kind] = {
    "# BEGIN SOLUTION": "solution",
    "# BEGIN SOLUTION NO PROMPT": "solution_no_prompt",
    "# BEGIN PROMPT": "prompt",
}
_END = {"# END SOLUTION": "solution", "# END PROMPT": "prompt"}
_LINE: dict[str, Kind] = {"# SOLUTION": "line", "# SOLUTION NO PROMPT": "line_no_prompt"}
_CELL = re.compile(r"^# ?%%")


@dataclass(frozen=True)
class Region:
    """A marked part: lines `first` … `last` (1-based, markers included)."""

    kind: Kind
    first: int
    last: int

    @property
    def secret(self) -> range:
        """The lines that no student may see."""
        if self.kind == "prompt":
            return range(0)
        if self.kind.startswith("line"):
            return range(self.first, self.last + 1)
        return range(self.first + 1, self.last)


def make_stub(text: str, where: str) -> str:
    """The stub of the reference `text`; `where` is its file name, for messages.

    Raises:
        AuthorError: markers that are unbalanced, nested or cross a cell, a reference or a stub that is no Python.
    """
    tree = _parsed(text, where, "the reference is not valid Python")
    regions = marked_regions(text, where)
    lines = lines_of(text)
    replaced = _replacements(regions, lines, tree)
    out: list[str] = []
    number = 1
    while number <= len(lines):
        if number in replaced:
            last, new = replaced[number]
            out.extend(new)
            number = last + 1
        else:
            out.append(lines[number - 1])
            number += 1
    stub = "\n".join(out) + "\n"
    _parsed(stub, where, "the stub is not valid Python: a region leaves a block empty, or cuts a statement")
    return stub


def marked_regions(text: str, where: str) -> tuple[Region, ...]:
    """Every marked part of the reference `text`, in order.

    Raises:
        AuthorError: as `make_stub`.
    """
    regions: list[Region] = []
    opened: tuple[Kind, int] | None = None
    tree = _parsed(text, where, "the reference is not valid Python")
    for marker, line in _markers(text):
        if marker in _BEGIN:
            if opened:
                _unended(opened, where, f" (line {line} begins the next)")
            opened = _BEGIN[marker], line
        elif marker in _END:
            if not opened or not opened[0].startswith(_END[marker]):
                _fail(f"`{marker}` without its `# BEGIN {_END[marker].upper()}`", where, line, "add it, or remove this")
            assert opened
            regions.append(Region(opened[0], opened[1], line))
            opened = None
        elif not opened:
            first, last = _statement(tree, line) or (line, line)
            regions.append(Region(_LINE[marker], first, last))
    if opened:
        _unended(opened, where)
    _check_cells(regions, lines_of(text), where)
    return tuple(sorted(regions, key=lambda r: r.first))


def lines_of(text: str) -> list[str]:
    """The lines as Python counts them: a form feed or U+2028, which `str.splitlines` takes for an end, ends none."""
    return text.removesuffix("\n").split("\n")


def solution_lines(text: str, where: str) -> tuple[str, ...]:
    """The lines of the reference that no student may see, stripped, in order, without blank ones."""
    lines = lines_of(text)
    secret = [lines[n - 1].strip() for region in marked_regions(text, where) for n in region.secret]
    return tuple(line for line in secret if line)


def _unended(opened: tuple[Kind, int], where: str, more: str = "") -> None:
    word = "PROMPT" if opened[0] == "prompt" else "SOLUTION"
    _fail(f"`# BEGIN {word}` without its `# END {word}`{more}", where, opened[1], f"add `# END {word}`")


def _fail(what: str, where: str, line: int, fix: str) -> None:
    raise AuthorError(what, where=f"{where}:{line}", fix=fix)


def _parsed(text: str, where: str, what: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        found = f"{error.msg}: {(error.text or '').strip()}"
        raise AuthorError(what, where=f"{where}:{error.lineno}", found=found) from None


def _markers(text: str) -> Iterator[tuple[str, int]]:
    """(marker, line) of every comment that is one; comments inside strings are no comments."""
    known = {*_BEGIN, *_END, *_LINE}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            marker = " ".join(token.string.split())
            if marker in known:
                yield marker, token.start[0]


def _check_cells(regions: list[Region], lines: list[str], where: str) -> None:
    for region in regions:
        for number in range(region.first, region.last + 1):
            if _CELL.match(lines[number - 1]):
                _fail(f"the region that begins at line {region.first} crosses a cell", where, number, "end it there")


def _statement(tree: ast.Module, line: int) -> tuple[int, int] | None:
    """First and last line of the smallest statement that has `line`."""
    spans = [
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return min(spans, key=lambda span: span[1] - span[0], default=None)


def _replacements(regions: tuple[Region, ...], lines: list[str], tree: ast.Module) -> dict[int, tuple[int, list[str]]]:
    """first line -> (last line, what stands there in the stub)."""
    replaced: dict[int, tuple[int, list[str]]] = {}
    for index, region in enumerate(regions):
        indent = _indent(lines[region.first - 1])
        if region.kind == "prompt":
            new = [_uncommented(line) for line in lines[region.first : region.last - 1]]
        elif region.kind == "line":
            new = [indent + _open_statement("\n".join(lines[region.first - 1 : region.last]))]
        elif region.kind == "solution" and not _has_prompt(regions, index, lines):
            function = _function(tree, region.first)
            new = [indent + (f'raise NotImplementedError("write {function}")' if function else "...")]
        else:
            new = []
        replaced[region.first] = region.last, new
    return replaced


def _has_prompt(regions: tuple[Region, ...], index: int, lines: list[str]) -> bool:
    """Whether a prompt stands right before or after this region (blank lines between do not count)."""
    for neighbour in (index - 1, index + 1):
        if 0 <= neighbour < len(regions) and regions[neighbour].kind == "prompt":
            first, second = sorted((regions[index], regions[neighbour]), key=lambda r: r.first)
            if not "".join(lines[first.last : second.first - 1]).strip():
                return True
    return False


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _uncommented(line: str) -> str:
    return re.sub(r"^(\s*)# ?", r"\1", line, count=1).rstrip()


def _open_statement(source: str) -> str:
    """`x = 3` with its value left open."""
    try:
        node = ast.parse(source.strip()).body[0]
    except SyntaxError:  # a `return` alone is no module
        return "return ..." if source.strip().startswith("return") else "..."
    if isinstance(node, ast.Return):
        return "return ..."
    if isinstance(node, ast.Assign):
        return " = ".join(ast.unparse(target) for target in node.targets) + " = ..."
    if isinstance(node, ast.AnnAssign):
        return f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)} = ..."
    return "..."


def _function(tree: ast.Module, line: int) -> str:
    """Dotted name of the innermost function around `line`; empty at module level and in a class body."""
    names: list[str] = []
    inside = False
    scope: ast.AST | None = tree
    while scope is not None:
        scope = next((n for n in _scopes(scope) if n.lineno < line <= (n.end_lineno or n.lineno)), None)
        if scope is not None:
            names.append(scope.name)
            inside = not isinstance(scope, ast.ClassDef)
    return ".".join(names) if inside else ""


def _scopes(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Functions and classes in `node`, also those under its `if`, `with`, ..., not those inside each other."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield child
        else:
            yield from _scopes(child)
