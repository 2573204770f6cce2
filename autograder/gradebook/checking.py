"""Checking: what in the events does not add up, a sentence each; none of it is mended here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from autograder.gradebook.book import Book, State
from autograder.gradebook.events import (
    BY_STAFF,
    Chosen,
    Event,
    Excused,
    Extended,
    Graded,
    Revoked,
    Submitted,
    Voided,
    Waived,
    id_of,
    kind_of,
)
from autograder.gradebook.facts import Facts
from autograder.gradebook.policy import Policy, notes_on
from autograder.intake.layouts.versions import version_order
from autograder.spec.course import shown_number


def complaints(policy: Policy, events: Sequence[Event], facts: Facts, book: Book) -> list[str]:
    """Everything that a person should look at, in the order: course, events, hand-ins, points, teams."""
    return [
        *notes_on(policy),
        *_unknown_parts(policy, events),
        *_without_effect(policy, events, book),
        *_chosen_in_vain(facts, book),
        *_strangers(facts, events),
        *_hand_ins(events, facts),
        *_odd_points(policy, events),
        *_read_another(facts, book),
        *_ungraded(book),
        *_teams(policy, facts, book),
    ]


def _at(event: Event) -> str:
    return f"{event.place}: " if event.place else ""


def _unknown_parts(policy: Policy, events: Sequence[Event]) -> Iterator[str]:
    for event in events:
        part = getattr(event, "part", "")
        if part and part not in policy.needs:
            yield f"{_at(event)}{kind_of(event)}: there is no part `{part}` in course.toml"


def _without_effect(policy: Policy, events: Sequence[Event], book: Book) -> Iterator[str]:
    """Events of staff that change nothing: they may be meant for somebody or something else."""
    ids = {id_of(e) for e in events if isinstance(e, BY_STAFF)}
    versions = {e.version for e in events if isinstance(e, Submitted)}
    clock = policy.clock()
    for event in events:
        if isinstance(event, Revoked) and event.of not in ids:
            yield f"{_at(event)}revoked: no event of staff has the id {event.of}"
        elif isinstance(event, Voided | Chosen) and not any(v.startswith(event.version) for v in versions):
            yield f"{_at(event)}{kind_of(event)}: nobody handed in version {event.version[:12]}"
        elif isinstance(event, Extended) and event.until and event.part in policy.needs:
            if clock.end(event.until) <= clock.end(policy.course.get(event.part).due):
                until = f"{event.until:%Y-%m-%d %H:%M}"
                yield f"{_at(event)}extended: {until} is not after the due time of {event.part}; no effect"
        elif isinstance(event, Waived | Excused | Chosen) and event.who not in book.rows:
            yield f"{_at(event)}{kind_of(event)}: {event.who} is not in the course"


def _chosen_in_vain(facts: Facts, book: Book) -> Iterator[str]:
    """Versions that somebody chose and that cannot count: the choice has no effect."""
    for (part, who), chosen in facts.chosen.items():
        row = book.rows.get(who)
        versions = row.lines[part].versions if row and part in row.lines else ()
        barred = next((v.barred for v in versions if v.id.startswith(chosen) and v.barred), "")
        if barred:
            yield f"{part}: {who} chose version {chosen[:12]}, which cannot count: {barred}"


def _strangers(facts: Facts, events: Sequence[Event]) -> Iterator[str]:
    """People of whom something is known and who are in no roster, where there is one."""
    if not any(facts.people.values()):
        return
    for who, person in facts.people.items():
        if person is None:
            where = next((_at(e) for e in events if getattr(e, "who", "") == who), "")
            yield f"{where}{who} is in no roster"


def _hand_ins(events: Sequence[Event], facts: Facts) -> Iterator[str]:
    own: dict[tuple[str, str], list[Submitted]] = defaultdict(list)
    for event in events:
        if isinstance(event, Submitted):
            own[event.part, event.who].append(event)
            if event.at > facts.now:
                when = f"{event.at:%Y-%m-%d %H:%M} UTC, which is to come"
                yield f"{_at(event)}{event.who} handed in {event.part} at {when}"
    for (part, who), found in own.items():
        numbered = sorted((e for e in found if e.number), key=lambda e: version_order(e.number))
        for before, event in pairwise(numbered):
            if event.at < before.at:
                yield (
                    f"{_at(event)}{who}, {part}: version {event.number} has an earlier time than version "
                    f"{before.number}; the upload machine's clock may have gone back"
                )


def _odd_points(policy: Policy, events: Sequence[Event]) -> Iterator[str]:
    versions = {(e.part, e.version) for e in events if isinstance(e, Submitted)}
    for event in events:
        if not isinstance(event, Graded) or event.part not in policy.needs:
            continue
        if event.version and (event.part, event.version) not in versions:
            yield f"{_at(event)}graded: nobody handed in version {event.version[:12]} in {event.part}"
        for question, points in event.scores:
            most = policy.needs[event.part].get(question)
            if most is not None and points > most:
                found = f"{shown_number(points)} points of {shown_number(most)}"
                yield f"{_at(event)}graded: {found} for {question} in {event.part}"


def _read_another(facts: Facts, book: Book) -> Iterator[str]:
    """Whose written answers were read in another version than the one that counts."""
    for who, row in book.rows.items():
        for part, line in row.lines.items():
            marks = facts.own_marks.get((part, who))
            if marks and marks.read and line.version and line.version.id not in ("", marks.read):
                counts = line.version.id[:12]
                yield f"{part}: {who}'s answers were read in version {marks.read[:12]}, and {counts} counts"


def _ungraded(book: Book) -> Iterator[str]:
    waiting: dict[tuple[str, str], list[str]] = defaultdict(list)
    for who, row in book.rows.items():
        for part, line in row.lines.items():
            if line.state is State.WAITING:
                waiting[part, line.note].append(who)
    for (part, note), people in waiting.items():
        who = f"{', '.join(people[:5])}{f' and {len(people) - 5} more' if len(people) > 5 else ''}"
        yield f"{part} is not graded yet: {note}: {who}"


def _teams(policy: Policy, facts: Facts, book: Book) -> Iterator[str]:
    """Teams of a size that the part does not allow, as they were when something was handed in."""
    for part in policy.parts:
        if part.team is None:
            continue
        told: set[frozenset[str]] = set()
        for who in book.rows:
            for one in facts.handed.get((part.id, who), ()):
                members = facts.teams.mates(one.who, one.at) | {one.who, *one.also}
                if members in told or part.team.least <= len(members) <= part.team.most:
                    continue
                told.add(members)
                size = f"{len(members)}, and {part.team.least} to {part.team.most} may be"
                yield f"{part.id}: handed in by a team of {size}: {', '.join(sorted(members))}"
