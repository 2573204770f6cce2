"""A grade as JSON and back: fractions as strings, floats that JSON cannot write as strings, times apart.

The same grade gives the same bytes. Times are measurements of a machine, not results, and have a form of their own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from autograder.grading.judge import Grade, QuestionGrade, Verdict

FORMAT = 1
_FRACTIONS = ("credit", "points", "max_points")
_TEXT_TUPLES = ("trace", "evidence")
_KNOWN = {kind: frozenset(f.name for f in fields(kind)) for kind in (Verdict, QuestionGrade)}


def grade_table(grade: Grade) -> dict[str, Any]:
    """The grade without its times, as JSON's own types."""
    table = _row(grade)
    table["verdicts"] = [_row(v) for v in grade.verdicts]
    table["questions"] = [_row(q) for q in grade.questions]
    table["layers"] = list(grade.layers)
    table |= {"format": FORMAT, "points": str(grade.points), "max_points": str(grade.max_points)}
    table["graded"] = grade.graded
    return table


def _row(noun: Grade | Verdict | QuestionGrade) -> dict[str, Any]:
    return {k: _plain(v) for k, v in vars(noun).items() if k != "seconds"}


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def times_table(grade: Grade) -> dict[str, Any]:
    """The seconds of the whole grade and of every case."""
    return {"total": grade.seconds, "cases": {v.case: v.seconds for v in grade.verdicts}}


def grade_from_table(table: Mapping[str, Any], times: Mapping[str, Any] | None = None) -> Grade:
    """The reverse of `grade_table`, with the times put back where they are given.

    Raises:
        ValueError: not a grade, or of another format.
    """
    try:
        if table["format"] != FORMAT:
            raise ValueError(f"a grade of format {table['format']}; this version reads {FORMAT}")
        cases = (times or {}).get("cases", {})
        verdicts = tuple(
            Verdict(**_restored(row, Verdict), seconds=float(cases.get(row["case"], 0.0))) for row in table["verdicts"]
        )
        questions = tuple(QuestionGrade(**_restored(row, QuestionGrade)) for row in table["questions"])
        grade = Grade(
            table["submission"], table["digest"], table["assignment"], table["bundle"],
            verdicts, questions, tuple(table["layers"]), table["mode"], table["tool"],
            float((times or {}).get("total", 0.0)),
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a grade: {error}") from None
    return grade


def with_times(grade: Grade, times: Mapping[str, Any]) -> Grade:
    """The same grade with measured times."""
    cases = times.get("cases", {})
    verdicts = tuple(replace(v, seconds=float(cases.get(v.case, 0.0))) for v in grade.verdicts)
    return replace(grade, verdicts=verdicts, seconds=float(times.get("total", 0.0)))


def without_times(grade: Grade) -> Grade:
    """The same grade with every time set to 0."""
    return replace(grade, verdicts=tuple(replace(v, seconds=0.0) for v in grade.verdicts), seconds=0.0)


@lru_cache(maxsize=1024)
def _fraction(text: str) -> Fraction:
    """The same few fractions come in every grade."""
    return Fraction(text)


def _restored(row: Mapping[str, Any], kind: type[Verdict] | type[QuestionGrade]) -> dict[str, Any]:
    found = dict(row) if row.keys() <= _KNOWN[kind] else {k: v for k, v in row.items() if k in _KNOWN[kind]}
    for name in _FRACTIONS:
        if name in found:
            found[name] = _fraction(found[name])
    for name in _TEXT_TUPLES:
        if name in found:
            found[name] = tuple(found[name])
    for name in ("deviation", "board"):
        if isinstance(found.get(name), str):
            found[name] = float(found[name])
    return found


def dumps(table: Any) -> bytes:
    """JSON, indented, keys sorted, UTF-8, with a line end: the same table gives the same bytes."""
    return (json.dumps(table, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode(
        "utf-8", errors="backslashreplace"
    )


def grade_json(grade: Grade) -> bytes:
    """The grade as a JSON file, without times."""
    return dumps(grade_table(grade))
