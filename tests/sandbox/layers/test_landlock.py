"""Landlock."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.sandbox.layers.base import Confinement
from autograder.sandbox.layers.landlock import Landlock, abi
from autograder.sandbox.layers.privileges import PR_SET_NO_NEW_PRIVS, prctl
from tests.sandbox.layers.walls import needs, outcome

LAYER = Landlock()


class WithoutNewPrivileges(Landlock):
    """Landlock as a process without capabilities may put it on."""

    def apply(self, confinement: Confinement) -> None:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        super().apply(confinement)


@pytest.fixture
def inside(tmp_path: Path) -> Callable[[Callable[[], object]], str]:
    """Run something in a worker whose scratch is `tmp_path/scratch` and which may read `tmp_path/library`."""
    needs(LAYER)
    for name in ("scratch", "library", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    walls = Confinement(str(tmp_path / "scratch"), readable=(str(tmp_path / "library"), "/no/such/path", "/dev/zero"))
    return lambda act: outcome(act, WithoutNewPrivileges(), walls)


def test_only_the_library_and_the_scratch_are_read(inside: Callable[..., str], tmp_path: Path) -> None:
    secret = (tmp_path / "secret" / "file").read_text
    assert outcome(secret) == ""
    assert "denied" in inside(secret)
    assert "denied" in inside(lambda: os.listdir(tmp_path))
    assert "denied" in inside(Path("/proc/self/environ").read_bytes)
    assert inside((tmp_path / "library" / "file").read_text) == ""
    assert inside((tmp_path / "scratch" / "file").read_text) == ""


def test_only_the_scratch_is_written(inside: Callable[..., str], tmp_path: Path) -> None:
    for name in ("secret", "library"):
        assert "denied" in inside(lambda name=name: (tmp_path / name / "file").write_text("forged"))
        assert "denied" in inside(lambda name=name: (tmp_path / name / "new").write_text("forged"))
        assert "denied" in inside(lambda name=name: (tmp_path / name / "file").unlink())
        assert "denied" in inside(lambda name=name: os.truncate(tmp_path / name / "file", 0))
        assert (tmp_path / name / "file").read_text() == name

    def honest() -> None:
        (tmp_path / "scratch" / "sub").mkdir()
        (tmp_path / "scratch" / "sub" / "a").write_text("x")
        (tmp_path / "scratch" / "sub" / "a").rename(tmp_path / "scratch" / "b")
        (tmp_path / "scratch" / "b").unlink()

    assert inside(honest) == ""


@pytest.mark.parametrize("make", [lambda p: os.symlink("/etc", p), os.mkfifo, lambda p: socket.socket(1).bind(str(p))])
def test_no_links_pipes_or_sockets_in_the_scratch(
    inside: Callable[..., str], tmp_path: Path, make: Callable[[Path], object]
) -> None:
    assert outcome(lambda: make(tmp_path / "scratch" / "before")) == ""
    assert "denied" in inside(lambda: make(tmp_path / "scratch" / "after"))


def test_no_connection_and_no_signal_leaves(inside: Callable[..., str]) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def connect() -> None:
        socket.create_connection(("127.0.0.1", port), 2).close()

    assert outcome(connect) == ""
    if abi() >= 4:
        assert "denied" in inside(connect)
    assert outcome(lambda: os.kill(os.getppid(), 0)) == ""
    if abi() >= 6:
        assert "permitted" in inside(lambda: os.kill(os.getppid(), 0))
    server.close()
