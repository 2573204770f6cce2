"""Reading assignment.toml: every fault named by file, key, what was found and what is expected."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from autograder.errors import SpecError
from autograder.spec.faults import many_of, said
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
        raise _toml_error(text, where, model, str(error)) from None
    try:
        return model.model_validate(_tuples(table))
    except ValidationError as error:
        raise said(where, text, table, error, model) from None


_AT = re.compile(r"(.*) \(at line (\d+), column \d+\)")


def _toml_error(text: str, where: str, model: type[BaseModel], message: str) -> SpecError:
    """What tomllib says, with the line in its place; and the mistake behind it where it is a usual one."""
    found = _AT.fullmatch(message)
    what, line = (found[1], int(found[2])) if found else (message, 0)
    fix = "mend the line"
    for name in many_of(model):
        headers = [n for n, one in enumerate(text.splitlines(), 1) if one.split("#")[0].strip() == f"[{name}]"]
        if headers:
            line, fix = headers[0], f"write [[{name}]]: two brackets, for each of several"
            what = f"`[{name}]` is one table"
    return SpecError(f"is not TOML: {what}", where=f"{where}, line {line}" if line else where, fix=fix)


def _tuples(value: Any) -> Any:
    """TOML arrays as tuples: frozen models hold nothing that can be changed."""
    if isinstance(value, dict):
        return {k: _tuples(v) for k, v in value.items()}
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value
