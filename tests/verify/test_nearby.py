"""Programs near by come back with what they come back with in a sandbox; what hangs or dies costs its case alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.grading.cells import Program
from autograder.grading.record import run_variant, world_seeds
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox
from autograder.verify.nearby import Nearby
from autograder.verify.operators import mutants
from autograder.verify.spread import spread
from tests.small_course import REFERENCE

Make = Callable[..., AssignmentSource]


@pytest.fixture
def near(course: Make) -> Nearby:
    source = course()
    return Nearby(source, {c.name: 2.0 for c in source.cases.cases})


def test_every_mutant_comes_back_with_the_same_bytes_and_words_as_behind_walls(near: Nearby) -> None:
    source, seeds = near.source, world_seeds(near.source)
    programs = {m.text: m.operator for m in mutants(source.reference, "small.py")} | {source.reference: "reference"}
    assert len(programs) > 5
    with Sandbox.start() as sandbox:
        for text, name in programs.items():
            mine = near.answers(name, text, seeds)
            theirs = run_variant(sandbox, source, Program(name, text, wrong=True), seeds)
            shown = [{c: [(a.status, a.payload, a.message) for a in s] for c, s in t.items()} for t in (mine, theirs)]
            assert shown[0] == shown[1], text


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("while True: pass", "timeout"),
        ("import os; os._exit(3)", "crashed"),
        ("import os; os.kill(os.getpid(), 9)", "crashed"),
        ("return bytearray(1 << 45)", "memory"),
        ("raise SystemExit", "error"),
        ("import sys; sys.stdout.write('x' * 10**6); raise ValueError('told')", "error"),
    ],
)
def test_a_case_that_ends_badly_leaves_the_others(near: Nearby, line: str, status: str) -> None:
    seeds = {name: several[:1] for name, several in world_seeds(near.source).items()}
    right = near.answers("reference", REFERENCE, seeds)
    assert {a.status for several in right.values() for a in several} == {"returned"}
    changed = REFERENCE.replace("def double(x):", f"def double(x):\n    {line}", 1)
    assert changed != REFERENCE
    found = near.answers("bad", changed, seeds)
    assert found.keys() == seeds.keys()
    hit = {case for case, (answer,) in found.items() if answer.status == status}
    assert hit
    assert {c: found[c][0].payload for c in seeds if c not in hit} == {
        c: right[c][0].payload for c in seeds if c not in hit
    }


def test_a_program_that_does_not_load_crashes_in_all_cases(near: Nearby) -> None:
    seeds = {name: several[:1] for name, several in world_seeds(near.source).items()}
    found = near.answers("bad", "import os\nos._exit(1)\n", seeds)
    assert {a.status for several in found.values() for a in several} == {"crashed"}


def test_nothing_of_one_program_is_seen_by_the_next(near: Nearby, tmp_path: Path) -> None:
    seeds = {name: several[:1] for name, several in world_seeds(near.source).items()}
    poison = "import numpy\nnumpy.sum = None\nimport builtins\nbuiltins.len = None\n"
    near.answers("poison", poison + REFERENCE, seeds)
    assert {a.status for s in near.answers("reference", REFERENCE, seeds).values() for a in s} == {"returned"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_is_spread_in_order_with_progress_and_errors_come_through(jobs: int) -> None:
    told: list[int] = []
    assert spread(lambda n: n * n, range(40), jobs, told.append) == [n * n for n in range(40)]
    assert told == list(range(1, 41))
    with pytest.raises(ZeroDivisionError):
        spread(lambda n: 1 // (n - 20), range(40), jobs)
