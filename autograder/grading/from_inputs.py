"""What the inputs tell of a wrong answer: where it is wrong, what is missing, and which call it is of.

The inputs are those of the case's own calls (given.py); nothing is said where they are not known, and nothing of
properties and derivations, which have no right value beside the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.authoring.world import World
from autograder.checks.diagnosis import SAME, as_array, entrywise, leaves, of_leaves, same_leaf
from autograder.checks.forms import in_form_of
from autograder.checks.judgement import Check
from autograder.checks.missing_part import missing_part
from autograder.checks.where_wrong import where_wrong, which_calls
from autograder.checks.whole_numbers import as_whole_numbers
from autograder.grading.given import Call, Given

LEAST_CALLS, LONGEST_PAIR = 4, 160
_SKIPPED = ("satisfies", "derivation", "excess")


@dataclass(frozen=True)
class Part:
    """A part of the outputs: what came back, what is right, the call that it is of, and its place as text."""

    got: Any
    expected: Any
    call: Call
    place: str


def told_by_inputs(check: Check, outputs: Any, expected: Any, given: Given, world: World) -> dict[str, str]:
    """Fields of an explanation: `diagnosis` where the inputs tell something, `call` where one of several is meant (and
    `at`, its place), and `first`: what is wrong with that call where nothing is true of all.

    Args:
        outputs, expected: decoded.
        given: the calls of the case in this world.
        world: a fresh one.
    """
    if check.kind in _SKIPPED or not given.calls:
        return {}
    parts = list(_parts(outputs, expected, given))
    wrong = [p for p in parts if not same_leaf(p.got, p.expected, check, world)]
    if not wrong:
        return {}
    several = len({id(p.call) for p in parts}) > 1
    found = {"call": wrong[0].call.text, "at": wrong[0].place} if several else {}
    said = _of_calls(parts, wrong) or _of_arrays(wrong, entrywise(check))
    alone = "" if said or not several else _of_function(parts, wrong[0], check, world) or _right_one(parts, wrong)
    return found | ({"diagnosis": said} if said else {"first": alone} if alone else {})


def _parts(outputs: Any, expected: Any, given: Given) -> Iterator[Part]:
    """The outputs call by call; all of them as one where there was one call."""
    if given.places:
        for keys, call in given.places.items():
            try:
                yield Part(_at(outputs, keys, expected), _at(expected, keys, expected), call, _text(keys))
            except (KeyError, IndexError, TypeError):
                continue
    elif len(given.calls) == 1:
        yield Part(outputs, expected, given.calls[0], "")


def _at(value: Any, keys: Sequence[Any], beside: Any) -> Any:
    for key in keys:
        value, beside = _under(in_form_of(value, beside), key), _under(beside, key)
    return value


def _under(value: Any, key: Any) -> Any:
    return {str(k): v for k, v in value.items()}[str(key)] if isinstance(value, dict) else value[key]


def _text(keys: Sequence[Any]) -> str:
    return "".join(f"[{key!r}]" for key in keys)


def _of_calls(parts: Sequence[Part], wrong: Sequence[Part]) -> str:
    """Which calls of a function came back wrong, by their arguments."""
    functions = {p.call.function for p in wrong}
    own = [p for p in parts if p.call.function in functions]
    if (
        len(functions) != 1
        or len(own) < LEAST_CALLS
        or any(np.ndim(p.got) for p in own if isinstance(p.got, np.ndarray))
    ):
        return ""
    names = list(own[0].call.given)
    if any(list(p.call.given) != names for p in own):
        return ""
    bad = np.array([any(p is w for w in wrong) for p in own])
    return which_calls(bad, {name: [p.call.given[name] for p in own] for name in names})


def _of_function(parts: Sequence[Part], first: Part, check: Check, world: World) -> str:
    """What is wrong with the calls of the function whose call is wrong first: with all of them, or with that one."""
    own = [p for p in parts if p.call.function == first.call.function]
    if len(own) > 1 and all(isinstance(v, (int, float, Fraction)) for p in own for v in (p.got, p.expected)):
        said = of_leaves([([p.got for p in own], [p.expected for p in own], "")], check, world)
        return f"in the calls of `{first.call.function}`: {said}" if said else ""
    said = of_leaves(list(leaves(first.got, first.expected)), check, world)
    return f"in this call: {said}" if said else ""


def _right_one(parts: Sequence[Part], wrong: Sequence[Part]) -> str:
    """A call of the same function that is right, where it can be told from the first wrong one."""
    first = wrong[0].call
    right = [p.call for p in parts if p.call.function == first.function and all(p.call is not w.call for w in wrong)]
    told = next((call.text for call in right if call.text != first.text), "")
    return f"`{told}` is right, `{first.text}` is not" if told and len(told + first.text) <= LONGEST_PAIR else ""


def _of_arrays(wrong: Sequence[Part], elementwise: bool) -> str:
    """One thing that is true of every wrong array."""
    found = {_of_part(p, elementwise) for p in wrong}
    return found.pop() if len(found) == 1 else ""


def _of_part(part: Part, elementwise: bool) -> str:
    found: set[str] = set()
    every = list(_arrays(part.got, part.expected))
    for got, expected, place in every:
        a, b = as_array(got), as_array(expected)
        if a is None or b is None or a.shape != b.shape:
            return ""
        bad = _bad(a, b, elementwise)
        if not bad.any():
            continue
        others = {f"value at {p}": as_array(e) for _, e, p in every if p != place and as_array(e) is not None}
        whole = as_whole_numbers(expected) is not None
        said = "" if whole else missing_part(a, b, part.call.given, others)
        found.add(said or where_wrong(bad, part.call.given))
    return found.pop() if len(found) == 1 else ""


def _arrays(got: Any, expected: Any, where: str = "") -> Iterator[tuple[Any, Any, str]]:
    """Pairs of arrays: several results of a call are none, even where they could be stacked."""
    if isinstance(expected, list) and any(isinstance(e, (list, dict, np.ndarray)) for e in expected):
        if isinstance(got, list) and len(got) == len(expected):
            for i, (g, e) in enumerate(zip(got, expected, strict=True)):
                yield from _arrays(g, e, f"{where}[{i}]")
            return
    elif isinstance(expected, dict) and isinstance(got, dict) and set(map(str, got)) == set(map(str, expected)):
        mine = {str(k): v for k, v in got.items()}
        for key, e in expected.items():
            yield from _arrays(mine[str(key)], e, f"{where}[{key!r}]")
        return
    yield got, expected, where


def _bad(a: Any, b: Any, elementwise: bool) -> Any:
    """Which entries of an array are wrong, by the size of the right one or, where every entry counts, by its own."""
    scale = np.abs(b) if elementwise else float(np.max(np.abs(b[np.isfinite(b)]), initial=0.0))
    with np.errstate(invalid="ignore"):
        return ~((np.abs(a - b) <= SAME * scale) | (a == b))
