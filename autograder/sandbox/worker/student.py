"""The `student` that a probe is given: names of the submission, each call written down as text."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from autograder.sandbox.worker.arguments import Arguments
from autograder.sandbox.worker.explaining import MissingName, cap
from autograder.sandbox.worker.loading import Loaded

MOST_CALLS = 50
CALL_CAP = 240


class Student:
    """`student.f` is the submission's `f`; a name that is missing says so in a whole sentence."""

    def __init__(self, loaded: Loaded, trace: list[str], arguments: Arguments) -> None:
        self.__loaded = loaded
        self.__trace = trace
        self.__arguments = arguments

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            value = self.__loaded.module.__dict__[name]
        except KeyError:
            raise MissingName(self.__loaded.why_missing(name)) from None
        if inspect.isfunction(value):
            return traced(name, self.__arguments.watched(name, value), self.__trace)
        return value


def traced(name: str, function: Callable[..., Any], trace: list[str]) -> Callable[..., Any]:
    """`function`, with each call written to `trace` before it is made."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if len(trace) < MOST_CALLS:
            trace.append(call_text(name, function, args, kwargs))
        return function(*args, **kwargs)

    return call


def call_text(name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """`softmax(x=array of shape (5, 7))`; never raises."""
    try:
        names = list(inspect.signature(function).parameters)
        pairs = [*zip(names + ["…"] * len(args), args, strict=False), *kwargs.items()]
        inner = ", ".join(f"{n}={short(v)}" if n != "…" else short(v) for n, v in pairs)
        return cap(f"{name}({inner})", CALL_CAP)
    except BaseException:
        return f"{name}(…)"


def short(value: Any, depth: int = 0) -> str:
    """A value in a few words: small numbers and strings as they are, arrays by their shape."""
    numpy, torch, sympy = (sys.modules.get(m) for m in ("numpy", "torch", "sympy"))
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        return repr(value.item()) if value.ndim == 0 else f"array of shape {tuple(value.shape)}"
    if value is None or isinstance(value, (bool, int, float, complex, str, Fraction)):
        return cap(str(value) if isinstance(value, Fraction) else repr(value), 60)
    if torch is not None and isinstance(value, torch.Tensor):
        return f"tensor of shape {tuple(value.shape)}"
    if isinstance(value, (list, tuple)) and depth < 2:
        inner = ", ".join(short(v, depth + 1) for v in value[:4]) + (", …" if len(value) > 4 else "")
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, dict) and depth < 2:
        inner = ", ".join(f"{short(k, 2)}: {short(v, depth + 1)}" for k, v in list(value.items())[:4])
        return f"{{{inner}{', …' if len(value) > 4 else ''}}}"
    if sympy is not None and isinstance(value, sympy.Basic):
        return cap(str(value), 60)
    return f"a {type(value).__name__}"
