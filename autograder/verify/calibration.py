"""Calibration: how far right solutions differ, how far the mildest mistake differs, and the tolerance between.

D_ok is the largest deviation of the reference's own variants (run again, other thread counts, alternates), D_bad the
smallest deviation of a misconception that the case must catch. The tolerance has a factor of 10 to both. Where no
number fits, the case is to be redesigned; nothing is guessed. How many re-seeded worlds D_ok is the largest of hangs on
how busy the machine is; so a tolerance that was measured on the same programs and case stays while it has its factors.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.authoring.case import Case
from autograder.checks.formulas import DEFAULT_TOLERANCE as OF_FORMULAS
from autograder.checks.judgement import Check
from autograder.checks.plain import DEFAULT_TOLERANCE as OF_NUMBERS
from autograder.grading.bundle import Bundle
from autograder.grading.status import Status
from autograder.grading.terms import check_of
from autograder.verify.judging import Verdicts
from autograder.verify.report import Problem, Row, row

FACTOR = 10.0
LOOSE = 1e-4
NEEDLESS = 1e3


@dataclass(frozen=True)
class Margin:
    """The figures of one case. `tolerance` is None where equality is exact; `d_bad` None where no mistake fails it."""

    case: str
    question: str
    public: bool
    check: str
    worlds: int
    d_ok: float
    d_ok_from: str
    d_bad: float | None
    d_bad_from: str
    tolerance: float | None
    set_by: str
    kills: tuple[str, ...]

    @property
    def factor_ok(self) -> float:
        """Tolerance over D_ok; infinite where right solutions agree exactly."""
        return math.inf if self.d_ok <= 0 or self.tolerance is None else (self.tolerance or 0.0) / self.d_ok

    @property
    def factor_bad(self) -> float:
        """D_bad over the tolerance; infinite where the mistake cannot be compared at all, or equality is exact.

        And where it is no mistake in one world, passing there: that is the gate `misconceptions`' to say.
        """
        if not self.d_bad or not self.tolerance or self.tolerance < 0:
            return math.inf
        return self.d_bad / self.tolerance

    @property
    def smallest(self) -> float:
        """The smaller of the two factors."""
        return min(self.factor_ok, self.factor_bad)

    def to_json(self) -> dict[str, Any]:
        """The case's row in certificate.json; infinity is the text "inf"."""
        return {
            "question": self.question,
            "public": self.public,
            "check": self.check,
            "worlds": self.worlds,
            "d_ok": number(self.d_ok),
            "d_ok_from": self.d_ok_from,
            "tolerance": self.tolerance,
            "set_by": self.set_by,
            "d_bad": None if self.d_bad is None else number(self.d_bad),
            "d_bad_from": self.d_bad_from,
            "factor_ok": number(self.factor_ok),
            "factor_bad": number(self.factor_bad),
            "kills": list(self.kills),
        }


def number(value: float) -> float | str:
    """A float as JSON can hold it."""
    return float(f"{value:.4g}") if math.isfinite(value) else str(value)


def calibrate(
    bundle: Bundle,
    right: Mapping[str, Verdicts],
    wrong: Mapping[str, Verdicts],
    stored: Mapping[str, float],
    anew: bool = False,
) -> dict[str, Margin]:
    """The margin of every case.

    Args:
        right: name of a right solution → its verdicts.
        wrong: id of a misconception → its verdicts in the cases that it must fail.
        stored: tolerances that are in force already; cases that are not named get a measured one.
        anew: whether a stored tolerance gives way to a measured one where it has no factor of 10 on both sides.
    """
    return {c.name: _margin(bundle, c, right, wrong, stored, anew) for c in bundle.cases.cases}


def _margin(
    bundle: Bundle,
    case: Case,
    right: Mapping[str, Verdicts],
    wrong: Mapping[str, Verdicts],
    stored: Mapping[str, float],
    anew: bool,
) -> Margin:
    check = check_of(case)
    ok = [(v.deviation, name) for name, verdicts in right.items() for v in verdicts.get(case.name, ())]
    bad = [
        (v.deviation if v.status is Status.FAILED or v.status.passed else math.inf, name)
        for name, verdicts in wrong.items()
        for v in verdicts.get(case.name, ())
    ]
    d_ok, d_ok_from = max(ok, default=(0.0, "nothing else was run"))
    d_bad, d_bad_from = min(bad, default=(None, ""))
    if check.tolerance is not None:
        tolerance, set_by = (None if _by_no_distance(check) else check.tolerance), "author"
    elif case.name in stored and not (anew and not _between(d_ok, stored[case.name], d_bad)):
        tolerance, set_by = stored[case.name], "certificate"
    else:
        usual = OF_FORMULAS if check.kind == "equivalent" else OF_NUMBERS
        tolerance, set_by = between(d_ok, d_bad or None, usual), "certificate"
    return Margin(
        case.name, case.question, case.public, check.kind, case.worlds, d_ok, d_ok_from if d_ok > 0 else "", d_bad,
        d_bad_from, tolerance, set_by, tuple(sorted({name for _, name in bad})),
    )  # fmt: skip


