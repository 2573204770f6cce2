"""Named feedback: which known misconception a submission's outputs show, by what misconceptions returned.

A case's outputs match a misconception when they agree, within the case's tolerance, with what the misconception
returned in the same world, and are not as near to the right ones. One case proves little: a misconception is named
only where *all* that was recorded of it in that case's question, and in its own, is matched, and no recorded case of
another question passes; and where no other failing case hangs on the same functions, or on some of them, in another
way: then these are wrong in a way of their own. Where nothing but NaN, an exception or the end of a limit was matched,
no other failing case may hang on any of the same functions. A misconception that changes several functions is looked
for whole, and in each function alone. Of several the one whose every recorded case is matched is
taken, then the one matched in most cases. Where that leaves two, none is named: a wrong explanation is worse than none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from autograder.authoring.world import World
from autograder.checks.compare import agree
from autograder.checks.derivations import Derivation
from autograder.checks.evaluation import OverBudget
from autograder.checks.formulas import Equivalent, as_formula
from autograder.checks.judgement import Check
from autograder.checks.plain import Close
from autograder.grading.bundle import Bundle, MisconceptionRecord
from autograder.grading.worlds import Recorded, WorldRef
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import decode
from autograder.values.formula import Formula
from autograder.values.rendering import without_place

CLOSE_ENOUGH = 1e-6
_TOO_COMMON = ("NotImplementedError", "NameError", "AttributeError", "ImportError", "ModuleNotFoundError")


def matches(bundle: Bundle, case: str, check: Check, answer: Answer, world: WorldRef) -> tuple[str, ...]:
    """Names of the forms of misconceptions (see `Bundle.forms`) that came back with the same in this case and world.

    Args:
        answer: what the submission came back with; its payload is decoded here.
        world: the world that it ran in; nothing is recorded of one that was drawn.
    """
    if not isinstance(world, Recorded):
        return ()
    seen = _Seen(bundle, case, check, answer, world)
    known = ((name, record.outputs.get(case, ())) for name, record in bundle.forms.items())
    return tuple(name for name, ends in known if world.index < len(ends) and seen.same(*ends[world.index]))


class _Seen:
    """What came back in one case and world, beside what mistakes came back with there: each of these is read once."""

    def __init__(self, bundle: Bundle, case: str, check: Check, answer: Answer, world: Recorded) -> None:
        self.bundle, self.case, self.check, self.answer, self.world = bundle, case, check, answer, world
        self._same: dict[tuple[str, bytes], bool] = {}

    def same(self, status: str, payload: bytes) -> bool:
        """Whether a mistake that ended so is this one."""
        if status != self.answer.status:
            return False
        if status != "returned":
            return _same_end(status, self.answer.message, payload.decode(errors="replace"))
        if payload == self.answer.payload:
            return True
        if self._right:
            return False
        if (status, payload) not in self._same:
            self._same[status, payload] = _same_values(
                self.bundle, self.case, self.check, self._outputs, _read(payload), self.world
            )
        return self._same[status, payload]

    @cached_property
    def _outputs(self) -> Any:
        return decode(self.answer.payload)

    @cached_property
    def _right(self) -> bool:
        return near_right(self.bundle, self.case, self.check, self._outputs, self.world)


_LONGEST_KEPT = 65_536


def _read(payload: bytes) -> Any:
    """What a mistake returned; nobody changes it."""
    return _kept(payload) if len(payload) <= _LONGEST_KEPT else decode(payload)


@lru_cache(maxsize=4096)
def _kept(payload: bytes) -> Any:
    return decode(payload)


def choose(
    bundle: Bundle, found: Mapping[str, tuple[str, ...]], run: Collection[str], weak: Collection[str] = ()
) -> dict[str, MisconceptionRecord]:
    """The one misconception that each case shows; cases where none or several remain are left out.

    Args:
        found: case that failed → ids of `matches`.
        run: names of all cases that the submission was run on.
        weak: cases that came back without a value to compare; see the module.
    """
    records = bundle.forms
    matched: dict[str, set[str]] = {name: set() for name in records}
    for case, ids in found.items():
        for name in ids:
            matched[name].add(case)
    whole = {name: set(record.outputs) & set(run) for name, record in records.items()}
    question = {c.name: c.question for c in bundle.cases.cases}

    def possible(name: str, case: str) -> bool:
        known, shown, home = whole[name], matched[name], records[name].question
        asked = {c for c in known if question[c] in (home, question[case])}
        if not asked <= shown or not known <= found.keys():
            return False
        if any(_hangs_on_all_of(bundle, case, other) for other in found.keys() - shown):
            return False
        return not asked <= set(weak) or not any(_share(bundle, case, other) for other in found.keys() - shown)

    chosen = {}
    for case in found:
        left = [name for name in records if case in matched[name] and possible(name, case)]
        weight = {name: (whole[name] <= matched[name], len(matched[name])) for name in left}
        best = {records[name].id: records[name] for name in left if weight[name] == max(weight.values())}
        if len(best) == 1:
            chosen[case] = next(iter(best.values()))
    return chosen


def decided_by(bundle: Bundle, found: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Cases whose outcome `choose` may ask for, beyond the given ones: with these it gives what it gives with all.

    Args:
        found: case that failed → ids of `matches`, as for `choose`.
    """
    records = bundle.forms
    shown = [case for case, ids in found.items() if ids]
    recorded = {case for ids in found.values() for name in ids for case in records[name].outputs}
    near = {c.name for c in bundle.cases.cases for case in shown if _share(bundle, case, c.name)}
    return frozenset((recorded | near) - found.keys())


