"""The command convert: a notebook of another tool as an assignment of ours, and what is left for a person."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import root_of, root_option
from autograder.release.conversion.parts import Notebook
from autograder.release.conversion.reading import read_notebook
from autograder.release.conversion.writing import converted
from autograder.release.scaffold import refuse_name, write_assignment

REPORT = "converted.md"


@click.command(epilog="Examples: autograder convert hw1.ipynb   autograder convert lab.ipynb --name regression")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--name", default="", help="Name of the assignment (default: the file's).")
@root_option
def convert(notebook: Path, name: str, root: Path | None) -> None:
    """Make an assignment of a notebook for `otter assign` or of nbgrader.

    Text, questions, points, solutions, written questions and tests come over; an assertion becomes a probe that returns
    what it looks at, a variable becomes a function. What a person has to do is printed, and kept in
    solutions/NAME/converted.md.
    """
    folder = root_of(root)
    book = read_notebook(notebook)
    name = name or Notebook("").take_id(notebook.stem)
    refuse_name(name)
    made = converted(book, name)
    report = "\n".join([
        f"# {notebook.name}, a notebook of {book.form}", "", "Came over:", "", *(f"* {line}" for line in made.came), "",
        "Left for a person:", "", *(f"* {line}" for line in made.todo),
        "* misconceptions: three a question, each failing a hidden case; alternates: other right solutions", "",
    ])  # fmt: skip
    for path in write_assignment(folder, name, {**made.files, f"solutions/{name}/{REPORT}": report}):
        click.echo(f"wrote {path.relative_to(folder)}")
    click.echo(f"\n{report}\nNext: autograder verify {name}")
