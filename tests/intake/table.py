"""The table of what people hand in: `python tests/intake/table.py [--json FILE] [--before FILE]`.

Grades every input of `inputs.py` with the `autograder` that this Python has, and prints points and the first line of
the report. With a FILE that an older version made by `--json`, both stand side by side.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

try:
    from tests.intake.inputs import INPUTS, Input
    from tests.small_course import write_course
except ImportError:  # run as a file, by an older version's Python
    sys.path.append(str(Path(__file__).parents[1]))
    from inputs import INPUTS, Input
    from small_course import write_course

from autograder.errors import AutograderError
from autograder.grading.grade import Settings, grade_path
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source

try:
    from autograder.sandbox.grader.box import Sandbox
except ImportError:  # 0.1.0
    from autograder.sandbox.box import Sandbox


class Desk:
    """A sandbox and the small course's bundle, ready to grade."""

    def __init__(self, folder: Path) -> None:
        self.source = load_source(write_course(folder / "course"), "small")
        self.sandbox = Sandbox.start()
        self.bundle = build_bundle(self.sandbox, self.source)

    def graded(self, one: Input, folder: Path) -> dict[str, Any]:
        """Points of 10, the first line of the report, and how many rows there are."""
        path = one.make(folder)
        started = time.perf_counter()
        try:
            rows = [self._grade(given, name) for given, name in self._found(path)]
        except AutograderError as error:
            return {"points": None, "first": error.what, "rows": 0, "seconds": 0.0}
        except Exception as error:  # an older version may fail as a whole
            return {"points": None, "first": f"{type(error).__name__}: {error}"[:200], "rows": 0, "seconds": 0.0}
        if not rows:
            return {"points": None, "first": "dropped without a word", "rows": 0, "seconds": 0.0}
        points, first = rows[0]
        return {"points": points, "first": first, "rows": len(rows), "seconds": time.perf_counter() - started}

    def _found(self, path: Path) -> list[tuple[Any, str]]:
        """What is collected, but for the neighbour that stands beside folders."""
        return [(given, name) for given, name in self._collected(path) if name != "zoe"]

    def _collected(self, path: Path) -> list[tuple[Any, str]]:
        form = self.bundle.spec.submission
        try:
            from autograder.intake.collecting import collect
        except ImportError:
            from autograder.cohort.tasks import collect

            return [(f.path, f.name) for f in collect([path], form)]
        return [(h, h.who) for h in collect([path], form).hand_ins]

    def _grade(self, given: Any, name: str) -> tuple[float, str]:
        if isinstance(given, Path):
            grade, _ = grade_path(self.sandbox, self.bundle, given, name, Settings())
        else:
            from autograder.grading.grade import grade_opened
            from autograder.intake.opening import open_hand_in

            opened = open_hand_in(given, self.bundle.spec.submission)
            grade, _ = grade_opened(self.sandbox, self.bundle, opened, Settings())
        notes = getattr(grade, "notes", ())
        messages = [v.message for v in grade.verdicts if v.status != "passed"]
        first = notes[0] if notes else (messages[0] if messages else "")
        return float(grade.points), " ".join(first.split())

    def close(self) -> None:
        self.sandbox.close()


def rows_of(names: list[str]) -> dict[str, dict[str, Any]]:
    """Name → what came of it, for all inputs or those that are named."""
    found = {}
    with tempfile.TemporaryDirectory() as base:
        desk = Desk(Path(base))
        for number, one in enumerate(INPUTS):
            if not names or one.name in names:
                place = Path(base) / str(number)
                place.mkdir()
                found[one.name] = desk.graded(one, place)
        desk.close()
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--before", type=Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    found = rows_of(options.names)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))
    before = json.loads(options.before.read_text()) if options.before else {}
    print("| input | what it is | 0.1.0: points of 10, first line | now |\n|---|---|---|---|")
    for one in INPUTS:
        if one.name in found:
            print(f"| {one.name} | {one.sentence} | {_cell(before.get(one.name))} | {_cell(found[one.name])} |")


def _cell(row: dict[str, Any] | None) -> str:
    if row is None:
        return "–"
    points = "none" if row["points"] is None else f"{row['points']:g}"
    several = f" ({row['rows']} rows)" if row["rows"] > 1 else ""
    first = row["first"].replace("|", "/")[:120]
    return f"**{points}**{several}{': ' if first else ''}{first}"


if __name__ == "__main__":
    main()
