"""Tables of the keys of a file: what pydantic's models say of them, and the docstring below each."""

from __future__ import annotations

import ast
import inspect
import types
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, Union

from pydantic import AfterValidator, BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from autograder.values.parsing import tree_of

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false"}
_BOUNDS = {"ge": "at least {}", "gt": "above {}", "le": "at most {}", "lt": "below {}"}


def tables(model: type[BaseModel], file: str) -> str:
    """The keys of a file, a table for each of its tables."""
    return "\n\n".join(_table(one, heading) for heading, one in _nested(model, f"top of {file}", "", set()))


def key_names(model: type[BaseModel]) -> Iterator[tuple[type[BaseModel], str]]:
    """(model, key) of all keys of a file."""
    for _, one in _nested(model, "", "", set()):
        yield from ((one, key) for key in one.model_fields)


def meaning(model: type[BaseModel], key: str) -> str:
    """The docstring below a key; "" for none."""
    return _docs(model).get(key, "")


def _nested(model: type[BaseModel], heading: str, path: str, seen: set[type]) -> Iterator[tuple[str, type[BaseModel]]]:
    if model in seen:
        return
    seen.add(model)
    yield heading, model
    for key, hint in _hints(model).items():
        inner, many = _model_in(hint)
        if inner is not None:
            place = f"{path}.{key}" if path else key
            named = f"{place}.NAME" if many == "dict" else place
            yield from _nested(inner, f"[[{place}]]" if many == "list" else f"[{named}]", named, seen)


def _model_in(hint: Any) -> tuple[type[BaseModel] | None, str]:
    """The model that a key holds, and whether it is one, a list or a table of them."""
    origin, several = typing.get_origin(hint), typing.get_args(hint)
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        return hint, ""
    if origin is None:
        return None, ""
    many = {tuple: "list", dict: "dict"}.get(origin, "")
    for one in several:
        inner, deeper = _model_in(one)
        if inner is not None:
            return inner, many or deeper
    return None, ""


def _table(model: type[BaseModel], heading: str) -> str:
    shown = f"`{heading}`" if heading.startswith("[") else heading
    doc = inspect.cleandoc(model.__doc__ or "").replace("\n\n", "\n")
    rows = ["| key | type | default | meaning |", "|---|---|---|---|"]
    hints = _hints(model)
    for key, field in model.model_fields.items():
        cells = (f"`{key}`", type_words(hints[key]), _default(field), meaning(model, key))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return f"#### {shown}\n\n{doc}\n\n" + "\n".join(rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return "its own defaults"
    if value is None or value == "" or value == () or value == {}:
        return "none"
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{v}"' for v in value) + "]`"
    return {True: "`true`", False: "`false`"}[value] if isinstance(value, bool) else f"`{value}`"


def type_words(hint: Any) -> str:
    """A type in words: `whole number, at least 1, at most 64`."""
    origin, several = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _annotated(several[0], several[1:])
    if origin is Literal:
        return "one of " + ", ".join(f'`"{v}"`' for v in several)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(type_words(one) for one in several if one is not type(None)))
    if origin is tuple:
        return f"list of: {type_words(several[0])}"
    if origin is dict:
        return f"table: {type_words(several[0])} → {type_words(several[1])}"
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        return "table"
    return _PLAIN.get(hint, str(hint))


def _annotated(base: Any, notes: tuple[Any, ...]) -> str:
    words, bounds = "", []
    for note in notes:
        if isinstance(note, (AfterValidator, BeforeValidator)):
            words = (note.func.__doc__ or "").split("\n")[0]
        for detail in note.metadata if isinstance(note, FieldInfo) else ():
            found = next(((k, getattr(detail, k)) for k in _BOUNDS if hasattr(detail, k)), None)
            if found is not None:
                bounds.append(_BOUNDS[found[0]].format(f"{found[1]:,}"))
    return ", ".join([words or type_words(base), *bounds])


def _hints(model: type[BaseModel]) -> dict[str, Any]:
    found = typing.get_type_hints(model, include_extras=True)
    return {key: found[key] for key in model.model_fields}


@cache
def _docs(model: type[BaseModel]) -> dict[str, str]:
    """Key → the text that stands as a docstring below it."""
    tree = tree_of(inspect.getsource(model)).body[0]
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for one, after in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and isinstance(after, ast.Expr):
            found[one.target.id] = str(ast.literal_eval(after.value))
    return found
