"""Programs with one broken function, and a program that replays what the handout gives away; see `generated`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NOISE, SCALE = "noise", "1 % too large"
KINDS = (NOISE, SCALE)


def broken(reference: str, name: str, kind: str) -> str:
    """`name` gives wrong values of the right form, to probes and to the functions built on it alike."""
    return f"{reference}\n\n# %%\n{_BROKEN}\n_KIND = {kind!r}\n{name} = _broken_by({name})\n"


def replaying(
    reference: str, names: Iterable[str], probes: str, shipped: Mapping[str, int], *, whole: bool = False
) -> str:
    """Every function gives what the handout tells of it, and nothing else.

    While it loads, the program runs the public cases as a student could, in the handout's world. What a function
    returned there counts as known where the outputs hold it. Later it returns what it knows for these arguments, or
    else the first thing it knows.

    Args:
        names: the functions that a student writes.
        probes: source of the public cases whose outputs are shipped.
        shipped: case -> seed of the handout's world.
        whole: all that a function returned counts as known, as for somebody who worked it out once and wrote it down.
    """
    tables = f"_NAMES = {sorted(names)!r}\n_PROBES = {probes!r}\n_SHIPPED = {dict(shipped)!r}\n_WHOLE = {whole!r}"
    return f"{reference}\n\n# %%\n{tables}\n{_REPLAYING}"


_BROKEN = """
import functools as _functools
import inspect as _inspect
import sys as _sys
from fractions import Fraction as _Fraction

import numpy as _np


def _broken_by(function):
    if not _inspect.isfunction(function):
        return function

    @_functools.wraps(function)
    def call(*args, **kwargs):
        return _wrong(function(*args, **kwargs))

    return call


def _wrong(value):
    torch, sympy = _sys.modules.get("torch"), _sys.modules.get("sympy")
    if isinstance(value, dict):
        return {k: _wrong(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return type(value)([_wrong(v) for v in value])
    if torch is not None and isinstance(value, torch.Tensor) and not isinstance(value, torch.nn.Parameter):
        if value.is_floating_point():
            noise = torch.from_numpy(_noise(tuple(value.shape))).to(value.dtype)
            return value * 1.01 if _KIND != "noise" else value + noise
        return value if _KIND != "noise" else ~value if value.dtype == torch.bool else value + 1
    if isinstance(value, _np.ndarray) and value.dtype.kind in "biuf":
        if value.dtype.kind == "f":
            return (value * 1.01 if _KIND != "noise" else value + _noise(value.shape)).astype(value.dtype)
        return value if _KIND != "noise" else ~value if value.dtype == bool else value + 1
    if isinstance(value, float):
        return value * 1.01 if _KIND != "noise" else value + float(_noise(()))
    if _KIND != "noise" or value is None:
        return value
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, _Fraction)) or sympy is not None and isinstance(value, sympy.Expr):
        return value + 1
    return value + "?" if isinstance(value, str) else value


def _noise(shape):
    return _np.asarray(_np.random.RandomState(7).uniform(0.2, 0.9, shape))
"""

_REPLAYING = """
import inspect as _inspect

from autograder.authoring.world import World as _World
from autograder.values.codec import encode as _encode

_known = {}


def _bytes_of(value):
    try:
        return _encode(value)
    except Exception:
        return None


def _parts(value):
    yield _bytes_of(value)
    if isinstance(value, (list, tuple, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _parts(part)


class _Home:
    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        function = _originals.get(name)
        if function is None:
            return globals()[name]

        def call(*args, **kwargs):
            given = _bytes_of([list(args), kwargs])
            result = function(*args, **kwargs)
            self.calls.append((name, given, result))
            return result

        return call


_originals = {n: globals()[n] for n in _NAMES if _inspect.isfunction(globals().get(n))}
_space = {}
exec(_PROBES, _space)
for _case, _seed in _SHIPPED.items():
    _home = _Home()
    try:
        _seen = set(_parts(_space[_case](_home, _World(_seed))))
    except Exception:
        continue
    for _name, _given, _result in _home.calls:
        _told = _bytes_of(_result)
        if _WHOLE or _told is not None and _told in _seen:
            _known.setdefault(_name, {}).setdefault(_given, _result)


def _replayed(name):
    def call(*args, **kwargs):
        known = _known.get(name)
        if not known:
            raise NotImplementedError(f"write {name}")
        return known.get(_bytes_of([list(args), kwargs]), next(iter(known.values())))

    return call


for _name in _NAMES:
    globals()[_name] = _replayed(_name)
"""
