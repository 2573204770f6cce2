"""The command `report`: pages and tables of a graded cohort, written anew."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from autograder.cli.common import complain, json_option, print_json, refuse_no_store, steps
from autograder.cli.opened import standing_in
from autograder.cohort.outputs import write_report
from autograder.cohort.store import Store
from autograder.errors import UsageError
from autograder.intake.rosters import read_roster
from autograder.report.canvas import CanvasFile


@click.command(epilog="Example: autograder report out --roster canvas.csv")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--roster", type=click.Path(path_type=Path), help="A Canvas gradebook export; writes OUT/canvas.csv.")
@click.option("--column", help="Canvas' name of the assignment's column (default: the one that has its title).")
@click.option("--published/--unpublished", default=True, help="Whether students' pages count hidden cases already.")
@click.option("--course", type=click.Path(path_type=Path), help="The course.toml (default: found upwards from here).")
@click.option("--no-book", is_flag=True, help="Without late days and totals of the gradebook.")
@json_option
def report(
    out: Path, roster: Path | None, column: str | None, published: bool, course: Path | None, no_book: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Write the HTML site, CSV and Gradescope JSON of a graded cohort anew.

    Exit status 1 when a grade that was kept cannot be read: grade it again.
    """
    refuse_no_store(out)
    text = read_roster(roster) if roster else None
    with Store(out, create=False) as store:
        events = store.current()
        if not events:
            raise UsageError("there are no grades yet", where=str(out), fix="autograder grade … --resume")
        spec = store.latest_bundle().spec
        bar, tell = steps("writing", quiet=as_json)
        with bar:
            written = write_report(
                store, spec, published=published, roster=text, column=column, tell=partial(tell, "report"),
                standing=None if no_book else standing_in(course, spec.id),
            )  # fmt: skip
        forgotten = store.forgotten()
    complain(written.damaged)
    if as_json:
        print_json({"index": str(written.index), "grades": len(written.grades), "forgotten": forgotten,
                    "damaged": dict(written.damaged), **_canvas_table(written.canvas)})  # fmt: skip
        sys.exit(1 if written.damaged else 0)
    gone = f" ({forgotten} forgotten)" if forgotten else ""
    click.echo(f"{len(written.grades)} grades{gone}\nreport   {written.index}\ngrades   {out / 'final_grades.csv'}")
    if written.canvas is not None:
        new = ", which is new: Canvas will make an assignment of it" if written.canvas.new else ""
        click.echo(f"canvas   {out / 'canvas.csv'}, column `{written.canvas.column}`{new}")
        for sentence in written.canvas.contested:
            click.echo(f"not matched: {sentence}", err=True)
        for name in written.canvas.unknown_submissions:
            click.echo(f"not in the roster: {name}", err=True)
        for name in written.canvas.students_without:
            click.echo(f"without a submission: {name}", err=True)
    if written.damaged:
        sys.exit(1)


def _canvas_table(canvas: CanvasFile | None) -> dict[str, Any]:
    """What was matched with the roster and what was not, as JSON."""
    if canvas is None:
        return {}
    return {
        "canvas": {
            "column": canvas.column,
            "not_in_the_roster": list(canvas.unknown_submissions),
            "without_a_submission": list(canvas.students_without),
            "not_matched": list(canvas.contested),
            "new_column": canvas.new,
        }
    }
