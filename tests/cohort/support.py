"""What the tests of cohorts share: a small course, submissions to it, and a pool of fake workers."""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.cohort.engine import grade_cohort
from autograder.cohort.executor import Report, Shard
from autograder.cohort.local import LocalPool
from autograder.cohort.worker import Order, grade_task, load_bundle
from autograder.grading.caching import Caching
from autograder.intake.collecting import collect
from autograder.sandbox.grader.box import Sandbox
from tests.fakes import FakeSandbox
from tests.small_course import REFERENCE

FAKE_WORKER = (sys.executable, str(Path(__file__).with_name("fake_worker.py")))
RIGHT = REFERENCE
SQUARE = REFERENCE.replace("return 2 * x", "return x**2")
SUM = REFERENCE.replace("np.mean(x)", "np.sum(x)")
CLOSE = REFERENCE.replace("return 2 * x", "return 2.0001 * x")
RAISES = REFERENCE.replace("return 2 * x", "raise ValueError('no')")
KINDS = (RIGHT, SQUARE, SUM, CLOSE, RAISES, "")
DEADLY = "import os\nos._exit(7)\n"


def fake_pool(order: Order, jobs: int) -> LocalPool:
    return LocalPool(order, jobs, FAKE_WORKER)


def write_submissions(folder: Path, count: int = 12) -> Path:
    """`count` submissions, of every kind in turn; no two files are the same."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        (folder / f"s{i:03d}.py").write_text(f"{KINDS[i % len(KINDS)]}\n# {i}\n", encoding="utf-8")
    return folder


class Here:
    """An `Executor` in this very process, for tests that are not about workers."""

    def sandbox(self) -> Sandbox:
        """What a submission is graded in."""
        return FakeSandbox()  # type: ignore[return-value]  # it stands in for one

    def __init__(self, order: Order, jobs: int) -> None:
        self.order, self.queue = order, []
        self.bundle, self.judge = load_bundle(Path(order.bundle)), Caching()

    def submit(self, shard: Shard) -> None:
        self.queue += shard.tasks

    def poll(self, seconds: float) -> list[Report]:
        tasks, self.queue = self.queue[:4], self.queue[4:]
        for task in tasks:
            grade_task(self.sandbox(), self.bundle, self.order, task, self.judge)
        return [Report(task.key, "graded") for task in tasks]

    def cancel(self) -> None:
        self.queue = []


def run(store, bundle, folder, **options):
    """`grade_cohort` in this process; `executor=fake_pool` for worker processes."""
    found = collect([folder], bundle.spec.submission).hand_ins
    options = {"executor": Here, "jobs": 2, "mode": "off"} | options
    return grade_cohort(store, bundle, found, who="test", **options)


def essence(store) -> list[tuple[object, ...]]:
    """The store's content but for numbers, moments and times: what must not depend on the run."""
    return sorted(
        (e.kind, e.key, e.attempt, e.who, e.files, e.digest, e.bundle, e.grade, e.evidence, e.points, e.graded)
        for e in store.history()
    )
