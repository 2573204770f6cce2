"""Commands of those who write assignments: init, new, stub (verify and release have files of their own)."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import click

from autograder.cli.common import root_of, root_option, sources
from autograder.errors import SpecError
from autograder.gradebook.policy import COURSE
from autograder.release.new_course import new_course
from autograder.release.scaffold import scaffold
from autograder.release.stub import make_stub
from autograder.spec.course import Course
from autograder.spec.loading import load_model


@click.command(epilog="Example: autograder init mycourse --zone America/New_York")
@click.argument("course", type=click.Path(path_type=Path))
@click.option("--assignment", "name", default="first_steps", show_default=True, help="Name of the first assignment.")
@click.option("--title", default="", help="Title of the course (default: the folder's name).")
@click.option("--zone", default="UTC", show_default=True, help="Zone of the due times, as in the tz database.")
def init(course: Path, name: str, title: str, zone: str) -> None:
    """Make a course in an empty folder: course.toml, a first assignment, secret, salt, README, a CI file.

    It passes `verify` as it is; edit from there.
    """
    folder = course.resolve()
    title = title or folder.name.replace("_", " ").replace("-", " ").strip().capitalize() or "Course"
    for path in new_course(folder, name, title, zone, date.today()):
        click.echo(f"wrote {path.relative_to(folder)}")
    click.echo(
        f"\nThe course secret is in no repository (.gitignore): keep a copy.\n"
        f"Next: cd {course}\n"
        f"      autograder verify {name} --write\n"
        f"      autograder release {name} -o dist\n"
        f"Then: due times and weights in course.toml; autograder gradebook shows the book."
    )


@click.command(epilog="Example: autograder new regression")
@click.argument("name")
@click.option("--milestone", is_flag=True, help="One with trained work: weights, a milestone and a replay.")
@click.option("--written", is_flag=True, help="With a second question that a person grades, and its rubric.")
@root_option
def new(name: str, milestone: bool, written: bool, root: Path | None) -> None:
    """Scaffold an assignment; `verify --write` then gives it its certificate."""
    folder = root_of(root)
    for path in scaffold(folder, name, milestone, written):
        click.echo(f"wrote {path.relative_to(folder)}")
    first = f"autograder train {name}, then " if milestone else ""
    click.echo(f"\nNext: edit solutions/{name}/, then {first}autograder verify {name} --write")
    click.echo(_part_of_course(folder / COURSE, name, date.today()), nl=False)


def _part_of_course(path: Path, name: str, today: date) -> str:
    """What to add to a course.toml that has no part for an assignment; "" where there is nothing to add."""
    try:
        course = load_model(path, Course) if path.is_file() else None
    except SpecError:
        return ""  # whoever reads the book is told
    if course is None or any(name == (part.assignment or part.id) for part in course.part):
        return ""
    due, group = today + timedelta(weeks=3), next(iter(course.groups))
    lines = f'[[part]]\nid = "{name}"\ngroup = "{group}"\ndue = "{due.isoformat()}T23:59"\n'
    return f"Where it is to count, {path.name} needs a part for it:\n\n{lines}"


@click.command(epilog="Examples: autograder stub   autograder stub backprop --check")
@click.argument("names", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit with status 1 where a stub is stale.")
@root_option
def stub(names: tuple[str, ...], check: bool, root: Path | None) -> None:
    """(Re)generate the stubs that students get, from the marked reference solutions."""
    stale = []
    for source in sources(root, names):
        path = source.public_folder / source.spec.submission.file
        made = make_stub(source.reference, str(source.private_folder / source.spec.submission.file))
        old = path.read_text(encoding="utf-8") if path.exists() else None
        if old == made:
            click.echo(f"{source.spec.id}: up to date")
        elif check:
            stale.append(source.spec.id)
            click.echo(f"{source.spec.id}: {'stale' if old is not None else 'missing'}: {path}")
        else:
            path.write_text(made, encoding="utf-8")
            click.echo(f"{source.spec.id}: wrote {path}")
    if stale:
        click.echo(f"write them anew: autograder stub {' '.join(stale)}", err=True)
        sys.exit(1)
