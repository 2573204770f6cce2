"""Programs that the exam makes up: the reference with functions unwritten, changing their arguments, or returning the
right values in other forms. Only what a probe calls is changed; calls inside the reference see it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable

TWICE = "the same object is handed over twice"
SPOILED = "an argument was changed in place"
IGNORED = "a generator was not used"
IGNORING_WAYS = ("one that always has the same seed", "another one in every call")
FORMS = (
    "lists", "tuples", "arrays", "tensors", "NumPy numbers", "arrays without a dimension", "object arrays",
    "fractions of NumPy integers", "sympy numbers", "truth values for 0 and 1", "a further key", "views",
    "other parameter names", "float32",
)  # fmt: skip


def unwritten(reference: str, name: str) -> str:
    """`name` is still to be written."""
    return f"{reference}\n\n# %%\ndef {name}(*args, **kwargs):\n    raise NotImplementedError('write {name}')\n"


def spoiling(reference: str, name: str) -> str:
    """`name` returns the right values and changes everything that it was handed."""
    return f"{reference}\n\n# %%\n{OUTSIDE}\n{_SPOILING}\n_outside([{name!r}], _spoiling)\n"


def told_twice(reference: str, names: Iterable[str], may_change: Iterable[str] = ()) -> str:
    """Each of these functions raises when it is handed an object that one of `may_change` was handed before.

    Any other object may be handed over again: who changes it is told so by name and loses the case for that, whatever
    comes of it later. What a function may change is told to nobody, and would show as a wrong value of something else.
    """
    loose = f"_MAY_CHANGE = {sorted(may_change)!r}"
    return f"{reference}\n\n# %%\n{OUTSIDE}\n{_TWICE}\n{loose}\n_outside({sorted(names)!r}, _once)\n"


def in_form(reference: str, names: Iterable[str], form: str) -> str:
    """Each of these functions returns its values in another form."""
    return f"{reference}\n\n# %%\n{OUTSIDE}\n{_IN_FORM}\n_FORM = {form!r}\n_outside({sorted(names)!r}, _formed)\n"


def ignoring(reference: str, name: str, way: str) -> str:
    """`name` draws from a generator of its own, whichever it is handed; to probes and the reference's own calls."""
    return f"{reference}\n\n# %%\n_ALIKE = {way == IGNORING_WAYS[0]}\n{_IGNORING}\n{name} = _ignoring({name})\n"


OUTSIDE = """
import functools as _functools
import inspect as _inspect
import sys as _sys
from fractions import Fraction as _Fraction

import numpy as _np


def _outside(names, wrapped):
    for name in names:
        function = globals().get(name)
        if _inspect.isfunction(function):
            globals()[name] = _for_probes(name, function, wrapped)


def _for_probes(name, function, wrapped):
    @_functools.wraps(function)
    def call(*args, **kwargs):
        if _sys._getframe(1).f_globals is globals():
            return function(*args, **kwargs)
        return wrapped(name, function, args, kwargs)

    return call
"""

_IGNORING = f"""
import functools as _functools
import inspect as _inspect
import itertools as _itertools
import random as _random
import sys as _sys

import numpy as _np

_number = _itertools.count(1)


def _ignoring(function):
    if not _inspect.isfunction(function):
        return function

    @_functools.wraps(function)
    def call(*args, **kwargs):
        return function(*map(_own, args), **{{k: _own(v) for k, v in kwargs.items()}})

    return call


def _own(value):
    torch = _sys.modules.get("torch")
    seed = 271828 + (0 if _ALIKE else next(_number))
    if isinstance(value, _np.random.Generator):
        value = _np.random.default_rng(seed)
    elif isinstance(value, _np.random.RandomState):
        value = _np.random.RandomState(seed)
    elif isinstance(value, _random.Random):
        value = _random.Random(seed)
    elif torch is not None and isinstance(value, torch.Generator):
        value = torch.Generator(value.device).manual_seed(seed)
    else:
        return value
    print("{IGNORED}")
    return value
"""

