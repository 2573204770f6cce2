"""Places: file and line, in the author's own files, of what an exam speaks of."""

from __future__ import annotations

import re
import traceback
from dataclasses import replace
from pathlib import Path

from autograder.authoring.statements import known
from autograder.errors import AuthorError
from autograder.grading.misconceptions import line_of_entry
from autograder.grading.source import AssignmentSource, Misconception
from autograder.verify.report import Problem


def misconception_place(source: AssignmentSource, misconception: Misconception, hunk: int = 0) -> str:
    """`solutions/small/misconceptions.toml:12`: the entry's line, or that of its patch number `hunk` (from 1)."""
    path = source.misconception_file(misconception.question)
    line = line_of_entry(path.read_text(encoding="utf-8"), misconception.id)
    if hunk and line:
        patches = [n for n, text in _lines(path) if n > line and re.match(r"\s*\[\[misconceptions\.patch\]\]", text)]
        line = patches[hunk - 1] if len(patches) >= hunk else line
    return place(source, path, line)


def case_place(source: AssignmentSource, case: str) -> str:
    """`solutions/small/cases.py:8`: where the case's probe is defined."""
    path, _, line = source.cases.place_of(source.cases.get(case)).rpartition(":")
    return place(source, Path(path), int(line))


def alternate_place(source: AssignmentSource, name: str, line: int = 0) -> str:
    """`solutions/small/alternates/loops.py:3`."""
    return place(source, source.private_folder / "alternates" / f"{name}.py", line)


def reference_place(source: AssignmentSource, line: int = 0) -> str:
    """`solutions/small/small.py:40`."""
    return place(source, source.private_folder / source.spec.submission.file, line)


def in_alternate(source: AssignmentSource, name: str, message: str) -> str:
    """A message with lines of the alternate's own file, where it names lines of reference and alternate together."""
    above = source.alternate(name).count("\n") - source.alternates[name].count("\n")

    def own(match: re.Match[str]) -> str:
        line = int(match.group(1)) - above
        return f"alternates/{name}.py, line {line}" if line > 0 else match.group(0)

    return re.sub(rf"{re.escape(source.spec.submission.file)}, line (\d+)", own, message)


_NAMED = re.compile(r"(?:[^`:]*, )?(case|misconception|function) `(\w+)`")


def located(source: AssignmentSource, problem: Problem) -> Problem:
    """The problem of a case, a misconception or a function that is known by its name, with its file and line."""
    named = _NAMED.match(problem.where)
    at = _place_of_name(source, *named.groups()) if named else ""
    return replace(problem, where=f"{at}: {problem.where}") if at else problem


def _place_of_name(source: AssignmentSource, kind: str, name: str) -> str:
    if kind == "case" and name in {c.name for c in source.cases.cases}:
        return case_place(source, name)
    if kind == "misconception":
        return next((misconception_place(source, m) for m in source.misconceptions if m.id == name), "")
    tree = known(source.reference)
    if kind == "function" and name in tree.owners:
        return reference_place(source, tree.body[tree.owners[name]].lineno)
    return ""


def own_line(source: AssignmentSource, error: BaseException) -> str:
    """`solutions/small/cases.py:8`: the last line of the author's own files on the way to an exception; or ""."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(source.private_folder):
            return place(source, path, frame.lineno or 0)
    return ""


def problem_of(error: AuthorError, where: str = "") -> Problem:
    """An author's fault as a row of a report shows it."""
    found = f" (found {error.found})" if error.found else ""
    expected = f"; expected {error.expected}" if error.expected else ""
    return Problem(where or error.where, f"{error.what}{found}{expected}", error.fix)


def _lines(path: Path) -> list[tuple[int, str]]:
    return list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))


def place(source: AssignmentSource, path: Path, line: int = 0) -> str:
    """`solutions/small/cases.py:8`: a file below the course folder, and the line where one is known."""
    name = path.relative_to(source.root).as_posix() if path.is_relative_to(source.root) else str(path)
    return f"{name}:{line}" if line else name
