"""Zips that play tricks."""

from __future__ import annotations

import io
import stat
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.intake.archive import zip_members
from autograder.intake.members import MOST_ENTRIES
from autograder.intake.reading import read_submission
from autograder.intake.tar_headers import MOST_HEADERS, MOST_LONG
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm

MB = 2**20


def zip_of(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def read(data: bytes, folder: Path, limit: int = MB, name: str = "x.zip") -> Submission:
    path = folder / name
    path.write_bytes(data)
    return read_submission(path, SubmissionForm(file="hw.py", max_mb=limit // MB))


def refused(data: bytes, folder: Path, name: str = "x.zip") -> str:
    with pytest.raises(SubmissionError) as caught:
        read(data, folder, name=name)
    return str(caught.value)


def names(submission: Submission) -> list[str]:
    return [path for path, _ in submission.files]


def test_plain_files_come_out_and_litter_does_not(tmp_path: Path) -> None:
    data = zip_of(("a/hw.py", b"x"), ("__MACOSX/a/hw.py", b"?"), ("a/.DS_Store", b"?"), ("a/__pycache__/hw.pyc", b"?"))
    assert read(data, tmp_path).files == (("a/hw.py", b"x"),)


LITTER = [
    ".git/config", "venv/lib/site.py", ".venv/x.py", "env/pyvenv.cfg", "env/lib/hw.py", "node_modules/a.js",
    "__MACOSX/._hw.py", "._hw.py", ".ipynb_checkpoints/hw-checkpoint.ipynb", "selfcheck/at_home.py", "tests/double.py",
    "requirements.txt", "Icon\r", ".OTTER_LOG", "__zip_filename__", "hw.py~", "hw.egg-info/PKG-INFO",
]  # fmt: skip


def test_a_whole_working_folder_is_as_good_as_the_file(tmp_path: Path) -> None:
    whole = read(zip_of(("hw.py", b"x"), *((name, b"?") for name in LITTER)), tmp_path)
    assert whole.digest == Submission.of_text("ada", "hw", "x").digest
    assert whole.notes == ()


def test_litter_is_not_counted_and_its_links_are_nobodys_concern(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("venv/bin/python.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    many = [(f".git/objects/{i}", b"") for i in range(MOST_ENTRIES + 1)]
    assert names(read(zip_of(("hw.py", b"x"), (link, b"/etc/passwd"), *many), tmp_path)) == ["hw.py"]


@pytest.mark.parametrize("name", ["a\\hw.py", "a\\b/hw.py", "./hw.py", "a/b/c/d/hw.py"])
def test_backslashes_separate_and_folders_around_the_work_do_not_matter(name: str, tmp_path: Path) -> None:
    assert [path.rpartition("/")[2] for path in names(read(zip_of((name, b"x")), tmp_path))] == ["hw.py"]


@pytest.mark.parametrize("name", ["../x.py", "/etc/x.txt", "a/../../x.txt", "a\\..\\..\\x.py", "C:\\x.txt", "C:/x.py"])
def test_a_path_that_leaves_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    assert "a path that leaves the folder" in refused(zip_of((name, b"x"), ("hw.py", b"y")), tmp_path)


@pytest.mark.parametrize("name", ["a:b.txt", "a\nb.txt", "notes .", "a/" * 13 + "x.txt", "x" * 250])
def test_odd_members_that_are_not_needed_are_left_out_and_named(name: str, tmp_path: Path) -> None:
    found = read(zip_of(("hw.py", b"x"), (name, b"?")), tmp_path)
    assert names(found) == ["hw.py"]
    assert "was left out" in found.notes[0]


def test_a_name_with_a_nul_byte_is_left_out(tmp_path: Path) -> None:
    data = zip_of(("hw.py", b"x"), ("hwXtxt", b"x")).replace(b"hwXtxt", b"hw\x00txt")
    assert names(read(data, tmp_path)) == ["hw.py"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_device_at_a_needed_file_is_refused(kind: int, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("hw.py")
    info.external_attr = (kind | 0o777) << 16
    assert "hw.py is no plain file" in refused(zip_of((info, b"/etc/passwd")), tmp_path)
    info.external_attr = (stat.S_IFREG | 0o777) << 16
    assert read(zip_of((info, b"x = 1")), tmp_path).files == (("hw.py", b"x = 1"),)


def test_a_link_that_is_not_needed_is_left_out_and_named(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("data.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    found = read(zip_of(("hw.py", b"x"), (info, b"/etc/passwd")), tmp_path)
    assert names(found) == ["hw.py"]
    assert "`data.csv` was left out: it is a link" in found.notes[0]


def test_a_bomb_is_stopped_at_the_cap(tmp_path: Path) -> None:
    assert "too large when unpacked" in refused(zip_of(("hw.py", bytes(3 * MB))), tmp_path)


def test_many_small_files_count_together(tmp_path: Path) -> None:
    many = [(f"{i}.txt", bytes(MB // 4)) for i in range(6)]
    assert "too large" in refused(zip_of(("hw.py", b"x"), *many), tmp_path)
    assert read(zip_of(("hw.py", b"x"), *many[:3]), tmp_path)


def test_a_header_that_lies_about_the_size_does_not_help(tmp_path: Path) -> None:
    data = bytearray(zip_of(("hw.py", bytes(3 * MB))))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = struct.pack("<I", 10)
    refused(bytes(data), tmp_path)


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    many = [(f"{i}.txt", b"") for i in range(MOST_ENTRIES)]
    assert "too many files" in refused(zip_of(("hw.py", b"x"), *many), tmp_path)
    assert read(zip_of(("hw.py", b"x"), *many[1:]), tmp_path)


def test_a_directory_without_end_is_refused_before_it_is_read() -> None:
    data = bytearray(zip_of(("hw.py", b"x")))
    end = data.rindex(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 2**31)
    with pytest.raises(SubmissionError, match="too many entries"):
        zip_members(io.BytesIO(bytes(data)), "x.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "two files of one name" in refused(zip_of(("hw.py", b"honest"), ("hw.py", b"other")), tmp_path)
    assert "two files of one name" in refused(zip_of(("hw.py", b"honest"), ("./hw.py", b"other")), tmp_path)


def test_a_file_and_a_folder_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "a file and a folder" in refused(zip_of(("a", b""), ("a/hw.py", b"")), tmp_path)


NO_ZIPS = {"rubbish": b"PK\x03\x04 no zip", "cut off": zip_of(("hw.py", b"x" * 99))[:-30]}


@pytest.mark.parametrize("data", NO_ZIPS.values(), ids=NO_ZIPS)  # no bytes with a date in them as a name
def test_what_is_no_zip_is_refused(data: bytes, tmp_path: Path) -> None:
    assert "cannot be read" in refused(data, tmp_path)


def test_an_empty_zip_is_refused(tmp_path: Path) -> None:
    assert "empty" in refused(zip_of(), tmp_path)
    assert "empty" in refused(zip_of((".git/config", b"x")), tmp_path)


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    data = bytearray(zip_of(("hw.py", b"x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refused(bytes(data), tmp_path)


def test_one_archive_inside_another_is_opened_and_no_further(tmp_path: Path) -> None:
    inner = zip_of(("hw.py", b"x"))
    assert names(read(zip_of(("ada/submission.zip", inner)), tmp_path)) == ["hw.py"]
    assert "no hw.py" in refused(zip_of(("a.zip", zip_of(("b.zip", inner)))), tmp_path)


def tar_of(mode: str, *entries: tuple[tarfile.TarInfo | str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for entry, data in entries:
            info = tarfile.TarInfo(entry) if isinstance(entry, str) else entry
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize(("mode", "name"), [("w", "x.tar"), ("w:gz", "x.tar.gz"), ("w:gz", "x.tgz"),
                                            ("w:bz2", "x.tar.bz2"), ("w:xz", "x.tar.xz")])  # fmt: skip
def test_a_tar_is_read_like_a_zip(mode: str, name: str, tmp_path: Path) -> None:
    data = tar_of(mode, ("./ada/hw.py", b"x"), ("./ada/.git/config", b""), ("ada/helper.py", b"y"))
    assert read(data, tmp_path, name=name).files == (("ada/helper.py", b"y"), ("ada/hw.py", b"x"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_in_a_tar_are_refused(kind: bytes, tmp_path: Path) -> None:
    info = tarfile.TarInfo("hw.py")
    info.type, info.linkname = kind, "/etc/passwd"
    assert "no plain file" in refused(tar_of("w", (info, b"")), tmp_path, "x.tar")


def header(size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """A header with its size in base 256, which may be below 0."""
    block = bytearray(tarfile.TarInfo("x").tobuf(tarfile.GNU_FORMAT))
    block[156:157] = kind
    block[124:136] = (b"\xff" if size < 0 else b"\x80") + size.to_bytes(11, "big", signed=True)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def pax(body: bytes) -> bytes:
    return header(len(body), tarfile.XHDTYPE) + body + bytes(-len(body) % 512) + header(0) + bytes(1024)


def test_a_tar_whose_headers_send_its_reader_back_or_far_is_refused(tmp_path: Path) -> None:
    good = tar_of("w", ("hw.py", b"x"))
    assert names(read(good[:1024] + header(0) + bytes(1024), tmp_path, name="x.tar")) == ["hw.py", "x"]
    for bad in (header(-512), header(2**60), pax(b"14 size=-1024\n"), header(0, tarfile.GNUTYPE_SPARSE)):
        assert "cannot be read" in refused(good[:1024] + bad + bytes(1024), tmp_path, "x.tar")


def test_long_headers_of_a_tar_are_capped(tmp_path: Path) -> None:
    good = tar_of("w", ("hw.py", b"x"))[:1024]
    assert names(read(good + pax(b"12 path=abc\n"), tmp_path, name="x.tar")) == ["abc", "hw.py"]
    assert "long header" in refused(good + pax(b"a" * (MOST_LONG + 1)), tmp_path, "x.tar")
    assert "attributes" in refused(good + pax(b"1" * 60_000), tmp_path, "x.tar")


def test_entries_of_a_tar_are_counted_before_it_is_read(tmp_path: Path) -> None:
    few = tar_of("w", ("hw.py", b"x"))[:1024] + header(0) * (MOST_HEADERS - 1) + bytes(1024)
    assert names(read(few, tmp_path, name="x.tar")) == ["hw.py", "x"]
    many = header(0) * (MOST_HEADERS + 1) + bytes(1024)
    assert "too many entries" in refused(many, tmp_path, "x.tar")


def test_a_tar_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.intake.archive._MOST_UNPACKED", 64 * 1024)
    assert "too large" in refused(tar_of("w:gz", ("hw.py", bytes(MB))), tmp_path, "x.tar.gz")
    assert "cannot be read" in refused(b"\x1f\x8bnonsense", tmp_path, "x.tar.gz")


@pytest.mark.parametrize("name", ["hw.pyc", "lib/fast.so", "fast.pyd", "a.pth"])
def test_compiled_code_beside_the_file_is_refused(name: str, tmp_path: Path) -> None:
    assert "compiled code" in refused(zip_of(("hw.py", b"x"), (name, b"?")), tmp_path)
    assert "compiled code" in refused(zip_of(("a/hw.py", b"x"), (f"a/{name}", b"?")), tmp_path)
    far = read(zip_of(("a/hw.py", b"x"), (name, b"?")), tmp_path)
    assert names(far) == ["a/hw.py"]
    assert "compiled code" in far.notes[0]


@pytest.mark.parametrize("name", ["torch/__init__.py", "numpy.py", "sitecustomize.py", "pickle/x.py", "conftest.py"])
def test_names_of_libraries_that_grading_stands_on_are_refused(name: str, tmp_path: Path) -> None:
    assert "name of a library" in refused(zip_of(("hw.py", b"x"), (name, b"?")), tmp_path)
    assert "name of a library" in refused(zip_of(("a/hw.py", b"x"), (f"a/{name}", b"?")), tmp_path)


@pytest.mark.parametrize("name", ["code.py", "calendar.py", "random.py", "queue/__init__.py"])
def test_names_of_other_libraries_are_refused_only_where_they_are_imported(name: str, tmp_path: Path) -> None:
    assert names(read(zip_of(("hw.py", b"import numpy"), (name, b"x")), tmp_path)) == sorted(["hw.py", name])
    using = f"import numpy, {name.split('.')[0].split('/')[0]} as r".encode()
    assert "name of a library" in refused(zip_of(("hw.py", using), (name, b"x")), tmp_path)
    far = zip_of(("a/hw.py", using), (f"a/lib/{name}", b"x"))
    assert names(read(far, tmp_path)) == sorted(["a/hw.py", f"a/lib/{name}"])


def test_names_of_ones_own_stay(tmp_path: Path) -> None:
    own = ["hw/layers/torch.py", "hw/random.csv", "hw/my_numpy.py"]
    assert names(read(zip_of(("hw/hw.py", b"import random"), *((n, b"") for n in own)), tmp_path))
