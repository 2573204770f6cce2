"""Fingerprints: what an answer was, in a dozen bytes: enough to tell whether another one is the same, not to make one.

The form (a digest: keys, lengths, shapes, kinds of numbers, whole numbers, names, and where NaN and infinities stand)
and one mark: the sum of all floats, each in the scale of the expected value beside it, with seeded weights. Two answers
are the same where the forms are equal and the marks differ by no more than the rounding of the coarser type of floats,
or the case's tolerance. Formulas stand for their values at seeded points; of a derivation the last line counts.
Not covered: values that no weights tell apart (a chance of one in many millions), formulas that cannot be evaluated.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.authoring.world import World
from autograder.checks.derivations import Derivation
from autograder.checks.domains import draw
from autograder.checks.evaluation import NotGradable, evaluate
from autograder.checks.formulas import Equivalent
from autograder.checks.judgement import Check
from autograder.values.formula import Formula
from autograder.values.rendering import without_place

POINTS = 3
ROUNDING = {8: 1e-9, 4: 2e-5, 2: 2e-2}  # by bytes of a float
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Fingerprint:
    """See the module.

    Attributes:
        form: four bytes.
        mark: the weighted sum; 0 where there are no floats.
        reach: how far another mark may be away, by the size and the type of the floats.
        telling: whether there is anything in it that a wrong answer would not share with most others.
    """

    form: bytes
    mark: float
    reach: float
    telling: bool = True


def fingerprint(value: Any, expected: Any, check: Check, world: World, tolerance: float = 0.0) -> Fingerprint:
    """The fingerprint of decoded outputs.

    Args:
        expected: the right outputs, for the scale.
        world: a fresh one of the case's seed.
        tolerance: of the case, relative to the scale.
    """
    if isinstance(check, Derivation) and isinstance(value, list) and value:
        value, expected = value[-1], expected[-1] if isinstance(expected, list) and expected else None
    taken = _Taken(check, world)
    taken.add(value, expected)
    numbers = np.concatenate([*taken.floats, np.zeros(0)])
    count = max(len(numbers), 1)
    weighted = numbers * _weights(len(numbers)) / math.sqrt(count)
    size = 1 + float(np.max(np.abs(numbers), initial=0.0))
    near = max(ROUNDING[taken.width], tolerance if math.isfinite(tolerance) else 0.0)
    form = hashlib.sha256("\x1f".join(taken.form).encode("utf-8", "surrogatepass")).digest()[:4]
    return Fingerprint(form, float(np.sum(weighted)), 4 * near * size, taken.telling)


def ending(status: str, message: str) -> Fingerprint:
    """That of a run that returned nothing: by its status and, for an exception, its own text."""
    text = without_place(message)
    telling = status == "error" and ": " in text
    form = hashlib.sha256(f"{status}\x1f{text if status == 'error' else ''}".encode("utf-8", "surrogatepass")).digest()
    return Fingerprint(form[:4], 0.0, 0.0, telling)


class _Taken:
    """What has been taken off a value so far."""

    def __init__(self, check: Check, world: World) -> None:
        self.check, self.world = check, world
        self.form: list[str] = []
        self.floats: list[Floats] = []
        self.width = 8
        self.telling = False

    def add(self, value: Any, expected: Any) -> None:
        """A value and what is expected in its place."""
        if isinstance(value, dict):
            self.form.append(f"dict {len(value)}")
            for key in sorted(value, key=str):
                self.form.append(str(key))
                self.add(value[key], expected.get(key) if isinstance(expected, dict) else None)
        elif isinstance(value, list):
            self.form.append(f"list {len(value)}")
            for index, item in enumerate(value):
                fits = isinstance(expected, list) and len(expected) == len(value)
                self.add(item, expected[index] if fits else None)
        elif isinstance(value, np.ndarray):
            self._array(value, expected)
        elif isinstance(value, (float, complex)):
            self._array(np.asarray(value), expected)
        elif isinstance(value, Formula):
            self._formula(value)
        else:
            exact = Fraction(value) if isinstance(value, (int, Fraction)) and not isinstance(value, bool) else value
            self.form.append(f"{exact!r}")
            self.telling = self.telling or value is not None

    def _array(self, array: Any, expected: Any) -> None:
        kind = array.dtype.kind
        if kind not in "fc":
            self.form.append(
                f"{'i' if kind == 'u' else kind} {array.shape} {hashlib.sha256(_plain(array)).hexdigest()}"
            )
            self.telling = True
            return
        self.width = min(self.width, array.dtype.itemsize // (2 if kind == "c" else 1))
        pairs = np.ascontiguousarray(array, dtype=np.complex128) if kind == "c" else array.astype(float)
        numbers = pairs.view(np.float64).ravel()
        fine = np.isfinite(numbers)
        odd = "" if fine.all() else hashlib.sha256(np.nan_to_num(numbers * ~fine, nan=7).tobytes()).hexdigest()
        self.form.append(f"{kind} {array.shape} {odd}")
        self.floats.append(np.where(fine, numbers, 0.0) / _scale(expected, array))
        self.telling = self.telling or bool(fine.any())

    def _formula(self, formula: Formula) -> None:
        if not isinstance(self.check, (Equivalent, Derivation)):
            self.form.append(f"formula {formula!r}")
            self.telling = True
            return
        world = self.world.fork("fingerprint")
        try:
            points = [draw(self.check.domains, world) for _ in range(POINTS)]
            values = [complex(evaluate(formula, point, self.check.functions)) for point in points]
        except (NotGradable, OverflowError, ValueError, TypeError):
            self.form.append("formula that cannot be evaluated")
            return
        self.form.append("formula")
        numbers = np.array([part for v in values for part in (v.real, v.imag)])
        self.floats.append(np.where(np.isfinite(numbers), numbers, 0.0))
        self.telling = True


def _plain(array: Any) -> bytes:
    return bytes(array.astype(np.int64).tobytes()) if array.dtype.kind in "iub" else bytes(array.tobytes())


def _scale(expected: Any, array: Any) -> float:
    """The largest expected entry where it is an array of the same shape, else the largest that came back."""
    right = np.asarray(expected) if isinstance(expected, (np.ndarray, float, complex, int)) else None
    for candidate in (right, array):
        if candidate is not None and candidate.dtype.kind in "fciu" and candidate.size:
            finite = np.abs(candidate[np.isfinite(candidate)]) if candidate.ndim else np.abs(candidate)
            largest = float(np.max(finite, initial=0.0)) if finite.size else 0.0
            if math.isfinite(largest) and largest > 0 and (candidate is array or candidate.shape == array.shape):
                return largest
    return 1.0


def _weights(count: int) -> Floats:
    """Weights in [−1, 1) that are the same on every machine: splitmix64 of the index."""
    with np.errstate(over="ignore"):
        z = (np.arange(1, count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return np.asarray(z.astype(np.float64) / 2.0**63 - 1.0)
