"""Collecting: names of hand-ins, where they lie, and what lies beside them."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.intake.collecting import LAYOUTS, collect
from autograder.intake.opening import open_hand_in
from autograder.spec.models import SubmissionForm

FORM = SubmissionForm(file="small.py")


def names(*paths: Path) -> list[str]:
    return [h.who for h in collect(paths, FORM).hand_ins]


def touch(folder: Path, *files: str) -> Path:
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def test_files_of_a_folder_are_named_without_their_ending_and_others_are_told(tmp_path: Path) -> None:
    touch(tmp_path, "ada.py", "bela.ipynb", "chen.zip", "dora.tar.gz", "notes.txt", ".hidden.py")
    found = collect([tmp_path], FORM)
    assert [h.who for h in found.hand_ins] == ["ada", "bela", "chen", "dora"]
    assert [(s.path, s.why) for s in found.skipped] == [
        (".hidden.py", "its name begins with a dot"), ("notes.txt", "a file of this form is no hand-in"),
    ]  # fmt: skip


def test_a_file_that_is_named_is_taken_whatever_its_ending(tmp_path: Path) -> None:
    assert names(touch(tmp_path, "ada.txt") / "ada.txt") == ["ada"]


def test_names_that_clash_keep_their_ending(tmp_path: Path) -> None:
    assert names(touch(tmp_path, "ada.py", "ada.ipynb", "bela.py")) == ["ada.ipynb", "ada.py", "bela"]


def test_names_that_still_clash_keep_their_folder(tmp_path: Path) -> None:
    touch(tmp_path, "monday/ada.py", "friday/ada.py", "monday/bela.py", "friday/chen.py")
    found = names(tmp_path / "monday", tmp_path / "friday")
    assert found == ["bela", "chen", "friday/ada.py", "monday/ada.py"]


def test_a_folder_is_one_hand_in_with_all_its_files(tmp_path: Path) -> None:
    touch(tmp_path, "ada/small.py", "ada/helper.py", "ada/data/x.csv", "bela/small.py", "chen/homework.ipynb")
    found = collect([tmp_path], FORM)
    assert [(h.who, h.path.name, h.files) for h in found.hand_ins] == [
        ("ada", "ada", ()), ("bela", "bela", ()), ("chen", "chen", ()),
    ]  # fmt: skip
    assert found.skipped == ()


def test_a_students_own_folder_is_one_hand_in(tmp_path: Path) -> None:
    ada = touch(tmp_path / "ada", "small.py", "small.ipynb", "helper.py")
    (ada / "small.py").write_text("import helper")
    assert [(h.who, h.path) for h in collect([ada], FORM).hand_ins] == [("ada", ada)]
    (ada / "small.py").write_text("import numpy")
    assert names(ada) == ["helper", "small.ipynb", "small.py"]


def test_copies_of_the_asked_name_in_one_folder_are_of_several_people(tmp_path: Path) -> None:
    assert names(touch(tmp_path, "small.py", "small (1).py")) == ["small", "small (1)"]


def test_folders_that_are_given_one_by_one_give_the_names(tmp_path: Path) -> None:
    touch(tmp_path, "ada/small.py", "bela/homework.py", "chen/small.py", "chen/x.csv")
    assert names(tmp_path / "ada", tmp_path / "bela", tmp_path / "chen") == ["ada", "bela", "chen"]


def test_a_folder_around_all_of_them_does_not_matter(tmp_path: Path) -> None:
    touch(tmp_path, "export/hw1/ada.py", "export/hw1/bela/small.py")
    assert names(tmp_path) == ["ada", "bela"]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    touch(tmp_path, "ada.py", "bela/.DS_Store")
    (tmp_path / "chen").mkdir()
    found = collect([tmp_path], FORM)
    assert [(s.path, s.why) for s in found.skipped] == [("bela", "there is no file in it that counts"),
                                                        ("chen", "there is no file in it that counts")]  # fmt: skip


def test_versions_of_one_student(tmp_path: Path) -> None:
    touch(tmp_path, "ada_v1.py", "ada_v2.py", "bela/v1/small.py", "bela/v10/small.py",
          "chen/small_2026_02_01T10_00_00_000001.zip", "chen/small_2026_02_02T10_00_00_000001.zip")  # fmt: skip
    found = collect([tmp_path], FORM).hand_ins
    assert [(h.who, h.version) for h in found] == [
        ("ada", "v1"), ("ada", "v2"), ("bela", "v1"), ("bela", "v10"),
        ("chen", "2026_02_01T10_00_00_000001"), ("chen", "2026_02_02T10_00_00_000001"),
    ]  # fmt: skip


def test_a_pdf_alone_is_a_hand_in_that_will_be_refused_and_beside_work_it_is_told(tmp_path: Path) -> None:
    touch(tmp_path, "ada.pdf", "bela.py", "bela.pdf")
    found = collect([tmp_path], FORM)
    assert [h.path.name for h in found.hand_ins] == ["ada.pdf", "bela.py"]
    assert [s.path for s in found.skipped] == ["bela.pdf"]
    (tmp_path / "ada.pdf").write_bytes(b"%PDF")
    assert "a PDF" in str(open_hand_in(found.hand_ins[0], FORM).problem)


def test_links_are_hand_ins_that_will_be_refused_and_nothing_is_read_through_them(tmp_path: Path) -> None:
    secret = touch(tmp_path / "secret", "small.py") / "small.py"
    secret.write_text("x = 1")
    subs = touch(tmp_path / "subs", "ada.py", "bela/small.py", "chen/helper.py")
    (subs / "evil.py").symlink_to(secret)
    (subs / "folder").symlink_to(secret.parent)
    (subs / "chen" / "small.py").symlink_to(secret)
    os.mkfifo(subs / "pipe.py")
    found = {h.who: open_hand_in(h, FORM) for h in collect([subs], FORM).hand_ins}
    problems = {who: str(o.problem) for who, o in found.items() if o.problem}
    assert sorted(found) == ["ada", "bela", "chen", "evil", "folder", "pipe"]
    assert sorted(problems) == ["chen", "evil", "folder", "pipe"]
    assert all("link" in text for who, text in problems.items() if who != "pipe")
    assert "a pipe" in problems["pipe"]
    control = {h.who: open_hand_in(h, FORM) for h in collect([tmp_path / "secret"], FORM).hand_ins}
    assert control["secret"].submission is not None


def test_a_folder_that_is_given_may_be_a_link_unless_it_comes_among_others(tmp_path: Path) -> None:
    touch(tmp_path / "real", "ada.py", "bela.py")
    (tmp_path / "given").symlink_to(tmp_path / "real")
    assert names(tmp_path / "given") == ["ada", "bela"]
    several = collect([tmp_path / "real", tmp_path / "given"], FORM).hand_ins
    assert [h.who for h in several] == ["ada", "bela", "given"]
    assert "link" in str(open_hand_in(several[2], FORM).problem)


def test_a_file_that_is_given_twice_is_graded_once(tmp_path: Path) -> None:
    touch(tmp_path, "ada.py", "bela.py")
    assert names(tmp_path, tmp_path / "ada.py") == ["ada", "bela"]


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        names(tmp_path / "nobody.py")
    with pytest.raises(UsageError, match="nothing to grade"):
        names(tmp_path)


def test_names_that_are_not_utf_8_can_be_printed_and_stay_apart(tmp_path: Path) -> None:
    for name in (b"bad\xff.py", b"bad\xfe.py", b"bad\\xff.py", b"good.py"):
        (tmp_path / os.fsdecode(name)).touch()
    found = collect([tmp_path], FORM).hand_ins
    assert [h.who for h in found] == [r"bad\xfe", r"bad\xff", r"bad\xff (2)", "good"]
    assert {os.fsencode(h.path.name) for h in found} >= {b"bad\xff.py", b"bad\\xff.py"}
    for hand_in in found:
        hand_in.who.encode("utf-8")


def test_a_zip_is_one_students_unless_it_is_plainly_a_class(tmp_path: Path) -> None:
    def zipped(name: str, *files: str) -> Path:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for file in files:
                archive.writestr(file, f"x = {len(file)}")
        return tmp_path / name

    assert names(zipped("ada.zip", "small.py", "helper.py")) == ["ada"]
    assert names(zipped("bela.zip", "old/small.py", "new/small.py")) == ["bela"]
    whole = zipped("class.zip", "hw/ada/small.py", "hw/bela/small.py", "hw/bela/helper.py", "hw/chen/small.py")
    found = collect([whole], FORM).hand_ins
    assert [h.who for h in found] == ["ada", "bela", "chen"]
    opened = open_hand_in(found[1], FORM).submission
    assert opened is not None
    assert [path for path, _ in opened.files] == ["helper.py", "small.py"]
    assert len({open_hand_in(h, FORM).digest for h in found}) == 3
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04")
    assert names(tmp_path / "damaged.zip") == ["damaged"]


def test_every_layout_may_be_forced(tmp_path: Path) -> None:
    touch(tmp_path, "lovelaceada_1_2_small.py", "ada_1_assignsubmission_file_/small.py")
    assert list(LAYOUTS) == ["gradescope", "otter", "canvas", "moodle", "nbgrader", "clones", "plain"]
    assert [h.who for h in collect([tmp_path], FORM, "plain").hand_ins] == ["ada_1_assignsubmission_file_",
                                                                            "lovelaceada_1_2_small"]  # fmt: skip


def test_an_output_folder_is_passed_over_wherever_it_lies_and_refused_alone(tmp_path: Path) -> None:
    parts = ("grades.sqlite", "blobs/ab/cd.py", "bundles/x.zip", "html/index.html")
    subs = touch(tmp_path / "in", "ada.py", "bela/small.py", *(f"runs/out/{p}" for p in parts))
    found = collect([subs], FORM)
    assert ([h.who for h in found.hand_ins], found.skipped) == (["ada", "bela"], ())
    assert found.notes == ("passed over: runs/out: it holds grades (grades.sqlite) and is no hand-in",)
    several = collect([subs / "ada.py", subs / "bela", subs / "runs/out"], FORM)
    assert ([h.who for h in several.hand_ins], len(several.notes)) == (["ada", "bela"], 1)
    with pytest.raises(UsageError, match="output folder of autograder grade"):
        names(subs / "runs/out")
    (subs / "runs/out/grades.sqlite").unlink()
    assert "runs" in names(subs)
    assert collect([subs], FORM).notes == ()


def test_a_stray_file_among_canvas_names_is_told(tmp_path: Path) -> None:
    touch(tmp_path, *(f"s{n}_1{n}_2{n}_small.py" for n in range(4)), "stray.py", "more/small.py")
    found = collect([tmp_path], FORM)
    assert found.notes == ("4 of 6 names look like Canvas's: --layout canvas reads them so",)
    assert len(collect([tmp_path], FORM, "canvas").hand_ins) == 4
    assert collect([tmp_path], FORM, "canvas").notes == collect([tmp_path], FORM, "plain").notes == ()
    assert collect([touch(tmp_path / "more", "ada.py", "bela_1_2_hw.py")], FORM).notes == ()
