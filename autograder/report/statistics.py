"""Statistics of a class: distribution, items, misconceptions, flagged submissions; pure numbers, no drawing.

Difficulty of an item is the mean share of its points (1 = everybody has it; classical test theory calls it p).
Discrimination is the item-rest correlation: Pearson's r between an item's points and the points of all other items
(the usual rule of thumb, after Ebel, Essentials of Educational Measurement: below 0.2 poor, from 0.4 on very good).
Where one of the two does not vary, it is undefined and given as None.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.judge import Grade
from autograder.report.audience import flags


@dataclass(frozen=True)
class Item:
    """A question or a case over the class.

    Attributes:
        difficulty: mean share of the points, 0 to 1.
        full, none: shares of submissions with all and with no points.
        seconds: median time of the student's code.
    """

    id: str
    title: str
    public: bool
    difficulty: float
    discrimination: float | None
    full: float
    none: float
    seconds: float
    statuses: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A misconception and who shows it."""

    id: str
    question: str
    feedback: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class ClassStatistics:
    """All of it. Points are the machine's; submissions that are not graded count nowhere but in `not_graded`."""

    submissions: int
    not_graded: tuple[str, ...]
    max_points: float
    points: tuple[float, ...]
    mean: float
    median: float
    deviation: float
    seconds: float
    questions: tuple[Item, ...]
    cases: dict[str, tuple[Item, ...]]
    mistakes: tuple[Mistake, ...]
    flagged: tuple[tuple[str, tuple[str, ...]], ...]


def class_statistics(grades: Sequence[Grade]) -> ClassStatistics:
    """Statistics of the grades of one assignment, in whatever order they come."""
    ordered = sorted(grades, key=lambda g: g.submission)
    graded = [g for g in ordered if g.graded]
    points = tuple(float(g.points) for g in graded)
    return ClassStatistics(
        submissions=len(ordered),
        not_graded=tuple(g.submission for g in ordered if not g.graded),
        max_points=float(ordered[0].max_points) if ordered else 0.0,
        points=points,
        mean=statistics.fmean(points) if points else 0.0,
        median=statistics.median(points) if points else 0.0,
        deviation=statistics.stdev(points) if len(points) > 1 else 0.0,
        seconds=statistics.median([g.seconds for g in graded]) if graded else 0.0,
        questions=_questions(graded),
        cases=_cases(graded),
        mistakes=_mistakes(graded),
        flagged=_flagged(ordered),
    )


def correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Pearson's r; None when fewer than three pairs are given or one side does not vary."""
    if len(a) < 3:
        return None
    mean_a, mean_b = statistics.fmean(a), statistics.fmean(b)
    da, db = [x - mean_a for x in a], [x - mean_b for x in b]
    spread = math.sqrt(math.fsum(x * x for x in da) * math.fsum(x * x for x in db))
    if spread < 1e-12:
        return None
    return max(-1.0, min(1.0, math.fsum(x * y for x, y in zip(da, db, strict=True)) / spread))


def _item(name: str, title: str, public: bool, rows: Sequence[tuple[float, float, float, float, str]]) -> Item:
    """`rows` are (points, max points, points of all else, seconds, status), one per submission."""
    shares = [p / m if m else 0.0 for p, m, _, _, _ in rows]
    n = len(rows)
    counts = Counter(status for *_, status in rows if status)
    return Item(
        name,
        title,
        public,
        statistics.fmean(shares),
        correlation([r[0] for r in rows], [r[2] for r in rows]),
        sum(s >= 1 for s in shares) / n,
        sum(s <= 0 for s in shares) / n,
        statistics.median([r[3] for r in rows]),
        tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _questions(graded: Sequence[Grade]) -> tuple[Item, ...]:
    if not graded:
        return ()
    items = []
    for index, question in enumerate(graded[0].questions):
        rows = []
        for grade in graded:
            own = grade.questions[index]
            seconds = math.fsum(v.seconds for v in grade.verdicts if v.question == own.question)
            rows.append((float(own.points), float(own.max_points), float(grade.points - own.points), seconds, ""))
        items.append(_item(question.question, question.title, True, rows))
    return tuple(items)


def _cases(graded: Sequence[Grade]) -> dict[str, tuple[Item, ...]]:
    rows: dict[str, list[tuple[float, float, float, float, str]]] = defaultdict(list)
    order = {v.case: v for g in reversed(graded) for v in g.verdicts}
    for grade in graded:
        for v in grade.verdicts:
            rest = float(grade.points - v.points)
            rows[v.case].append((float(v.points), float(v.max_points), rest, v.seconds, v.status))
    items: dict[str, list[Item]] = defaultdict(list)
    for case, verdict in order.items():
        title = verdict.doc.strip().split("\n")[0]
        items[verdict.question].append(_item(case, title, verdict.public, rows[case]))
    return {q: tuple(found) for q, found in items.items()}


def _mistakes(graded: Sequence[Grade]) -> tuple[Mistake, ...]:
    """Misconceptions, most frequent first; a student counts once for each."""
    who: dict[str, list[str]] = defaultdict(list)
    about: dict[str, tuple[str, str]] = {}
    for grade in graded:
        for verdict in grade.verdicts:
            if verdict.misconception:
                about.setdefault(verdict.misconception, (verdict.question, verdict.feedback))
                if grade.submission not in who[verdict.misconception]:
                    who[verdict.misconception].append(grade.submission)
    ordered = sorted(who, key=lambda m: (-len(who[m]), m))
    return tuple(Mistake(m, *about[m], tuple(who[m])) for m in ordered)


def _flagged(grades: Sequence[Grade]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Submissions that a person should look at: see `audience.flags`; and files that are the same byte for byte."""
    same = defaultdict(list)
    for grade in grades:
        if grade.digest:
            same[grade.digest].append(grade.submission)
    found = []
    for grade in grades:
        notes = list(flags(grade))
        others = [n for n in same.get(grade.digest, []) if n != grade.submission]
        if others:
            more = f" and {len(others) - 3} more" if len(others) > 3 else ""
            notes.append(f"the same file as {', '.join(others[:3])}{more}")
        if notes:
            found.append((grade.submission, tuple(notes)))
    return tuple(found)
