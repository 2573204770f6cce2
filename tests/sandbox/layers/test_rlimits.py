"""Resource limits."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from autograder.sandbox.layers.base import Confinement
from autograder.sandbox.layers.rlimits import Rlimits, used_memory
from tests.sandbox.layers.walls import outcome

LAYER = Rlimits()
SMALL = Confinement("/", memory_mb=64, disk_mb=1)


def hold(megabytes: int) -> None:
    np.ones(megabytes * 2**17)


def test_memory_ends_at_the_limit_and_not_before() -> None:
    assert outcome(lambda: hold(200)) == ""
    assert "allocate" in outcome(lambda: hold(200), LAYER, SMALL)
    assert outcome(lambda: hold(40), LAYER, SMALL) == ""


def test_a_file_ends_at_the_limit_and_not_before(tmp_path: Path) -> None:
    def write(megabytes: float) -> None:
        (tmp_path / "file").write_bytes(bytes(int(megabytes * 2**20)))

    assert outcome(lambda: write(2)) == ""
    assert "too large" in outcome(lambda: write(2), LAYER, SMALL)
    assert outcome(lambda: write(0.5), LAYER, SMALL) == ""


def test_open_files_are_few_but_enough() -> None:
    def open_many(count: int) -> None:
        for _ in range(count):
            os.open("/dev/null", os.O_RDONLY)

    assert outcome(lambda: open_many(100)) == ""
    assert "open files" in outcome(lambda: open_many(100), LAYER)
    assert outcome(lambda: open_many(20), LAYER) == ""


def test_processor_time_ends() -> None:
    def spin() -> None:
        while True:
            pass

    assert outcome(spin, LAYER, Confinement("/", cpu_seconds=1)) != ""


def test_memory_in_use_is_read() -> None:
    size, data = used_memory()
    assert size > data > 2**20
