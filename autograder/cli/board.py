"""The command board: the records of a class, as a table and a page."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import click

from autograder.cli.common import json_option, print_json, refuse_no_store
from autograder.cohort.store import Store
from autograder.cohort.tables import FORGOTTEN
from autograder.errors import AutograderError, UsageError
from autograder.gradebook.tables import read_table
from autograder.grading.private import write_file
from autograder.report.board import Board, Entry, board_page, boards, entries_of, pseudonyms, value_text
from autograder.report.text import harmless

KEY = "board.key"


@click.command(epilog="Example: autograder board out --names names.csv")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--names", "table", type=click.Path(path_type=Path), help="Columns who, name: of those who chose a name.")
@click.option(
    "--smallest", multiple=True, metavar="CASE", help="In this case less is better (may be given several times)."
)
@json_option
def board(out: Path, table: Path | None, smallest: tuple[str, ...], as_json: bool) -> None:
    """Write OUT/board.html: who has reached what in the cases that give a value for a board.

    Every version that was graded counts, values are those of the grader's own runs, and a record stands once everything
    of its question is judged. Who has chosen no name stands there under a word that only staff can trace back.
    """
    refuse_no_store(out)
    with Store(out, create=False) as store:
        spec = store.latest_bundle().spec
        entries = list(_entries(store))
    people = sorted({e.who for e in entries})
    metrics = {e.metric for e in entries}
    if unknown := sorted(set(smallest) - metrics):
        raise UsageError("no case of this name gives a value", where="--smallest", found=unknown[0],
                         expected=f"of {', '.join(sorted(metrics)) or 'none'}")  # fmt: skip
    names = pseudonyms(people, _key(out), _chosen(table, people))
    found = boards(entries, spec, names, smallest=smallest)
    write_file(out / "board.html", board_page(found, spec.title).encode("utf-8", "replace"))
    if as_json:
        print_json([{"metric": b.metric, "title": b.title, "places": [vars(p) for p in b.places]} for b in found])
        return
    for one in found:
        _show(one)
    if not found:
        click.echo("nobody has a value yet: no case that was graded gives one")
    click.echo(f"board    {out / 'board.html'}")


def _entries(store: Store) -> Iterator[Entry]:
    """Values of every version's newest grading, in the order in which they were handed in or graded."""
    newest = {(e.who, e.digest): e for e in store.history() if e.kind != FORGOTTEN}
    for event in sorted(newest.values(), key=lambda e: (e.handed_in or e.at, e.id)):
        try:
            yield from entries_of(store.grade(event), event.handed_in)
        except AutograderError as error:
            click.echo(f"left out: {event.who}: {error.sentence()}", err=True)


def _chosen(table: Path | None, people: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for record in read_table(table, ("who", "name"), ("who", "name")) if table else ():
        who, name = record.get("who"), harmless(record.get("name"), 40)
        if who not in people:
            click.echo(f"{record.place}: nobody of this name has a value: {harmless(who)}", err=True)
        if name in found.values():
            raise record.fault("name: somebody else has it already", found=repr(name))
        found[who] = name
    return found


def _key(out: Path) -> bytes:
    """What pseudonyms hang on; kept, so that they stay the same."""
    path = out / KEY
    if not path.is_file():
        write_file(path, secrets.token_hex(16).encode())
    return path.read_bytes()


def _show(found: Board) -> None:
    click.echo(harmless(found.title))
    for place in found.places:
        shown = f"{place.place}." if place.place else "–"
        note = "" if place.place else "  (not confirmed yet)"
        click.echo(f"  {shown:>4} {value_text(place.value):>10}  {harmless(place.name, 40)}{note}")
