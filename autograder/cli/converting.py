"""The command convert: a notebook of another tool as an assignment of ours, and what is left for a person."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import root_of, root_option
from autograder.errors import AuthorError, UsageError
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
        "* docstrings of cases: students read them, so let them say what is asked, in place of \"seen test 1\"",
        "* misconceptions: three a question, each failing a hidden case; alternates: other right solutions",
        f"* course.toml: where it is to count, a [[part]] with id = \"{name}\", group and due",
        f"* to do it all again: remove assignments/{name} and solutions/{name} first", "",
    ])  # fmt: skip
    files = {**made.files, f"solutions/{name}/{REPORT}": report}
    try:
        written = write_assignment(folder, name, files)
    except AuthorError as error:
        raise at_its_cell(error, notebook, files) from None
    for path in written:
        click.echo(f"wrote {path.relative_to(folder)}")
    click.echo(f"\n{report}\nNext: autograder verify {name}")


def at_its_cell(error: AuthorError, notebook: Path, files: dict[str, str]) -> UsageError:
    """A fault of what would have been written, by the notebook's line that it comes of: no file of ours is there."""
    path, _, number = error.where.rpartition(":")
    text = next((text for name, text in files.items() if path.endswith(name)), "").split("\n")
    line = text[int(number) - 1].strip() if number.isdigit() and 0 < int(number) <= len(text) else ""
    fix = "look for this line in the notebook; nothing was written"
    return UsageError(f"nothing can be made of it: {error.what}", where=str(notebook), found=line, fix=fix)
