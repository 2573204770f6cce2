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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.cohort.store import Store
from autograder.errors import MachineError
from autograder.grading.judge import Grade
from autograder.report.csv_form import CanvasFile, canvas_csv, final_grades_csv
from autograder.report.gradescope import results
from autograder.report.html import class_page, page_name, staff_page, student_page
from autograder.report.json_form import dumps, grade_json
from autograder.spec.models import Assignment


@dataclass(frozen=True)
class Written:
    """What `write_report` made. `canvas` says who could not be matched."""

    index: Path
    grades: int
    canvas: CanvasFile | None = None


def write_grades(store: Store) -> Path:
    """final_grades.csv, grades/ and times.json; the path of the CSV. Grades of submissions that are gone are removed.

    Raises:
        MachineError: the folder cannot be written.
    """
    events = store.current()
    grades = [store.grade(event) for event in events]
    _fill(store.folder / "grades", ((f"{page_name(g.submission)}.json", grade_json(g)) for g in grades))
    times = {event.name: json.loads(event.times) for event in events}
    _write(store.folder / "times.json", dumps(times))
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
) -> Written:
    """All files of the module's list.

    Args:
        published: whether students' pages show results of hidden cases that wait for publication (counts, never texts).
        roster: text of a Canvas gradebook export.
        column: Canvas' name of the assignment's column; the title by default.

    Raises:
        UsageError: the roster is none.
        MachineError: the folder cannot be written.
    """
    write_grades(store)
    grades = list(store.grades())
    canvas = canvas_csv(grades, roster, column or spec.title) if roster is not None else None
    report = store.folder / "report"
    _fill(report / "students", _pages(grades, lambda g: student_page(g, spec, published=published)))
    _fill(report / "staff", _pages(grades, lambda g: staff_page(g, spec)))
    _write(report / "index.html", class_page(grades, spec).encode("utf-8", "replace"))
    scopes = ((f"{page_name(g.submission)}.json", dumps(results(g, spec))) for g in grades)
    _fill(store.folder / "gradescope", scopes)
    if canvas is not None:
        _write(store.folder / "canvas.csv", canvas.text.encode())
    return Written(report / "index.html", len(grades), canvas)


def _pages(grades: Iterable[Grade], page: Callable[[Grade], str]) -> Iterator[tuple[str, bytes]]:
    return ((f"{page_name(g.submission)}.html", page(g).encode("utf-8", "replace")) for g in grades)


def _fill(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Make `folder` hold these files and no others."""
    kept = set()
    for name, data in files:
        _write(folder / name, data)
        kept.add(name)
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.name not in kept:
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
