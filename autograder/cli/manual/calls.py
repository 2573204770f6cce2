"""Functions and classes as the reference shows them: the call, the docstring as markdown, the examples as code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

_SECTION = re.compile(r"(Args|Attributes|Raises|Returns):")
_ENTRY = re.compile(r"([\w, ]+): (.*)")


def shown_call(function: Callable[..., Any], name: str) -> str:
    """`close(tolerance=None, *, dtype="")`: names and defaults, without annotations and `self`."""
    parts, keyword = [], False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword:
            parts.append("*")
            keyword = True
        default = "" if parameter.default is parameter.empty else f"={shown_value(parameter.default)}"
        parts.append(parameter.name + default)
    return f"{name}({', '.join(parts)})"


def shown_value(value: object) -> str:
    """A default as Python writes it, text in double quotes."""
    if repr(value) == "<factory>":  # of a dataclass
        return "{}"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def markdown_of(doc: str) -> str:
    """A docstring as markdown: its sections as lists, its examples as a block of code."""
    lines = inspect.cleandoc(doc).split("\n")
    first = next((i for i, line in enumerate(lines) if line.startswith(">>>")), len(lines))
    text = "\n".join(_with_lists(lines[:first])).strip()
    example = "\n".join(lines[first:]).strip()
    return f"{text}\n\n```python\n{example}\n\n```" if example else text


def _with_lists(lines: list[str]) -> Iterator[str]:
    """The lines, entries of `Args:` and its like as items of a list."""
    inside = False
    for line in lines:
        if _SECTION.fullmatch(line):
            inside = True
            if line == "Raises:":
                yield from ("Raises:", "")
        elif inside and line.startswith("    ") and not line.startswith("     "):
            found = _ENTRY.fullmatch(line.strip())
            yield f"* `{found[1]}`: {found[2]}" if found else f"* {line.strip()}"
        elif inside and line.strip():
            yield f"  {line.strip()}"
        else:
            yield line


def entry(function: Callable[..., Any], name: str, level: int = 3, doc: str = "") -> str:
    """Heading, call and docstring of a function, or of a class as it is made."""
    text = doc or (function.__doc__ or "")
    return f"{'#' * level} `{shown_call(function, name)}`\n\n{markdown_of(text)}"


def methods(cls: type) -> dict[str, Callable[..., Any]]:
    """The public methods of a class, in the order of its text."""
    return {n: f for n, f in vars(cls).items() if inspect.isfunction(f) and not n.startswith("_")}
