"""`excess`: predicted distributions against the true ones, in nats above the floor; what a trained model is judged by.

A model cannot be told wrong by looking at one answer: it is right to the degree that its whole distribution of the next
symbol agrees with the law that the data were drawn from. The mean of KL(p* ‖ q) over prefixes is the cross-entropy loss
minus the entropy (Cover and Thomas, Elements of Information Theory, 2nd ed., eq. 2.26 and theorem 5.4.3): 0 at best,
never below, whatever a model returns. Rows are normalised here, and refused where they are far from normalised.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.authoring.world import World
from autograder.checks.judgement import FULL, NONE, WRONG, Judgement

SUM_ERROR = 1e-3
DENOMINATOR = 10_000
SHOWN = 4
Floats = np.ndarray[Any, np.dtype[np.float64]]


class _Refused(ValueError):
    """Rows that are no distributions; the text says why, in a student's words."""


@dataclass(frozen=True)
class Measure:
    """The excess of some rows: the mean of KL(p* ‖ q) in nats, its standard error, and by kind (share, mean)."""

    excess: float
    error: float
    kinds: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Excess:
    """See `excess`."""

    full: float
    none: float
    advice: Mapping[str, str] = field(default_factory=dict)
    tolerance: float | None = 0.0
    kind: str = "excess"
    board: bool = False

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Credit by the excess; `expected` is what `kept_rows` made."""
        try:
            found = measure(outputs, expected["laws"], expected["kinds"])
        except _Refused as refused:
            return Judgement(NONE, WRONG, str(refused))
        credit = self.credit(found.excess)
        deviation = found.excess if math.isfinite(found.excess) else WRONG
        value = found.excess if self.board and math.isfinite(found.excess) else None
        return Judgement(credit, deviation, "" if credit == FULL else self.message(found), board=value)

    def credit(self, excess: float) -> Fraction:
        """1 up to `full`, 0 from `none`, linear in log excess between; in ten-thousandths, rounded down."""
        if excess <= self.full:
            return FULL
        if not excess < self.none:
            return NONE
        share = math.log(self.none / excess) / math.log(self.none / self.full)
        return Fraction(math.floor(share * DENOMINATOR), DENOMINATOR)

    def message(self, found: Measure) -> str:
        """The excess with its error, the table by kind, and what to look at first."""
        lines = [
            f"{_nats(found.excess)} nats per symbol above the floor"
            + (f" (± {found.error:.2g})" if math.isfinite(found.error) else "")
            + f"; full marks up to {self.full:g}, none from {self.none:g}"
        ]
        worst = sorted(found.kinds.items(), key=lambda item: -item[1][0] * item[1][1])
        lines += [f"{kind}: {_nats(mean)} in {share:.0%} of the places" for kind, (share, mean) in worst[:SHOWN]]
        if worst and worst[0][0] in self.advice:
            lines.append(self.advice[worst[0][0]])
        return "; ".join(lines)


def excess(full: float, none: float, *, advice: Mapping[str, str] | None = None, board: bool = False) -> Excess:
    """Log-probabilities of the next symbol against the law that the data come from.

    The outputs are a mapping: name of a batch → float array (rows, symbols) of natural log-probabilities. Every row
    must sum to 1 within 1e-3; −inf is allowed, and costs infinitely much where the symbol can occur.

    Args:
        full: excess in nats per symbol up to which all points are given.
        none: excess from which there are none; above `full`.
        advice: kind of place → what to look at when most of the excess lies there.
        board: whether the excess is a value for the record board; less is better there.

    Raises:
        ValueError: not 0 < full < none.

    >>> laws = {"batch": np.array([[0.5, 0.5], [0.9, 0.1]])}
    >>> kept = kept_rows(laws, {"batch": ["start", "middle"]})
    >>> check = excess(0.01, 0.5, advice={"middle": "look at the second rule"})
    >>> check.judge({"batch": np.log(laws["batch"])}, kept, World(1)).passed
    True
    >>> float(check.judge({"batch": np.log(np.full((2, 2), 0.5))}, kept, World(1)).credit)
    0.2554
    """
    if not 0 < full < none:
        raise ValueError(f"excess(full={full}, none={none}): 0 < full < none is needed")
    return Excess(full, none, dict(advice or {}), board=board)


def kept_rows(laws: Mapping[Any, Any], kinds: Mapping[Any, list[str]]) -> dict[str, Any]:
    """What `excess` compares with: name of a batch → true rows (rows, symbols), and → the kind of place of each row."""
    return {
        "laws": {str(name): np.asarray(rows, dtype=np.float64) for name, rows in laws.items()},
        "kinds": {str(name): list(several) for name, several in kinds.items()},
    }


def measure(outputs: Any, laws: Mapping[str, Floats], kinds: Mapping[str, list[str]]) -> Measure:
    """The excess of log-probabilities.

    Raises:
        ValueError: they are no distributions of the right shapes; says where and why.
    """
    if not isinstance(outputs, dict):
        raise _Refused(f"log-probabilities by batch are expected, not {_named(outputs)}")
    found, places = [], []
    for name, law in laws.items():
        rows = outputs.get(name, outputs.get(_number(name)))
        found.append(_divergences(law, _checked(name, rows, law.shape)))
        places += kinds[name]
    whole = np.concatenate(found)
    labels = np.array(places)
    by_kind = {str(k): (float((labels == k).mean()), float(whole[labels == k].mean())) for k in np.unique(labels)}
    mean = float(whole.mean())
    error = float(whole.std() / math.sqrt(len(whole))) if math.isfinite(mean) else math.inf
    return Measure(mean, error, by_kind)


def _number(name: str) -> object:
    return int(name) if name.isdecimal() else name


def _checked(name: str, rows: Any, shape: tuple[int, ...]) -> Floats:
    """The rows as normalised float64 log-probabilities."""
    if rows is None:
        raise _Refused(f"there are no log-probabilities for batch {name}")
    if not isinstance(rows, np.ndarray) or rows.dtype.kind != "f":
        raise _Refused(f"batch {name}: an array of floats is expected, not {_named(rows)}")
    if rows.shape != shape:
        hint = "; one row for each prefix, of the symbol that comes next" if rows.ndim != len(shape) else ""
        raise _Refused(f"batch {name}: the shape is {rows.shape}, not {shape}{hint}")
    logs = rows.astype(np.float64)
    if np.isnan(logs).any():
        raise _Refused(f"batch {name}: {int(np.isnan(logs).any(1).sum())} of {len(logs)} rows have NaN in them")
    with np.errstate(over="ignore"):
        sums = np.exp(logs).sum(1)
    off = np.abs(sums - 1)
    if not (off <= SUM_ERROR).all():
        worst = int(np.argmax(np.where(np.isfinite(off), off, np.inf)))
        raise _Refused(
            f"batch {name}: these are no log-probabilities: exp of row {worst} sums to {sums[worst]:.6g}, not 1;"
            " use log_softmax over the symbols, in float32"
        )
    return np.asarray(logs - np.log(sums)[:, None])


def _divergences(law: Floats, logs: Floats) -> Floats:
    """KL(p* ‖ q) of every row, in nats."""
    possible = law > 0
    with np.errstate(invalid="ignore"):
        parts = law * (np.log(np.where(possible, law, 1)) - np.where(possible, logs, 0))
    return np.asarray(np.where(possible, parts, 0).sum(1))


def _nats(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "infinitely many (a symbol that can occur has probability 0)"


def _named(value: object) -> str:
    return "nothing" if value is None else f"an array of {value.dtype}" if isinstance(value, np.ndarray) else (
        f"a {type(value).__name__}"
    )  # fmt: skip
