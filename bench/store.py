"""A large store, made of synthetic gradings through its own calls, and what opening, resuming and reporting cost.

    python -m bench.store fill FOLDER --gradings 100000     (adds so many; call it again for more)
    python -m bench.store measure FOLDER                    (a process each, so that peaks of memory are apart)
    python -m bench.store head FOLDER                       (what a head spends on each result of a cluster)

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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import zstandard

from autograder.cohort.adding import added
from autograder.cohort.cluster.folder import shared_of
from autograder.cohort.cluster.job import work
from autograder.cohort.cluster.taking import take_over
from autograder.cohort.outputs import write_grades
from autograder.cohort.spool import Result, keep, read_result
from autograder.cohort.store import Store
from autograder.cohort.tables import Handed
from autograder.cohort.tasks import key_of, task_of
from autograder.cohort.worker import Order
from autograder.grading.blobs import BlobStore
from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.grade_form import grade_json
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.intake.collecting import collect
from autograder.sandbox.wire.messages import Submission
from tests.fakes import FakeSandbox
from tests.small_course import REFERENCE, write_course

PEOPLE, BATCH = 10_000, 200
NAME, DIGEST = b"student#####", b"#" * 64
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
    pattern = pattern_of(folder)
    started = time.monotonic()
    with Store(folder / "out") as store:
        run = store.add_run("bench", "grade", pattern.bundle, "bench", {})
        first = _count(store)
        for number in range(first, first + gradings, BATCH):
            several = range(number, min(number + BATCH, first + gradings))
            store.take_in(run, [pattern.made(store, i) for i in several])
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


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--count", default=200, show_default=True)
def head(folder: Path, count: int) -> None:
    """What a head spends on each small result of a cluster: milliseconds of the processor."""
    bundle = pattern_of(folder).bundle
    hand_ins = folder / "in"
    hand_ins.mkdir(exist_ok=True)
    for number in range(count):
        (hand_ins / f"s{number:05d}.py").write_text(f"{REFERENCE}\n# {number}\n", encoding="utf-8")
    row: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        own = time.process_time()
        found = work()
        row[name] = round(1000 * (time.process_time() - own) / count, 3)
        return found

    with Store(folder / "head") as store:
        run = store.add_run("bench", "grade", bundle, "bench", {})
        places = (store.shelf.folder / bundle.digest, store.spool, store.blobs.folder)
        order = Order(*map(str, places), Settings(), "off")
        shared = shared_of(store.folder, folder / "shared", order)
        shared.open(order)
        form = bundle.spec.submission
        found = timed("collect", lambda: collect([hand_ins], form).hand_ins)
        tasks = timed("key", lambda: [task_of(h, form, bundle.digest, Settings(), "off") for h in found])
        shard = timed("lay", lambda: shared.lay(tasks))
        work(shared, shard, lambda mode: FakeSandbox())
        files = [p.stat().st_size for p in (shared.folder / "blobs").rglob("*") if p.is_file()]
        timed("take", lambda: [take_over(shared, t, bundle.digest, "off", store.blobs, store.spool) for t in tasks])
        results = timed("read", lambda: [read_result(store.spool, t.key, store.blobs, fresh=True) for t in tasks])
        timed("add", lambda: store.take_in(run, results))
    click.echo(json.dumps({"ms": row, "blobs_each": len(files) / count, "bytes_each": sum(files) / count}))


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


@dataclass(frozen=True)
class Pattern:
    """A grading from which others are made: name and digest are put in the places of its own, which are as long."""

    bundle: Bundle
    result: Result
    grade: bytes
    evidence: bytes

    def made(self, store: Store, number: int) -> Result:
        """Grading `number`, kept as a worker keeps one."""
        who, digest = f"student{number % PEOPLE:05d}", f"{number:064x}"
        key = key_of(who, digest, self.bundle.digest, {}, "off")
        files = (("small.py", digest),)
        handed = Handed(who, str(number // PEOPLE), "", f"/class/{who}_{number}.py", "{}", files, digest)
        press = zstandard.ZstdCompressor(level=3).compress
        grade, evidence = (
            store.blobs.put(press(data.replace(NAME, who.encode()).replace(DIGEST, digest.encode())))
            for data in (self.grade, self.evidence)
        )
        return replace(self.result, key=key, handed=handed, grade=grade, evidence=evidence)


def pattern_of(folder: Path) -> Pattern:
    """Grade a submission once, in a course below `folder`."""
    sandbox = FakeSandbox()
    bundle = build_bundle(sandbox, load_source(write_course(folder / "course"), "small"))
    submission = Submission.of_text(NAME.decode(), "small", REFERENCE)
    grade, evidence = grade_submission(sandbox, bundle, submission, NAME.decode(), Settings())
    grade, evidence = replace(grade, digest=DIGEST.decode()), replace(evidence, digest=DIGEST.decode())
    handed = Handed(NAME.decode(), "", "", "", "{}", (), DIGEST.decode())
    result = keep(BlobStore(folder / "pattern"), "0" * 64, handed, grade, evidence)
    raw = zstandard.ZstdDecompressor().decompress(evidence.without_measurements().to_bytes())
    return Pattern(bundle, result, grade_json(grade), raw)


if __name__ == "__main__":
    main()
