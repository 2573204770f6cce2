"""What pydantic found wrong in a TOML file, in an author's words: file, line, key, what was found, what is expected."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from autograder.errors import SpecError, near
from autograder.spec.lines import line_of

Place = tuple[int | str, ...]
_WORDS = {
    "string_type": "text in quotation marks",
    "int_type": "a whole number, without quotation marks",
    "int_from_float": "a whole number",
    "float_type": "a number, without quotation marks",
    "bool_type": "true or false, without quotation marks",
    "string_too_short": "some text",
    "too_short": "at least {min_length}",
    "greater_than": "a number above {gt}",
    "greater_than_equal": "a number of at least {ge}",
    "less_than": "a number below {lt}",
    "less_than_equal": "a number of at most {le}",
}
_LISTS, _TABLES = ("tuple_type", "list_type"), ("model_type", "dict_type", "model_attributes_type")


def said(where: str, text: str, table: dict[str, Any], error: ValidationError, model: type[BaseModel]) -> SpecError:
    """All faults of a file as one error, in the order of its lines."""
    found = list(_without_echoes(error.errors(), model))
    faults = sorted(((_line(text, table, one), _one(where, text, table, one, model)) for one in found), key=_by_line)
    first, *others = [fault for _, fault in faults]
    first.also = tuple(others)
    first.args = (first.text(),)
    return first


def _by_line(fault: tuple[int, SpecError]) -> int:
    return fault[0]


def _without_echoes(errors: Sequence[ErrorDetails], model: type[BaseModel]) -> Iterator[ErrorDetails]:
    """Without the keys that are missing because they are misspelt: the unknown key says it."""
    unknown = [(one["loc"][:-1], str(one["loc"][-1])) for one in errors if one["type"] == "extra_forbidden"]
    for one in errors:
        *table, key = one["loc"] or ("",)
        meant = near(str(key), [k for t, k in unknown if t == tuple(table)]) if one["type"] == "missing" else ""
        if not meant:
            yield one


def _line(text: str, table: dict[str, Any], one: ErrorDetails) -> int:
    return line_of(text, one["loc"] or told(table, one["msg"]))


def _one(where: str, text: str, table: dict[str, Any], one: ErrorDetails, model: type[BaseModel]) -> SpecError:
    key, line = key_of(table, one["loc"]), _line(text, table, one)
    where = f"{where}, line {line}" if line else where
    place = f"{where}: {key}" if key else where
    kind, last = one["type"], str((one["loc"] or ("",))[-1])
    if kind == "extra_forbidden":
        known = keys_at(model, one["loc"][:-1])
        fix = near(last, known) or f"remove it; known here: {', '.join(known)}"
        return SpecError("unknown key", where=place, found=_short(one["input"]), fix=fix)
    if kind == "missing":
        return SpecError("missing key", where=place, expected="a value", fix=f"add `{last} = …`")
    if kind == "value_error":
        return SpecError(one["msg"].removeprefix("Value error, "), where=place)
    expected, fix = _expected(one)
    return SpecError("wrong value", where=place, found=_short(one["input"]), expected=expected, fix=fix)


def _expected(one: ErrorDetails) -> tuple[str, str]:
    """What should stand there, and what to write."""
    kind, last, given = one["type"], str((one["loc"] or ("",))[-1]), one["input"]
    if kind in _LISTS:
        if isinstance(given, dict):
            return "several tables", f"write [[{last}]]: two brackets, for each of several"
        shown = f'"{given}"' if isinstance(given, str) else str(given)
        return "a list", f"write [{shown}]"
    if kind in _TABLES:
        return "a table", f"write [{last}] and its keys below"
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", one.get("ctx", {}).get("expected", ""))
        return one["ctx"]["expected"], near(str(given), choices)
    words = _WORDS.get(kind)
    if words is None:
        return one["msg"].removeprefix("Input should be ").removeprefix("String should "), ""
    return words.format(**one.get("ctx", {})), ""


def many_of(model: type[BaseModel]) -> list[str]:
    """The keys of a model that hold several tables: `[[questions]]`."""
    hints = typing.get_type_hints(model)
    return [k for k in model.model_fields if typing.get_origin(hints[k]) is tuple and _model_in(hints[k]) is not None]


def keys_at(model: type[BaseModel] | None, place: Place) -> list[str]:
    """The keys that the table at this place may have."""
    for step in place:
        if model is None:
            return []
        if isinstance(step, str) and step in model.model_fields:
            model = _model_in(typing.get_type_hints(model)[step])
    return list(model.model_fields) if model else []


def _model_in(hint: Any) -> type[BaseModel] | None:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return hint
    return next((found for one in typing.get_args(hint) if (found := _model_in(one)) is not None), None)


_KEY = re.compile(r"(?:Value error, )?([a-z_]+)(?:\[([^\]]+)\])?(?:\.([\w.]+))?:")
_TWICE = re.compile(r"(?:Value error, )?([a-z_]+): the id '([^']+)' is used twice")


def told(table: dict[str, Any], message: str) -> Place:
    """The place of the key with which a message begins: `part[backprop].pool: …`."""
    twice = _TWICE.match(message)
    if twice:
        ids = _ids(table.get(twice[1]))
        return (twice[1], len(ids) - 1 - ids[::-1].index(twice[2]), "id")
    match = _KEY.match(message)
    if not match:
        return ()
    rows, rest = table.get(match[1]), (match[3] or "").split(".") if match[3] else []
    name = match[2] or (rest.pop(0) if isinstance(rows, list) and rest else "")
    ids = _ids(rows)
    return (match[1], *((ids.index(name),) if name in ids else ()), *rest)


def _ids(rows: object) -> list[Any]:
    return [row.get("id") if isinstance(row, dict) else None for row in rows] if isinstance(rows, list) else []


def _short(value: Any) -> str:
    text = f"{type(value).__name__} {value!r}"
    return text if len(text) <= 80 else text[:79] + "…"


def key_of(table: dict[str, Any], location: Place) -> str:
    """`questions[2].points`, with the question's own id where it has one."""
    parts: list[str] = []
    node: Any = table
    for step in location:
        if isinstance(step, int):
            node = node[step] if isinstance(node, (list, tuple)) and step < len(node) else None
            name = node.get("id") if isinstance(node, dict) else None
            parts[-1] = f"{parts[-1]}[{name or step}]"
        elif step != "[key]":  # pydantic's word for the name of an entry
            node = node.get(step) if isinstance(node, dict) else None
            parts.append(str(step))
    return ".".join(parts)
