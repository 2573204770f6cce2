"""Fingerprints of programs: parts of the syntax tree by winnowing; names, comments, layout and order say nothing.

Schleimer, Wilkerson, Aiken: Winnowing, local algorithms for document fingerprinting (SIGMOD 2003): of every WINDOW
neighbouring parts of LENGTH tokens the one with the smallest hash is kept, so that whatever is the same over
LENGTH + WINDOW − 1 tokens shares a fingerprint, and little else does.
What is covered: renamed variables and functions, other comments, blank lines and numbers, functions in another order.
What is not: the same idea written anew, statements put in another order inside a function, text that is no Python; its
lines are told. Magics and shell lines of a notebook say nothing, and the statements around them count. IPython's own
transformer would read the whole text once more for each of them: too slow for a stranger's text.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.values.parsing import tree_of

LENGTH, WINDOW = 12, 5
Lines = tuple[int, int]
"""First and last line of a part, from 1."""
_MAGIC = re.compile(
    r"^([ \t]*)(?![ \t])(?:[%!?].*|[\w.]+[ \t]*\?{1,2}[ \t]*|[\w., \t]+=[ \t]*[!%].*)$", re.MULTILINE
)  # fmt: skip
_GOES_ON = re.compile(r"[\s)\]}#]|(?:else|elif|except|finally)\b")
"""How a line begins that belongs to the statement above it."""


@dataclass(frozen=True)
class Token:
    """A node of the syntax tree as it is compared, and its line."""

    text: str
    line: int


def fingerprints(text: str) -> Mapping[int, Sequence[Lines]]:
    """Fingerprint → where it is in the text; nothing for what is no Python."""
    return marks_of(tokens_of(text)[0])


def marks_of(found: Sequence[Token]) -> Mapping[int, Sequence[Lines]]:
    """Fingerprint → where it is, of tokens in their order."""
    hashes = [_hash([t.text for t in found[i : i + LENGTH]]) for i in range(len(found) - LENGTH + 1)]
    kept: dict[int, list[Lines]] = defaultdict(list)
    for place in _winnowed(hashes):
        lines = [t.line for t in found[place : place + LENGTH]]
        kept[hashes[place]].append((min(lines), max(lines)))
    return kept


def tokens_of(text: str) -> tuple[list[Token], list[Lines]]:
    """A file's or a cell's tokens, and which of its lines are no Python: those of one statement do not lose the others.

    Args:
        text: with `\\n` at the end of its lines.
    """
    whole = _read(text, 1)
    if whole is not None:
        return whole, []
    tokens: list[Token] = []
    lost: list[Lines] = []
    for first, statement in statements(text):
        found = _read(statement, first)
        if found is None:
            found = _read(_MAGIC.sub(_blank, statement), first)
        tokens += found or []
        if found is None:
            last = first + statement.rstrip("\n").count("\n")
            begin = lost.pop()[0] if lost and lost[-1][1] == first - 1 else first
            lost.append((begin, last))
    return tokens, lost


def _read(text: str, first: int) -> list[Token] | None:
    """The tokens of Python whose first line has this number; None where it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of a student's "\\d"
            body = tree_of(text).body
        return [Token(t.text, t.line + first - 1) for t in _tokens(body, 1)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _blank(found: re.Match[str]) -> str:
    """What stands for a magic: a statement where a block may hold nothing else."""
    return f"{found[1]}pass" if found[1] else ""


def statements(text: str) -> Iterator[tuple[int, str]]:
    """The text cut where a line begins at its margin, each piece with the number of its first line."""
    first, lines, begun = 1, list[str](), False
    for number, line in enumerate(text.split("\n"), 1):
        if begun and line and not _GOES_ON.match(line):
            yield first, "\n".join(lines) + "\n"
            first, lines, begun = number, [], False
        lines.append(line)
        begun = begun or not (line.startswith(("@", "#")) or not line.strip())  # those stand above a statement
    yield first, "\n".join(lines)


def _winnowed(hashes: Sequence[int]) -> list[int]:
    """The places of the smallest hash in each window, the last of equal ones; each once."""
    if not hashes:
        return []
    places: list[int] = []
    for start in range(max(1, len(hashes) - WINDOW + 1)):
        window = range(start, min(start + WINDOW, len(hashes)))
        best = min(window, key=lambda i: (hashes[i], -i))
        if not places or places[-1] != best:
            places.append(best)
    return places


def _hash(tokens: Sequence[str]) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(tokens).encode(), digest_size=8).digest(), "big")


def _tokens(nodes: Sequence[ast.AST], line: int) -> Iterator[Token]:
    """Preorder, without what names, describes or imports things."""
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.expr_context)) or _is_text(node):
            continue
        line = getattr(node, "lineno", line)
        yield Token(_text_of(node), line)
        yield from _tokens([part for part in ast.iter_child_nodes(node) if not _describes(node, part)], line)
        if isinstance(node, ast.stmt):
            yield Token(";", getattr(node, "end_lineno", None) or line)


def _is_text(node: ast.AST) -> bool:
    """A docstring, or another statement that is a text alone."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _describes(node: ast.AST, part: ast.AST) -> bool:
    """An annotation or a decorator."""
    if part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
        return True
    return any(part is one for one in getattr(node, "decorator_list", ()))


def _text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f".{node.attr}"
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    if isinstance(node, ast.keyword):
        return f"{node.arg}="
    return type(node).__name__
