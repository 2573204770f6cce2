"""Every export that a course system makes, graded end to end through `grade`: points, times, and what was left out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.cohort.store import Store
from autograder.errors import UsageError
from autograder.intake.collecting import collect
from autograder.spec.models import SubmissionForm
from tests.intake.exports import EXPORTS, GRADESCOPE
from tests.intake.inputs import RIGHT, put, zipped
from tests.small_course import write_course

FORM = SubmissionForm(file="small.py")


def test_times_and_people_are_known_before_anything_is_graded(tmp_path: Path) -> None:
    for name, make in EXPORTS.items():
        export = make(tmp_path / name)
        found = collect([export.path], FORM)
        newest = {h.who: h.at for h in sorted(found.hand_ins, key=lambda h: h.version)}
        assert set(newest) == set(export.points), name
        assert {who: newest[who] for who in export.times} == export.times, name
        assert len(found.skipped) == len(export.skipped), (name, found.skipped)
        for one in found.skipped:
            assert any(part in one.path and why in one.why for part, why in export.skipped.items()), (name, one)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course; what is recorded of it is kept for the next test."""
    return write_course(tmp_path_factory.mktemp("course"))


@pytest.mark.parametrize("layout", EXPORTS)
def test_graded_through_the_command(layout: str, course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export = EXPORTS[layout](tmp_path / "given")
    command = ["grade", "small", str(export.path), "-o", str(out), "--root", str(course), "-j", "1"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == (1 if export.skipped else 0), result.output
    for part in export.skipped:
        assert part in result.output
    with Store(out, create=False) as store:
        points = {e.who: float(store.grade(e).points) for e in store.current()}
        times = {e.who: e.handed_in for e in store.current()}
    assert points == export.points
    assert {who: times[who] for who in export.times} == export.times
    if export.skipped:
        again = CliRunner().invoke(main, [*command, "--allow-skipped", "--json"])
        assert again.exit_code == 0
        table = json.loads(again.stdout)
        assert len(table["skipped"]) == len(export.skipped)
        assert {g["submission"] for g in table["grades"]} == set(export.points)
    with (out / "final_grades.csv").open() as file:
        assert len(list(csv.reader(file))) == 2 + len(points)


def test_a_hidden_link_in_an_export_is_not_followed(course: Path, tmp_path: Path) -> None:
    subs = put(tmp_path / "subs", {"ada.py": RIGHT, "bela/small.py": RIGHT, "bela/.venv/x.py": ""})
    reference = course / "solutions" / "small" / "small.py"
    (subs / "evil.py").symlink_to(reference)
    (subs / "bela" / ".venv" / "python").symlink_to("/usr/bin/python3")
    (subs / "chen").mkdir()
    (subs / "chen" / "small.py").symlink_to(reference)
    (subs / "control.py").write_bytes(reference.read_bytes())
    out = tmp_path / "out"
    command = ["grade", "small", str(subs), "-o", str(out), "--root", str(course), "-j", "1"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    with Store(out, create=False) as store:
        grades = {e.who: store.grade(e) for e in store.current()}
    assert {who: float(g.points) for who, g in grades.items()} == {
        "ada": 10, "bela": 10, "control": 10, "chen": 0, "evil": 0,
    }  # fmt: skip
    for who in ("chen", "evil"):
        assert "link" in grades[who].verdicts[0].message
    found = {p.relative_to(out / "report") for p in out.rglob("*.html") if "BEGIN SOLUTION" in p.read_text("utf-8")}
    assert found == {Path("staff/control.html")}  # staff see what was handed in: that one is a copy, and no link


@pytest.mark.parametrize("text", ["[", "- a", "&a [*a", "x: !!python/object/apply:os.system ['touch hacked']"])
def test_metadata_that_is_none_is_wrong_use_and_runs_nothing(tmp_path: Path, text: str) -> None:
    put(tmp_path, {"submission_metadata.yml": text, "submission_1/small.py": RIGHT})
    with pytest.raises(UsageError, match=r"submission_metadata\.yml"):
        collect([tmp_path], FORM)
    assert [h.who for h in collect([tmp_path], FORM, "plain").hand_ins] == ["submission_1"]
    assert not list(tmp_path.rglob("hacked"))


def test_metadata_behind_a_link_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, {"export/submission_101/small.py": RIGHT, "real.yml": GRADESCOPE})
    (tmp_path / "export" / "submission_metadata.yml").symlink_to(tmp_path / "real.yml")
    with pytest.raises(UsageError, match="link"):
        collect([tmp_path / "export"], FORM)


def test_a_students_zip_or_folder_among_others_is_no_class(tmp_path: Path) -> None:
    work = {"submission_metadata.yml": GRADESCOPE, "submission_101/small.py": RIGHT}
    class_zip = zipped({"ada/v1/small.py": RIGHT, "bela/small.py": RIGHT, "chen/small.py": RIGHT})
    put(tmp_path, {"ada.py": RIGHT, "mallory.zip": zipped(work), "mia.zip": class_zip})
    several = sorted(tmp_path.iterdir())
    assert [(h.who, h.path.name) for h in collect(several, FORM).hand_ins] == [
        ("ada", "ada.py"), ("mallory", "mallory.zip"), ("mia", "mia.zip"),
    ]  # fmt: skip
    assert [h.who for h in collect([tmp_path / "mallory.zip"], FORM).hand_ins] == ["Ada Lovelace (4711)"]
    put(tmp_path / "subs/mallory", dict(work))
    assert not any("Ada" in h.who for h in collect([tmp_path / "subs"], FORM).hand_ins)
    assert not any("Ada" in h.who for h in collect([tmp_path / "subs/mallory", tmp_path / "ada.py"], FORM).hand_ins)
    assert [h.who for h in collect([tmp_path / "subs/mallory"], FORM).hand_ins] == ["Ada Lovelace (4711)"]
    put(tmp_path / "subs/bela", {"small.py": RIGHT})
    assert [h.who for h in collect([tmp_path / "subs"], FORM).hand_ins] == ["bela", "mallory"]


def one_name(name: str) -> str:
    return f"submission_1:\n  :submitters:\n  - :name: {name}\n"


BOMB = "a: &a [x, x]\nb: [*a, *a]\nsubmission_1: {name: x}"
TRAPS = {"nested": "[" * 200_000, "blocks": "- " * 20_000, "aliases": BOMB, "digits": "x: " + "1:" * 60_000 + "1"}


@pytest.mark.parametrize("trap", TRAPS)
def test_metadata_that_would_crash_the_reader_is_wrong_use(tmp_path: Path, trap: str) -> None:
    put(tmp_path, {"submission_metadata.yml": TRAPS[trap], "submission_1/small.py": RIGHT})
    with pytest.raises(UsageError, match=r"submission_metadata\.yml"):
        collect([tmp_path], FORM)
    deep = f"submission_0: {'[' * 40}{']' * 40}\n"
    put(tmp_path, {"submission_metadata.yml": deep + one_name("Ada"), "submission_1/small.py": RIGHT})
    assert [h.who for h in collect([tmp_path], FORM).hand_ins] == ["Ada"]


def test_of_several_exports_a_bad_one_is_left_out_alone(tmp_path: Path) -> None:
    put(tmp_path / "good", {"submission_metadata.yml": one_name("Ada"), "submission_1/small.py": RIGHT})
    put(tmp_path / "bad", {"submission_metadata.yml": BOMB, "submission_1/small.py": RIGHT})
    found = collect([tmp_path / "good", tmp_path / "bad"], FORM, "gradescope")
    assert [h.who for h in found.hand_ins] == ["Ada"]
    assert [(s.path, "anchors" in s.why) for s in found.skipped] == [("bad", True)]


def test_names_in_metadata_are_one_short_line(tmp_path: Path) -> None:
    for name, who in (('"Ada\\n\\nL"', "Ada L"), ("A" * 200, "A" * 200), ("A" * 5000, "A" * 180 + "... ")):
        put(tmp_path, {"submission_metadata.yml": one_name(name), "submission_1/small.py": RIGHT})
        [found] = collect([tmp_path], FORM).hand_ins
        assert found.who.startswith(who)
        assert len(found.who) <= 200


def test_a_number_of_thousands_of_digits_is_none_of_canvas(tmp_path: Path) -> None:
    names = ("ada_1_22_small.py", f"bela_1_{'1' * 5000}_small.py")
    path = put(tmp_path, {"x.zip": zipped(dict.fromkeys(names, RIGHT))}) / "x.zip"
    found = collect([path], FORM, "canvas")
    assert [h.who for h in found.hand_ins] == ["ada (1)"]
    assert ["none that Canvas gives" in s.why for s in found.skipped] == [True]
