"""The command similar: hand-ins with the same weights, or with code or mistakes that hardly anybody else has."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from autograder.cli.common import json_option, print_json, refuse_no_store, root_of, root_option
from autograder.cohort.alike_code import Pair, Work, pairs_of, shared_mistakes, works_in
from autograder.cohort.store import Store
from autograder.cohort.weights import Alike, alike
from autograder.errors import UsageError
from autograder.grading.bundle import Bundle
from autograder.grading.drawing import deck_name
from autograder.grading.private import write_file
from autograder.report.similar_page import Shown, Side, similar_page
from autograder.report.text import harmless

PAGE = "similar.html"


@click.command(epilog="Example: autograder similar out")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--stub", type=click.Path(path_type=Path), help="The handout's script (default: the course's).")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="Pairs of code at most.")
@root_option
@json_option
def similar(out: Path, stub: Path | None, most: int, root: Path | None, as_json: bool) -> None:
    """Pairs of hand-ins that a person should look at, and OUT/similar.html with both sides beside each other.

    Told are weights that are the same or point the same way, code that few others have (names, comments and numbers do
    not count, nor what the handout has), and wrong answers that few others gave. It deducts nothing: teams may have
    worked from the same start with leave to do so.
    """
    refuse_no_store(out)
    with Store(out, create=False) as store:
        if not store.current():
            raise UsageError("there are no grades yet", where=str(out), fix="autograder grade … --resume")
        bundle = store.latest_bundle()
        weights = list(alike(store))
        given = _stub(stub, root, bundle)
        works, lost = works_in(store, bundle.spec.submission, given)
        pairs = pairs_of(works, shared_mistakes(store))[:most]
    _write(out / PAGE, bundle.spec.title, pairs, works)
    if as_json:
        table = {"weights": [asdict(one) for one in weights], "code": [asdict(one) for one in pairs]}
        print_json(table | {"not_looked_at": lost, "without_handout": not given})
        return
    if not given:
        click.echo("without the handout's script, whose own code then counts: --stub FILE, or --root COURSE", err=True)
    for line in lost:
        click.echo(f"not looked at: {harmless(line)}", err=True)
    _tell(weights, pairs, out / PAGE)


def _stub(given: Path | None, root: Path | None, bundle: Bundle) -> str:
    """The handout's script; "" where it is not at hand.

    Raises:
        UsageError: the file that was named cannot be read.
    """
    try:
        path = given or root_of(root) / "assignments" / bundle.spec.id / bundle.spec.submission.file
        return path.read_text(encoding="utf-8")
    except (UsageError, OSError, UnicodeDecodeError) as error:
        if given is not None:
            raise UsageError("cannot be read", where=str(given), found=str(error), expected="a script") from None
        if root is not None and isinstance(error, UsageError):
            raise
        return ""


def _write(path: Path, title: str, pairs: list[Pair], works: list[Work]) -> None:
    texts = {work.who: work.text for work in works}
    shown = [
        Shown(pair.text(), (Side(pair.first, texts[pair.first], pair.lines[0]),
                            Side(pair.second, texts[pair.second], pair.lines[1])))
        for pair in pairs
    ]  # fmt: skip
    write_file(path, similar_page(title, shown).encode("utf-8", "replace"))


def _tell(weights: list[Alike], pairs: list[Pair], page: Path) -> None:
    for one in weights:
        click.echo(f"{deck_name(one.deck)}  {one.text()}")
    for number, pair in enumerate(pairs, 1):
        click.echo(f"{number:>3}  {harmless(pair.text())}")
    if not (weights or pairs):
        click.echo("no two hand-ins are more alike than others")
    click.echo(f"{len(weights)} pairs by weights, {len(pairs)} by code or mistakes: {page}")
