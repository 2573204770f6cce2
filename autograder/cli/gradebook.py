"""The command gradebook: the table, one person's numbers derived, and what writes events or reads them for others."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from autograder.cli.common import json_option, print_json, writable_folder
from autograder.cli.entering import add, events, extend, forget
from autograder.cli.importing import import_
from autograder.cli.opened import Opened, of, opened
from autograder.errors import UsageError
from autograder.gradebook.book import Book, Row
from autograder.gradebook.checking import complaints
from autograder.gradebook.comparing import differences
from autograder.gradebook.explain import explained
from autograder.gradebook.totals import letter, shown
from autograder.grading.private import write_file
from autograder.intake.rosters import read_roster
from autograder.report.book_forms import BookFile, audit, canvas_book, days_csv, grades_csv, gradescope_book
from autograder.report.book_page import book_page
from autograder.report.book_table import book_view
from autograder.report.html import page_name
from autograder.report.terminal import console_for
from autograder.report.text import harmless


@click.group(invoke_without_command=True, epilog="Example: autograder gradebook --student ada --explain")
@click.option("--course", type=click.Path(path_type=Path), help="The course.toml (default: found upwards from here).")
@click.option("--as-of", "as_of", default="", metavar="TIME", help="The book as it was then: 2026-10-01T12:00.")
@click.option("--student", metavar="WHO", help="Only this person.")
@click.option("--explain", is_flag=True, help="With --student: how the total comes about, line by line.")
@json_option
@click.pass_context
def gradebook(
    context: click.Context, course: Path | None, as_of: str, student: str | None, explain: bool, as_json: bool
) -> None:
    """The book of the course: points, late days and totals of everybody, worked out anew from course.toml and events.

    Times are those of the course's zone. Nothing is ever edited: what staff grant or correct is one more event.
    """
    if explain and not student:
        raise UsageError("whose number is to be explained?", where="--explain", fix="say --student WHO")
    if context.invoked_subcommand is not None:
        context.obj = (course, as_of)
        return
    own = opened(course, as_of)
    found = own.book()
    rows = {student: _row_of(own, found, student)} if student else found.rows
    if as_json:
        print_json({"as_of": found.now.isoformat(), "people": [row_table(found, row) for row in rows.values()]})
    elif explain and student:
        for line in explained(found, rows[student]):
            click.echo(harmless(line))
    else:
        console_for().print(book_view(Book(found.policy, found.now, rows)))


def _row_of(own: Opened, found: Book, student: str) -> Row:
    hits = own.names().find(student)
    if len(hits) != 1 or hits[0] not in found.rows:
        raise UsageError(
            f"`{student}` fits {'several: ' + ', '.join(hits[:5]) if len(hits) > 1 else 'nobody'}", where="--student",
            fix="write the name as it stands in the table: autograder gradebook",
        )  # fmt: skip
    return found.rows[hits[0]]


def row_table(found: Book, row: Row) -> dict[str, Any]:
    """A person's row as JSON; exact numbers as fractions."""
    course = found.policy.course
    return {
        "who": row.who,
        "name": row.person.name if row.person else "",
        "parts": {
            part: {
                "state": line.state.value, "points": None if line.points is None else str(line.points),
                "possible": str(line.possible), "version": line.version.id if line.version else "",
                "days": line.days, "days_not_paid": line.over, "due": f"{line.due.wall:%Y-%m-%dT%H:%M}",
                "note": line.note,
            }
            for part, line in row.lines.items()
        },
        "days_left": dict(row.days_left),
        "total": None if row.total is None else shown(row.total, course.decimals),
        "total_exact": None if row.total is None else str(row.total),
        "letter": letter(row.total, course) if row.total is not None else "",
        "so_far": None if row.so_far is None else shown(row.so_far, course.decimals),
    }  # fmt: skip


