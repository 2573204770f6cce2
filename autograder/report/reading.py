"""A page for each written question: everybody's answer, and beside it the items of the rubric to choose levels from.

It is one file, needs no network and works with a keyboard; its one script is named by its hash. Without scripts it is a
page to read, and the points go into the sheet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.gradebook.rubrics import COLUMNS, Score
from autograder.report.csv_form import cell
from autograder.report.html import environment
from autograder.spec.course import shown_number
from autograder.spec.models import Assignment, Question
from autograder.spec.rubric import Item


@dataclass(frozen=True)
class Answer:
    """One person's answer to a question, in the version that is read.

    Attributes:
        html: as it is shown; made by us of what they wrote.
    """

    who: str
    version: str
    html: str


@dataclass(frozen=True)
class _Person:
    who: str
    answer: Markup
    rows: tuple[str, ...]
    points: tuple[str, ...]
    comments: tuple[str, ...]
    scores: tuple[str, ...]


def sheet_row(who: str, version: str, item: Item) -> list[str]:
    """A row of the sheet up to the points: COLUMNS without the last three."""
    levels = " | ".join(shown_number(lv.points) for lv in sorted(item.levels, key=lambda lv: lv.points))
    return [cell(who), version[:12], item.question or "", item.id, item.title, levels]


def reading_page(
    spec: Assignment,
    question: Question,
    items: Sequence[Item],
    answers: Sequence[Answer],
    known: Mapping[tuple[str, str], Score],
    *,
    second: bool = False,
) -> str:
    """The page of a question.

    A choice that a browser kept stands for the score that the page had then: where it has another now, that is shown.

    Args:
        items: those of the rubric that belong to it.
        known: person and item -> the score that is there already.
        second: whether it is for second graders.
    """
    people = [_person(answer, items, known) for answer in answers]
    what = [spec.id, question.id, second, *(row for p in people for row in p.rows)]
    return environment().get_template("reading.html.j2").render(
        assignment=spec.title,
        title=question.title,
        most=question.points,
        items=items,
        levels=[[_level(lv.points, lv.text) for lv in sorted(i.levels, key=lambda lv: lv.points)] for i in items],
        people=people,
        columns=COLUMNS,
        file="second.csv" if second else "scores.csv",
        second=second,
        key=_digest(json.dumps(what)),
    )  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _level(points: object, text: str) -> tuple[str, str, str]:
    """As the sheet has it, as a script adds it up, and what earns it."""
    return shown_number(points), f"{float(points):.6f}", text  # type: ignore[arg-type]


def _person(answer: Answer, items: Sequence[Item], known: Mapping[tuple[str, str], Score]) -> _Person:
    given = [known.get((answer.who, item.id)) for item in items]
    return _Person(
        answer.who,
        Markup(answer.html),
        tuple(json.dumps(sheet_row(answer.who, answer.version, item)) for item in items),
        tuple(shown_number(one.points) if one else "" for one in given),
        tuple(one.comment if one else "" for one in given),
        tuple(_digest(one.line()) if one else "" for one in given),
    )