def near_right(bundle: Bundle, case: str, check: Check, outputs: Any, at: WorldRef) -> bool:
    """Whether the wrong outputs of a property lie as near to the right ones as two wrong ones that count as the same.

    Such a case is strict about the last digits: whatever is right up to these would match every mistake of the kind.
    (Where outputs are compared with the right ones, wrong means farther away than the tolerance of the match.)
    """
    if check.kind != "satisfies" or not isinstance(at, Recorded):
        return False
    right = bundle.expected_value(case, at)
    try:
        return right is not None and agree(outputs, right, CLOSE_ENOUGH)
    except (OverBudget, MemoryError):
        raise
    except Exception:  # a value that cannot be compared is far from right
        return False


def says_little(bundle: Bundle, case: str, answer: Answer, at: WorldRef) -> bool:
    """Whether an answer has no wrong value to compare: nothing came back, or all is right where it is not NaN."""
    if answer.status != "returned" or not isinstance(at, Recorded):
        return True
    outputs, right = decode(answer.payload), bundle.expected_value(case, at)
    if not _nan_places(outputs) or right is None:
        return False
    try:
        known = _where_known(right, outputs)
        return agree(_without_nan(outputs), known, CLOSE_ENOUGH)
    except (OverBudget, MemoryError):
        raise
    except Exception:  # of another form than the right ones: that says something
        return False


def _where_known(right: Any, outputs: Any) -> Any:
    """The right value with 0 where the outputs are NaN."""
    if isinstance(right, dict) and isinstance(outputs, dict):
        return {k: _where_known(v, outputs[k]) for k, v in right.items()}
    if isinstance(right, list) and isinstance(outputs, list):
        return [_where_known(r, o) for r, o in zip(right, outputs, strict=True)]
    if isinstance(right, np.ndarray) and isinstance(outputs, np.ndarray) and outputs.dtype.kind in "fc":
        return np.where(np.isnan(outputs), 0, right).astype(right.dtype)
    return 0.0 if isinstance(outputs, float) and outputs != outputs else right


def _share(bundle: Bundle, case: str, other: str) -> bool:
    """Whether two cases hang on a function both; where that is not known, whether they are of one question."""
    mine, its = bundle.reach.get(case), bundle.reach.get(other)
    if mine is None or its is None:
        return bundle.cases.get(case).question == bundle.cases.get(other).question
    return bool(mine & its)


def _hangs_on_all_of(bundle: Bundle, case: str, other: str) -> bool:
    """Whether a case calls whatever another one calls."""
    mine, its = bundle.reach.get(case, frozenset()), bundle.reach.get(other, frozenset())
    return bool(its) and its <= mine


def _same_end(status: str, message: str, recorded: str) -> bool:
    """Two runs that returned nothing and ended alike: out of time or memory, or with the same telling exception."""
    if status in ("timeout", "memory"):
        return True
    mine, theirs = without_place(message), without_place(recorded)
    telling = status == "error" and ": " in mine and not mine.startswith(_TOO_COMMON)
    return telling and mine == theirs


def _same_values(bundle: Bundle, case: str, check: Check, outputs: Any, recorded: Any, at: WorldRef) -> bool:
    """Whether two wrong outputs are the same mistake. A check that cannot take them as a key says no."""
    world, tolerance = bundle.world(case, at), bundle.tolerances.get(case)
    try:
        if isinstance(check, Derivation):
            return _same_derivation(check, outputs, recorded, bundle.expected_value(case, at), world)
        if _nan_places(outputs) != _nan_places(recorded):
            return False
        outputs, recorded = _without_nan(outputs), _without_nan(recorded)
        if check.kind in ("satisfies", "outline"):
            return agree(outputs, recorded, CLOSE_ENOUGH)
        if isinstance(check, Close):
            return check.agrees(outputs, recorded, tolerance)
        return check.judge(outputs, recorded, world, tolerance).passed
    except (OverBudget, MemoryError):
        raise
    except Exception:  # the recorded value is wrong by design: it may be NaN everywhere, or of another shape
        return False


def _same_derivation(check: Derivation, outputs: Any, recorded: Any, expected: Any, world: World) -> bool:
    """The same wrong answer at the end; with the right answer there, the same lines."""
    mine, theirs, right = (_lines(v) for v in (outputs, recorded, expected))
    if not mine or not theirs or not right:
        return False
    equal = Equivalent(check.domains, check.functions, CLOSE_ENOUGH)
    if not equal.judge(theirs[-1], right[-1], world.fork("end")).passed:
        return equal.judge(mine[-1], theirs[-1], world.fork("end")).passed
    return len(mine) == len(theirs) and equal.judge(list(mine), list(theirs), world.fork("lines")).passed


def _lines(value: Any) -> tuple[Formula, ...]:
    lines = [as_formula(v) for v in value] if isinstance(value, list) else []
    return tuple(line for line in lines if line is not None) if None not in lines else ()


def _nan_places(value: Any, where: str = "") -> list[str]:
    """Where a nested value has NaN; NaN equals nothing, yet two mistakes that end in the same NaN are one."""
    if isinstance(value, (list, dict)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [place for key, item in items for place in _nan_places(item, f"{where}[{key!r}]")]
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return [f"{where}{np.flatnonzero(np.isnan(value)).tolist()}"] if np.isnan(value).any() else []
    return [where] if isinstance(value, (float, complex)) and value != value else []


def _without_nan(value: Any) -> Any:
    """The value with 0 in place of NaN."""
    if isinstance(value, dict):
        return {k: _without_nan(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_nan(v) for v in value]
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return np.where(np.isnan(value), 0, value).astype(value.dtype)
    return 0.0 if isinstance(value, (float, complex)) and value != value else value
