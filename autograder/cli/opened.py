"""A course that a command works on: its policy and events at an instant, and the one place that adds events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from autograder.errors import SpecError, UsageError
from autograder.gradebook.book import Book, book
from autograder.gradebook.events import Event
from autograder.gradebook.facts import Facts, facts_of
from autograder.gradebook.importing import moment_of
from autograder.gradebook.log import append_events, new_events, read_events
from autograder.gradebook.people import Names
from autograder.gradebook.policy import Policy, find_course, load_policy
from autograder.report.standing import Standings, standings


@dataclass(frozen=True)
class Opened:
    """A course with its events, at an instant."""

    path: Path
    policy: Policy
    events: list[Event]
    now: datetime

    @property
    def log(self) -> Path:
        """The file of events."""
        return self.path.parent / self.policy.course.events

    def facts(self) -> Facts:
        """The facts at that instant."""
        return facts_of(self.policy, self.events, self.now)

    def book(self) -> Book:
        """The book at that instant."""
        return book(self.policy, self.events, self.now)

    def names(self, aliases: Sequence[str] = ()) -> Names:
        """Who is meant by a name.

        Raises:
            UsageError: an alias is not NAME=WHO.
        """
        for alias in aliases:
            if "=" not in alias:
                raise UsageError("an alias", where="--alias", found=alias, expected='NAME=WHO, as "hw 17=ann"')
        pairs = [alias.rpartition("=") for alias in aliases]
        return Names(self.facts().people, {name: who for name, _, who in pairs})

    def plus(self, events: Sequence[Event]) -> Opened:
        """The same course with these events as well, at the latest of the instants."""
        now = max([self.now, *(e.at for e in events if e.at <= datetime.now(UTC))])
        return Opened(self.path, self.policy, [*self.events, *new_events(self.events, events)], now)

    def write(self, found: Sequence[Event], dry_run: bool) -> list[Event]:
        """Add what is new, unless it is a rehearsal; the new ones."""
        fresh = new_events(self.events, found)
        book(self.policy, [*self.events, *fresh], max([self.now, *(e.at for e in fresh)]))  # refuses two teams at once
        if not dry_run:
            append_events(self.log, fresh)
        return fresh


def opened(course: Path | None, as_of: str = "") -> Opened:
    """The course at or above a path.

    Raises:
        UsageError: there is none, or `as_of` is no time.
        SpecError: a fault in course.toml or in an event.
    """
    path = find_course((course or Path.cwd()).resolve())
    policy = load_policy(path)
    now = datetime.now(UTC)
    if as_of:
        try:
            now = moment_of(policy.clock(), as_of)
        except ValueError as error:
            raise UsageError(str(error), where="--as-of", found=as_of) from None
    return Opened(path, policy, read_events(path.parent / policy.course.events), now)


def around(course: Path | None) -> Opened | None:
    """The course that is named, or the one around here; None where there is none."""
    try:
        find_course((course or Path.cwd()).resolve())
    except UsageError:
        if course is not None:
            raise
        return None
    return opened(course)


def standing_in(course: Path | None, assignment: str) -> Standings | None:
    """Where everybody stands in the book of the course that is named or around here.

    None where there is no book, nobody is in it, or the assignment is no part of it. A damaged one is told, and reports
    are written without it.
    """
    try:
        own = around(course)
        if own is None or not any(assignment in (p.id, p.assignment) for p in own.policy.parts):
            return None
        found = own.book()
    except (SpecError, UsageError) as error:
        if course is not None:
            raise
        click.echo(f"without the book: {error.sentence()}", err=True)
        return None
    return standings(found, own.names(), assignment) if found.rows else None


def of(context: click.Context) -> Opened:
    """The course that the options of `gradebook` name."""
    course, as_of = context.obj
    return opened(course, as_of)


def tell_events(fresh: Sequence[Event], found: Sequence[Event], dry_run: bool, log: Path) -> None:
    """Say what was added, and what was known."""
    known = len(found) - len(fresh)
    verb = "would add" if dry_run else "added"
    rest = f" ({known} known already)" if known else ""
    click.echo(f"{verb} {len(fresh)} events{rest}: {log}")