_SPOILING = f'''
def _spoiling(name, function, args, kwargs):
    result = function(*args, **kwargs)
    if any([_spoil(value) for value in (*args, *kwargs.values())]):
        print("{SPOILED}")
    return result


def _spoil(value):
    torch = _sys.modules.get("torch")
    if isinstance(value, _np.ndarray) and value.flags.writeable and value.size:
        value[...] = ~value if value.dtype == bool else value + 1
    elif torch is not None and isinstance(value, torch.Tensor) and value.numel():
        with torch.no_grad():
            value.copy_(~value if value.dtype == torch.bool else value + 1)
    elif isinstance(value, list):
        value.append(value[-1] if value else 0)
    elif isinstance(value, dict):
        value["a further key"] = 0
    else:
        return isinstance(value, tuple) and any([_spoil(part) for part in value])
    return True
'''

_TWICE = f'''
_handed = {{}}


def _once(name, function, args, kwargs):
    torch = _sys.modules.get("torch")
    kinds = (_np.ndarray, list, dict) + ((torch.Tensor,) if torch is not None else ())
    given = [value for value in (*args, *kwargs.values()) if isinstance(value, kinds)]
    for value in given:
        if id(value) in _handed:
            raise RuntimeError(f"{TWICE}: to `{{_handed[id(value)][1]}}` and then to `{{name}}`")
    if name in _MAY_CHANGE:
        _handed.update({{id(value): (value, name) for value in given}})
    return function(*args, **kwargs)
'''

_IN_FORM = """
def _formed(name, function, args, kwargs):
    if _FORM == "other parameter names":
        parameters = _inspect.signature(function).parameters
        given = [k for k in kwargs if k not in parameters or parameters[k].kind != _inspect.Parameter.KEYWORD_ONLY]
        if given:
            raise TypeError(f"{name}() got an unexpected keyword argument {given[0]!r}")
    return _form(function(*args, **kwargs))


def _form(value):
    torch, sympy = _sys.modules.get("torch"), _sys.modules.get("sympy")
    tensor = torch is not None and isinstance(value, torch.Tensor)
    array = isinstance(value, _np.ndarray)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    whole = number and isinstance(value, int) and abs(value) < 2**53
    exact = whole or (isinstance(value, _Fraction) and abs(value.numerator) < 2**53 > value.denominator)
    if isinstance(value, dict):
        named = all(isinstance(k, str) for k in value)
        more = {"a further key": 0} if _FORM == "a further key" and named else {}
        return {k: _form(v) for k, v in value.items()} | more
    if isinstance(value, (list, tuple)):
        return _row(value, torch)
    if tensor and (value.requires_grad or value.is_complex()):
        return value
    if _FORM == "lists" and (array or tensor) and value.ndim:
        return value.tolist()
    if _FORM == "tuples" and (array or tensor) and value.ndim:
        return tuple(value.tolist())
    if _FORM == "arrays" and tensor:
        return value.numpy()
    if _FORM == "tensors" and array and torch is not None and value.dtype.kind in "fiub":
        return torch.tensor(value)
    if _FORM == "NumPy numbers" and (whole or isinstance(value, float)):
        return _np.int64(value) if whole else _np.float64(value)
    if _FORM == "arrays without a dimension" and number:
        return _np.array(value)
    if _FORM == "object arrays" and array and value.dtype.kind in "iu":
        return _np.array([_Fraction(int(v)) for v in value.flat] or value, dtype=object).reshape(value.shape)
    if _FORM == "fractions of NumPy integers" and exact:
        return _Fraction(_np.int64(value.numerator), _np.int64(value.denominator))
    if _FORM == "sympy numbers" and exact and sympy is not None:
        return sympy.Rational(value.numerator, value.denominator)
    if _FORM == "truth values for 0 and 1" and array and value.dtype.kind in "iu" and _np.isin(value, (0, 1)).all():
        return value.astype(bool)
    if _FORM == "views" and (array or tensor) and value.ndim:
        return (_np if array else torch).stack([value, value], -1)[..., 0]
    if _FORM == "float32" and (array and value.dtype == _np.float64 or tensor and value.dtype == torch.float64):
        return value.astype(_np.float32) if array else value.float()
    return value


def _row(value, torch):
    flat = value and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in value)
    if flat and _FORM == "arrays":
        return _np.array(value)
    if flat and _FORM == "tensors" and torch is not None:
        return torch.tensor(value, dtype=torch.int64 if all(isinstance(v, int) for v in value) else torch.float64)
    made = [_form(v) for v in value]
    return tuple(made) if isinstance(value, tuple) != (_FORM in ("lists", "tuples")) else list(made)
"""
