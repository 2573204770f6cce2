"""Real `otter grade` in Docker, `otter run`, Gradescope's layout and our engine: equal points in every cell."""

import json
from pathlib import Path

import pytest

from tests.e2e import engines
from tests.e2e.engines import Graded
from tests.e2e.submissions import ENTRIES, SEVERAL, Entry

pytestmark = pytest.mark.docker
ENGINES = ("autograder grade", "otter run", "otter grade", "Gradescope")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_engine_gives_these_points(cells: dict[str, Graded], entry: Entry, engine: str) -> None:
    assert cells[engine].points[entry.name] == entry.points


def test_there_are_twenty_submissions_and_eight_are_hostile() -> None:
    assert len(ENTRIES) >= 20
    assert sum(entry.hostile for entry in ENTRIES) >= 8


@pytest.mark.parametrize("engine", ["otter run", "Gradescope"])
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_no_text_of_a_hidden_case_is_visible(cells: dict[str, Graded], entry: Entry, engine: str) -> None:
    table = cells[engine].tables[entry.name]
    shown = json.dumps(
        [table.get("output"), *(t for t in table["tests"] if t.get("visibility", "visible") == "visible")]
    )
    later = json.dumps([t for t in table["tests"] if t.get("visibility") == "after_published"])
    for secret in ("seven_inputs", "nobody knows", "seven_for_hidden_ones", "zeros_of_two_lines", "is_zero_of_two"):
        assert secret not in shown
        assert secret not in later


def test_the_container_s_layers_are_in_the_results(cells: dict[str, Graded]) -> None:
    layers = cells["Gradescope"].tables["honest"]["extra_data"]["layers"]
    assert {"identity", "privileges", "rlimits", "seccomp"} <= set(layers)


def test_gradescope_s_results_say_how_late_and_by_whom(cells: dict[str, Graded]) -> None:
    table = cells["Gradescope"].tables["honest"]
    assert "Handed in 1 d 1 h 31 min after the due date." in table["output"]
    assert "Group: Ada Lovelace, Alan Turing." in table["output"]
    assert table["output_format"] == "md"
    assert table["execution_time"] > 0
    assert {t["visibility"] for t in table["tests"]} == {"visible", "after_published"}


def test_several_files_at_the_top_of_a_zip_and_shadowed_modules_do_no_harm(
    autograder: Path, base_image: str, gradescope_image: str, tmp_path: Path
) -> None:
    paths = engines.write([SEVERAL], tmp_path / "s")
    assert engines.otter_grade(autograder, paths, base_image, tmp_path / "g").points["several"] == SEVERAL.points
    table = engines.gradescope(gradescope_image, paths, tmp_path / "c").tables["several"]
    assert table["score"] == 0.0
    assert "the name of a library" in json.dumps(table)
