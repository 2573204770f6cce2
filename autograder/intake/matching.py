"""Matching: which student of a roster a submission's name means.

The whole name is looked for first, then the numbers and words in it: by login, SIS id, number, the part of the login
before an @, and the student's name, without regard to case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_TOKEN = re.compile(r"[\w.@+-]+")
_SHORTEST = 3
Table = dict[str, list[int]]


class Finder:
    """Looks names up among students, each given as name, number, SIS id, login, and whatever else."""

    def __init__(self, students: Sequence[Sequence[str]]) -> None:
        self._whole, self._words = _keys(students)

    def rows(self, name: str) -> list[int]:
        """Indexes of the students who may be meant: none, one, or several where a name is not enough."""
        return _rows(name, self._whole, self._words)


def _keys(students: Sequence[Sequence[str]]) -> tuple[list[Table], list[Table]]:
    """Tables by which a whole name is looked for, and a word of one, best first."""
    whole: list[Table] = [{} for _ in range(5)]
    words: list[Table] = [{} for _ in range(5)]
    for index, (name, number, sis, login, *_) in enumerate(students):
        for table, key in zip(whole, (login, sis, number, login.split("@")[0], name), strict=True):
            _put(table, key.casefold(), index)
        for table, key in zip(words, (login, sis, number, login.split("@")[0]), strict=False):
            _put(table, key.casefold() if len(key) >= _SHORTEST else "", index)
        for key in {_run_together(name), _run_together(" ".join(reversed(name.split(","))))}:
            _put(words[4], key, index)
    return whole, words


def _put(table: Table, key: str, index: int) -> None:
    if key.strip():
        table.setdefault(key.strip(), []).append(index)


def _rows(name: str, whole: Sequence[Table], words: Sequence[Table]) -> list[int]:
    folded = name.casefold().strip()
    rows = next((t[folded] for t in whole if folded in t), [])
    if rows:
        return rows
    bare = re.sub(r"\([^)]*\)", " ", name)
    tokens = [*_tokens(folded), _run_together(bare), *(_run_together(t) for t in _tokens(folded))]
    for table in words:
        hits = {row for token in tokens for row in table.get(token, ())}
        if hits:
            return sorted(hits)
    return []


def _tokens(text: str) -> Iterable[str]:
    """Words and numbers in a name, `_` and `-` apart too."""
    for token in _TOKEN.findall(text):
        yield token
        yield from re.split(r"[_-]+", token)


def _run_together(text: str) -> str:
    """Letters of a name without accents, blanks and commas, as Canvas writes it in front of files."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalpha())
