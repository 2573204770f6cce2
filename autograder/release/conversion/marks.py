"""Marks of solutions as a reference has them, from those of the two tools."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
_RULES = (
    (re.compile(r"#+\s*BEGIN SOLUTION( NO PROMPT)?\s*$", re.IGNORECASE), BEGIN),
    (re.compile(r"#+\s*END SOLUTION\s*$", re.IGNORECASE), END),
    (re.compile(r"#\s*SEED\s*$"), "# SOLUTION NO PROMPT"),
    (re.compile(r"#\s*SOLUTION( NO PROMPT)?\s*$", re.IGNORECASE), "# SOLUTION"),
)
_LOOSE = re.compile(r"^(\s*)#.*\b(BEGIN|END) SOLUTION\b")  # nbgrader looks for the words anywhere in a line
_QUOTES = r"(?:\"\"\"|''')"
_PROMPT = re.compile(
    rf"^([ \t]*){_QUOTES}[ \t]*#[ \t]*BEGIN PROMPT[ \t]*\n(.*?)\n?[ \t]*{_QUOTES};?[ \t]*#[ \t]*END PROMPT[ \t]*$",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_MAGIC = re.compile(r"^\s*[%!]")
_MARK = re.compile(r"\s*# (BEGIN|END) (SOLUTION|PROMPT)( NO PROMPT)?\s*$")
_ANY = re.compile(r"# (BEGIN |END )?SOLUTION")
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Region = tuple[int, int, str]
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def for_reference(source: str) -> str:
    """A solution cell with our marks; magics become comments; hidden test blocks are no part of it."""
    source = _PROMPT.sub(_prompt, source)
    lines = [f"# {line}" if _MAGIC.match(line) else line for line in source.split("\n")]
    return "\n".join(_line(line) for line in lines)


def _prompt(found: re.Match[str]) -> str:
    """A prompt in a string, as Otter has it, as comments between our marks."""
    indent, lines = found[1], found[2].rstrip().split("\n")
    inner = [f"{indent}# {line.removeprefix(indent)}".rstrip() for line in lines]
    return "\n".join([f"{indent}# BEGIN PROMPT", *inner, f"{indent}# END PROMPT"])


def _line(line: str) -> str:
    for pattern, ours in _RULES:
        found = pattern.search(line)
        if found:
            return line[: found.start()] + ours + ((found[1] or "").upper() if pattern.groups else "")
    loose = _LOOSE.match(line)
    if loose and len(re.findall(r"\b(?:BEGIN|END) SOLUTION\b", line)) == 1:
        return f"{loose[1]}# {loose[2]} SOLUTION"
    return line


def cut(source: str, *words: str) -> tuple[str, list[str]]:
    """What stands outside the regions of some words, and each region; one without an end goes on to the end.

    Args:
        words: of the delimiters, as `MARK SCHEME`; as in nbgrader, a line that has `BEGIN` and the word is one.
    """
    begins, ends = (re.compile(rf"\b{edge} ?({'|'.join(words)})\b") for edge in ("BEGIN", "END"))
    outside: list[str] = []
    regions: list[list[str]] = []
    inside = False
    for line in source.split("\n"):
        begin, end = begins.search(line), ends.search(line)
        if inside and end:
            inside = False
        elif begin and not end:
            inside = True
            regions.append([])
        elif not end or begin:
            (regions[-1] if inside else outside).append(line)
    return "\n".join(outside), ["\n".join(region) for region in regions]


def marked(source: str) -> bool:
    """Whether something of a text is marked as solution, and every mark has its other end."""
    depth = 0
    for line in source.split("\n"):
        mark = _MARK.search(line)
        depth += (1 if mark[1] == "BEGIN" else -1) if mark else 0
        if depth not in (0, 1):
            return False
    return not depth and _ANY.search(source) is not None


def without_marks(source: str) -> str:
    """The text alone: what is marked stays, the marks go."""
    lines = (re.sub(r"\s*# SOLUTION( NO PROMPT)?\s*$", "", line) for line in source.split("\n"))
    plain = ((line, _MARK.sub("", line)) for line in lines)
    return "\n".join(rest for line, rest in plain if rest or not line)


def with_region(source: str) -> str:
    """A function or class with what a student writes marked, where nothing of it is.

    Signatures, docstrings and decorators stay outside, and of a class its methods' and its bare annotations.
    """
    if marked(source) and not _whole_body(source):
        return source
    source = without_marks(source)
    statement = ast.parse(source).body[0]
    if not isinstance(statement, SCOPES):
        return source
    lines = source.split("\n")
    if _on_one_line(statement, lines):
        return with_region(ast.unparse(statement))  # def f(x): return x
    return _inserted(lines, _regions(statement, lines, len(lines)))


def with_regions(source: str) -> str:
    """An answer that is no question's: all that a student writes is marked, as nbgrader would take it out.

    Raises:
        SyntaxError: it is no Python.
    """
    ast.parse(source)
    if marked(source):
        return source
    source = without_marks(source)
    tree, lines = ast.parse(source), source.split("\n")
    made: list[str] = []
    loose: list[str] = []
    for statement in tree.body:
        known = isinstance(statement, (*SCOPES, ast.Import, ast.ImportFrom))
        if known and loose:
            made += [BEGIN, *loose, END]
            loose = []
        text = own_text(statement, lines)
        if isinstance(statement, SCOPES):
            made += with_region(text).split("\n")
        else:
            (made if known else loose).append(text)
    return "\n".join(made + ([BEGIN, *loose, END] if loose else []))


def first_line(statement: ast.stmt) -> int:
    """The number of a statement's first line, that of its decorators where it has some."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


