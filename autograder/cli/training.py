"""The command train: weights of the course's own programs, made once, for `verify` to judge."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import root_of, root_option, sandbox_option
from autograder.errors import UsageError
from autograder.grading.source import load_source
from autograder.sandbox.grader.box import Sandbox
from autograder.verify.training import programs
from autograder.verify.training import train as trained


@click.command(epilog="Examples: autograder train storyteller   autograder train storyteller --only reference")
@click.argument("name")
@click.option("--only", multiple=True, metavar="PROGRAM", help="reference, an alternate, a misconception; repeatable.")
@click.option("--again", is_flag=True, help="Train also what has not changed.")
@sandbox_option()
@root_option
def train(name: str, only: tuple[str, ...], again: bool, mode: str, root: Path | None) -> None:
    """Train the fixtures of an assignment with milestones: solutions/NAME/weights/*.safetensors.

    What has not changed since it was trained is left alone. It may take long; each file is kept when it is there.
    """
    source = load_source(root_of(root), name)
    if source.cases.fixture is not None:
        known = programs(source)
        if unknown := sorted(set(only) - set(known)):
            raise UsageError("there is no such program to train", where="--only", found=unknown[0],
                             expected=f"one of {', '.join(known)}")  # fmt: skip
        only = only or (tuple(known) if again else ())
    count = 0
    with Sandbox.start(mode=mode) as sandbox:  # type: ignore[arg-type]  # click holds it to the modes
        for made in trained(sandbox, source, only, lambda program: click.echo(f"training {program}")):
            count += 1
            seconds, size = made.row["seconds"], made.row["parameters"]
            click.echo(f"wrote {made.path.relative_to(source.root)} ({size:,} parameters, {seconds:g} s)")
    click.echo(f"{count} trained" if count else "nothing has changed")