@gradebook.command(epilog="Example: autograder gradebook check --gradescope grades.csv")
@click.option(
    "--gradescope", type=click.Path(path_type=Path), help="Gradescope's export of grades: what differs there."
)
@click.option("--part", default="", help="With --gradescope: whose export it is, where it is of one assignment.")
@click.pass_context
def check(context: click.Context, gradescope: Path | None, part: str) -> None:
    """Say what does not add up: strangers, odd times, points beyond the most, teams too large, what has no effect.

    With --gradescope, what differs from its export in place of that. Exit status 1 where there is something.
    """
    own = of(context)
    if gradescope is not None:
        found = differences(own.book(), read_roster(gradescope), str(gradescope), part)
    elif part:
        raise UsageError("is for an export", where="--part", fix="say --gradescope FILE too")
    else:
        found = complaints(own.policy, own.events, own.facts(), own.book())
    for one in found:
        click.echo(harmless(one))
    what = "differ from Gradescope's export" if gradescope else "to look at"
    click.echo(f"{len(own.events)} events, {len(found)} {what}")
    sys.exit(1 if found else 0)


@gradebook.command(epilog="Example: autograder gradebook export --canvas export.csv -o book")
@click.option("-o", "--output-dir", "out", required=True, type=click.Path(path_type=Path), help="Output folder.")
@click.option("--csv", "as_csv", is_flag=True, help="grades.csv, days.csv and audit.jsonl.")
@click.option(
    "--canvas", type=click.Path(path_type=Path), help="Canvas' gradebook export; writes canvas.csv for import."
)
@click.option("--groups", is_flag=True, help="With --canvas: also a column for each group and for the total.")
@click.option("--gradescope", is_flag=True, help="gradescope.csv, in the columns of Gradescope's own export.")
@click.option("--pages", is_flag=True, help="students/WHO.html: each one's parts, days and total, and nothing else.")
@click.pass_context
def export(
    context: click.Context, out: Path, as_csv: bool, canvas: Path | None, groups: bool, gradescope: bool, pages: bool
) -> None:
    """Write the book for spreadsheets and course systems. What is not graded yet has an empty cell, never 0."""
    if not (as_csv or canvas or gradescope or pages):
        raise UsageError("nothing to export", where="export", fix="say --csv, --canvas FILE, --gradescope or --pages")
    own = of(context)
    found = own.book()
    for_canvas = canvas_book(found, read_roster(canvas), groups=groups) if canvas else None
    files = {"canvas.csv": for_canvas.text} if for_canvas else {}
    if as_csv:
        files |= {"grades.csv": grades_csv(found), "days.csv": days_csv(found), "audit.jsonl": audit(found, own.events)}
    if gradescope:
        files["gradescope.csv"] = gradescope_book(found)
    folder = writable_folder(out)
    for name, text in files.items():
        write_file(folder / name, text.encode("utf-8", "backslashreplace"))
        click.echo(f"wrote {folder / name}")
    for row in found.rows.values() if pages else ():
        write_file(folder / "students" / f"{page_name(row.who)}.html", book_page(found, row).encode("utf-8", "replace"))
    if pages:
        click.echo(f"wrote {folder / 'students'}: {len(found.rows)} pages")
    if for_canvas and canvas:
        _tell_canvas(for_canvas, canvas)


def _tell_canvas(found: BookFile, export: Path) -> None:
    click.echo(f"columns  {', '.join(f'`{c}`' for c in found.columns)}")
    for who in found.not_in_roster:
        click.echo(f"not in the roster: {harmless(who)}", err=True)
    for name in found.not_in_book:
        click.echo(f"not in the book: {harmless(name)}", err=True)
    if found.not_in_roster and found.not_in_book:
        say = f"autograder gradebook import --roster {export}"
        click.echo(f"if these are the same people, tell the book Canvas' ids and logins: {say}", err=True)


for _command in (import_, extend, add, events, forget):
    gradebook.add_command(_command)
