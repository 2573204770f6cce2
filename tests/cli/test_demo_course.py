"""demo --course: a term with one of everything, the same every time, and a page for each person."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner

from autograder.cli.demo_course import AS_OF, demo_course
from autograder.cli.main import main
from autograder.gradebook.book import State
from autograder.gradebook.events import KINDS
from autograder.gradebook.log import read_events


def test_a_term_is_shown_with_its_book(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["demo", "--course", "-o", str(tmp_path / "term")])
    assert said.exit_code == 0, said.output
    assert "Deep learning: 59 people, as of Sun 20 Dec 2026" in said.output
    assert "'s total comes about" in said.output
    assert "attention is not graded yet: the grader could not grade it: the disk was full: jun.adler" in said.output
    rows = list(csv.DictReader((tmp_path / "term/book/grades.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 59
    assert [r["who"] for r in rows if not r["total"]] == ["jun.adler"]  # not graded: empty, and no zero
    again = CliRunner().invoke(main, ["demo", "--course", "-o", str(tmp_path / "term")])
    assert again.output == said.output


def test_the_term_has_one_of_everything(tmp_path: Path) -> None:
    found = demo_course(tmp_path)
    events = read_events(tmp_path / "gradebook/events.jsonl")
    kinds = {type(e).__name__.lower() for e in events}
    assert set(KINDS) - kinds == {"chosen", "revoked"}
    assert max(e.at for e in events) < AS_OF
    states = {line.state for row in found.rows.values() for line in row.lines.values()}
    assert {State.COUNTS, State.LATE, State.NOTHING, State.WAITING, State.EXCUSED} <= states
    assert any(row.days_left["homework"] == 0 for row in found.rows.values())
    pages = sorted(p.name for p in (tmp_path / "book/students").iterdir())
    assert len(pages) == 59
