"""Given ground: while a case runs, functions of the course stand in for the student's functions of earlier questions.

So a mistake costs where it was made: a function built upon another is also seen on a right one. What a stand-in does is
not the student's doing, and no operator that it runs is recorded.
Not covered: a student's function that holds the earlier one under another name (a default value, a closure, a partial)
goes on with its own.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_NONE = object()


@contextmanager
def given_ground(module: types.ModuleType, stand_ins: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
    """Inside, these names of a submission are the stand-ins, wherever its functions look them up."""
    made = {name: _unrecorded(function) for name, function in stand_ins.items()}
    before = [
        (space, name, space.get(name, _NONE))
        for space in _spaces(module)
        for name in made
        if space.get(name) is module.__dict__.get(name)
    ]
    for space, name, _ in before:
        space[name] = made[name]
    try:
        yield
    finally:
        for space, name, value in before:
            if value is _NONE:
                space.pop(name, None)
            else:
                space[name] = value


def _spaces(module: types.ModuleType) -> list[dict[str, Any]]:
    """The submission's names, and those that its functions see: a notebook's, or of another file of its own."""
    found: dict[int, dict[str, Any]] = {id(module.__dict__): module.__dict__}
    for value in list(module.__dict__.values()):
        if isinstance(value, types.FunctionType):
            space = value.__globals__
            if not _is_library(space):
                found.setdefault(id(space), space)
    return list(found.values())


def _is_library(space: Mapping[str, Any]) -> bool:
    file = str(space.get("__file__") or "")
    return str(space.get("__name__", "")).partition(".")[0] in sys.stdlib_module_names or "site-packages" in file


def _unrecorded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with recorders of operators set aside while it runs."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if "torch" not in sys.modules:
            return function(*args, **kwargs)
        from torch.utils._python_dispatch import _disable_current_modes

        with _disable_current_modes():
            return function(*args, **kwargs)

    return call
