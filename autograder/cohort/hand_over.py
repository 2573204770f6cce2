"""Handing over: what an output folder knows of hand-ins and points, as events of the gradebook."""

from __future__ import annotations

from autograder.cohort.store import Store
from autograder.cohort.tables import FORGOTTEN, Event
from autograder.cohort.tasks import hand_in_of
from autograder.errors import StoredError
from autograder.gradebook.clock import instant
from autograder.gradebook.events import Graded
from autograder.gradebook.importing import Found, When
from autograder.gradebook.people import Names


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
    return found


def _graded(store: Store, event: Event, part: str, who: str) -> Graded:
    scores, waiting, broken = [], [], ""
    try:
        grade = store.grade(event)
    except StoredError as error:
        broken = f"{error.what}; grade it again"
    else:
        if not grade.graded:
            broken = grade.notes[0] if grade.notes else "the grader itself failed; grade it again"
        for question in grade.questions if grade.graded else ():
            if question.waiting:
                waiting.append(question.question)
            else:
                scores.append((question.question, question.points))
    return Graded(
        at=instant(event.at), by=f"autograder {event.tool}", part=part, who=who, version=event.digest,
        scores=tuple(sorted(scores)), waiting=tuple(waiting), broken=broken, bundle=event.bundle[:16],
    )  # fmt: skip
