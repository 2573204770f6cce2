"""A grade as a file: JSON, format 2, field by field; format 1 (written by 0.1.0) is read too.

Fractions are text, floats that JSON cannot write are text, times are apart: they are measurements of a machine and no
results. The same grade gives the same bytes. The layout is a promise to every output folder that exists: a field that
is renamed in the program keeps its name here, and a new one needs a default for files that lack it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import Any

from autograder.errors import StoredError
from autograder.grading.status import Status
from autograder.grading.totals import Grade, QuestionGrade
from autograder.grading.verdict import CaseRef, Explanation, Observation, Outcome, Verdict
from autograder.grading.worlds import Recorded, WorldRef, parse_world

FORMAT = 2
READ = (1, 2)


def grade_table(grade: Grade) -> dict[str, Any]:
    """The grade without its times, as JSON's own types."""
    return {
        "format": FORMAT,
        "tool": grade.tool,
        "assignment": grade.assignment,
        "bundle": grade.bundle,
        "submission": grade.submission,
        "digest": grade.digest,
        "mode": grade.mode,
        "layers": list(grade.layers),
        "graded": grade.graded,
        "points": str(grade.points),
        "max_points": str(grade.max_points),
        "waiting": str(grade.waiting),
        "notes": list(grade.notes),
        "questions": [_question_row(q) for q in grade.questions],
        "verdicts": [verdict_row(v) for v in grade.verdicts],
    }


def _question_row(question: QuestionGrade) -> dict[str, Any]:
    return {
        "question": question.question,
        "title": question.title,
        "points": str(question.points),
        "max_points": str(question.max_points),
        "waiting": str(question.waiting),
        "passed": question.passed,
        "cases": question.cases,
    }


def verdict_row(verdict: Verdict) -> dict[str, Any]:
    """A verdict without its time."""
    ref, outcome, told, seen = verdict.ref, verdict.outcome, verdict.explanation, verdict.observation
    return {
        "question": ref.question,
        "case": ref.case,
        "public": ref.public,
        "doc": ref.doc,
        **({"kind": ref.kind} if ref.kind != "case" else {}),
        "status": outcome.status.value,
        "credit": str(outcome.credit),
        "points": str(outcome.points),
        "max_points": str(outcome.max_points),
        "deviation": _plain(outcome.deviation),
        "message": told.message,
        "got": told.got,
        "expected": told.expected,
        "where": told.where,
        "misconception": told.misconception,
        "feedback": told.feedback,
        "diagnosis": told.diagnosis,
        **({"located": told.located} if told.located else {}),
        "trace": list(seen.trace),
        "stdout": seen.stdout,
        "world": seen.world.index if isinstance(seen.world, Recorded) else str(seen.world),
        "evidence": list(seen.evidence),
        "board": None if verdict.board is None else _plain(verdict.board),
    }


def _plain(number: float) -> float | str:
    return number if math.isfinite(number) else str(number)


def _world(stored: object) -> WorldRef:
    """A world as it stands in a file: the number of a recorded one, the text of a drawn one."""
    return Recorded(stored) if isinstance(stored, int) else parse_world(str(stored))


def times_table(grade: Grade) -> dict[str, Any]:
    """The seconds of the whole grade and of every case."""
    return {"total": grade.seconds, "cases": {v.case: v.seconds for v in grade.verdicts}}


