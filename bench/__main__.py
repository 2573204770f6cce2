"""`python -m bench [parts|floor|compare|scaling|rejudge|pages|book]…`: measure, keep the figures, write the page."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from autograder.grading.bundle import Bundle
from autograder.grading.cache import cached_bundle
from autograder.grading.source import AssignmentSource, find_root, load_source
from autograder.release.bundle_zip import build_autograder
from autograder.sandbox.grader.box import Sandbox
from bench.book import big_book
from bench.floor import against_floor
from bench.machine import describe
from bench.parts import by_part
from bench.results import page
from bench.submissions import kinds, write_synthetic
from bench.trimmed import trimmed
from bench.whole import autograder_grade, otter_grade, otter_run, pages, rejudged

HERE = Path(__file__).parent
PARTS = ("parts", "floor", "compare", "scaling", "rejudge", "pages", "book")
REJUDGED, PAGES, ROUNDS = 1000, 600, 20


@click.command(epilog="Example: python -m bench compare --count 8")
@click.argument("which", nargs=-1, type=click.Choice(PARTS))
@click.option("--assignment", default="backprop", show_default=True)
@click.option("--questions", default="", help="Only these questions of it, separated by commas (default: all).")
@click.option("--root", type=click.Path(path_type=Path), default=None, help="Course folder (default: this one).")
@click.option("--count", default=8, show_default=True, help="Submissions for `otter run` and `otter grade`.")
@click.option("--cohort", default=600, show_default=True, help="Submissions for `autograder grade` beside them.")
@click.option("--sizes", default="10,100,1000", show_default=True, help="Sizes of growing cohorts.")
@click.option("--left-out", default="10000", show_default=True, help="Sizes that the page calls not measured.")
@click.option("--students", default=0, help=f"Submissions to judge again ({REJUDGED}), or to write pages of ({PAGES}).")
@click.option("--rounds", default=ROUNDS, show_default=True, help="Submissions to compare with the floor.")
@click.option("--jobs", default=2, show_default=True)
@click.option("--image", default="", help="Measure `otter grade` too, in Docker, on this base image.")
def main(
    which: tuple[str, ...],
    assignment: str,
    questions: str,
    root: Path | None,
    count: int,
    cohort: int,
    sizes: str,
    left_out: str,
    students: int,
    rounds: int,
    jobs: int,
    image: str,
) -> None:
    """Measure parts of the grader (all of them by default) and write bench/RESULTS.md."""
    which = which or PARTS
    if "book" in which:
        _measure_book()
    which = tuple(name for name in which if name != "book")
    if not which:
        return
    with tempfile.TemporaryDirectory(prefix="bench-course-") as folder:
        source = load_source(find_root((root or HERE).resolve()), assignment)
        if questions:
            source = trimmed(source, questions.split(","), Path(folder))
        with Sandbox.start() as sandbox:
            bundle = cached_bundle(sandbox, source)
        _measure(which, source, bundle, Sizes(count, cohort, students, rounds), sizes, left_out, jobs, image)


@dataclass(frozen=True)
class Sizes:
    """How many: submissions for Otter, for us beside it, students of a class (0: the part's own number), rounds."""

    count: int
    cohort: int
    students: int
    rounds: int


def _measure(
    which: Sequence[str],
    source: AssignmentSource,
    bundle: Bundle,
    counts: Sizes,
    sizes: str,
    left_out: str,
    jobs: int,
    image: str,
) -> None:
    wanted = [int(s) for s in sizes.split(",") if s]
    skipped = [int(s) for s in left_out.split(",") if s and int(s) not in wanted]
    measures: dict[str, Callable[[Path], dict[str, Any]]] = {
        "parts": lambda folder: _parts(source, bundle),
        "compare": lambda folder: _compare(source, bundle, folder, counts.count, counts.cohort, image),
        "scaling": lambda folder: _scaling(source, bundle, folder, wanted, jobs) | {"left_out": skipped},
        "floor": lambda folder: against_floor(source, bundle, counts.rounds),
        "rejudge": lambda folder: _rejudge(source, bundle, folder, jobs, counts.students or REJUDGED),
        "pages": lambda folder: _pages(source, bundle, folder, jobs, counts.students or PAGES),
    }
    for name in which:
        click.echo(f"measuring: {name}", err=True)
        machine = describe()
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            found = measures[name](Path(folder))
        shown = " ".join("COURSE" if a.startswith("/") else a for a in sys.argv[1:])
        _keep(f"{name}: {_of(source)}", found | {"machine": machine, "command": f"python -m bench {shown}".strip()})


def _measure_book() -> None:
    click.echo("measuring: book", err=True)
    machine, found = describe(), big_book()
    _keep(f"book: {found['of']}", found | {"machine": machine, "command": "python -m bench book"})


def _of(source: AssignmentSource) -> str:
    return f"`{source.spec.id}`: {len(source.spec.graded())} questions, {len(source.cases.cases)} cases"


def _keep(name: str, found: dict[str, Any]) -> None:
    path, found = HERE / "results.json", _without_paths(found)
    table = json.loads(path.read_text()) if path.exists() else {}
    table[name] = found
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    (HERE / "RESULTS.md").write_text(page(table), encoding="utf-8")


def _without_paths(value: Any) -> Any:
    """Figures without the folders of this machine: where output lay, and lines of tracebacks."""
    if isinstance(value, dict):
        return {k: _without_paths(v) for k, v in value.items() if k != "out"}
    if isinstance(value, list):
        return [_without_paths(v) for v in value]
    if isinstance(value, str):
        return "\n".join(line for line in value.splitlines() if "/" not in line or line.startswith("otter"))
    return value


def _archive(source: AssignmentSource, bundle: Bundle, folder: Path) -> Path:
    path = folder / "autograder.zip"
    path.write_bytes(build_autograder(source, bundle))
    return path


def _parts(source: AssignmentSource, bundle: Bundle) -> dict[str, Any]:
    return by_part(source, bundle) | {"assignment": source.spec.id, "cases": len(source.cases.cases)}


def _compare(
    source: AssignmentSource, bundle: Bundle, folder: Path, count: int, size: int, image: str
) -> dict[str, Any]:
    archive = _archive(source, bundle, folder)
    found = {"otter_run": otter_run(archive, source, folder / "otter", count)}
    skipped = {"skipped": "it was not asked for (`--image`)"}
    found["otter_grade"] = otter_grade(archive, source, folder, count, image) if image else skipped
    submissions = write_synthetic(source, folder / "in", size)
    found["grade"] = [autograder_grade(archive, folder, submissions, size, jobs) for jobs in (1, 2)]  # type: ignore[assignment]
    return found


def _scaling(source: AssignmentSource, bundle: Bundle, folder: Path, sizes: list[int], jobs: int) -> dict[str, Any]:
    archive = _archive(source, bundle, folder)
    rows = []
    for size in sizes:
        submissions = write_synthetic(source, folder / f"in_{size}", size)
        rows.append(autograder_grade(archive, folder, submissions, size, jobs))
        click.echo(f"  {size}: {rows[-1]['wall']:.1f} s", err=True)
    return {"rows": rows}


def _rejudge(source: AssignmentSource, bundle: Bundle, folder: Path, jobs: int, size: int) -> dict[str, Any]:
    out, number = _graded(source, bundle, folder, jobs, size)
    return rejudged(out, source, bundle, Sandbox.start, size) | {"kinds": number}


def _pages(source: AssignmentSource, bundle: Bundle, folder: Path, jobs: int, size: int) -> dict[str, Any]:
    out, number = _graded(source, bundle, folder, jobs, size)
    return pages(out, bundle, size) | {"kinds": number}


def _graded(source: AssignmentSource, bundle: Bundle, folder: Path, jobs: int, most: int) -> tuple[Path, int]:
    """The output folder of a cohort of every kind of work once, and how many kinds that were."""
    number = min(len(kinds(source)), most)
    graded = autograder_grade(
        _archive(source, bundle, folder), folder, write_synthetic(source, folder / "in", number), number, jobs
    )
    return Path(graded["out"]), number


if __name__ == "__main__":
    main()
