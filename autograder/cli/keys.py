"""Commands about what worlds hang on: secret init, salt."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import root_of, root_option
from autograder.grading import keys
from autograder.grading.source import assignment_names, unknown_assignment


@click.group(epilog="Example: autograder secret init")
def secret() -> None:
    """The course secret: what chooses students' worlds, and what other private choices are derived from."""


@secret.command(epilog="Example: autograder secret init")
@root_option
def init(root: Path | None) -> None:
    """Write COURSE/course.secret: random, readable by you alone, named in .gitignore; refuses where one is there."""
    path = keys.make_secret(root_of(root))
    click.echo(
        f"wrote {path}\n"
        "Keep a copy where only the course's staff can read it, and in no repository.\n"
        "Releases made from now on carry keys derived from it: release every assignment again before it is handed in.\n"
        "What was graded before keeps its worlds."
    )


@click.command(epilog="Example: autograder salt backprop --new")
@click.argument("name")
@click.option("--new", "replace", is_flag=True, help="Put a new salt in the place of the one that is there.")
@root_option
def salt(name: str, replace: bool, root: Path | None) -> None:
    """Write solutions/NAME/salt, on which the seeds of the recorded worlds hang.

    A course that takes over a published assignment gives it a new salt: else everybody can compute its worlds.
    """
    folder = root_of(root)
    if name not in assignment_names(folder):
        raise unknown_assignment(folder, name)
    path = keys.make_salt(folder / "solutions" / name, replace=replace)
    click.echo(
        f"wrote {path}; commit it\n"
        f"Every case of {name} has other worlds now. Next:\n"
        f"  autograder verify {name} --write    measures in the new worlds\n"
        f"  autograder release {name} -o DIST   handout and autograder.zip with the new values\n"
        "Handouts that students have keep their values: give the new ones out, or wait for the next term.\n"
        "What was graded before keeps its worlds (rejudge)."
    )
