"""The command rubric: sheets for those who read written answers, their scores taken in, and how far the reading is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import click

from autograder.cli.common import refuse_no_store, root_of, root_option, steps, writable_folder
from autograder.cli.opened import standing_in
from autograder.cohort.answers import answers_in, rendered
from autograder.cohort.engine import login
from autograder.cohort.outputs import write_report
from autograder.cohort.store import Store
from autograder.cohort.tables import Event
from autograder.cohort.tasks import hand_in_of
from autograder.cohort.written import FOLDER, keep_rubric, keep_scores
from autograder.errors import SubmissionError, UsageError
from autograder.gradebook.rubrics import (
    COLUMNS,
    Score,
    Written,
    agreement,
    read_again,
    sample,
    scores_from_sheet,
    to_read,
)
from autograder.grading.bundle import Bundle
from autograder.grading.keys import derived
from autograder.grading.private import write_file
from autograder.intake.reading import read_hand_in
from autograder.report.csv_form import cell, csv_text
from autograder.report.html import page_name
from autograder.report.reading import Answer, reading_page, sheet_row
from autograder.report.text import points_text
from autograder.spec.course import shown_number


@click.command(
    epilog="Example: autograder rubric out --template reading   …   autograder rubric out reading/scores.csv"
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("sheets", metavar="[SHEET]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--template", type=click.Path(path_type=Path), help="Write a sheet and all answers to this folder.")
@click.option("--second", is_flag=True, help="For second graders: a sample of 15 %; their sheets are compared only.")
@click.option("--grader", default="", help="Who gave the scores, where a sheet does not say (default: you).")
@click.option("--rubric", "path", type=click.Path(path_type=Path), help="Default: solutions/NAME/rubric.toml.")
@click.option("--dry-run", is_flag=True, help="Check the sheets; take nothing in.")
@root_option
def rubric(
    out: Path, sheets: tuple[Path, ...], template: Path | None, second: bool, grader: str, path: Path | None,
    dry_run: bool, root: Path | None,
) -> None:  # fmt: skip
    """Points by a person for written questions: items and levels of a rubric.toml, scores from filled-in sheets.

    From the first call on every report, page and export is of all points; what nobody has read yet waits, and is no 0.
    A wrong row refuses all sheets, with its line.
    """
    refuse_no_store(out)
    with Store(out, create=False) as store:
        events = store.current()
        if not events:
            raise UsageError("there are no grades yet", where=str(out), fix="autograder grade … --resume")
        bundle = store.latest_bundle()
        course = _course(root, bundle.spec.id)
        written = keep_rubric(out, bundle.spec_text, _rubric_of(out, path, course, bundle.spec.id))
        people = {e.who: e.digest for e in events}
        found: list[Score] = []
        for sheet in sheets:
            named = grader or login()
            found += scores_from_sheet(sheet, written, people, datetime.now(UTC), named, second=second)
        if template is not None:
            _template(template, events, bundle, written, _stub(course, bundle), second, _key(course, bundle))
        if not dry_run:
            keep_scores(out, found)
        written = Written(written.rubric, (*written.scores, *found))
        if not dry_run:
            bar, _ = steps("writing")
            with bar:
                write_report(store, bundle.spec, standing=standing_in(None, bundle.spec.id))
    if sheets:
        click.echo(f"{'would take in' if dry_run else 'took in'} {len(found)} new scores")
    _tell(written, people)


def _course(root: Path | None, name: str) -> Path | None:
    """The course's folder; None where there is none around, or not with this assignment."""
    try:
        folder = root_of(root)
    except UsageError:
        if root is not None:
            raise
        return None
    return folder if (folder / "solutions" / name).is_dir() else None


def _rubric_of(out: Path, given: Path | None, course: Path | None, name: str) -> Path:
    own = course / "solutions" / name / "rubric.toml" if course else None
    kept = out / FOLDER / "rubric.toml"
    found = given or (own if own is not None and own.is_file() else kept)
    if not found.is_file():
        where = str(given or own or "solutions/NAME/rubric.toml")
        form = "[[items]] with id, question, title, points, levels"
        fix = "write it (docs/course.md), or give it: --rubric FILE"
        raise UsageError("there is no rubric", where=where, expected=form, fix=fix)
    return found


def _stub(course: Path | None, bundle: Bundle) -> str:
    """The handout's script, whose own text is no answer; "" where it is not at hand."""
    path = course / "assignments" / bundle.spec.id / bundle.spec.submission.file if course else None
    return path.read_text(encoding="utf-8") if path is not None and path.is_file() else ""


