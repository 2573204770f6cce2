"""Text as IPython takes it to Python that runs anywhere: magics, shell lines, help, prompts; line numbers stay.

IPython's own input transformer decides what is a magic and what is arithmetic. What it leaves behind are calls of
`get_ipython()`, as nbconvert and Colab write them into a .py, too. those that run a piece of Python (`%time x = 1`,
`%%capture`) are unwrapped here, so that what runs is also what is read for forbidden names; the others are left to the
stand-in of `standins`, which does nothing. Where IPython is not installed (at home), magics are blanked line by line.
"""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.util
import re
import sys
import types
import warnings
from dataclasses import dataclass
from typing import Any

RUN_THE_LINE = frozenset({"time", "prun", "memit", "lprun", "mprun"})
RUN_THE_BODY = RUN_THE_LINE | {"timeit", "capture", "python", "python3", "pypy", "scalene", "snakeviz"}
_SHOWN_ONLY = frozenset({"html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "css"})
_OPTION = re.compile(r"^(?:--?[A-Za-z][\w-]*(?:[ =]\d+)?\s+)+")
_NO_IPYTHON = re.compile(r"^(\s*)(?:[%!]|\?|[\w.]+\s*\?{1,2}\s*$|[\w.,\s]+=\s*[!%])")
_LINE_CALL = re.compile(r"^([ \t]*)get_ipython\(\)\.(?:run_line_magic|magic)\((.*)\)[ \t]*;?[ \t]*$")
_CELL_CALL = re.compile(r"^get_ipython\(\)\.run_cell_magic\((.*)\)[ \t]*;?[ \t]*$")
_MARK = re.compile(r"^# ?%%.*$", re.M)


@dataclass(frozen=True)
class Plain:
    """Python, and what became of what is none.

    Attributes:
        remark: what is to be said about the piece ("is written in bash and was not run"), or "".
        writes: files that the piece writes when it runs: name and text.
    """

    text: str
    remark: str = ""
    writes: tuple[tuple[str, str], ...] = ()


def plain_cell(text: str) -> Plain:
    """A notebook's cell as Python; one in another language becomes empty, and it is said."""
    blank = len(text) - len(text.lstrip("\n"))
    first, _, body = text[blank:].partition("\n")
    if first.lstrip().startswith("%%") and not first.lstrip().startswith("%%%"):
        name, _, line = first.lstrip()[2:].partition(" ")
        plain = _cell_magic(name.strip(), line.strip(), body)
        return Plain("\n" * blank + plain.text, plain.remark, plain.writes)
    if parses(text):
        return Plain(_unwrapped(text) if "get_ipython" in text else text)
    return Plain(_unwrapped(_transformed(text)))


def plain_file(text: str) -> list[tuple[int, Plain]]:
    """A .py with magics as pieces of Python, each with the number of lines above it.

    Percent-format files are taken cell by cell, for a cell's magic stands in its first line.
    """
    marks = [m.start() for m in _MARK.finditer(text)]
    if parses(text):
        return _at_cell_calls(_unwrapped(text))
    starts = [0, *(m for m in marks if m)]
    pieces = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    plains = [_percent_cell(piece) for piece in pieces]
    whole = "".join(p.text for p in plains)
    remarks = "; ".join(p.remark for p in plains if p.remark)
    if parses(whole):
        pieces_of_it = _at_cell_calls(whole)
        writes = tuple(w for p in plains for w in p.writes)
        first = pieces_of_it[0][1]
        return [(0, Plain(first.text, remarks, writes + first.writes)), *pieces_of_it[1:]]
    return [(0, Plain(text))]  # no Python whatever is done: the message is then about the text as it is


def _percent_cell(piece: str) -> Plain:
    """A cell of a percent-format file: its marker line, and what follows as a cell of a notebook."""
    mark, newline, body = piece.partition("\n") if piece.startswith("#") else ("", "", piece)
    plain = plain_cell(body)
    text = plain.text if plain.text.count("\n") >= body.count("\n") else plain.text + "\n" * body.count("\n")
    lines = text.split("\n")[: body.count("\n") + 1]
    return Plain(mark + newline + "\n".join(lines), plain.remark, plain.writes)


def parses(text: str) -> bool:
    """Whether this is Python as it stands."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _cell_magic(name: str, line: str, body: str) -> Plain:
    """A cell whose first line is `%%name line`; the text keeps a line in that place."""
    if name in RUN_THE_BODY:
        inner = plain_cell(body)
        head = ""
        if name in RUN_THE_LINE | {"timeit"} and parses(_without_options(line)):
            head = _without_options(line)
        elif name == "capture" and line.split(" ")[0].isidentifier():
            head = f"{line.split(' ')[0]} = get_ipython().getoutput('')"
        return Plain(f"{head}\n{inner.text}", inner.remark, inner.writes)
    if name in ("writefile", "file"):
        words = [word for word in line.split() if not word.startswith("-")]
        call = f"get_ipython().run_cell_magic('writefile', {line!r}, {body!r})"
        return Plain(call, "", ((words[0].strip("'\""), body),) if words else ())
    if name in _SHOWN_ONLY or not name:
        return Plain("")
    return Plain("", f"is written in {name[:40]} and was not run")


def _without_options(line: str) -> str:
    return _OPTION.sub("", line + " ").strip()


def _transformed(text: str) -> str:
    """The text after IPython's transformer, a line for a line; blanked line by line where it cannot be had."""
    manager = _manager()
    if manager is None:
        return _blanked(text)
    blank = len(text) - len(text.lstrip("\n"))
    try:
        return "\n" * blank + str(manager.transform_cell(text[blank:]))
    except Exception:  # it tokenises what need not be Python; SyntaxError, TokenError and RuntimeError were seen
        return _blanked(text)


def _blanked(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(_NO_IPYTHON.sub(r"\1pass  # ", ln) if _NO_IPYTHON.match(ln) else ln for ln in lines)


def _manager() -> Any:
    """IPython's transformer, which merges continued lines; each keeps its place. None where there is no IPython."""
    library = transformer_library()
    if library is None:
        return None
    base: Any = library.TransformerManager

    class LineForLine(base):  # type: ignore[misc]  # IPython is untyped here
        def do_one_token_transform(self, lines: list[str]) -> tuple[bool, list[str]]:
            changed, after = super().do_one_token_transform(lines)
            lost = len(lines) - len(after)
            if changed and lost > 0:
                place = next((i for i, (a, b) in enumerate(zip(lines, after, strict=False)) if a != b), 0)
                after = [*after[: place + 1], *["\n"] * lost, *after[place + 1 :]]
            return changed, after

    return LineForLine()


@functools.cache
def transformer_library() -> types.ModuleType | None:
    """IPython's module of input transformers, without the hundred modules that `import IPython` brings; None without.

    The package is entered by a stand-in that has only its path, and forgotten again: a later import of it is a real
    one. In a zygote those modules would cost every fork.
    """
    if "IPython" in sys.modules:
        return _imported()
    spec = importlib.util.find_spec("IPython")
    if spec is None:
        return None
    before = set(sys.modules)
    sys.modules["IPython"] = importlib.util.module_from_spec(spec)
    try:
        return _imported()
    finally:
        for name in set(sys.modules) - before:
            if name.split(".")[0] == "IPython":
                del sys.modules[name]


def _imported() -> types.ModuleType | None:
    try:
        return importlib.import_module("IPython.core.inputtransformer2")
    except ImportError:
        return None


def _unwrapped(text: str) -> str:
    """`get_ipython().run_line_magic("time", "x = 1")` as `x = 1`; whatever else stays."""
    lines = text.split("\n")
    found = {i: new for i, line in enumerate(lines) if (new := _line(line)) is not None}
    if not found:
        return text
    new = "\n".join(found.get(i, line) for i, line in enumerate(lines))
    return new if parses(new) or not parses(text) else text  # a line of a longer text may look like a call


def _line(line: str) -> str | None:
    call = _LINE_CALL.match(line)
    if call is None:
        return None
    name, rest = _arguments(call[2], 2) or ("", "")
    rest = _without_options(rest)
    return call[1] + rest if name in RUN_THE_LINE and rest and parses(rest) else None


def _arguments(text: str, count: int) -> tuple[str, ...] | None:
    """The texts that stand between the parentheses of a call."""
    try:
        value = ast.literal_eval(f"({text},)")
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    if len(value) == 1 and isinstance(value[0], str) and count == 2:
        name, _, rest = value[0].lstrip("%").partition(" ")
        value = (name, rest)
    fine = len(value) == count and all(isinstance(v, str) for v in value)
    return tuple(value) if fine else None


def _at_cell_calls(text: str) -> list[tuple[int, Plain]]:
    """The text cut at `get_ipython().run_cell_magic(...)`, whose body is a piece of its own with its own lines."""
    lines = text.split("\n")
    pieces: list[tuple[int, Plain]] = []
    start = 0
    for number, line in enumerate(lines):
        call = _CELL_CALL.match(line)
        arguments = _arguments(call[1], 3) if call else None
        if arguments is None:
            continue
        pieces.append((start, Plain("\n".join(lines[start:number]) + "\n")))
        pieces.append((number, _cell_magic(arguments[0], arguments[1], arguments[2])))
        start = number + 1
    pieces.append((start, Plain("\n".join(lines[start:]))))
    if any(not parses(plain.text) for above, plain in pieces if above != start or len(pieces) == 1):
        return [(0, Plain(text))]  # the call stands inside a longer statement
    return [(above, plain) for above, plain in pieces if plain.text.strip() or plain.remark] or [(0, Plain(text))]
