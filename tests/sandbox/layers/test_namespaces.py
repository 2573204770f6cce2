"""Namespaces."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from autograder.sandbox.layers.base import Confinement
from autograder.sandbox.layers.namespaces import (
    MS_NOSUID,
    Namespaces,
    enter_namespaces,
    mount,
    new_pid_namespace,
    unmount,
)
from tests.sandbox.layers.walls import needs, outcome

LAYER = Namespaces()


class Entered:
    """All namespaces, as the zygote and a session take them together."""

    name, stage, stops, remedy = LAYER.name, LAYER.stage, LAYER.stops, LAYER.remedy

    def probe(self) -> str:
        return LAYER.probe()

    def apply(self, confinement: Confinement) -> None:
        enter_namespaces()
        LAYER.apply(confinement)


def test_there_is_no_network() -> None:
    needs(LAYER)
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def connect() -> None:
        socket.create_connection(("127.0.0.1", port), 2).close()

    assert outcome(connect) == ""
    assert "unreachable" in outcome(connect, Entered())
    server.close()


def test_other_processes_have_no_number() -> None:
    needs(LAYER)
    parent = os.getpid()

    def signal_from_a_child() -> None:
        child = os.fork()
        if child == 0:
            try:
                os.kill(parent, 0)
                os._exit(0)
            except ProcessLookupError:
                os._exit(9)
        if os.waitpid(child, 0)[1]:
            raise ProcessLookupError("nobody there")

    assert outcome(signal_from_a_child) == ""
    assert outcome(signal_from_a_child, Entered()) == "nobody there"


def test_mounts_do_not_leave(tmp_path: Path) -> None:
    needs(LAYER)

    def cover() -> None:
        mount("tmpfs", str(tmp_path), "tmpfs", MS_NOSUID, "size=64k,nr_inodes=5")
        (tmp_path / "inside").write_text("x")
        with pytest.raises(OSError, match="No space"):
            (tmp_path / "large").write_bytes(bytes(10**6))
        with pytest.raises(OSError, match="No space"):
            [(tmp_path / str(index)).touch() for index in range(9)]
        unmount(str(tmp_path))
        assert not (tmp_path / "inside").exists()

    assert outcome(cover, Entered()) == ""
    assert not list(tmp_path.iterdir())


def test_a_pid_namespace_for_every_session() -> None:
    needs(LAYER)

    def three() -> None:
        enter_namespaces()
        if os.fork() == 0:
            for _ in range(3):
                new_pid_namespace()
                child = os.fork()
                if child == 0:
                    os._exit(os.getpid())
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
            os._exit(0)
        if os.wait()[1]:
            raise AssertionError("not init of its own")

    assert outcome(three) == ""