def _key(course: Path | None, bundle: Bundle) -> bytes:
    secret = course / "course.secret" if course else None
    hidden = secret.read_bytes() if secret is not None and secret.is_file() else bundle.digest.encode()
    return derived(hidden, "rubric", bundle.spec.id)


def _template(
    folder: Path, events: list[Event], bundle: Bundle, written: Written, stub: str, second: bool, key: bytes
) -> None:
    """A sheet, each one's answers as Markdown, and for each question a page to read them on and to give points."""
    chosen = sample([e.who for e in events], key) if second else [e.who for e in events]
    answers = {e.who: _answers(e, bundle, stub) for e in events if e.who in chosen}
    writable_folder(folder)
    sheet = folder / ("second.csv" if second else "scores.csv")
    if sheet.exists():
        raise UsageError("there is a sheet already", where=str(sheet), fix="choose another folder: it may be filled in")
    counting = written.seconds() if second else written.counting()
    rows = [list(COLUMNS)]
    for event in (e for e in events if e.who in chosen):
        for item in written.rubric.items:
            known = counting.get((event.who, item.id))
            given = [shown_number(known.points), cell(known.comment), known.grader] if known else ["", "", ""]
            rows.append([*sheet_row(event.who, event.digest, item), *given])
    write_file(sheet, csv_text(rows).encode("utf-8", "backslashreplace"))
    versions = {e.who: e.digest for e in events}
    _write_answers(folder, answers, bundle)
    for question in (q for q in bundle.spec.questions if q.kind == "written"):
        own = [Answer(who, versions[who], rendered(texts.get(question.id, ""))) for who, texts in answers.items()]
        items = [item for item in written.rubric.items if item.question == question.id]
        page = reading_page(bundle.spec, question, items, own, counting, second=second)
        write_file(folder / "answers" / f"{question.id}.html", page.encode("utf-8", "backslashreplace"))
    click.echo(f"wrote {sheet}: {len(chosen)} people, {len(written.rubric.items)} items\nanswers  {folder / 'answers'}")


def _answers(event: Event, bundle: Bundle, stub: str) -> dict[str, str]:
    written = [q.id for q in bundle.spec.questions if q.kind == "written"]
    try:
        submission = read_hand_in(hand_in_of(event.handed), bundle.spec.submission)
    except SubmissionError as error:
        return dict.fromkeys(written, f"(could not be read: {error.what})")
    if submission.digest != event.digest:
        return dict.fromkeys(written, "(the file has changed since it was graded)")
    return answers_in(submission, stub, bundle.spec.questions)


def _write_answers(folder: Path, answers: Mapping[str, Mapping[str, str]], bundle: Bundle) -> None:
    for question in (q for q in bundle.spec.questions if q.kind == "written"):
        for who, own in answers.items():
            text = f"# {question.title}: {who}\n\n{own.get(question.id, '') or '*(no answer)*'}\n"
            path = folder / "answers" / question.id / f"{page_name(who)}.md"
            write_file(path, text.encode("utf-8", "backslashreplace"))


def _tell(written: Written, people: Mapping[str, str]) -> None:
    """How far the reading is, and how graders agree."""
    counting, waiting = written.counting(), to_read(written, people)
    for item in written.rubric.items:
        own = [s.points for (_, name), s in counting.items() if name == item.id]
        mean = f"mean {points_text(sum(own, Fraction(0)) / len(own))} of {points_text(item.points)}" if own else ""
        left = len(waiting.get(item.id, ()))
        click.echo(f"  {item.id:<24} {len(own):>4} read  {left:>4} to read  {mean}")
    for name in read_again(written, people):
        click.echo(f"read again: {name} has handed in another version", err=True)
    for one in agreement(written):
        word = "; read this item again" if one.again else ""
        sign = "+" if one.mean > 0 else ""
        click.echo(f"  two graders, {one.item.id}: {one.both} answers, mean difference {sign}{points_text(one.mean)}, "
                   f"largest {points_text(one.largest)} of {points_text(one.item.points)}{word}")  # fmt: skip
    people_left = sorted({who for names in waiting.values() for who in names})
    if people_left:
        few = f"{', '.join(people_left[:5])}{' …' if len(people_left) > 5 else ''}"
        word = "1 person waits" if len(people_left) == 1 else f"{len(people_left)} people wait"
        click.echo(f"{word} for a reader: {few}")
    else:
        click.echo("everything is read")
