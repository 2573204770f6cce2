"""Zips that play tricks."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import PurePosixPath

import pytest

from autograder.errors import SubmissionError
from autograder.intake.archive import MAX_ENTRIES, read_zip, refuse_shadows

MB = 2**20


def zip_of(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def refused(data: bytes, limit: int = MB) -> str:
    with pytest.raises(SubmissionError) as caught:
        read_zip(data, "hw.zip", limit)
    return str(caught.value)


def test_plain_files_come_out_and_litter_does_not() -> None:
    data = zip_of(("a/hw.py", b"x"), ("__MACOSX/a/hw.py", b"?"), ("a/.DS_Store", b"?"), ("a/__pycache__/hw.pyc", b"?"))
    assert read_zip(data, "hw.zip", MB) == {"a/hw.py": b"x"}


@pytest.mark.parametrize(
    "name", ["../hw.py", "/etc/hw.py", "a/../../hw.py", "C:/hw.py", "a\\hw.py", "a\nb.py", "a/" * 20]
)
def test_paths_that_leave_the_folder_are_refused(name: str) -> None:
    assert "path that is not allowed" in refused(zip_of((name, b"x")))


def test_a_name_with_a_nul_byte_is_refused() -> None:
    data = zip_of(("hwXpy", b"x")).replace(b"hwXpy", b"hw\x00py")
    assert "not allowed" in refused(data)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(kind: int) -> None:
    info = zipfile.ZipInfo("hw.py")
    info.external_attr = (kind | 0o777) << 16
    assert "link or device" in refused(zip_of((info, b"/etc/passwd")))


def test_a_bomb_is_stopped_at_the_cap() -> None:
    assert "too large when unpacked" in refused(zip_of(("hw.py", bytes(3 * MB))))


def test_many_small_files_count_together() -> None:
    assert "too large" in refused(zip_of(*((f"{i}.txt", bytes(MB // 4)) for i in range(6))))


def test_a_header_that_lies_about_the_size_does_not_help() -> None:
    data = bytearray(zip_of(("hw.py", bytes(3 * MB))))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(SubmissionError):
        read_zip(bytes(data), "hw.zip", MB)


def test_thousands_of_entries_are_refused() -> None:
    assert "too many entries" in refused(zip_of(*((f"{i}", b"") for i in range(MAX_ENTRIES + 1))))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused() -> None:
    assert "two entries of one name" in refused(zip_of(("hw.py", b"honest"), ("hw.py", b"other")))
    assert "two entries of one name" in refused(zip_of(("hw.py", b"honest"), ("./hw.py", b"other")))


def test_a_file_and_a_folder_of_one_name_are_refused() -> None:
    assert "a file and a folder" in refused(zip_of(("a", b""), ("a/hw.py", b"")))


@pytest.mark.parametrize("data", [b"", b"no zip", zip_of(("hw.py", b"x" * 99))[:-30]])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    assert "cannot be read" in refused(data)


def test_an_empty_zip_is_refused() -> None:
    assert "empty" in refused(zip_of())


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(zip_of(("hw.py", b"x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refused(bytes(data))


@pytest.mark.parametrize(
    "name",
    [
        "torch/__init__.py",
        "numpy.py",
        "sitecustomize.py",
        "pickle/x.py",
        "conftest.py",
        "random.cpython-311.so",
        "x.pth",
    ],
)
def test_names_of_libraries_are_refused(name: str) -> None:
    with pytest.raises(SubmissionError, match="name of a library"):
        refuse_shadows({"hw.py": b"", name: b""}, PurePosixPath("."), "hw.zip")


def test_names_of_ones_own_are_not() -> None:
    files = {"hw/hw.py": b"", "hw/layers/torch.py": b"", "hw/random.csv": b"", "hw/my_numpy.py": b""}
    refuse_shadows(files, PurePosixPath("hw"), "hw.zip")
