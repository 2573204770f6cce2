"""Gradients by central differences, made up: where a derivation is asked for, a difference quotient must not do.

A function of a question that forbids automatic differentiation or differences gets a twin that calls the reference and
puts difference quotients in the place of what it derived. It is known what to difference where the function returns its
value beside a function of cotangents, `(out, vjp)`, or where the assignment has a function of the same parameters, but
for one (the cotangent) or none (a loss). An entry is replaced where it has the shape of an array argument.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from autograder.authoring.statements import known
from autograder.spec.models import Question
from autograder.values.parsing import tree_of

OF_THIS = frozenset({"group:autograd", "group:numerical_differences"})
STEP = 1e-5


def derives(question: Question) -> bool:
    """Whether the question wants gradients that are derived."""
    return bool(OF_THIS & set(question.forbidden))


def partners(reference: str, name: str) -> Iterator[tuple[str, str]]:
    """(function, parameter) whose gradient `name` may be: all parameters are the same, but for one ("": for none)."""
    parameters = _parameters(reference)
    own = parameters.get(name, ())
    for other, theirs in parameters.items():
        missing = [p for p in own if p not in theirs]
        if other != name and theirs and set(theirs) <= set(own) and len(missing) <= 1:
            yield other, (missing or [""])[0]


def differenced(reference: str, name: str, pairs: Mapping[str, str]) -> str:
    """The reference with gradients of one function by central differences.

    Args:
        pairs: function to difference → parameter with the cotangent, or ""; see `partners`.
    """
    head = f"_PAIRS = {dict(pairs)!r}\n_STEP = {STEP!r}"
    return f"{reference}\n\n# %%\n{head}\n{_DIFFERENCES}\n{name} = _differenced({name})\n"


def _parameters(reference: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for one in tree_of(reference).body:
        if isinstance(one, ast.FunctionDef) and one.name in known(reference).owners:
            found[one.name] = tuple(a.arg for a in (*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs))
    return found


_DIFFERENCES = """
import inspect as _inspect
import sys as _sys

import numpy as _np


def _is_array(value):
    torch = _sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return value.is_floating_point()
    return isinstance(value, _np.ndarray) and value.dtype.kind == "f"


def _numbers(value):
    return _np.asarray(value.detach().numpy() if hasattr(value, "detach") else value, dtype=float)


def _like(array, value):
    torch = _sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return torch.tensor(array, dtype=value.dtype)
    return array.astype(value.dtype)


def _quotient(total, value):
    place, found = _numbers(value), _np.zeros(tuple(value.shape))
    for entry in _np.ndindex(*place.shape):
        ends = []
        for step in (_STEP, -_STEP):
            moved = place.copy()
            moved[entry] += step
            ends.append(total(_like(moved, value)))
        found[entry] = (ends[0] - ends[1]) / (2 * _STEP)
    return _like(found, value)


def _weighted(result, cotangent):
    if isinstance(result, (tuple, list)):
        result = next(r for r in result if _numbers(r).shape == _numbers(cotangent).shape)
    return float((_numbers(result) * _numbers(cotangent)).sum())


def _with(arguments, name, value):
    return {**arguments, name: value}


def _differenced(function):
    names = list(_inspect.signature(function).parameters)

    def call(*args, **kwargs):
        given = {**dict(zip(names, args)), **kwargs}
        result = function(*args, **kwargs)
        if isinstance(result, tuple) and len(result) == 2 and callable(result[1]):
            return result[0], _pulled(result, given)
        for other, cotangent in _PAIRS.items():
            found = _replaced(result, given, globals()[other], given.get(cotangent, 1.0), cotangent)
            if found is not None:
                return found
        raise NotImplementedError("nothing here is known to be a gradient")

    def _pulled(result, given):
        def vjp(g):
            wanted = result[1](g)
            arrays = [n for n in given if _is_array(given[n])]
            if len(arrays) != len(wanted):
                return wanted
            return tuple(
                _quotient(lambda v: _weighted(function(**_with(given, n, v))[0], g), given[n]) for n in arrays
            )

        return vjp

    return call


def _replaced(result, given, other, cotangent, name):
    inputs = {n: v for n, v in given.items() if n != name}

    def gradient(n):
        return _quotient(lambda v: _weighted(other(**_with(inputs, n, v)), cotangent), given[n])

    def fits(n, value):
        return n in inputs and _is_array(inputs[n]) and _is_array(value) and value.shape == inputs[n].shape

    def near(n, value):
        found = gradient(n)
        if not _np.allclose(_numbers(found), _numbers(value), rtol=1e-3, atol=1e-6):
            raise ValueError("the gradient of something else")
        return found

    try:
        if isinstance(result, dict):
            return {k: near(k, v) if fits(k, v) else v for k, v in result.items()}
        arrays = [n for n in inputs if _is_array(inputs[n])]
        if isinstance(result, (tuple, list)) and len(result) == len(arrays):
            return type(result)(near(n, v) if fits(n, v) else v for n, v in zip(arrays, result))
        return near(arrays[0], result) if arrays and fits(arrays[0], result) else None
    except Exception:
        return None
"""
