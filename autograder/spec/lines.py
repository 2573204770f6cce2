"""The line of a TOML text where a key stands, for messages; tomllib keeps none."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")


def line_of(text: str, location: tuple[int | str, ...]) -> int:
    """Number of the line, 1 the first, of the key at `location`, or of the table that should have it; 0 if not found.

    >>> line_of('a = 1\\n[[part]]\\nid = "x"\\n[[part]]\\nid = "y"\\n', ("part", 1, "id"))
    5
    """
    best, best_depth = 0, 0
    counts: dict[tuple[int | str, ...], int] = {}
    table: tuple[int | str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _opened(header[1] == "[[", _names(header[2]), counts)
            here = table
        elif key:
            here = (*table, *_names(key[1]))
        else:
            continue
        depth = len(here)
        if here == location[:depth] and depth > best_depth:
            best, best_depth = number, depth
    return best


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in text.split("."))


def _opened(many: bool, names: tuple[str, ...], counts: dict[tuple[int | str, ...], int]) -> tuple[int | str, ...]:
    """Place of the table that a header opens: the newest element of every list of tables on the way."""
    place: tuple[int | str, ...] = ()
    for index, name in enumerate(names):
        place = (*place, name)
        if many and index == len(names) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place
