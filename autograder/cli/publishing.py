"""The command publish: what each student gets, in a folder of their own, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.cli.common import refuse_no_store, writable_folder
from autograder.cli.opened import Opened, around
from autograder.cohort.outputs import readable_grades
from autograder.cohort.store import Store
from autograder.errors import UsageError
from autograder.gradebook.book import Book
from autograder.grading.private import write_file
from autograder.report.audience import total_out
from autograder.report.book_page import book_page
from autograder.report.html import page_name, student_page
from autograder.report.standing import standings

MARK = ".autograder-published"


@click.command(epilog="Example: autograder publish out --to feedback")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--to", "to", required=True, type=click.Path(path_type=Path), help="Folder: new, or an earlier publish's."
)
@click.option("--published/--unpublished", default=True, help="Whether the pages count hidden cases already.")
@click.option("--course", type=click.Path(path_type=Path), help="The course.toml (default: found upwards from here).")
@click.option("--no-book", is_flag=True, help="Without the pages of the gradebook.")
def publish(out: Path, to: Path, published: bool, course: Path | None, no_book: bool) -> None:
    """Write DIR/NAME/feedback.html for everybody who was graded, and book.html where the course has a gradebook.

    Each folder holds what its student may see and nothing of anybody else; the folders are for mail, upload or a web
    server that lets each one see their own. Unpublished pages whose hidden cases are withheld have no book.html and no
    total of the course, which would give them away. Exit status 1 where somebody has no page.
    """
    refuse_no_store(out)
    folder = _folder(to)
    own = None if no_book else around(course)
    book = own.book() if own else None
    missing = 0
    written: set[Path] = set()
    with Store(out, create=False) as store:
        spec = store.latest_bundle().spec
        where = standings(book, own.names(), spec.id) if own is not None and book is not None else None
        for event, grade, _, why in readable_grades(store):
            if why:
                click.echo(f"no page: {event.who}: {why}", err=True)
                missing += 1
                continue
            place = folder / page_name(event.who)
            pages: dict[str, str] = {}
            if own is not None and book is not None and total_out(grade, spec, published):
                pages = _pages_of_book(own, book, event.who)
            place_in_book = where.of(event.who) if where is not None else None
            link = "book.html" if pages else ""
            pages["feedback.html"] = student_page(grade, spec, published=published, standing=place_in_book, book=link)
            for name, text in pages.items():
                write_file(place / name, text.encode("utf-8", "replace"))
                written.add(place / name)
    _sweep(folder, written)
    click.echo(f"wrote {len({p.parent for p in written})} folders, {len(written)} pages: {folder}")
    sys.exit(1 if missing else 0)


def _folder(to: Path) -> Path:
    """The folder of an earlier publish, or an empty one.

    Raises:
        UsageError: it holds something else.
    """
    if to.is_dir() and any(to.iterdir()) and not (to / MARK).exists():
        raise UsageError("this folder holds something else", where=str(to), fix="choose another with --to")
    folder = writable_folder(to)
    (folder / MARK).touch()
    return folder


def _pages_of_book(own: Opened, book: Book, name: str) -> dict[str, str]:
    """The book's page of a hand-in's people; one for each, who are all of one team."""
    people, _ = own.names().team(name)
    rows = [book.rows[who] for who in people if who in book.rows]
    if len(people) == 1 and rows:
        return {"book.html": book_page(book, rows[0])}
    return {}  # a team's folder is read by all of them; each one's own page: gradebook export --pages


def _sweep(folder: Path, written: set[Path]) -> None:
    """Remove pages of an earlier publish that nobody has any more."""
    for path in folder.glob("*/*.html"):
        if path not in written and path.name in ("feedback.html", "book.html"):
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
