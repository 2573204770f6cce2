"""The command gradebook import: hand-ins and points of OUT folders, course systems' exports, rosters, teams, scores."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.cli.opened import Opened, of, tell_events
from autograder.cohort.engine import login
from autograder.cohort.hand_over import events_of
from autograder.cohort.store import Store
from autograder.errors import UsageError
from autograder.gradebook.events import Event
from autograder.gradebook.importing import Found, When, fresh, scores_from_table, teams_from_table, when_of
from autograder.gradebook.people import Names, roster_events
from autograder.intake.collecting import AUTO, LAYOUTS, collect
from autograder.intake.ignoring import STORE_MARK
from autograder.intake.opening import identity
from autograder.intake.rosters import read_roster
from autograder.report.text import harmless
from autograder.spec.loading import load_assignment


@click.command("import", epilog="Example: autograder gradebook import out --roster canvas.csv --teams teams.csv")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--part", default="", help="Which part it is (default: the one of the assignment that was graded).")
@click.option("--roster", type=click.Path(path_type=Path), help="Who is in the course: Canvas' or Gradescope's export.")
@click.option("--partial", is_flag=True, help="The roster holds some of the course only: nobody is dropped.")
@click.option("--teams", type=click.Path(path_type=Path), help="Columns team, who, since.")
@click.option("--scores", type=click.Path(path_type=Path), help="Points by a person: who or team, points or questions.")
@click.option("--alias", "aliases", multiple=True, metavar="NAME=WHO", help="Who is meant by the name of a hand-in.")
@click.option("--at", "at", default="", metavar="TIME", help="When it was handed in, where nothing says it.")
@click.option("--trust-mtime", is_flag=True, help="… or take the files' own times.")
@click.option("--layout", type=click.Choice([AUTO, *LAYOUTS]), default=AUTO, show_default=True, help="As in grade.")
@click.option("--dry-run", is_flag=True, help="Say what would be added; write nothing.")
@click.pass_context
def import_(
    context: click.Context, paths: tuple[Path, ...], part: str, roster: Path | None, partial: bool, teams: Path | None,
    scores: Path | None, aliases: tuple[str, ...], at: str, trust_mtime: bool, layout: str, dry_run: bool,
) -> None:  # fmt: skip
    """Take in hand-ins with their times and points, rosters, teams, and points that a person gave.

    PATH is an output folder of `autograder grade` (every version, its time, its points), or what a course system
    exports (times only). What is known already is not added again. Exit status 1 where a hand-in was left out: its name
    means nobody or several, or nothing says when it was handed in.
    """
    own = of(context)
    if not (paths or roster or teams or scores):
        raise UsageError(
            "nothing to import", where="import", fix="give an output folder, --roster, --teams or --scores"
        )
    if roster:
        own = own.plus(_taken(own, _roster(own, roster, partial), dry_run))
    if teams:
        facts = own.facts()
        found = teams_from_table(teams, facts, own.names(aliases), own.policy.clock(), login())
        own = own.plus(_taken(own, found, dry_run))
    try:
        when = when_of(own.policy.clock(), at, trust_mtime)
    except ValueError as error:
        raise UsageError(str(error), where="--at", found=at) from None
    left_out = 0
    for path in paths:
        handed = _path(own, path, part, own.names(aliases), when, layout)
        own = own.plus(_taken(own, handed.events, dry_run))
        left_out += _complain(path, handed)
    if scores:
        if not part:
            raise UsageError("of which part are these points?", where="--scores", fix="say --part")
        facts, names = own.facts(), own.names(aliases)
        own.policy.part(part)
        given = scores_from_table(scores, part, own.policy, facts, names, login())
        _taken(own, fresh(given, own.events), dry_run)
    sys.exit(1 if left_out else 0)


def _taken(own: Opened, found: list[Event], dry_run: bool) -> list[Event]:
    tell_events(own.write(found, dry_run), found, dry_run, own.log)
    return found


def _roster(own: Opened, path: Path, partial: bool) -> list[Event]:
    people = own.facts().people
    return roster_events(read_roster(path), people, own.now, by=login(), partial=partial, where=str(path))


def _path(own: Opened, path: Path, part: str, names: Names, when: When, layout: str) -> Found:
    """What one path holds: an output folder, or hand-ins that are not graded."""
    if (path / STORE_MARK).exists():
        with Store(path, create=False) as store:
            return events_of(store, part or _part_of(own, store.assignment(), path), names, when)
    if not part:
        raise UsageError("is no output folder of autograder grade: of which part are these hand-ins?", where=str(path),
                         fix="say --part")  # fmt: skip
    one = own.policy.part(part)
    name = one.assignment or one.id
    form = load_assignment(own.path.parent / "assignments" / name / "assignment.toml").submission
    found = Found()
    for hand_in in collect([path], form, layout).hand_ins:
        found.hand_in(hand_in, part, identity(hand_in, form), names, when)
    return found


def _part_of(own: Opened, assignment: str | None, path: Path) -> str:
    """The part that an assignment is.

    Raises:
        UsageError: none is, or several are.
    """
    parts = [p.id for p in own.policy.parts if (p.assignment or p.id) == assignment]
    if len(parts) != 1:
        found = f"parts of `{assignment}`: {', '.join(parts) or 'none'}"
        fix = "say --part" if parts else f'add to {own.path.name}: [[part]] with id = "{assignment}", group and due'
        raise UsageError("which part of the course is it?", where=str(path), found=found, fix=fix)
    return parts[0]


def _complain(path: Path, found: Found) -> int:
    """Say which hand-ins were left out and what helps; how many."""
    for name, why in sorted(found.unknown.items()):
        click.echo(harmless(f"left out: {name}: {why}"), err=True)
    if found.unknown:
        click.echo('say who is meant with --alias "NAME=WHO", or import a roster that has them', err=True)
    if found.timeless:
        several = ", ".join(sorted(set(found.timeless))[:5])
        click.echo(f"left out: {len(found.timeless)} hand-ins of {path} without a time ({several})", err=True)
        click.echo("say it for all with --at TIME, or take the files' own times with --trust-mtime", err=True)
    return len(found.unknown) + len(found.timeless)
