"""Record boards: places, ties, what stands, who is named."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from autograder.cli.main import main
from autograder.cohort.store import Store
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.report.board import Entry, board_page, boards, pseudonyms
from tests.cohort.support import RIGHT, SQUARE
from tests.cohort.support import run as grade
from tests.fakes import FakeSandbox
from tests.report.samples import SPEC
from tests.small_course import CASES, write_course

NAMES = {who: who.upper() for who in ("ann", "bob", "cy", "dan")}
ENTRIES = [
    Entry("pieces", "ann", 90, "2026-09-01T10:00"),
    Entry("pieces", "bob", 97, "2026-09-03T10:00"),
    Entry("pieces", "ann", 97, "2026-09-02T10:00"),
    Entry("pieces", "cy", 64, "2026-09-01T09:00"),
    Entry("pieces", "dan", 120, "2026-09-04T09:00", stands=False),
    Entry("pieces", "cy", 60, "2026-09-05T09:00"),
]


def places(found: list) -> list[tuple[int, str, float]]:
    return [(p.place, p.name, p.value) for p in found[0].places]


def test_equal_values_share_a_place_and_who_waits_has_none() -> None:
    found = boards(ENTRIES, SPEC, NAMES)
    assert places(found) == [(1, "ANN", 97), (1, "BOB", 97), (3, "CY", 64), (0, "DAN", 120)]
    assert found[0].places[0].history == (90, 97)
    assert found[0].places[2].history == (64,)


def test_less_may_be_better_and_each_metric_has_its_board() -> None:
    found = boards(
        [*ENTRIES, Entry("excess", "ann", 0.25), Entry("excess", "bob", 0.5)], SPEC, NAMES, smallest=["excess"]
    )
    assert [b.metric for b in found] == ["pieces", "excess"]
    assert places(found[1:])[:2] == [(1, "ANN", 0.25), (2, "BOB", 0.5)]


def test_who_chose_no_name_cannot_be_told_from_the_page() -> None:
    names = pseudonyms(NAMES, b"key", {"bob": "The Kinks"})
    assert names["bob"] == "The Kinks"
    assert len({*names.values()}) == 4
    page = board_page(boards(ENTRIES, SPEC, names), "Depth <b>")
    assert "The Kinks" in page
    assert "ann" not in page.replace("channel", "").replace("anonymous", "")
    assert "<b>" not in page.split("</style>")[1]
    assert "not confirmed yet" in page


BOARD_CASES = CASES.replace(
    """@case("double", check=close())
def a_matrix""",
    """@case("double", check=satisfies(lambda out, world: Measured(0.0, board=float(out)), 0.0))
def for_the_board(student, world):
    \"\"\"Twice as much as one can.\"\"\"
    return student.double(np.float64(21.0))


@case("double", check=close())
def a_matrix""",
).replace("import close\n", "import Measured, close, satisfies\nimport numpy as np\n")


def test_values_of_the_graders_own_runs_come_to_the_board(tmp_path: Path) -> None:
    root = write_course(tmp_path, cases=BOARD_CASES)
    folder = root / "in"
    folder.mkdir()
    (folder / "ada.py").write_text(RIGHT)
    (folder / "bela.py").write_text(SQUARE)
    with Store(root / "out") as store:
        grade(store, build_bundle(FakeSandbox(), load_source(root, "small")), folder)
    (root / "names.csv").write_text("who,name\nbela,The Kinks\n")
    done = CliRunner().invoke(main, ["board", str(root / "out"), "--names", str(root / "names.csv")])
    assert done.exit_code == 0, done.output
    assert "Twice as much as one can." in done.output
    assert "1.        441  The Kinks" in done.output
    assert "2.         42  anonymous " in done.output
    page = (root / "out/board.html").read_text()
    assert "The Kinks" in page
    assert "ada" not in page.split("</style>")[1]
    less = CliRunner().invoke(main, ["board", str(root / "out"), "--smallest", "for_the_board", "--json"])
    (board,) = json.loads(less.output)
    assert [(p["place"], p["value"]) for p in board["places"]] == [(1, 42.0), (2, 441.0)]
    assert done.output.split("anonymous ")[1][:6] in less.output  # pseudonyms stay
    wrong = CliRunner().invoke(main, ["board", str(root / "out"), "--smallest", "pieces"])
    assert wrong.exit_code == 2
    assert "no case of this name gives a value" in wrong.output


def test_a_class_without_values_has_an_empty_board(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    folder = root / "in"
    folder.mkdir()
    (folder / "ada.py").write_text(RIGHT)
    with Store(root / "out") as store:
        grade(store, build_bundle(FakeSandbox(), load_source(root, "small")), folder)
    done = CliRunner().invoke(main, ["board", str(root / "out")])
    assert done.exit_code == 0
    assert "nobody has a value yet" in done.output
    assert "Nobody has a value yet" in (root / "out/board.html").read_text()
