"""Graders in every context, started when a test first needs them and shared by all tests of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.hostile.contexts import GraderProcess, Stage, Unavailable


class Graders:
    """Context and options → a running grader; the records of what it graded are kept."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.running: dict[tuple[str, ...], GraderProcess] = {}
        self.records: dict[tuple[str, ...], dict[str, Any]] = {}

    def get(self, context: str, *options: str) -> GraderProcess:
        """The grader of a context; skips the test where there is none."""
        key = (context, *options)
        if key not in self.running:
            self.running[key] = self.fresh(context, *options)
        return self.running[key]

    def fresh(self, context: str, *options: str) -> GraderProcess:
        """One that nobody else uses; the caller closes it."""
        try:
            return GraderProcess(self.stage.way(context), *options)
        except Unavailable as reason:
            pytest.skip(str(reason))

    def grade(self, file: str, context: str, *options: str, limit: float = 1.0) -> dict[str, Any]:
        """The record of a file, graded once for each context and set of options."""
        key = (file, context, *options)
        if key not in self.records:
            try:
                self.records[key] = self.get(context, *options).ask("grade", name=file, limit=limit)
            except BaseException:
                broken = self.running.pop((context, *options), None)
                if broken is not None:
                    broken.kill()
                raise
        return self.records[key]

    def close(self) -> None:
        """End them all."""
        for process in self.running.values():
            process.close()


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


@pytest.fixture(scope="session")
def graders(stage: Stage) -> Iterator[Graders]:
    made = Graders(stage)
    yield made
    made.close()
