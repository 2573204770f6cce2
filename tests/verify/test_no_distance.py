"""Tolerances are asked of checks that judge by a distance, and of no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from autograder.authoring.world import World
from autograder.checks import close, exact, excess
from autograder.checks.judgement import FULL, Judgement
from autograder.verify.calibration import _by_no_distance


@dataclass(frozen=True)
class Own:
    """A check that an author wrote."""

    tolerance: float | None
    kind: str = "of my own"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        return Judgement(FULL, 0.3)


@pytest.mark.parametrize("check", [exact(), excess(0.1, 1.0), Own(0.0), Own(None)])
def test_these_hang_on_no_tolerance(check: Any) -> None:
    assert _by_no_distance(check)


@pytest.mark.parametrize("check", [close(tolerance=1e-6), close(), Own(0.1)])
def test_these_do(check: Any) -> None:
    assert not _by_no_distance(check)
