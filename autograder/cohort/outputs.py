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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.cohort.store import Store
from autograder.cohort.tables import Event
from autograder.errors import MachineError
from autograder.grading.grade_form import dumps
from autograder.grading.totals import Grade
from autograder.report.brief import brief_grades
from autograder.report.csv_form import CanvasFile, canvas_csv, final_grades_csv
from autograder.report.gradescope import results
from autograder.report.html import class_page, page_name, staff_page, student_page
from autograder.report.statistics import Tally
from autograder.spec.models import Assignment


@dataclass(frozen=True)
class Written:
    """What `write_report` made.

    Attributes:
        index: the class page.
        grades: brief, sorted by name.
        canvas: says who could not be matched.
    """

    index: Path
    grades: tuple[Grade, ...]
    canvas: CanvasFile | None = None


def write_grades(store: Store) -> Path:
    """final_grades.csv, grades/ and times.json; the path of the CSV. Grades of submissions that are gone are removed.

    Raises:
        MachineError: the folder cannot be written.
    """
    events, brief = store.current(), brief_grades()
    with _Folder(store.folder / "grades") as folder:
        grades = [brief(_write_grade(folder, store, event)) for event in events]
    return _write_tables(store, events, grades)


def _write_grade(folder: _Folder, store: Store, event: Event) -> Grade:
    grade, text = store.grade_with_text(event)
    folder.add(f"{page_name(event.name)}.json", text)
    return grade


def _write_tables(store: Store, events: Sequence[Event], grades: Sequence[Grade]) -> Path:
    times = ",\n".join(f"{json.dumps(event.name)}: {event.times}" for event in events)
    _write(store.folder / "times.json", f"{{\n{times}\n}}\n".encode())
    text = final_grades_csv(grades, {event.name: Path(event.file).name for event in events})
    _write(store.folder / "final_grades.csv", text.encode())
    return store.folder / "final_grades.csv"


def write_report(
    store: Store,
    spec: Assignment,
    *,
    published: bool = True,
    roster: str | None = None,
    column: str | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Written:
    """All files of the module's list, in one pass over the grades with one of them in memory at a time.

    Args:
        published: whether students' pages show results of hidden cases that wait for publication (counts, never texts).
        roster: text of a Canvas gradebook export.
        column: Canvas' name of the assignment's column; the title by default.
        tell: is told how many of how many submissions are written.

    Raises:
        UsageError: the roster is none.
        MachineError: the folder cannot be written.
    """
    if roster is not None:
        canvas_csv([], roster, column or spec.title)
    report, tally, brief, grades = store.folder / "report", Tally(), brief_grades(), []
    events = store.current()
    with (
        _Folder(store.folder / "grades") as own,
        _Folder(report / "students") as students,
        _Folder(report / "staff") as staff,
        _Folder(store.folder / "gradescope") as scopes,
    ):
        for number, event in enumerate(events, 1):
            grade = _write_grade(own, store, event)
            page = page_name(grade.submission)
            students.add(f"{page}.html", student_page(grade, spec, published=published).encode("utf-8", "replace"))
            staff.add(f"{page}.html", staff_page(grade, spec).encode("utf-8", "replace"))
            scopes.add(f"{page}.json", dumps(results(grade, spec)))
            tally.add(grade)
            grades.append(brief(grade))
            if tell is not None:
                tell(number, len(events))
    _write_tables(store, events, grades)
    index = class_page(grades, spec, stats=tally.statistics())
    _write(report / "index.html", index.encode("utf-8", "replace"))
    canvas = canvas_csv(grades, roster, column or spec.title) if roster is not None else None
    if canvas is not None:
        _write(store.folder / "canvas.csv", canvas.text.encode())
    return Written(report / "index.html", tuple(grades), canvas)


class _Folder:
    """A folder that holds, in the end, the files that were added and no others."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: set[str] = set()

    def __enter__(self) -> _Folder:
        return self

    def add(self, name: str, data: bytes) -> None:
        """Write a file."""
        _write(self.path / name, data)
        self.names.add(name)

    def __exit__(self, error: object, *_: object) -> None:
        for path in self.path.glob("*") if error is None and self.path.is_dir() else ():
            if path.name not in self.names:
                path.unlink()


def _write(path: Path, data: bytes) -> None:
    """By temporary file and rename, so that a reader never sees half a file."""
    temporary = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise MachineError(
            f"cannot be written: {error.strerror}", where=str(path), fix="choose another output folder"
        ) from None
