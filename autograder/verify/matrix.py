"""The run matrix: programs × cases × worlds → answers, each run once for all gates, and kept beside the course.

A cell hangs on the program's text and the case's own probe (`grading/cells.py`), so that a second exam runs only what
an edit has touched. Recording a bundle for a release reads the same cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from autograder.grading.cells import Cells, Program, Runs
from autograder.grading.record import run_variant
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer
from autograder.verify.variants import Variant

Answers = Mapping[str, tuple[Answer, ...]]
Key = tuple[str, str]
Progress = Callable[[str, int, int], None]


@dataclass
class Matrix:
    """The answers of an exam's programs.

    Attributes:
        jobs: programs that run at a time.
        progress: told (what, done, all) after each.
        made: (kind, name) of a variant → its answers.
    """

    sandbox: Sandbox
    source: AssignmentSource
    cells: Cells
    jobs: int
    progress: Progress
    made: dict[Key, Answers] = field(default_factory=dict)

    def fill(self, variants: Sequence[Variant]) -> None:
        """Run those that were not run yet, `jobs` at a time."""
        wanted = list({v.key: v for v in variants if v.key not in self.made}.values())
        for number, variant in enumerate(self._run(wanted), 1):
            self.progress(f"{variant.kind} {variant.name}", number, len(wanted))

    def of(self, kind: str) -> dict[str, Answers]:
        """Name → answers of the variants of a kind, in the order in which they were asked for."""
        return {name: answers for (k, name), answers in self.made.items() if k == kind}

    def runs(self, program: Program) -> Runs:
        """A program's runs one by one, for who decides on the next by what the last came to."""
        return Runs(self.sandbox, self.source, program, self.cells)

    def _run(self, wanted: Sequence[Variant]) -> Iterable[Variant]:
        self.made |= {variant.key: {} for variant in wanted}  # keeps their order, whichever is ready first

        def run(variant: Variant) -> Answers:
            if not variant.seeds:
                return {}
            return run_variant(self.sandbox, self.source, variant.program, variant.seeds, self.cells)

        if self.jobs == 1:
            for variant in wanted:
                self.made[variant.key] = run(variant)
                yield variant
            return
        with ThreadPoolExecutor(self.jobs) as pool:
            futures = {pool.submit(run, variant): variant for variant in wanted}
            for future in as_completed(futures):
                self.made[futures[future].key] = future.result()
                yield futures[future]
