"""Handing over: what an output folder knows of hand-ins and points, as events of the gradebook."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from autograder.cohort.store import Store
from autograder.cohort.tables import FORGOTTEN, Event
from autograder.cohort.tasks import hand_in_of
from autograder.cohort.written import written_of
from autograder.errors import StoredError
from autograder.gradebook.clock import instant
from autograder.gradebook.events import Graded
from autograder.gradebook.importing import Found, When
from autograder.gradebook.people import Names
from autograder.gradebook.rubrics import Written


def events_of(store: Store, part: str, names: Names, when: When) -> Found:
    """Every version that was handed in, at its time, and the newest points of each; forgotten people are left out.

    A version that the grader could not grade is `broken`, cases that wait leave their question without points, and a
    grade that cannot be read any more is broken too: none of them is a zero.
    """
    found, newest = Found(), {}
    seen: set[tuple[str, str, str, str]] = set()
    for event in store.history():
        if event.kind == FORGOTTEN:
            continue
        newest[event.who, event.digest] = event
        key = (event.who, event.digest, event.version, event.handed_in)
        if key not in seen:
            seen.add(key)
            found.hand_in(hand_in_of(event.handed), part, event.digest, names, when)
    for event in newest.values():
        people, why = names.team(event.who)
        if not why and event.who not in found.timeless:
            found.events.append(_graded(store, event, part, people[0]))
    written = written_of(store.folder)
    if written is not None:
        found.events += _read_by_people(written[1], part, names)
    return found


def _read_by_people(written: Written, part: str, names: Names) -> Iterator[Graded]:
    """Points of written questions whose items all have a score; they hold for every version of that person."""
    counting = written.counting()
    for question in written.rubric.headings():
        items = [i.id for i in written.rubric.items if i.heading == question]
        for who in sorted({who for who, _ in counting}):
            own = [counting[who, item] for item in items if (who, item) in counting]
            people, why = names.team(who)
            if why or len(own) < len(items):
                continue
            last = max(own, key=lambda s: s.at)
            points = sum((s.points for s in own), Fraction(0))
            for person in people:
                yield Graded(at=last.at, by=last.grader, part=part, who=person, scores=((question, points),),
                             read=last.version)  # fmt: skip


def _graded(store: Store, event: Event, part: str, who: str) -> Graded:
    scores, waiting, broken = [], [], ""
    try:
        grade = store.grade(event)
    except StoredError as error:
        broken = f"{error.what}; grade it again"
    else:
        if not grade.graded:
            broken = grade.notes[0] if grade.notes else f"{grade.failure}; grade it again"
        for question in grade.questions if grade.graded else ():
            if question.waiting:
                waiting.append(question.question)
            else:
                scores.append((question.question, question.points))
    return Graded(
        at=instant(event.at), by=f"autograder {event.tool}", part=part, who=who, version=event.digest,
        scores=tuple(sorted(scores)), waiting=tuple(waiting), broken=broken, bundle=event.bundle[:16],
    )  # fmt: skip
