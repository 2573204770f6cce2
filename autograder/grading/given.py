"""What a case gives to the student's functions: its probe run once more, with a stand-in for the student.

The stand-in writes down each call and returns a token. Where a probe does no more with what comes back than to put it
into lists and dicts, the tokens in its outputs tell which call each part came from; where it computes with it, the run
ends there, and what was called until then is known. No student code runs.
Not covered: calls of what a function returned (a closure, an object), and what a probe draws after its run has ended.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from autograder.authoring.case import Case
from autograder.authoring.world import World

MOST_CALLS = 400
LONGEST, MOST_SHOWN = 60, 4


@dataclass(frozen=True)
class Call:
    """One call of a student's function: its name, and what it was given by the names of its parameters."""

    function: str
    given: Mapping[str, Any]

    @property
    def text(self) -> str:
        """`theorems(3, 1, 5, 'sup')`; what is large by its shape."""
        return f"{self.function}({', '.join(map(_short, self.given.values()))})"


@dataclass(frozen=True)
class Given:
    """The calls of a case; `places` says which parts of the outputs they are, where that is known."""

    calls: tuple[Call, ...] = ()
    places: Mapping[tuple[Any, ...], Call] = field(default_factory=dict)


class Earlier:
    """Stands among arguments for what an earlier call returned, which nobody knows."""

    def __repr__(self) -> str:
        return "…"


class _Enough(BaseException):
    """The probe asks for a value that nobody has."""


class _Token:
    """What a stand-in returns; it may be put away, and nothing else."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __getattr__(self, name: str) -> NoReturn:
        raise _Enough


def _enough(*_: Any, **__: Any) -> NoReturn:
    raise _Enough


_COMPUTED_WITH = (
    "iter getitem call len bool float int index array add radd sub rsub mul rmul truediv rtruediv matmul rmatmul neg "
    "pow abs lt le gt ge contains enter array_ufunc array_function torch_function str repr format"
)
for _name in _COMPUTED_WITH.split():
    setattr(_Token, f"__{_name}__", _enough)


class _StandIn:
    """`student.f` for every f."""

    def __init__(self, parameters: Mapping[str, tuple[str, ...]], calls: list[Call]) -> None:
        self._parameters, self._calls = parameters, calls

    def __getattr__(self, name: str) -> Callable[..., _Token]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> _Token:
            if len(self._calls) >= MOST_CALLS:
                raise _Enough
            known = self._parameters.get(name, ())
            names = [*known, *(f"argument {i + 1}" for i in range(len(known), len(args)))]
            given = {n: _plain(v) for n, v in zip(names, args, strict=False)}
            self._calls.append(Call(name, given | {n: _plain(v) for n, v in kwargs.items()}))
            return _Token(len(self._calls) - 1)

        return call


def given_in(case: Case, world: World, parameters: Mapping[str, tuple[str, ...]]) -> Given:
    """The calls of a case in a world.

    Args:
        world: a fresh one.
        parameters: function → the names of its parameters, as handed out.
    """
    calls: list[Call] = []
    try:
        outputs = case.probe(_StandIn(parameters, calls), world)
        places: dict[tuple[Any, ...], int] = {}
        _find(outputs, (), places)
    except (_Enough, Exception):  # whatever a probe makes of a token
        return Given(tuple(calls))
    return Given(tuple(calls), {place: calls[number] for place, number in places.items()})


def _find(value: Any, keys: tuple[Any, ...], places: dict[tuple[Any, ...], int]) -> None:
    if isinstance(value, _Token):
        places[keys] = value.number
    elif isinstance(value, dict):
        for key, item in value.items():
            _find(item, (*keys, key), places)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _find(item, (*keys, index), places)


def _plain(value: Any) -> Any:
    """A value with tensors as arrays; what the probe changes later stays as it was."""
    if isinstance(value, _Token):
        return Earlier()
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return value.detach().cpu().numpy().copy()
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        return f"array of shape {value.shape}"
    if isinstance(value, (list, dict)):
        parts = list(value.values()) if isinstance(value, dict) else value
        if len(parts) > MOST_SHOWN or any(isinstance(p, (list, dict, np.ndarray)) for p in parts):
            return f"a {'dict' if isinstance(value, dict) else 'list'} of {len(parts)}"
        return f"[{', '.join(map(_short, parts))}]" if isinstance(value, list) else "{…}"
    text = repr(value.item()) if isinstance(value, (np.generic, np.ndarray)) else repr(value)
    text = str(value) if type(value).__name__ in ("Fraction", "Symbol") else text
    text = "a function" if callable(value) and not isinstance(value, type) else text
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
