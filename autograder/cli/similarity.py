"""The command similar: hand-ins whose weights are (nearly) the same, for a person to look at."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from autograder.cli.common import json_option, print_json, refuse_no_store
from autograder.cohort.store import Store
from autograder.cohort.weights import alike
from autograder.grading.drawing import deck_name


@click.command(epilog="Example: autograder similar out")
@click.argument("out", type=click.Path(path_type=Path))
@json_option
def similar(out: Path, as_json: bool) -> None:
    """Pairs of hand-ins on one deck with the same weights, or with weights that point the same way.

    It deducts nothing: teams may have worked from the same start with leave to do so.
    """
    refuse_no_store(out)
    with Store(out, create=False) as store:
        found = list(alike(store))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{deck_name(one.deck)}  {one.text()}")
    click.echo(f"{len(found)} pairs" if found else "no two hand-ins have the same weights")
