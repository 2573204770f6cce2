"""Commands for what an output folder keeps: upgrade, forget, prune."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from autograder import __version__
from autograder.cli.common import json_option, print_json, steps
from autograder.cli.opened import standing_in
from autograder.cohort.engine import login
from autograder.cohort.forgetting import Gone
from autograder.cohort.forgetting import forget as forgotten
from autograder.cohort.forgetting import prune as pruned
from autograder.cohort.outputs import write_report
from autograder.cohort.store import Store
from autograder.cohort.upgrade import upgrade as upgraded


@click.command(epilog="Example: autograder upgrade out")
@click.argument("out", type=click.Path(path_type=Path))
@json_option
def upgrade(out: Path, as_json: bool) -> None:
    """Bring an output folder of an older version up to date, in place.

    A copy of its database is kept beside it. Killed at any moment, the folder is the old one or the new one.
    """
    done = upgraded(out, login(), __version__)
    if as_json:
        print_json({} if done is None else asdict(done))
    elif done is None:
        click.echo(f"{out} is up to date: nothing to do")
    else:
        click.echo(f"{out} is up to date now: {done.events} gradings taken over")
        if done.spooled:
            click.echo(f"  {done.spooled} of them had been finished by a run that was stopped")
        if done.closed:
            click.echo(f"  {done.closed} files and folders are now closed to other users of this machine")
        click.echo(f"  the old database is kept: {done.copy}\nNext: autograder report {out}")


@click.command(epilog="Example: autograder forget ada out --dry-run")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be deleted; change nothing.")
@json_option
def forget(name: str, out: Path, dry_run: bool, as_json: bool) -> None:
    """Delete all that OUT holds of one person; a tombstone keeps the count.

    NAME is the name in the reports. The submission itself, and copies of OUT, are yours to delete: what lies in the
    submissions' folder is graded again by the next run.
    """
    with Store(out, create=False) as store:
        gone = forgotten(store, name, login(), __version__, dry_run=dry_run)
        if not dry_run:
            _write_rest(store, as_json)
    _say(gone, dry_run, as_json, f"{'would forget' if dry_run else 'forgot'} {name}")


def _write_rest(store: Store, quiet: bool) -> None:
    """Tables and pages of those who are left."""
    events = store.current()
    if not events:
        return
    bar, tell = steps("writing", quiet=quiet)
    with bar:
        spec = store.latest_bundle().spec
        write_report(store, spec, tell=partial(tell, "report"), standing=standing_in(None, spec.id))


@click.command(epilog="Example: autograder prune out --older-than 365 --dry-run")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--older-than", "days", type=click.FloatRange(0), required=True, metavar="DAYS", help="Age in days.")
@click.option("--weights", is_flag=True, help="Files of trained weights of that age too, also of what counts.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted; change nothing.")
@json_option
def prune(out: Path, days: float, weights: bool, dry_run: bool, as_json: bool) -> None:
    """Delete stored outputs of gradings that do not count any more and are older than DAYS.

    What counts today stays, and so do the points of all earlier gradings. Trained weights stay unless --weights is
    given; without them verdicts can be judged again, and only a new run needs the hand-ins themselves.
    """
    with Store(out, create=False) as store:
        gone = pruned(store, days, datetime.now(UTC), login(), __version__, weights=weights, dry_run=dry_run)
    _say(gone, dry_run, as_json, "would prune" if dry_run else "pruned")


def _say(gone: Gone, dry_run: bool, as_json: bool, what: str) -> None:
    if as_json:
        print_json(asdict(gone) | {"dry_run": dry_run})
        sys.exit(0)
    click.echo(f"{what}: {gone.events} gradings, {gone.blobs} stored files of {gone.freed:,} bytes")
    for name in gone.files:
        click.echo(f"  {name}")
    if dry_run:
        click.echo("Nothing was deleted (--dry-run).")
