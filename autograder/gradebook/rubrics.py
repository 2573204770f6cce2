"""Points by a person: scores of a rubric's items, checked, and put into grades beside what the machine gave.

An item is a case whose judge is a person: it has points, or it waits. Scores are only added; the newest of the first
grader counts, second graders' scores are for comparison alone.
"""

from __future__ import annotations

import difflib
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from autograder.errors import SpecError, UsageError
from autograder.gradebook.clock import instant
from autograder.gradebook.log import append_lines, number
from autograder.gradebook.tables import Record, read_table
from autograder.grading.status import Status
from autograder.grading.totals import Grade, QuestionGrade, added
from autograder.grading.verdict import CaseRef, Explanation, Outcome, Verdict
from autograder.spec.course import shown_number
from autograder.spec.models import Assignment
from autograder.spec.rubric import Item, Rubric

COLUMNS = ("who", "version", "question", "item", "title", "levels", "points", "comment", "grader")
SECOND_SHARE = Fraction(15, 100)
AGAIN_ABOVE = Fraction(10, 100)
WAITS = "A person reads this answer; its points are neither earned nor lost yet."


@dataclass(frozen=True)
class Score:
    """Points of one item of one person's answer, in the version that was read."""

    at: datetime
    who: str
    item: str
    points: Fraction
    version: str = ""
    comment: str = ""
    grader: str = ""
    second: bool = False

    def line(self) -> str:
        """As one line of JSON."""
        table = {k: v for k, v in vars(self).items() if v not in ("", False)}
        table |= {"at": self.at.isoformat(), "points": str(self.points)}
        return json.dumps(table, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Written:
    """A rubric with all scores that were given, oldest first."""

    rubric: Rubric
    scores: tuple[Score, ...] = ()

    def counting(self) -> dict[tuple[str, str], Score]:
        """Person and item -> the score that counts."""
        return {(s.who, s.item): s for s in self.scores if not s.second}

    def seconds(self) -> dict[tuple[str, str], Score]:
        """Person and item -> what the second grader gave."""
        return {(s.who, s.item): s for s in self.scores if s.second}


def read_scores(path: Path) -> tuple[Score, ...]:
    """The scores of a file; none where there is none.

    Raises:
        SpecError: a line is none; names it.
    """
    if not path.is_file():
        return ()
    found = []
    for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            table = json.loads(line)
            table |= {"at": instant(table["at"]), "points": number(table["points"])}
            found.append(Score(**table))
        except (ValueError, TypeError, KeyError) as error:
            fix = "restore the file from a copy, or remove the line"
            raise SpecError(f"is no score: {error}", where=f"{path}, line {n}", found=line[:80], fix=fix) from None
    return tuple(found)


def append_scores(path: Path, scores: Sequence[Score]) -> None:
    """Add scores at the end of the file."""
    append_lines(path, [s.line() for s in scores])


def scores_from_sheet(
    path: Path, written: Written, people: Mapping[str, str], now: datetime, grader: str, *, second: bool = False
) -> list[Score]:
    """The scores of a filled-in sheet that say something new; an empty cell says nothing.

    Args:
        people: name in the reports -> version that counts there.
        grader: who gave them, where the sheet does not say.

    Raises:
        UsageError: a row is none: an unknown name or item, points that are no level, or two that contradict.
    """
    known = written.seconds() if second else written.counting()
    seen: dict[tuple[str, str], tuple[Score, Record]] = {}
    for record in read_table(path, ("who", "item", "points"), COLUMNS):
        if not record.get("points"):
            continue
        score = _score(record, written.rubric, people, now, grader, second)
        key = (score.who, score.item)
        if key in seen and seen[key][0].points != score.points:
            other, place = shown_number(seen[key][0].points), seen[key][1].place
            found, fix = f"{shown_number(score.points)}, and {other} ({place})", "remove one; a second grader: --second"
            raise record.fault(f"points: {score.who} has two scores of `{score.item}`", found=found, fix=fix)
        seen[key] = (score, record)
    return [s for key, (s, _) in seen.items() if not _same(known.get(key), s)]


def _score(
    record: Record, rubric: Rubric, people: Mapping[str, str], now: datetime, grader: str, second: bool
) -> Score:
    who, name = record.get("who"), record.get("item")
    who = who if who in people else who.removeprefix("'")  # put there so that no spreadsheet runs it
    if who not in people:
        near = difflib.get_close_matches(who, people, 1)
        fix = f"did you mean {near[0]!r}?" if near else "write it as the reports have it"
        raise record.fault("who: nobody of this name has been graded here", found=repr(who), fix=fix)
    items = {i.id: i for i in rubric.items}
    if name not in items:
        raise record.fault("item: there is none of this id", found=repr(name), expected=f"of {', '.join(items)}")
    points = record.read("points", number)
    levels = [level.points for level in items[name].levels]
    if points not in levels:
        raise record.fault(f"points: no level of `{name}`", found=shown_number(points),
                           expected=f"one of {', '.join(shown_number(p) for p in sorted(levels))}")  # fmt: skip
    version = record.get("version")
    if version and not people[who].startswith(version):
        raise record.fault(f"version: {who} has another version now", found=version, expected=people[who][:12],
                           fix="make a new sheet (--template) and read the answer again")  # fmt: skip
    return Score(now, who, name, points, people[who], record.get("comment"), record.get("grader") or grader, second)


def _same(known: Score | None, new: Score) -> bool:
    return known is not None and replace(known, at=new.at) == new


def with_written(grade: Grade, spec: Assignment, written: Written) -> Grade:
    """The grade with the written questions: an item with its score, or waiting; never a zero for want of a reader.

    What could not be read, by its own fault, has no answer and gets 0 as elsewhere.
    """
    unread = bool(grade.unread) and grade.graded
    counting, verdicts, questions = written.counting(), list(grade.verdicts), list(grade.questions)
    for question in (q for q in spec.questions if q.kind == "written"):
        own = [_verdict(i, counting.get((grade.submission, i.id)), unread)
               for i in written.rubric.items if i.question == question.id]  # fmt: skip
        verdicts += own
        questions.append(QuestionGrade(
            question.id, question.title, added(v.points for v in own), added(v.max_points for v in own),
            sum(v.status.passed for v in own), len(own), added(v.max_points for v in own if v.status.pending),
        ))  # fmt: skip
    order = [q.id for q in spec.questions]
    questions.sort(key=lambda q: order.index(q.question) if q.question in order else len(order))
    return replace(grade, verdicts=tuple(verdicts), questions=tuple(questions))


def _verdict(item: Item, score: Score | None, unread: bool) -> Verdict:
    ref = CaseRef(item.question or item.id, item.id, True, item.title)
    if unread:
        return Verdict(ref, Outcome.without_credit(Status.SKIPPED, item.points))
    if score is None:
        return Verdict(ref, Outcome.without_credit(Status.WAITING, item.points), Explanation(feedback=WAITS))
    level = next((lv for lv in item.levels if lv.points == score.points), None)
    lines = [level.text if level and level.text else "", score.comment]
    outcome = Outcome.of(score.points / item.points, item.points)
    return Verdict(ref, outcome, Explanation("\n".join(filter(None, lines))))


def to_read(written: Written, people: Iterable[str]) -> dict[str, list[str]]:
    """Item -> the people whose answer has no score."""
    counting, names = written.counting(), list(people)
    found = {i.id: [who for who in names if (who, i.id) not in counting] for i in written.rubric.items}
    return {item: names for item, names in found.items() if names}


def read_again(written: Written, people: Mapping[str, str]) -> list[str]:
    """People who have scores of another version than the one that counts now."""
    return sorted({s.who for s in written.counting().values() if people.get(s.who, s.version) != s.version})


def sample(people: Iterable[str], key: bytes) -> list[str]:
    """A keyed share of the people for second graders, one at least: nobody can foretell whom."""
    ranked = sorted(people, key=lambda who: hmac.new(key, who.encode("utf-8", "replace"), hashlib.sha256).digest())
    return sorted(ranked[: -(-len(ranked) * SECOND_SHARE.numerator // SECOND_SHARE.denominator)])


@dataclass(frozen=True)
class Agreement:
    """How two graders agree on an item; differences are the second grader's minus the first's."""

    item: Item
    both: int
    mean: Fraction
    largest: Fraction

    @property
    def again(self) -> bool:
        """The mean difference is more than a tenth of the item's points: read again."""
        return abs(self.mean) > AGAIN_ABOVE * self.item.points


def agreement(written: Written) -> list[Agreement]:
    """For every item that two have graded."""
    counting, found = written.counting(), []
    for item in written.rubric.items:
        pairs = [(counting[key], s) for key, s in written.seconds().items() if key[1] == item.id and key in counting]
        differences = [second.points - first.points for first, second in pairs]
        if differences:
            mean = sum(differences, Fraction(0)) / len(differences)
            found.append(Agreement(item, len(differences), mean, max(differences, key=abs)))
    return found


def check_rubric(rubric: Rubric, spec: Assignment, where: str) -> Rubric:
    """The rubric, if it fits the written questions.

    Raises:
        SpecError: it does not.
        UsageError: the assignment has no written questions.
    """
    if not any(q.kind == "written" for q in spec.questions):
        raise UsageError(f"`{spec.id}` has no written questions", where=where,
                         fix='a question that a person grades has kind = "written" in assignment.toml')  # fmt: skip
    for misfit in rubric.misfits(spec):
        raise SpecError(misfit, where=where, fix="every written question has items that add up to its points")
    return rubric
