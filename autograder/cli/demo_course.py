"""The sample of a term: demo --course."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import click

from autograder.gradebook.book import Book, book
from autograder.gradebook.checking import complaints
from autograder.gradebook.explain import explained
from autograder.gradebook.facts import facts_of
from autograder.gradebook.log import append_events, read_events
from autograder.gradebook.policy import COURSE, load_policy
from autograder.gradebook.term import sample_people, sample_term
from autograder.grading.private import write_file
from autograder.report.book_forms import audit, canvas_book, days_csv, grades_csv
from autograder.report.book_page import book_page
from autograder.report.book_table import book_view
from autograder.report.canvas import CANVAS_IDENTITY
from autograder.report.csv_form import csv_text
from autograder.report.html import page_name
from autograder.report.terminal import console_for

AS_OF = datetime(2026, 12, 20, 17, 0, tzinfo=UTC)
"""The end of the sample's term."""


def demo_course(out: Path, people: int = 60) -> Book:
    """Write a term with its events and its book; the book."""
    template = files("autograder.release") / "template" / "term"
    for name in (COURSE, "report.toml"):
        write_file(out / name, (template / f"{name}.txt").read_bytes())
    policy = load_policy(out / COURSE)
    events = sample_term(policy, people)
    append_events(out / policy.course.events, events)
    found = book(policy, events, AS_OF)
    roster = [[*CANVAS_IDENTITY], *([p.name, p.canvas_id, p.sis_id, p.login, p.section] for p in sample_people(people))]
    texts = {
        "canvas_export.csv": csv_text(roster), "book/grades.csv": grades_csv(found), "book/days.csv": days_csv(found),
        "book/audit.jsonl": audit(found, events), "book/canvas.csv": canvas_book(found, csv_text(roster)).text,
    }  # fmt: skip
    texts |= {f"book/students/{page_name(who)}.html": book_page(found, row) for who, row in found.rows.items()}
    for name, text in texts.items():
        write_file(out / name, text.encode("utf-8", "backslashreplace"))
    return found


def show_course(out: Path, found: Book) -> None:
    """The table, one number explained, what does not add up, and where the files are."""
    policy = found.policy
    events = read_events(out / policy.course.events)
    console = console_for()
    console.print(book_view(found))
    row = max(found.rows.values(), key=lambda r: sum(r.days_used.values()))
    console.rule(f"how {row.who}'s total comes about", align="left")
    for line in explained(found, row):
        click.echo(line)
    console.rule("what does not add up", align="left")
    for one in complaints(policy, events, facts_of(policy, events, AS_OF), found):
        click.echo(one)
    click.echo(
        f"\nbook     {out / 'book'}: grades.csv, days.csv, canvas.csv, students/\n"
        f"try      autograder gradebook --course {out / COURSE} --as-of {AS_OF:%Y-%m-%dT%H:%M} --student {row.who}"
    )
