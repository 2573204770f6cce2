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
    """Inside, these names of a submission are the stand-ins."""
    before = {name: module.__dict__.get(name, _NONE) for name in stand_ins}
    module.__dict__.update({name: _unrecorded(function) for name, function in stand_ins.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is _NONE:
                module.__dict__.pop(name, None)
            else:
                module.__dict__[name] = value


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
