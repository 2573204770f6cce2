"""Privileges."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.sandbox.layers.privileges import Privileges
from tests.sandbox.layers.walls import needs, outcome

LAYER = Privileges()


def status(field: str) -> str:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(field + ":"))


def expect(field: str, value: str) -> None:
    if status(field) != value:
        raise AssertionError(f"{field} is {status(field)}")


@pytest.mark.parametrize(("field", "value"), [("NoNewPrivs", "1"), ("CapEff", "0" * 16), ("CapPrm", "0" * 16)])
def test_nothing_is_left_to_gain_or_to_use(field: str, value: str) -> None:
    needs(LAYER)
    if os.geteuid() == 0 or field == "NoNewPrivs":
        assert outcome(lambda: expect(field, value)) != ""
    assert outcome(lambda: expect(field, value), LAYER) == ""


def test_a_worker_cannot_be_looked_into_by_its_own_user() -> None:
    needs(LAYER)
    if os.geteuid() == 0:
        pytest.skip("root looks into everything; workers of root are another user")
    assert outcome(lambda: Path("/proc/self/mem").open("rb").close()) == ""
    assert outcome(lambda: Path("/proc/self/mem").open("rb").close(), LAYER) != ""


def test_files_can_still_be_written(tmp_path: Path) -> None:
    needs(LAYER)
    assert outcome(lambda: (tmp_path / "a").write_text("x"), LAYER) == ""
