"""Places: file and line, in the author's own files, of what an exam speaks of."""

from __future__ import annotations

import re
from pathlib import Path

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
