"""What a cohort leaves in its output folder for people and other programs, written anew from the store each time.

OUT/final_grades.csv            as Otter writes it
OUT/grades/NAME.json            one grade each, without times: the same in every run
OUT/times.json                  the measured seconds, apart
OUT/report/index.html           the class, for staff;  report/staff/NAME.html  one submission, for staff
OUT/report/students/NAME.html   what a student may have
OUT/gradescope/NAME.json        results.json for Gradescope
OUT/canvas.csv                  for Canvas' import, when a roster is given
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.cohort.engine import lost_grade
from autograder.cohort.sources import source_of
from autograder.cohort.store import STORE, Store
from autograder.cohort.tables import Event
from autograder.cohort.written import written_of
from autograder.errors import StoredError
from autograder.gradebook.rubrics import with_written
from autograder.grading.bundle import Bundle
from autograder.grading.grade_form import dumps, grade_json
from autograder.grading.private import write_file
from autograder.grading.totals import Grade
from autograder.intake.hand_in import printable
from autograder.report.brief import brief_grades
from autograder.report.canvas import CanvasFile, canvas_csv
from autograder.report.csv_form import final_grades_csv
from autograder.report.gradescope import results
from autograder.report.html import Around, class_page, page_name, staff_page, student_page
from autograder.report.standing import Standings
from autograder.report.statistics import Tally
from autograder.spec.models import Assignment


@dataclass(frozen=True)
class Written:
    """What `write_report` made.

    Attributes:
        index: the class page.
        grades: brief, sorted by name.
        canvas: says who could not be matched.
        damaged: name → why the grade that was kept cannot be read; the files say `not graded`.
    """

    index: Path
    grades: tuple[Grade, ...]
    canvas: CanvasFile | None = None
    damaged: Mapping[str, str] = field(default_factory=dict)


def readable_grades(store: Store) -> Iterator[tuple[Event, Grade, bytes, str]]:
    """Every current event with its grade and its JSON; where they cannot be read, a grade that says why, and why.

    Once the class has a rubric, written questions are in every grade: with their points, or waiting for a person.
    """
    written = written_of(store.folder)
    bundle: Bundle | None = None
    for event in store.current():
        try:
            grade, text = store.grade_with_text(event)
            if written is not None:
                grade = with_written(grade, written[0], written[1])
                text = grade_json(grade)
            yield event, grade, text, ""
        except StoredError as error:
            why = f"{error.what} ({error.where}); grade it again"
            bundle = bundle or store.latest_bundle()  # reads the whole history
            grade = lost_grade(bundle, event.who, event.mode, f"not graded: {why}")
            yield event, grade, grade_json(grade), why


def write_grades(store: Store) -> Mapping[str, str]:
    """final_grades.csv, grades/ and times.json; who cannot be read, and why. Grades of those who are gone are removed.

    Raises:
        MachineError: the folder cannot be written.
    """
    events, grades, brief = [], [], brief_grades()
    damaged = _removed(store)
    with _Folder(store.folder / "grades") as folder:
        for event, grade, text, why in readable_grades(store):
            folder.add(f"{page_name(event.who)}.json", text)
            events.append(event)
            grades.append(brief(grade))
            damaged |= {event.who: why} if why else {}
    _write_tables(store, events, grades)
    return damaged


def _removed(store: Store) -> dict[str, str]:
    """What to say of entries that are gone: whose they were is not known, so the whole file is named."""
    gone = store.removed()
    if not gone:
        return {}
    numbers = ", ".join(map(str, gone[:5])) + (", …" if len(gone) > 5 else "")
    what = f"{len(gone)} {'entry has' if len(gone) == 1 else 'entries have'} been deleted by another program"
    return {STORE: f"{what} (number {numbers}); restore a copy of the file, or grade everybody again"}


def _write_tables(store: Store, events: Sequence[Event], grades: Sequence[Grade]) -> None:
    times = ",\n".join(f"{json.dumps(e.who)}: {e.times if store.sound(e) else '{}'}" for e in events)
    write_file(store.folder / "times.json", f"{{\n{times}\n}}\n".encode())
    text = final_grades_csv(grades, {event.who: _file_of(event) for event in events})
    write_file(store.folder / "final_grades.csv", text.encode("utf-8", "backslashreplace"))


def _file_of(event: Event) -> str:
    """What stands for a hand-in in Otter's column `file`: its file's name where that is named after who handed in."""
    name = printable(Path(event.file).name)
    return name if event.who in (name, Path(name).stem) else event.who


def write_report(
    store: Store,
    spec: Assignment,
    *,
    published: bool = True,
    roster: str | None = None,
    column: str | None = None,
    tell: Callable[[int, int], None] | None = None,
    standing: Standings | None = None,
) -> Written:
    """All files of the module's list, in one pass over the grades with one of them in memory at a time.

    Args:
        published: whether students' pages show results of hidden cases that wait for publication (counts, never texts).
        roster: text of a Canvas gradebook export.
        column: Canvas' name of the assignment's column; the title by default.
        tell: is told how many of how many submissions are written.
        standing: late days and totals of the course's book, where there is one.

    Raises:
        UsageError: the roster is none.
        MachineError: the folder cannot be written.
    """
    if roster is not None:
        canvas_csv([], roster, column or spec.title)
    report, tally, brief, grades = store.folder / "report", Tally(), brief_grades(), []
    events, names = [], [e.who for e in store.current()]
    damaged = _removed(store)
    with (
        _Folder(store.folder / "grades") as own,
        _Folder(report / "students") as students,
        _Folder(report / "staff") as staff,
        _Folder(store.folder / "gradescope") as scopes,
    ):
        for number, (event, grade, text, why) in enumerate(readable_grades(store), 1):
            page = page_name(event.who)
            own.add(f"{page}.json", text)
            place = standing.of(event.who) if standing is not None else None
            shown = student_page(grade, spec, published=published, standing=place)
            students.add(f"{page}.html", shown.encode("utf-8", "replace"))
            source = ((), why) if why or not store.sound(event) else source_of(event, spec.submission)
            around = Around(*_neighbours(names, number - 1), *source)
            staff.add(f"{page}.html", staff_page(grade, spec, around, place).encode("utf-8", "replace"))
            scopes.add(f"{page}.json", dumps(results(grade, spec)))
            tally.add(grade)
            events.append(event)
            grades.append(brief(grade))
            damaged |= {event.who: why} if why else {}
            if tell is not None:
                tell(number, len(names))
    _write_tables(store, events, grades)
    index = class_page(grades, spec, stats=tally.statistics(), standing=standing)
    write_file(report / "index.html", index.encode("utf-8", "replace"))
    canvas = canvas_csv(grades, roster, column or spec.title, spec.points) if roster is not None else None
    if canvas is not None:
        write_file(store.folder / "canvas.csv", canvas.text.encode())
    return Written(report / "index.html", tuple(grades), canvas, damaged)


def _neighbours(names: Sequence[str], place: int) -> tuple[str, str]:
    """Whose pages stand before and after the one at a place; "" at the ends."""
    return names[place - 1] if place else "", names[place + 1] if place + 1 < len(names) else ""


class _Folder:
    """A folder that holds, in the end, the files that were added and no others."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: set[str] = set()

    def __enter__(self) -> _Folder:
        return self

    def add(self, name: str, data: bytes) -> None:
        """Write a file."""
        write_file(self.path / name, data)
        self.names.add(name)

    def __exit__(self, error: object, *_: object) -> None:
        for path in self.path.glob("*") if error is None and self.path.is_dir() else ():
            if path.name not in self.names:
                path.unlink()
