"""Trivial outputs: what somebody could send without having done the work. Every case must fail each of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.authoring.case import Case
from autograder.checks.judgement import NotMeasured
from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from autograder.grading.terms import check_of
from autograder.grading.worlds import Recorded, WorldRef
from autograder.values.codec import decode, encode
from autograder.values.formula import Formula
from autograder.verify.places import own_line
from autograder.verify.report import Problem

CONSTANTS: tuple[tuple[str, Any], ...] = (
    ("None", None),
    ("True", True),
    ("False", False),
    ("0", 0),
    ("1", 1),
    ("0.0", 0.0),
    ("1.0", 1.0),
    ("NaN", math.nan),
    ("an infinity", math.inf),
    ("empty text", ""),
    ("an empty list", []),
    ("an empty dict", {}),
    ("an empty array", np.zeros(0)),
)


def trivial_outputs(expected: Any) -> Iterator[tuple[str, Any]]:
    """(name, value) of constants and of values shaped like `expected`."""
    yield from CONSTANTS
    for name, number in (("zeros", 0), ("ones", 1), ("NaN everywhere", math.nan)):
        yield f"{name} in the right shape", filled(expected, number)


def filled(value: Any, number: float) -> Any:
    """`value` with every number replaced; text becomes empty, True becomes bool(number)."""
    if isinstance(value, dict):
        return {k: filled(v, number) for k, v in value.items()}
    if isinstance(value, list):
        return [filled(v, number) for v in value]
    if isinstance(value, np.ndarray):
        fits = value.dtype.kind in "fc" or not math.isnan(number)
        return np.full_like(value, number if fits else 0)
    if isinstance(value, bool):
        return bool(number)
    if isinstance(value, Formula):
        return Formula("NaN") if math.isnan(number) else Formula("Integer", text=str(int(number)))
    if isinstance(value, str):
        return ""
    if isinstance(value, (int, Fraction)) and not math.isnan(number):
        return type(value)(int(number))
    return number if isinstance(value, (int, float, complex, Fraction)) else value


def judged_trivial(source: AssignmentSource, bundle: Bundle, case: Case) -> Iterator[Problem]:
    """A problem for every trivial value that passes in some world of the case, or that its check cannot take."""
    seen: set[str] = set()
    for index in range(len(bundle.expected[case.name])):
        candidates = list(trivial_outputs(bundle.expected_value(case.name, Recorded(index))))
        other = (index + 1) % len(bundle.expected[case.name])
        if other != index:
            candidates.append(("another world's outputs", bundle.expected_value(case.name, Recorded(other))))
        for name, value in candidates:
            try:
                passed = name not in seen and passes(bundle, case, value, index)
            except Exception as error:  # the author's own
                yield _raising(source, case, value, error)
                return
            if passed:
                seen.add(name)
                yield trivial_problem(case.name, name, Recorded(index))


def passes(bundle: Bundle, case: Case, value: Any, index: int) -> bool:
    """Whether a value gets full credit.

    Raises:
        what the check raises.
    """
    judgement = check_of(case).judge(
        decode(encode(value)),
        bundle.expected_value(case.name, Recorded(index)),
        bundle.world(case.name, Recorded(index)),
        bundle.tolerances.get(case.name),
    )
    return judgement.passed


def _raising(source: AssignmentSource, case: Case, value: Any, error: Exception) -> Problem:
    """A check that does not take every value, at its author's own line."""
    line = own_line(source, error)
    said = str(error).replace("'NoneType' object", "None").replace("'NoneType'", "None")
    what = f"the check raises {type(error).__name__}: {said}" + (f" (at {line})" if line else "")
    fix = "a check must take any value: answer Measured(math.inf, why) for a wrong kind"
    fix = error.fix if isinstance(error, NotMeasured) else fix
    return Problem(f"case `{case.name}`", f"{what}; outputs were {value!r}"[:300], fix)


_PASSES, _RETURN = "passes with ", "functions that return "
_GUESSED = "return values that cannot be guessed: the student's numbers themselves, from inputs of the world"


def trivial_problem(case: str, name: str, world: WorldRef) -> Problem:
    """The words for a case that a trivial value passes."""
    if name == "another world's outputs":
        fix = "the outputs do not depend on the world: use it for the inputs, or declare worlds=1"
    elif name.startswith("zeros"):
        fix = "the right outputs are (nearly) 0 here: a cotangent of ones cancels; draw it from the world"
    elif name.startswith("ones"):
        fix = "the right outputs are (nearly) 1 here: an exponent or a count that is always 0? Draw it, above 0"
    else:
        fix = _GUESSED
    return Problem(f"case `{case}`", f"{_PASSES}{name} (world {world.shown})", fix)


def one_a_case(found: Iterable[Problem]) -> list[Problem]:
    """What passes a case, in one problem for each; those that say something else stay by themselves."""
    cases: dict[str, list[Problem]] = {}
    others = []
    for one in found:
        if one.what.startswith(_PASSES):
            cases.setdefault(one.where, []).append(one)
        else:
            others.append(one)
    return [*_one_a_line(others), *(_together(several) for several in cases.values())]


def _one_a_line(raising: list[Problem]) -> list[Problem]:
    """Checks that stop at the same line are one problem, at the first of their cases."""
    lines: dict[tuple[str, str], list[Problem]] = {}
    for one in raising:
        lines.setdefault((one.what, one.fix), []).append(one)
    return [
        replace(several[0], where=several[0].where + "".join(f", {other.where}" for other in several[1:]))
        for several in lines.values()
    ]


def _together(several: list[Problem]) -> Problem:
    names = [one.what.removeprefix(_PASSES) for one in several]
    functions = [name.removeprefix(_RETURN) for name in names if name.startswith(_RETURN)]
    shown = [name for name in names if not name.startswith(_RETURN)]
    shown += [f"{_RETURN}{', '.join(functions)}"] if functions else []
    special = list(dict.fromkeys(one.fix for one in several if one.fix != _GUESSED))
    return replace(several[0], what=f"{_PASSES}{', '.join(shown)}", fix="; ".join(special) or _GUESSED)
