"""Statistics of a class: distribution, items, misconceptions, flagged submissions; pure numbers, no drawing.

Difficulty of an item is the mean share of its points (1 = everybody has it; classical test theory calls it p).
Discrimination is the item-rest correlation: Pearson's r between an item's points and the points of all other items
(the usual rule of thumb, after Ebel, Essentials of Educational Measurement: below 0.2 poor, from 0.4 on very good).
Where one of the two does not vary, it is undefined and given as None.
"""

from __future__ import annotations

import math
import statistics
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.grading.totals import Grade
from autograder.report.audience import UNREAD
from autograder.report.audience import flags as flags_of
from autograder.report.first import HEADINGS, Look, look_at


@dataclass(frozen=True)
class Item:
    """A question or a case over the class.

    Attributes:
        difficulty: mean share of the points, 0 to 1.
        full, none: shares of submissions with all and with no points.
        seconds: median time of the student's code.
        judged: over how many submissions; 0 while all of them wait.
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
    judged: int = 1


@dataclass(frozen=True)
class Mistake:
    """A misconception and who shows it."""

    id: str
    question: str
    feedback: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class ClassStatistics:
    """All of it. Points are the machine's; submissions that are not graded count nowhere but in `not_graded`.

    Those in `waiting` have cases that a later run will judge: their points so far count, those cases do not.
    """

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
    waiting: tuple[str, ...] = ()
    first: tuple[Look, ...] = ()

    def looks(self) -> dict[str, tuple[Look, ...]]:
        """What needs a person, by kind, in the order in which it should be looked at."""
        told = {one.who for one in self.first}
        flags = {
            who: tuple(n for n in notes if not (n.startswith(UNREAD) and who in told)) for who, notes in self.flagged
        }
        found = [*self.first, *(Look(who, "flagged", notes) for who, notes in flags.items() if notes)]
        return {kind: own for kind in HEADINGS if (own := tuple(sorted(
            (one for one in found if one.kind == kind), key=lambda one: one.who)))}  # fmt: skip


class Tally:
    """Statistics of grades that come one after the other; of each only numbers and names are kept."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._not_graded: list[str] = []
        self._waiting: list[str] = []
        self._max_points = 0.0
        self._points, self._seconds = array("d"), array("d")
        self._questions: dict[str, _Column] = {}
        self._cases: dict[str, _Column] = {}
        self._mistakes: dict[str, tuple[str, str, list[str]]] = {}
        self._flags: dict[str, tuple[str, ...]] = {}
        self._first: list[Look] = []
        self._files: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, grade: Grade) -> None:
        """One more; it may be forgotten afterwards."""
        name = grade.submission
        self._names.append(name)
        self._max_points = float(grade.max_points)
        if notes := flags_of(grade):
            self._flags[name] = notes
        if look := look_at(grade):
            self._first.append(look)
        if grade.digest:
            self._files[grade.digest].append(name)
        if not grade.graded:
            self._not_graded.append(name)
            return
        if grade.pending:
            self._waiting.append(name)
        self._points.append(float(grade.points))
        self._seconds.append(grade.seconds)
        for question in grade.questions:
            column = self._questions.setdefault(question.question, _Column(question.title))
            own = [v for v in grade.verdicts if v.question == question.question]
            if question.waiting or (own and all(v.left_out for v in own)):
                continue
            seconds, credit = math.fsum(v.seconds for v in own), max((v.credit for v in own), default=Fraction(0))
            column.add(question.points, question.max_points, grade.points, seconds, credit=credit)
        for verdict in grade.verdicts:
            title = verdict.doc.strip().split("\n")[0]
            column = self._cases.setdefault(verdict.case, _Column(title, verdict.public, verdict.question))
            if verdict.status.pending or verdict.left_out:
                column.note(verdict.status)
                continue
            column.add(
                verdict.points, verdict.max_points, grade.points, verdict.seconds, verdict.status, verdict.credit
            )
            if verdict.misconception:
                nobody: list[str] = []
                about = (verdict.question, verdict.feedback, nobody)
                who = self._mistakes.setdefault(verdict.misconception, about)[2]
                if who[-1:] != [name]:
                    who.append(name)

    def statistics(self) -> ClassStatistics:
        """Of all that were added, whatever the order."""
        cases: defaultdict[str, list[Item]] = defaultdict(list)
        for case, column in self._cases.items():
            cases[column.question].append(column.item(case))
        points = tuple(self._points)
        return ClassStatistics(
            submissions=len(self._names),
            not_graded=tuple(sorted(self._not_graded)),
            max_points=self._max_points,
            points=points,
            mean=statistics.fmean(points) if points else 0.0,
            median=statistics.median(points) if points else 0.0,
            deviation=statistics.stdev(points) if len(points) > 1 else 0.0,
            seconds=statistics.median(self._seconds) if points else 0.0,
            questions=tuple(column.item(q) for q, column in self._questions.items()),
            cases={q: tuple(found) for q, found in cases.items()},
            mistakes=self._named(),
            flagged=tuple(self._flagged()),
            waiting=tuple(sorted(self._waiting)),
            first=tuple(self._first),
        )

    def _named(self) -> tuple[Mistake, ...]:
        """Misconceptions, most frequent first; a student counts once for each."""
        found = [Mistake(m, q, text, tuple(sorted(who))) for m, (q, text, who) in self._mistakes.items()]
        return tuple(sorted(found, key=lambda m: (-len(m.students), m.id)))

    def _flagged(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Submissions that a person should look at: see `audience.flags`; and files that are the same byte for byte."""
        same: dict[str, list[str]] = {}
        for names in self._files.values():
            if len(names) > 1:
                same |= dict.fromkeys(names, sorted(names))
        for name in sorted(self._flags.keys() | same.keys()):
            notes = list(self._flags.get(name, ()))
            others = [n for n in same.get(name, ()) if n != name]
            if others:
                more = f" and {len(others) - 3} more" if len(others) > 3 else ""
                notes.append(f"the same file as {', '.join(others[:3])}{more}")
            yield name, tuple(notes)


class _Column:
    """One question's or case's numbers over the class."""

    def __init__(self, title: str, public: bool = True, question: str = "") -> None:
        self.title, self.public, self.question = title, public, question
        self._points, self._shares, self._rest, self._seconds = (array("d") for _ in range(4))
        self._statuses: Counter[str] = Counter()

    def add(
        self,
        points: Fraction,
        most: Fraction,
        total: Fraction,
        seconds: float,
        status: str = "",
        credit: float | Fraction = 0,
    ) -> None:
        self._points.append(float(points))
        self._shares.append(float(points) / float(most) if most else float(credit))
        self._rest.append(float(total - points))
        self._seconds.append(seconds)
        if status:
            self.note(status)

    def note(self, status: str) -> None:
        """One that ended so; a case that waits, or was left out, counts nowhere else."""
        self._statuses[status] += 1

    def item(self, name: str) -> Item:
        n = len(self._points)
        return Item(
            name,
            self.title,
            self.public,
            statistics.fmean(self._shares) if n else 0.0,
            correlation(self._points, self._rest),
            sum(s >= 1 for s in self._shares) / max(n, 1),
            sum(s <= 0 for s in self._shares) / max(n, 1),
            statistics.median(self._seconds) if n else 0.0,
            tuple(sorted(self._statuses.items(), key=lambda pair: (-pair[1], pair[0]))),
            n,
        )


def class_statistics(grades: Iterable[Grade]) -> ClassStatistics:
    """Statistics of the grades of one assignment, in whatever order they come."""
    tally = Tally()
    for grade in sorted(grades, key=lambda g: g.submission):
        tally.add(grade)
    return tally.statistics()


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
