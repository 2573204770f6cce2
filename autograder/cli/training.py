"""The command train: weights of the course's own programs, made once, for `verify` to judge."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import root_of, root_option, sandbox_option
from autograder.errors import UsageError
from autograder.grading.source import load_source
from autograder.sandbox.grader.box import Sandbox
from autograder.verify.training import train as trained
from autograder.verify.training import trainings

_INSTEAD = {
    True: "its mistake hands in none, and fails every milestone",
    False: "`verify` trains it each time, as far as it comes",
}
"""What becomes of a training that came to nothing, by whether it is a fixture (an empty file) or a replay."""


@click.command(epilog="Examples: autograder train storyteller   autograder train storyteller --only reference")
@click.argument("name")
@click.option("--only", multiple=True, metavar="NAME", help="A program, or PROGRAM.REPLAY; repeatable.")
@click.option("--again", is_flag=True, help="Train also what has not changed.")
@sandbox_option()
@root_option
def train(name: str, only: tuple[str, ...], again: bool, mode: str, root: Path | None) -> None:
    """Train the fixtures of an assignment with milestones: solutions/NAME/weights/*.safetensors.

    What has not changed since it was trained is left alone. It may take long; each file is kept when it is there.
    """
    source = load_source(root_of(root), name)
    known = [t.name for t in trainings(source)]
    if unknown := sorted(set(only) - set(known)):
        expected = f"one of {', '.join(known) or 'none: the cases have no @fixture'}"
        raise UsageError("there is no such training", where="--only", found=unknown[0], expected=expected)
    only = only or (tuple(known) if again else ())
    count = 0
    with Sandbox.start(mode=mode) as sandbox:  # type: ignore[arg-type]  # click holds it to the modes
        for made in trained(sandbox, source, only, lambda what: click.echo(f"training {what}")):
            count += 1
            if made.problem:
                click.echo(f"no weights: {made.name} ends with {made.problem}; {_INSTEAD[made.path.exists()]}")
                continue
            seconds, size = made.row["seconds"], made.row["parameters"]
            click.echo(f"wrote {made.path.relative_to(source.root)} ({size:,} parameters, {seconds:g} s)")
    click.echo(f"{count} trained" if count else "nothing has changed")
