"""The command deck: which world of a term a team has, and what it gets of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from autograder.cli.common import json_option, print_json, root_of, root_option, secret_option, writable_folder
from autograder.errors import UsageError
from autograder.grading.drawing import deck_name, deck_of
from autograder.grading.fixtures import draw_keys
from autograder.grading.source import AssignmentSource, load_source
from autograder.release.decks import deck_count, deck_zips


@click.command(epilog="Examples: autograder deck storyteller ada bob   autograder deck storyteller -o dist --large")
@click.argument("name")
@click.argument("teams", metavar="TEAM...", nargs=-1)
@click.option("-o", "--output-dir", "dist", type=click.Path(path_type=Path), help="Write DIST/NAME/decks/dNN.zip.")
@click.option("--large", is_flag=True, help="The decks of a question that asks for more data, as large-dNN.zip.")
@click.option("--term", default="", help="The term, where it is not that of assignment.toml.")
@secret_option
@root_option
@json_option
def deck(
    name: str,
    teams: tuple[str, ...],
    dist: Path | None,
    large: bool,
    term: str,
    secret: Path | None,
    root: Path | None,
    as_json: bool,
) -> None:
    """Say which deck each team has in a term (a student without a team is one), and write the files of the decks.

    Without teams all decks are written, with teams theirs. Large decks take longer and more room: with --large they are
    written in place of the others.

    It hangs on the course secret: without it, whoever reads solutions/ can foretell decks.
    """
    source = load_source(root_of(root), name, secret)
    decks, keys, count = source.spec.decks, draw_keys(source), deck_count(source)
    if large and dist is None:
        raise UsageError("--large says which files are written", where=name, fix="give -o DIST")
    if not teams and dist is None:
        raise UsageError(
            "there is nothing to do", where=name, fix="name teams, or give -o DIST for the files of all decks"
        )
    term = term or (decks.term if decks else "")
    found = {team: deck_name(deck_of(keys, term, team, count)) for team in teams}
    written = [] if dist is None else write_decks(source, dist, found.values() if teams else None, large)
    if as_json:
        print_json(found)
        return
    for team, own in found.items():
        click.echo(f"{own}  {team}")
    for path in written:
        click.echo(f"wrote {path} ({path.stat().st_size / 1e6:.1f} MB)")


def write_decks(source: AssignmentSource, dist: Path, names: Iterable[str] | None, large: bool = False) -> list[Path]:
    """The files of these decks ("d07"), of all by default, as zips in DIST/NAME/decks; their paths."""
    folder = writable_folder(dist / source.spec.id / "decks")
    numbers = None if names is None else sorted({int(name[1:]) for name in names})
    written = []
    for file, data in deck_zips(source, numbers, large):
        (folder / file).write_bytes(data)
        written.append(folder / file)
    return written
