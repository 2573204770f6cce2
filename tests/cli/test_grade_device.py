"""`grade --device`: refused where it says nothing, and where no worker could use one."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.sandbox.grader.doctor import DeviceRow
from tests.cli.running import run


@pytest.fixture
def hand_in(tmp_path: Path) -> Path:
    path = tmp_path / "ada.py"
    path.write_text("")
    return path


def test_a_device_without_replays_is_refused(hand_in: Path, tmp_path: Path) -> None:
    done = run("grade", "backprop", hand_in, "-o", tmp_path / "out", "--device", "cuda", status=2)
    assert "only replays use a device" in done.output
    assert "give --replay too" in done.output


def test_a_device_that_no_worker_can_use_is_refused_with_the_reason(
    hand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.cli.graders.examine_device", lambda mode: DeviceRow("", "no driver", {}, 0.0))
    done = run("grade", "backprop", hand_in, "-o", tmp_path / "out", "--replay", "--device", "cuda", status=2)
    assert "found:    no driver" in done.output
    assert "replays then run on the processor" in done.output
    assert not (tmp_path / "out").exists()
