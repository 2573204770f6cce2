"""What is left behind is noticed, and laid to the run that left it: two runs side by side do not see each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.den import Den


@pytest.fixture
def dens() -> Iterator[tuple[Den, Den]]:
    ours, another = Den(), Den()
    yield ours, another
    ours.close()
    another.close()


@pytest.mark.parametrize("folder", ["/tmp", "/var/tmp", "/dev/shm"])
def test_a_file_that_was_left_is_found_by_its_own_den_only_and_removed(dens: tuple[Den, Den], folder: str) -> None:
    ours, another = dens
    planted = Path(folder) / f"{ours.mark}stash"
    planted.write_text("loot")
    assert another.changes() == []
    assert ours.changes() == [f"file left: {planted}"]
    assert not planted.exists()
    assert ours.changes() == []


def test_a_changed_secret_is_found_and_put_back(dens: tuple[Den, Den]) -> None:
    ours, another = dens
    secret = ours.folder / "secret.txt"
    secret.write_text("mine now")
    assert another.changes() == []
    assert ours.changes() == [f"den: {secret} changed"]
    assert secret.read_text() == "CANARY-FILE"


@pytest.mark.slow
def test_where_nothing_stops_it_an_attack_leaves_files_with_the_mark_of_its_run(graders) -> None:
    record = graders.grade("attacks/stashes_a_file_between_cases.py", "root", "--without", "landlock")
    assert any(line.startswith("file left: /tmp/hostile-") for line in record["left"]), record["left"]
