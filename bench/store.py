"""A large store, made of synthetic gradings through its own calls, and what opening, resuming and reporting cost.

    python -m bench.store fill FOLDER --gradings 100000     (adds so many; call it again for more)
    python -m bench.store measure FOLDER                    (a process each, so that peaks of memory are apart)

10,000 people hand in again and again; each grading has four cases, evidence of its own and about the size of a short
assignment's. Nothing is run: results are made up, and kept as a worker keeps them.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from autograder.cohort.adding import added
from autograder.cohort.outputs import write_grades
from autograder.cohort.spool import Result, keep
from autograder.cohort.store import Store
from autograder.cohort.tables import Handed
from autograder.cohort.tasks import key_of
from autograder.grading.bundle import Bundle
from autograder.grading.evidence import Evidence
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.grading.totals import Grade
from autograder.sandbox.wire.messages import Submission
from tests.fakes import FakeSandbox
from tests.small_course import REFERENCE, write_course

PEOPLE, BATCH = 10_000, 200
MEASURES = ("open", "resume", "current", "newest", "waiting", "grades")


@click.group()
def main() -> None:
    """See the module."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--gradings", default=100_000, show_default=True)
@click.option("--seconds", default=230.0, show_default=True, help="Stop after so long; what is done stays.")
def fill(folder: Path, gradings: int, seconds: float) -> None:
    """Add gradings to the store in FOLDER."""
    bundle, grade, evidence = _pattern(folder)
    started = time.monotonic()
    with Store(folder / "out") as store:
        run = store.add_run("bench", "grade", bundle, "bench", {})
        first = _count(store)
        for number in range(first, first + gradings, BATCH):
            several = range(number, min(number + BATCH, first + gradings))
            store.take_in(run, [_made(store, bundle, grade, evidence, i) for i in several])
            if time.monotonic() - started > seconds:
                break
        took, count = time.monotonic() - started, _count(store)
    click.echo(f"{count} gradings; {count - first} in {took:.0f} s, {1000 * took / max(1, count - first):.2f} ms each")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--only", multiple=True, type=click.Choice(MEASURES))
@click.option("--here", is_flag=True, hidden=True)
def measure(folder: Path, only: tuple[str, ...], here: bool) -> None:
    """Time what a head does with the store in FOLDER."""
    for name in only or MEASURES:
        if here:
            _measure(folder, name)
        else:
            subprocess.run(
                [sys.executable, "-m", "bench.store", "measure", str(folder), "--only", name, "--here"], check=True
            )


def _measure(folder: Path, name: str) -> None:
    started, own = time.monotonic(), time.process_time()
    with Store(folder / "out", create=False) as store:
        opened = time.monotonic() - started
        started, own = time.monotonic(), time.process_time()
        said = _WORK[name](store)
        took, cpu = time.monotonic() - started, time.process_time() - own
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = {"what": name, "opened_s": opened, "wall_s": took, "processor_s": cpu, "peak_mib": peak, "said": said}
    click.echo(json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}))


def _waiting(store: Store) -> str:
    """A poll that brings results with cases that wait: what an earlier run knew of them is looked up."""
    events = store.current()[:BATCH]
    results = [_result_of(store, e.who, e.key, e.handed, e.grade, e.evidence, e.bundle) for e in events]
    return f"{len(added(store, results))} results"


def _result_of(store: Store, who: str, key: str, handed: Handed, grade: str, evidence: str, bundle: str) -> Result:
    return Result(key, handed, bundle, grade, evidence, "0", "10", True, 1, "bench", "off", {"total": 0.0, "cases": {}})


_WORK: dict[str, Callable[[Store], str]] = {
    "open": lambda store: f"{len(store.runs())} runs",
    "resume": lambda store: f"{len(store.done())} keys are done",
    "current": lambda store: f"{len(store.current())} people",
    "newest": lambda store: f"{len(store.newest())} keys",
    "waiting": _waiting,
    "grades": lambda store: f"{len(write_grades(store))} damaged",
}


def _count(store: Store) -> int:
    """Gradings so far; keys are numbered without a gap."""
    with store.database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one())


def _pattern(folder: Path) -> tuple[Bundle, Grade, Evidence]:
    sandbox = FakeSandbox()
    bundle = build_bundle(sandbox, load_source(write_course(folder / "course"), "small"))
    submission = Submission.of_text("pattern", "small", REFERENCE)
    grade, evidence = grade_submission(sandbox, bundle, submission, "pattern", Settings())
    return bundle, grade, evidence


def _made(store: Store, bundle: Bundle, grade: Grade, evidence: Evidence, number: int) -> Result:
    who, version = f"student{number % PEOPLE:05d}", str(number // PEOPLE)
    digest = f"{number:064x}"
    key = key_of(who, digest, bundle.digest, {}, "off")
    handed = Handed(who, version, "", f"/class/{who}_v{version}.py", "{}", (("small.py", digest),), digest)
    own = replace(grade, submission=who, digest=digest)
    return keep(store.blobs, key, handed, own, replace(evidence, submission=who, digest=digest))


if __name__ == "__main__":
    main()
