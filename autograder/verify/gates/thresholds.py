"""Thresholds of trained work: where full marks end stands on runs in many worlds, never on one.

solutions/<name>/calibration.json holds, for cases that are judged by their excess, what the reference and known
mistakes came to in worlds of their own (see docs/milestones.md). Excess scatters by factors, so distances are counted
in standard deviations of its logarithm: right work lies well inside of full marks, and no known mistake near to them.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from autograder.checks.excess import Excess
from autograder.errors import SpecError
from autograder.grading.certificate import CALIBRATION
from autograder.grading.source import AssignmentSource
from autograder.grading.terms import check_of
from autograder.spec.models import Model
from autograder.verify.allowed import Finding, found_row
from autograder.verify.calibration import number
from autograder.verify.gate import Exam
from autograder.verify.report import Problem, Row, row

INSIDE, OUTSIDE, LEAST_RUNS = 5.0, 10.0, 10
_FIX = "move the threshold, ask for more data, or mend the reference"
Several = tuple[Annotated[float, Field(gt=0, allow_inf_nan=False)], ...]


class Runs(Model):
    """Excess of the reference in each run; id of a known mistake → the same of it."""

    right: Several = ()
    mistakes: Mapping[str, Several] = {}


class Calibration(Model, extra="ignore"):
    """What is read of calibration.json: the processor, and case → runs."""

    hardware: str
    cases: Mapping[str, Runs]


@dataclass(frozen=True)
class Distance:
    """How far the end of full marks is from what some program comes to, in standard deviations of the logarithm.

    Attributes:
        runs, mean, deviation: how many; their geometric mean; the standard deviation of their logarithms.
        away: from the mean to the end of full marks, counted in those.
    """

    runs: int
    mean: float
    deviation: float
    away: float

    def to_json(self) -> dict[str, Any]:
        """For the certificate."""
        return {"runs": self.runs, "geometric_mean": number(self.mean), "log_sd": number(self.deviation),
                "deviations": number(self.away)}  # fmt: skip


@dataclass(frozen=True)
class Threshold:
    """Where full marks of a case end: distance inside of it of right work, and outside of it of the nearest mistake."""

    full: float
    inside: Distance
    nearest: str = ""
    outside: Distance | None = None

    def to_json(self) -> dict[str, Any]:
        """For the certificate."""
        table: dict[str, Any] = {"full": self.full, "reference": self.inside.to_json()}
        return table | ({"nearest": self.nearest, "mistake": self.outside.to_json()} if self.outside else {})


def read_calibration(source: AssignmentSource) -> Calibration | None:
    """calibration.json; None where there is none.

    Raises:
        SpecError: it is damaged.
    """
    path = source.private_folder / CALIBRATION
    if not path.is_file():
        return None
    try:
        return Calibration.model_validate_json(path.read_bytes())
    except ValueError as error:
        why = str(error).splitlines()[0]
        raise SpecError(f"is no table of runs: {why}", where=_shown(path), fix="write it anew") from None


def distance(excesses: Sequence[float], full: float) -> Distance:
    """Positive where full marks end above what the runs (two or more) came to."""
    logs = [math.log(e) for e in excesses]
    mean, deviation = statistics.fmean(logs), statistics.stdev(logs)
    gap = math.log(full) - mean
    return Distance(
        len(logs), math.exp(mean), deviation, gap / deviation if deviation else math.copysign(math.inf, gap)
    )


def thresholds(source: AssignmentSource) -> dict[str, Threshold]:
    """Case → how its threshold lies; of cases that calibration.json has two or more runs of."""
    found, judges = read_calibration(source), _judges(source)
    table = {}
    for case, runs in (found.cases if found else {}).items():
        if case in judges and len(runs.right) > 1:
            full = judges[case].full
            wrong = {name: _reversed(distance(own, full)) for name, own in runs.mistakes.items() if len(own) > 1}
            nearest = min(wrong, key=lambda name: wrong[name].away, default="")
            table[case] = Threshold(full, distance(runs.right, full), nearest, wrong.get(nearest))
    return table


def to_json(exam: Exam) -> dict[str, Any] | None:
    """What the certificate says of thresholds; None where nothing was measured."""
    found, measured = read_calibration(exam.source), thresholds(exam.source)
    if found is None or not measured:
        return None
    return {"hardware": found.hardware, "cases": {case: one.to_json() for case, one in measured.items()}}


def thresholds_gate(exam: Exam) -> Row | None:
    """Right work lies five deviations inside of full marks, the nearest mistake ten outside; both were run enough, or
    allowed.toml says why not. It excuses no threshold that what was run speaks against."""
    found = read_calibration(exam.source)
    if found is None:
        return None
    judges = _judges(exam.source)
    problems = [
        Problem(CALIBRATION, f"`{case}` is no case that is judged by its excess", "remove it")
        for case in found.cases
        if case not in judges
    ]
    few: list[Finding] = []
    for case in judges:
        own = found.cases.get(case, Runs())
        most = max(map(len, own.mistakes.values()), default=0)
        for runs, whom in ((len(own.right), "the reference"), (most, "any known mistake")):
            if runs < LEAST_RUNS:
                what = f"the threshold of `{case}` stands on {runs} runs of {whom}; {LEAST_RUNS} are the least"
                few.append(Finding(case, Problem(CALIBRATION, what, "run it in more worlds")))
    measured = thresholds(exam.source)
    problems += [p for case, one in measured.items() for p in _problems(case, one)]
    least = min((one.inside.away for one in measured.values()), default=math.inf)
    figures = f"{len(measured)} cases, the reference {least:.3g} deviations inside or more"
    made = found_row(exam.source, "thresholds", figures, few, list(judges))
    return row("thresholds", made.figures, [*made.problems, *problems])


def _problems(case: str, found: Threshold) -> list[Problem]:
    sides = [(found.inside, INSIDE, "what the reference comes to")]
    if found.outside is not None:
        sides.append((found.outside, OUTSIDE, f"the mistake `{found.nearest}`"))
    return [
        Problem(
            f"case `{case}`",
            f"full marks end at an excess of {found.full:g}, {side.away:.2g} deviations from {name} "
            f"({side.mean:.2g} in {side.runs} runs); {least:g} are the least",
            _FIX,
        )
        for side, least, name in sides
        if side.away < least
    ]


def _reversed(found: Distance) -> Distance:
    return Distance(found.runs, found.mean, found.deviation, -found.away)


def _judges(source: AssignmentSource) -> dict[str, Excess]:
    checks = {c.name: check_of(c) for c in source.cases.cases if c.kind != "case"}
    return {case: check for case, check in checks.items() if isinstance(check, Excess)}


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
