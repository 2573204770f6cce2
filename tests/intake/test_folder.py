"""Links, pipes and devices in what was handed in; beside each, the plain file that is read."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.intake import folder as opening
from autograder.intake.folder import Folder, kind_of_path, read_file, shown


def read(folder: Path, name: str, most: int = 1000) -> bytes:
    with Folder(folder) as opened:
        return opened.read(name, most)


def refused(folder: Path, name: str) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(folder, name)
    return str(caught.value)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret" / "reference.py"
    path.parent.mkdir()
    path.write_text("the reference")
    return path


@pytest.fixture
def hand_in(tmp_path: Path) -> Path:
    path = tmp_path / "ada"
    (path / "lib").mkdir(parents=True)
    (path / "hw.py").write_text("x = 1")
    (path / "lib" / "helper.py").write_text("y = 2")
    return path


def test_plain_files_are_read_at_any_depth(hand_in: Path) -> None:
    assert read(hand_in, "hw.py") == b"x = 1"
    assert read(hand_in, "lib/helper.py") == b"y = 2"
    assert read_file(hand_in / "hw.py", 5) == b"x = 1"


def test_a_link_at_the_file_is_not_followed(hand_in: Path, secret: Path) -> None:
    (hand_in / "evil.py").symlink_to(secret)
    (hand_in / "inside.py").symlink_to("hw.py")
    (hand_in / "gone.py").symlink_to("nowhere")
    for name in ("evil.py", "inside.py", "gone.py"):
        assert "this is a link" in refused(hand_in, name)
        with pytest.raises(SubmissionError, match="this is a link"):
            read_file(hand_in / name, 1000)


def test_a_link_at_a_folder_on_the_way_is_not_followed(hand_in: Path, secret: Path) -> None:
    (hand_in / "deep").mkdir()
    (hand_in / "deep" / "way").symlink_to(secret.parent)
    assert "this is a link" in refused(hand_in, "deep/way/reference.py")


def test_the_folder_that_was_given_may_be_a_link(hand_in: Path, tmp_path: Path) -> None:
    (tmp_path / "given").symlink_to(hand_in)
    assert read(tmp_path / "given", "lib/helper.py") == b"y = 2"


@pytest.mark.parametrize("path", ["../secret/reference.py", "lib/../../secret/reference.py", "/etc/passwd"])
def test_a_path_that_leaves_the_folder_is_refused(hand_in: Path, secret: Path, path: str) -> None:
    assert secret.exists()
    assert "leaves the folder" in refused(hand_in, path)


def test_pipes_sockets_and_devices_are_refused_at_once(hand_in: Path) -> None:
    os.mkfifo(hand_in / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(hand_in / "socket.py"))
        for name in ("pipe.py", "socket.py"):
            assert "a pipe, a socket or a device" in refused(hand_in, name)
    with pytest.raises(SubmissionError, match="device"):
        read_file(Path("/dev/zero"), 1000)


def test_a_folder_is_no_file_and_nothing_is_nothing(hand_in: Path) -> None:
    assert "folder" in refused(hand_in, "lib")
    assert "no such file" in refused(hand_in, "lib/nobody.py")


def test_more_than_the_cap_is_not_read(hand_in: Path) -> None:
    assert read(hand_in, "hw.py", 5) == b"x = 1"
    with pytest.raises(SubmissionError, match="too large"):
        read(hand_in, "hw.py", 4)


def test_entries_tell_links_and_do_not_enter_them(hand_in: Path, secret: Path) -> None:
    (hand_in / "way").symlink_to(secret.parent)
    (hand_in / ".git").mkdir()
    (hand_in / ".git" / "config").touch()
    with Folder(hand_in) as opened:
        found = {e.path: e.kind for e in opened.entries(lambda path: path != ".git")}
    assert found == {".git": "folder", "hw.py": "file", "lib": "folder", "lib/helper.py": "file", "way": "link"}


def test_endless_depth_and_number_are_refused(hand_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_SEEN", 3)
    with Folder(hand_in) as opened:
        assert len(list(opened.entries(lambda path: False))) == 2
        (hand_in / "more").touch()
        (hand_in / "most").touch()
        with pytest.raises(SubmissionError, match="too many entries"):
            list(opened.entries(lambda path: False))


def test_a_file_swapped_for_a_link_again_and_again_never_shows_what_the_link_leads_to(
    hand_in: Path, secret: Path
) -> None:
    target, link, plain = hand_in / "hw.py", hand_in / "link", hand_in / "plain"
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            link.symlink_to(secret)
            link.rename(target)
            plain.write_text("x = 1")
            plain.rename(target)

    swapper = threading.Thread(target=swap)
    swapper.start()
    outcomes = set()
    try:
        for _ in range(2000):
            try:
                outcomes.add(read(hand_in, "hw.py"))
            except SubmissionError as error:
                outcomes.add(error.what)
    finally:
        stop.set()
        swapper.join()
    assert b"the reference" not in outcomes
    assert b"x = 1" in outcomes


def test_names_are_bytes_and_are_shown_as_text() -> None:
    assert shown(os.fsdecode(b"bad\xff.py")) == r"bad\xff.py"
    assert shown("Icon\r") == r"Icon\r"
    assert shown("übung.py") == "übung.py"


def test_kinds(hand_in: Path) -> None:
    (hand_in / "link").symlink_to("hw.py")
    names = ("hw.py", "lib", "link", "nobody")
    assert [kind_of_path(hand_in / n) for n in names] == ["file", "folder", "link", ""]
