"""Every part counts: wrong values in one part of what a case returns are seen, the others being right.

What a case asks for and does not look at can be made up: losses that no training gave, weights that led to none.
Only values are changed here and nothing is run: a part is wrong when its numbers are far from what they were, each by
another amount (so that no symmetry of the question hides it), its truth values turned round and its texts changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.authoring.case import Case
from autograder.grading.terms import check_of
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import encode
from autograder.values.formula import Formula
from autograder.verify.allowed import Finding, found_row
from autograder.verify.gate import Exam
from autograder.verify.judging import Judge
from autograder.verify.report import Problem, Row
from autograder.verify.spread import spread

PARTS = "every part"
MOST = 16
"""Parts of a case that are looked at; of more than these the first ones, which are like the others."""
DEEP = 2


def parts_gate(exam: Exam) -> Row:
    """See the module."""
    plain = [c for c in exam.usable.cases.cases if c.kind == "case"]
    cases = [c for c in plain if check_of(c).kind not in ("outline", "derivation")]
    judge = exam.judge
    every = [
        (case, where, outputs)
        for case in cases
        for where, outputs in wrong_in_one_part(judge.bundle.expected_value(case.name, Recorded(0)))
    ]
    passed = spread(lambda one: _passes(judge, one[0], one[2]), every, exam.options.jobs)
    findings = []
    for (case, where, _), passes in zip(every, passed, strict=True):
        if passes:
            what = f"wrong values in the part {where} of what it returns pass"
            fix = "let the check look at it, or do not ask for it"
            findings.append(Finding(case.name, Problem(f"case `{case.name}`", what, fix)))
    count = len(every)
    return found_row(exam.source, PARTS, f"{count} parts of {len(cases)} cases", findings, [c.name for c in cases])


def wrong_in_one_part(value: Any) -> Iterator[tuple[str, Any]]:
    """(place, the outputs with wrong values there) for the parts of a dict or list, down to the second level."""
    for number, path in enumerate(_paths(value, DEEP)):
        if number == MOST:
            return
        changed = _with(value, path)
        if changed is not None:
            yield "".join(f"[{key!r}]" for key in path), changed


def _paths(value: Any, depth: int) -> Iterator[tuple[Any, ...]]:
    if depth == 0 or not isinstance(value, (dict, list)):
        return
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        inner = [(key, *path) for path in _paths(part, depth - 1)] if isinstance(part, dict) else []
        yield from inner or [(key,)]


def _with(value: Any, path: tuple[Any, ...]) -> Any:
    """A copy with wrong values at `path`; None where nothing there can be wrong."""
    if not path:
        return _wrong(value)
    inner = _with(value[path[0]], path[1:])
    if inner is None:
        return None
    made = dict(value) if isinstance(value, dict) else list(value)
    made[path[0]] = inner
    return made


def _wrong(value: Any) -> Any:
    if isinstance(value, dict):
        made = {k: _wrong(v) for k, v in value.items()}
        return made if made and all(v is not None for v in made.values()) else None
    if isinstance(value, list):
        several = [_wrong(v) for v in value]
        return several if several and all(v is not None for v in several) else None
    if isinstance(value, np.ndarray):
        return _wrong_array(value) if value.size else None
    if isinstance(value, bool):
        return not value
    if isinstance(value, Formula):
        return Formula("Add", (value, Formula("Integer", text="1")))
    if isinstance(value, (int, Fraction)):
        return 2 * value + 1
    if isinstance(value, (float, complex)):
        return 2 * value + 0.37 if np.isfinite(value) else 0.0
    return f"{value}?" if isinstance(value, str) else None


def _wrong_array(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if array.dtype == bool:
        return ~array
    noise = np.random.default_rng(7).uniform(0.3, 1.5, array.shape)
    if array.dtype.kind == "f":
        size = np.abs(array[np.isfinite(array)]).max(initial=0.0) + 1
        return np.where(np.isfinite(array), array + size * noise, 0).astype(array.dtype)
    return (2 * array + 1).astype(array.dtype)


def _passes(judge: Judge, case: Case, outputs: Any) -> bool:
    return judge.case(case.name, Answer(case.name, "returned", payload=encode(outputs)), 0).status.passed
