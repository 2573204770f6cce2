"""Every input of the table gets its points, and the report says first what there is to say; milliseconds of reading."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.intake.reading import read_submission
from autograder.spec.models import SubmissionForm
from tests.intake.inputs import INPUTS, RIGHT, Input, put
from tests.intake.table import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.close()


def test_there_are_as_many_as_promised_and_no_two_of_a_name() -> None:
    assert len(INPUTS) == len({one.name for one in INPUTS}) >= 120


@pytest.mark.parametrize("one", INPUTS, ids=lambda one: one.name)
def test_an_input_gets_its_points_and_its_first_line(desk: Desk, one: Input, tmp_path: Path) -> None:
    row = desk.graded(one, tmp_path)
    assert row["rows"] == 1, row
    assert row["points"] == one.points, row
    assert one.first in row["first"] if one.first else not row["first"], row


def test_reading_a_plain_file_takes_no_time(tmp_path: Path) -> None:
    path = put(tmp_path, {"ada.py": RIGHT}) / "ada.py"
    form = SubmissionForm(file="small.py")
    read_submission(path, form)
    times = []
    for _ in range(20):
        started = time.perf_counter()
        read_submission(path, form)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.002