def own_text(statement: ast.stmt, lines: list[str], last: int = 0) -> str:
    """The lines of a statement with its decorators; written anew where it shares one with another statement.

    Args:
        last: the number of the last line, where comments below belong to it.
    """
    end = statement.end_lineno or statement.lineno
    before = lines[statement.lineno - 1].encode()[: statement.col_offset].strip()
    after = lines[end - 1].encode()[statement.end_col_offset :].strip()
    if before or (after and not after.startswith(b"#")):
        return ast.unparse(statement)
    return "\n".join(lines[first_line(statement) - 1 : max(last, end)])


def _on_one_line(scope: _Scope, lines: list[str]) -> bool:
    """Whether a body begins behind the colon, or that of a method does."""
    first = scope.body[0]
    if lines[first_line(first) - 1].encode()[: first.col_offset].strip():
        return True
    inner = scope.body if isinstance(scope, ast.ClassDef) else []
    return any(_on_one_line(one, lines) for one in inner if isinstance(one, SCOPES))


def _inside(scope: _Scope) -> list[ast.stmt]:
    """A body without its docstring."""
    return scope.body[1:] if ast.get_docstring(scope) is not None else scope.body


def _lead(statement: ast.stmt, lines: list[str], floor: int) -> int:
    """The number of the first line of a statement, comments above it included, below line `floor`."""
    first = first_line(statement)
    while first > floor + 1 and (not lines[first - 2].strip() or lines[first - 2].lstrip().startswith("#")):
        first -= 1
    return first


def _regions(scope: _Scope, lines: list[str], last: int) -> Iterator[_Region]:
    """What of a scope is to be marked, as (first line, last line, mark): of a function its body, with comments.

    Of a class the bodies of its methods, and all else but bare annotations.
    """
    body = _inside(scope)
    if not body:
        return
    floors = [(scope.body[0].end_lineno or 1) if body is not scope.body else scope.lineno]
    floors += [one.end_lineno or one.lineno for one in body]
    starts = [_lead(one, lines, floor) for one, floor in zip(body, floors, strict=False)]
    if not isinstance(scope, ast.ClassDef):
        yield starts[0], last, BEGIN
        return
    for statement, start, end in zip(body, starts, [*(one - 1 for one in starts[1:]), last], strict=True):
        first = first_line(statement)
        open_ = isinstance(statement, SCOPES) or (isinstance(statement, ast.AnnAssign) and statement.value is None)
        if open_ and "#" in "".join(lines[start - 1 : first - 1]):
            yield start, first - 1, f"{BEGIN} NO PROMPT"
        if isinstance(statement, SCOPES):
            yield from _regions(statement, lines, end)
        elif not open_ and start <= end:
            yield start, end, BEGIN


def _inserted(lines: list[str], regions: Iterable[_Region]) -> str:
    """The lines with marks around some; blank ones at the edges stay outside."""
    lines = list(lines)
    for first, last, begin in sorted(regions, reverse=True):
        while first < last and not lines[first - 1].strip():
            first += 1
        while first < last and not lines[last - 1].strip():
            last -= 1
        indent = re.match(r"\s*", lines[first - 1])[0]  # type: ignore[index]  # matches always
        lines[first - 1 : last] = [f"{indent}{begin}", *lines[first - 1 : last], f"{indent}{END}"]
    return "\n".join(lines)


def _whole_body(source: str) -> bool:
    """Whether each line of a function's body is marked by itself: then all of it is to be written."""
    statement = ast.parse(source).body[0]
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    lines = source.split("\n")
    last = [lines[(one.end_lineno or 1) - 1] if one.lineno > statement.lineno else "" for one in _inside(statement)]
    return all(line.rstrip().endswith("# SOLUTION") for line in last)
