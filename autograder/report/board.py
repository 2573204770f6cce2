"""The record board: who has reached what, one list for each case that gives a value; ties share a place.

A value comes from the grader's own run, never from what somebody claims. It stands once everything of its question has
been judged: while a re-run waits it is shown as unconfirmed and has no place.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.grading.totals import Grade
from autograder.report.html import environment
from autograder.report.text import harmless
from autograder.spec.models import Assignment


@dataclass(frozen=True)
class Entry:
    """A value that somebody reached in a case: when it was handed in (ISO 8601, or ""), and whether it stands.

    `title` is what the case says of itself.
    """

    metric: str
    who: str
    value: float
    at: str = ""
    stands: bool = True
    title: str = ""


@dataclass(frozen=True)
class Place:
    """A line of a board; `place` is 0 for a record that does not stand yet. `history` are the bests, oldest first."""

    place: int
    name: str
    value: float
    at: str
    history: tuple[float, ...]


@dataclass(frozen=True)
class Board:
    """All places of one metric."""

    metric: str
    title: str
    places: tuple[Place, ...]


def entries_of(grade: Grade, at: str) -> list[Entry]:
    """The values of one grading."""
    if not grade.graded:
        return []
    waiting = {v.question for v in grade.verdicts if v.status.pending}
    return [
        Entry(v.case, grade.submission, v.board, at, v.question not in waiting, v.doc.strip().split("\n")[0])
        for v in grade.verdicts
        if v.board is not None and v.board == v.board and v.status.scores
    ]


def boards(
    entries: Iterable[Entry], spec: Assignment, names: Mapping[str, str], *, smallest: Sequence[str] = ()
) -> list[Board]:
    """The boards, in the order of the cases.

    Args:
        entries: of all gradings, oldest first.
        names: who -> the name that is shown.
        smallest: metrics in which less is better.
    """
    by_metric: dict[str, dict[str, list[Entry]]] = {}
    for entry in entries:
        by_metric.setdefault(entry.metric, {}).setdefault(entry.who, []).append(entry)
    titles = {e.metric: e.title or e.metric for own in by_metric.values() for found in own.values() for e in found}
    if by_metric and spec.leaderboard:
        titles[list(by_metric)[-1]] = spec.leaderboard  # as in Gradescope's: the last case that gives a value
    return [
        Board(metric, titles[metric], _places(people, names, metric in smallest))
        for metric, people in by_metric.items()
    ]


def _places(people: Mapping[str, list[Entry]], names: Mapping[str, str], less: bool) -> tuple[Place, ...]:
    sign = 1 if less else -1
    best = [min(own, key=lambda e: (not e.stands, sign * e.value, e.at)) for own in people.values()]
    best.sort(key=lambda e: (not e.stands, sign * e.value, e.at, names[e.who]))
    found: list[Place] = []
    for index, entry in enumerate(best):
        before = best[index - 1] if index else None
        tied = before is not None and before.value == entry.value and before.stands
        place = 0 if not entry.stands else found[-1].place if tied else index + 1
        history = _bests([e.value for e in people[entry.who] if e.stands], less)
        found.append(Place(place, names[entry.who], entry.value, entry.at, history))
    return tuple(found)


def _bests(values: Sequence[float], less: bool) -> tuple[float, ...]:
    """The values that were a person's best when they came."""
    found: list[float] = []
    for value in values:
        if not found or (value < found[-1] if less else value > found[-1]):
            found.append(value)
    return tuple(found)


def pseudonyms(people: Iterable[str], key: bytes, chosen: Mapping[str, str]) -> dict[str, str]:
    """Who -> the name on the board: the one that somebody chose, or a word that only staff can trace back."""
    return {who: chosen.get(who) or f"anonymous {_mark(who, key)}" for who in people}


def _mark(who: str, key: bytes) -> str:
    return hmac.new(key, who.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:6]


def value_text(value: float) -> str:
    """A value as people read it: 97, 0.0421."""
    return f"{value:.6g}"


def board_page(found: Sequence[Board], title: str) -> str:
    """The boards as a page that everybody may see: names are those of `boards`."""
    return environment().get_template("board.html.j2").render(
        boards=found, title=harmless(title), value=value_text
    )  # fmt: skip
