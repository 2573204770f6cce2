"""Reading assignment.toml: every fault named by file, key, what was found and what is expected."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from autograder.errors import SpecError
from autograder.spec.lines import line_of
from autograder.spec.models import Assignment

M = TypeVar("M", bound=BaseModel)


def load_assignment(path: Path) -> Assignment:
    """The model of an assignment.toml.

    Raises:
        SpecError: no such file, not TOML, or not an assignment.
    """
    return load_model(path, Assignment)


def load_model(path: Path, model: type[M]) -> M:
    """The model of a TOML file; see `parse_model`."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SpecError("there is no such file", where=str(path), fix="check the name of the assignment") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"cannot be read: {error}", where=str(path), expected="UTF-8 text") from None
    return parse_model(text, str(path), model)


def parse_model(text: str, where: str, model: type[M]) -> M:
    """The model of TOML text.

    Raises:
        SpecError: the first fault, with its key.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"is not TOML: {error}", where=where, fix="mend the line that the message names") from None
    try:
        return model.model_validate(_tuples(table))
    except ValidationError as error:
        raise _spec_error(where, text, table, error) from None


def _tuples(value: Any) -> Any:
    """TOML arrays as tuples: frozen models hold nothing that can be changed."""
    if isinstance(value, dict):
        return {k: _tuples(v) for k, v in value.items()}
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value


def _spec_error(where: str, text: str, table: dict[str, Any], error: ValidationError) -> SpecError:
    first = error.errors()[0]
    key = _key(table, first["loc"])
    line = line_of(text, _told(table, first["msg"]) if first["type"] == "value_error" and not key else first["loc"])
    where = f"{where}, line {line}" if line else where
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    kind, message = first["type"], first["msg"]
    place = f"{where}: {key}" if key else where
    if kind == "extra_forbidden":
        return SpecError(
            f"unknown key{more}", where=place, found=_short(first["input"]), fix="remove or correct the key"
        )
    if kind == "missing":
        return SpecError(f"missing key{more}", where=place, expected="a value", fix=f"add `{first['loc'][-1]!s} = …`")
    if kind == "value_error":
        return SpecError(message.removeprefix("Value error, ") + more, where=place)
    expected = message.removeprefix("Input should be ").removeprefix("String should ")
    return SpecError(f"wrong value{more}", where=place, found=_short(first["input"]), expected=expected)


_KEY = re.compile(r"(?:Value error, )?([a-z_]+)(?:\[([^\]]+)\])?(?:\.([\w.]+))?:")


def _told(table: dict[str, Any], message: str) -> tuple[int | str, ...]:
    """The place of the key with which a message begins: `part[backprop].pool: …`."""
    match = _KEY.match(message)
    if not match:
        return ()
    rows, rest = table.get(match[1]), (match[3] or "").split(".") if match[3] else []
    name = match[2] or (rest.pop(0) if isinstance(rows, list) and rest else "")
    ids = [row.get("id") if isinstance(row, dict) else None for row in rows] if isinstance(rows, list) else []
    return (match[1], *((ids.index(name),) if name in ids else ()), *rest)


def _short(value: Any) -> str:
    text = f"{type(value).__name__} {value!r}"
    return text if len(text) <= 80 else text[:79] + "…"


def _key(table: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """`questions[2].points`, with the question's own id where it has one."""
    parts: list[str] = []
    node: Any = table
    for step in location:
        if isinstance(step, int):
            node = node[step] if isinstance(node, (list, tuple)) and step < len(node) else None
            name = node.get("id") if isinstance(node, dict) else None
            parts[-1] = f"{parts[-1]}[{name or step}]"
        else:
            node = node.get(step) if isinstance(node, dict) else None
            parts.append(str(step))
    return ".".join(parts)