def grade_from_table(table: Mapping[str, Any], times: Mapping[str, Any] | None = None) -> Grade:
    """The reverse of `grade_table`, with the times put back where they are given.

    Raises:
        StoredError: not a grade, or one that only a newer version can read.
    """
    try:
        number = table["format"]
        if number not in READ:
            raise _unreadable(table, f"is a grade of format {number}", f"format {' or '.join(map(str, READ))}")
        cases = (times or {}).get("cases", {})
        return Grade(
            submission=table["submission"],
            digest=table["digest"],
            assignment=table["assignment"],
            bundle=table["bundle"],
            verdicts=tuple(_verdict(table, row, float(cases.get(row["case"], 0.0))) for row in table["verdicts"]),
            questions=tuple(_question(row) for row in table["questions"]),
            layers=tuple(table["layers"]),
            mode=table["mode"],
            tool=table["tool"],
            seconds=float((times or {}).get("total", 0.0)),
            notes=tuple(map(str, table.get("notes", ()))),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise StoredError(
            f"is not a grade: {error}", where=str(table.get("submission", "")), fix="restore it, or grade again"
        ) from None


def _unreadable(table: Mapping[str, Any], what: str, expected: str) -> StoredError:
    tool = table.get("tool")
    return StoredError(
        what,
        where=str(table.get("submission", "")),
        found=f"written by autograder {tool}" if tool else "",
        expected=expected,
        fix="read it with the version that wrote it, or a newer one",
    )


def _question(row: Mapping[str, Any]) -> QuestionGrade:
    return QuestionGrade(
        row["question"],
        row["title"],
        fraction(row["points"]),
        fraction(row["max_points"]),
        row["passed"],
        row["cases"],
        fraction(row.get("waiting", "0")),  # not in format 1
    )


def _verdict(table: Mapping[str, Any], row: Mapping[str, Any], seconds: float) -> Verdict:
    status = _STATUS.get(row["status"])
    if status is None:
        raise _unreadable(
            table, f"has the status `{row['status']}` in case `{row['case']}`, which this version does not know",
            f"one of {', '.join(Status)}",
        )  # fmt: skip
    return Verdict(
        _ref(row["question"], row["case"], row["public"], row["doc"], row.get("kind", "case")),
        _outcome(
            status,
            row["credit"],
            row["points"],
            row["max_points"],
            row["deviation"],
            row["board"],
        ),
        _told(*_WORDS(row), row.get("located", "")),
        Observation(
            tuple(row["trace"]),
            row["stdout"],
            seconds,
            _world(row["world"]),
            tuple(row["evidence"]),
        ),
    )


@lru_cache(maxsize=4096)
def fraction(text: str) -> Fraction:
    """The same few fractions come in every grade."""
    return Fraction(text)


@lru_cache(maxsize=4096)
def _outcome(
    status: Status, credit: str, points: str, max_points: str, deviation: float | str, board: float | str | None
) -> Outcome:
    value = None if board is None else float(board)
    return Outcome(status, fraction(credit), fraction(points), fraction(max_points), float(deviation), value)


def outcome_of(status: str, credit: str, max_points: str, deviation: float, board: float | None = None) -> Outcome:
    """The outcome of a case worth `max_points` of which `credit` was earned."""
    return _outcome(Status(status), credit, _share(credit, max_points), max_points, deviation, board)


@lru_cache(maxsize=4096)
def _share(credit: str, max_points: str) -> str:
    return str(fraction(credit) * fraction(max_points))


_STATUS = {status.value: status for status in Status}
_WORDS = itemgetter("message", "got", "expected", "where", "misconception", "feedback", "diagnosis")
_told = lru_cache(maxsize=4096)(Explanation)  # these, too, are much the same in every grade of a class
_ref = lru_cache(maxsize=4096)(CaseRef)


def with_times(grade: Grade, times: Mapping[str, Any]) -> Grade:
    """The same grade with measured times."""
    cases = times.get("cases", {})
    verdicts = tuple(_timed(v, float(cases.get(v.case, 0.0))) for v in grade.verdicts)
    return replace(grade, verdicts=verdicts, seconds=float(times.get("total", 0.0)))


def without_times(grade: Grade) -> Grade:
    """The same grade with every time set to 0."""
    return with_times(grade, {})


def _timed(verdict: Verdict, seconds: float) -> Verdict:
    return verdict.seen(replace(verdict.observation, seconds=seconds))


def dumps(table: Any) -> bytes:
    """JSON, indented, keys sorted, UTF-8, with a line end: the same table gives the same bytes."""
    return (json.dumps(table, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode(
        "utf-8", errors="backslashreplace"
    )


def grade_json(grade: Grade) -> bytes:
    """The grade as a JSON file, without times."""
    return dumps(grade_table(grade))
