"""The folder that a worker may write to."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.sandbox.layers.base import Confinement
from autograder.sandbox.layers.scratch import MOST_ENTRIES, Scratch, ScratchLayer, empty, overfull, remove_all


def test_files_are_laid_out_and_all_is_gone_afterwards(tmp_path: Path) -> None:
    scratch = Scratch(str(tmp_path), 1, bounded=False)
    for _ in range(2):
        scratch.fill({"a/b/hw.py": b"x", "data.csv": b"y"}, 1, 0)
        work = Path(scratch.folder)
        assert (work / "a/b/hw.py").read_bytes() == b"x"
        assert work.stat().st_mode & 0o077 == 0
        (work / "more").write_text("x")
        scratch.clear()
        assert not work.exists()
    assert not list(tmp_path.iterdir())


def test_workers_of_a_session_have_a_folder_each(tmp_path: Path) -> None:
    first, second = (Scratch(str(tmp_path), number, bounded=False) for number in (1, 2))
    for scratch in (first, second):
        scratch.fill({"hw.py": b"x"}, 1, 0)
    first.clear()
    assert not Path(first.folder).exists()
    assert (Path(second.folder) / "hw.py").exists()


def test_odd_modes_links_pipes_and_depth_are_emptied(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").write_text("x")
    work = tmp_path / "work"
    (work / "shut" / "inner").mkdir(parents=True)
    (work / "shut" / "inner" / "file").touch()
    (work / "shut" / "inner").chmod(0)
    (work / "shut").chmod(0)
    (work / "link").symlink_to(outside)
    os.mkfifo(work / "pipe")
    here = os.open(work, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    empty(str(work))
    assert not list(work.iterdir())
    assert (outside / "keep").exists()
    remove_all(str(work))
    remove_all(str(work))
    assert not work.exists()


def test_too_many_bytes_or_entries_are_seen(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes(bytes(50_000))
    assert not overfull(str(tmp_path), 2**20)
    assert overfull(str(tmp_path), 10_000)
    for index in range(MOST_ENTRIES):
        (tmp_path / "sub" / str(index)).touch()
    assert overfull(str(tmp_path), 2**30)
    assert not overfull(str(tmp_path / "gone"), 1)


def test_the_layer_starts_in_the_folder(tmp_path: Path) -> None:
    here = os.getcwd()
    try:
        ScratchLayer().apply(Confinement(str(tmp_path)))
        assert os.getcwd() == str(tmp_path.resolve())
    finally:
        os.chdir(here)
