"""The user that owns nothing."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.sandbox.layers.base import Confinement
from autograder.sandbox.layers.identity import FIRST_UID, Identity, out_of_reach
from tests.sandbox.layers.walls import needs, outcome

LAYER = Identity()
NOBODY = Confinement("/", uid=FIRST_UID)


def test_roots_files_are_closed_and_open_ones_are_not(tmp_path: Path) -> None:
    needs(LAYER)
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o600)
    assert outcome(secret.read_text) == ""
    assert "denied" in outcome(secret.read_text, LAYER, NOBODY)
    assert outcome(Path("/etc/passwd").read_text, LAYER, NOBODY) == ""


def test_other_processes_cannot_be_signalled() -> None:
    needs(LAYER)
    assert outcome(lambda: os.kill(os.getppid(), 0)) == ""
    assert "permitted" in outcome(lambda: os.kill(os.getppid(), 0), LAYER, NOBODY)


def test_there_is_no_way_back() -> None:
    needs(LAYER)
    for back in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):
        assert outcome(back) == ""
        assert "permitted" in outcome(back, LAYER, NOBODY)


def test_a_python_in_a_closed_folder_can_still_be_read(tmp_path: Path) -> None:
    needs(LAYER)
    closed = tmp_path / "root"
    closed.mkdir()
    (closed / "library.py").write_text("x")
    closed.chmod(0o700)
    read = (closed / "library.py").read_text
    assert "denied" in outcome(read, LAYER, NOBODY)
    if not outcome(lambda: None, LAYER, Confinement("/", uid=FIRST_UID, search=True)):
        assert outcome(read, LAYER, Confinement("/", uid=FIRST_UID, search=True)) == ""


def test_the_closed_folder_on_the_way_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    for folder in (*tmp_path.parents, tmp_path, inner):
        assert folder.is_dir()
    (tmp_path / "a").chmod(0o700)
    assert out_of_reach([str(inner)]) in {str(tmp_path / "a"), *map(str, tmp_path.parents), str(tmp_path)}
    assert out_of_reach(["/usr", "/dev/null"]) == ""