def _between(d_ok: float, tolerance: float, d_bad: float | None) -> bool:
    """Whether a tolerance has its factor on both sides."""
    return FACTOR * d_ok <= tolerance and (d_bad is None or tolerance <= d_bad / FACTOR)


def _by_no_distance(check: Check) -> bool:
    """Whether what a check says hangs on no tolerance: equality, an excess, an author's own check that names none."""
    own = not type(check).__module__.startswith("autograder.")
    return check.kind in ("exact", "excess") or (own and not check.tolerance)


def between(d_ok: float, d_bad: float | None, usual: float) -> float:
    """The usual tolerance where it keeps a factor of 10 to both sides; else the geometric middle of what is left.

    Never above 1e-4: a right solution that is farther off is no rounding, and only an author may say that it is right.
    """
    low = FACTOR * max(d_ok, 0.0)
    high = d_bad / FACTOR if d_bad is not None else math.inf
    if low <= usual <= high:
        return usual
    if usual < low:
        return min(float(f"{math.sqrt(low * min(high, 100 * low)):.2g}"), LOOSE) if low < math.inf else usual
    return float(f"{math.sqrt(max(low, high * 1e-2) * high):.2g}")


def margins_gate(margins: Mapping[str, Margin]) -> Row:
    """Every tolerance has its factor of 10 on both sides."""
    problems = [p for m in margins.values() if (p := _problem(m))]
    measured = [m for m in margins.values() if math.isfinite(m.d_ok)]
    factor, case = min(((m.smallest, m.case) for m in measured), default=(math.inf, ""))
    figures = f"smallest factor {factor:.3g} ({case})" if math.isfinite(factor) else "all exact"
    if len(measured) < len(margins):
        figures += f"; {len(margins) - len(measured)} not measured: a right solution fails there"
    return row("margins", figures, problems)


def unreached_gate(margins: Mapping[str, Margin]) -> Row:
    """Cases that no misconception fails: nothing shows that they can. A case of form alone is not meant to."""
    fix = "name a mistake that it catches among the misconceptions, or see what --mutate says of it"
    unseen = [m for m in margins.values() if not m.kills and m.check != "outline"]
    problems = [Problem(f"case `{m.case}`", "no misconception fails it", fix) for m in unseen]
    return row("cases with a mistake", f"{len(margins) - len(problems)} of {len(margins)}", problems, warn=True)


def _problem(margin: Margin) -> Problem | None:
    where = f"case `{margin.case}`"
    if margin.tolerance is None:
        return None  # exact: the gates for right and wrong solutions say all
    if not math.isfinite(margin.d_ok):
        return None  # a right solution that cannot be compared is reported by its own gate
    if margin.d_ok > LOOSE and margin.factor_ok < 1:
        return None  # no rounding: a right solution fails, which its own gate says
    right = "right solutions agree exactly"
    if margin.d_ok > 0:
        right = f"right solutions differ by {margin.d_ok:.2g} ({margin.d_ok_from})"
    most = max(LOOSE, NEEDLESS * margin.d_ok)
    if margin.check in ("close", "equivalent", "derivation") and margin.tolerance > most:
        fix = f"leave the tolerance out, or give at most {most:.1g}"
        return Problem(where, f"tolerance {margin.tolerance:g} is far too loose: {right}", fix)
    wrong = f"the mistake `{margin.d_bad_from}` by {margin.d_bad:.2g}" if margin.d_bad is not None else ""
    if margin.smallest >= FACTOR * (1 - 1e-9):
        return None
    what = f"tolerance {margin.tolerance:.2g} has no factor 10 on both sides: {right}"
    fix = "compute in float64 on tamer inputs so that right solutions agree better"
    if margin.factor_bad < FACTOR:
        fix = "choose inputs that make the mistake larger (more steps, larger sizes, away from special values)"
    return Problem(where, f"{what}, {wrong}" if wrong else what, fix)
