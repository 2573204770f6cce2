"""Blobs and private files: what is read is what was kept, nobody else may read it, and no half file is left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.errors import MachineError, StoredError
from autograder.grading.blobs import BlobStore
from autograder.grading.private import close_to_others, write_file


def test_a_blob_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path / "blobs")
    name = blobs.put(b"text")
    assert blobs.get(name) == b"text"
    assert blobs.intact(name)
    assert blobs.remove(name) == 4
    assert not blobs.intact(name)
    assert blobs.remove(name) == 0


@pytest.mark.parametrize("damaged", [b"", b"tex", b"text and more", b"TEXT"])
def test_a_damaged_blob_is_refused_and_keeping_it_again_mends_it(tmp_path: Path, damaged: bytes) -> None:
    blobs = BlobStore(tmp_path)
    name = blobs.put(b"text")
    blobs.path(name).write_bytes(damaged)
    with pytest.raises(StoredError, match="damaged"):
        blobs.get(name)
    assert blobs.put(b"text") == name
    assert blobs.get(name) == b"text"


def test_files_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_file(tmp_path / "out" / "deep" / "a.json", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "out" / "deep" / "a.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "out" / "deep").stat().st_mode & 0o777 == 0o700


def test_a_failed_write_leaves_the_old_file_and_no_half_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(tmp_path / "a", b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(MachineError, match="No space left"):
        write_file(tmp_path / "a", b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"old")]


def test_closing_leaves_links_and_what_they_lead_to_alone(tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    for folder in (out / "inner", other):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        (folder / "file").write_text("x")
        (folder / "file").chmod(0o644)
    out.chmod(0o755)
    (out / "link").symlink_to(other)
    assert close_to_others(out) == 3
    assert close_to_others(out) == 0
    assert (out / "inner" / "file").stat().st_mode & 0o777 == 0o600
    assert (other / "file").stat().st_mode & 0o777 == 0o644
