"""The command deck: which world of a term a team has, so that it gets the right data."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import json_option, print_json, root_of, root_option, secret_option
from autograder.errors import UsageError
from autograder.grading.drawing import deck_name, deck_of
from autograder.grading.fixtures import draw_keys
from autograder.grading.source import load_source


@click.command(epilog="Example: autograder deck storyteller ada bob")
@click.argument("name")
@click.argument("teams", metavar="TEAM...", nargs=-1, required=True)
@click.option("--term", default="", help="The term, where it is not that of assignment.toml.")
@secret_option
@root_option
@json_option
def deck(name: str, teams: tuple[str, ...], term: str, secret: Path | None, root: Path | None, as_json: bool) -> None:
    """Say which deck each team has in a term; a student without a team is one.

    It hangs on the course secret: without it, whoever reads solutions/ can foretell decks.
    """
    source = load_source(root_of(root), name, secret)
    decks, keys = source.spec.decks, draw_keys(source)
    if decks is None or not keys.decks:
        what = "the assignment has no decks"
        raise UsageError(what, where=name, expected="[decks] with count and term, and a @milestone")
    found = {team: deck_name(deck_of(keys, term or decks.term, team, decks.count)) for team in teams}
    if as_json:
        print_json(found)
        return
    for team, own in found.items():
        click.echo(f"{own}  {team}")
