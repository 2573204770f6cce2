"""The filter on system calls."""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from autograder.sandbox.layers.base import Confinement
from autograder.sandbox.layers.privileges import PR_SET_NO_NEW_PRIVS, prctl
from autograder.sandbox.layers.seccomp import ARCHITECTURES, Seccomp, program
from autograder.sandbox.layers.syscalls import DENIED
from tests.sandbox.layers.walls import needs, outcome

libc = ctypes.CDLL(None, use_errno=True)
ROOT = Path(__file__).parents[3]


class Filter(Seccomp):
    """The filter as a process without capabilities may put it on."""

    def apply(self, confinement: Confinement) -> None:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        super().apply(confinement)


def call(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


ATTACKS: dict[str, Callable[[], object]] = {
    "fork": fork,
    "program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "internet socket": lambda: socket.socket().close(),
    "unix socket": lambda: socket.socket(socket.AF_UNIX).close(),
    "netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
    "pair": lambda: socket.socketpair(),
    "memory file": lambda: os.memfd_create("x"),
    "shared memory": lambda: call(libc.shmget(0, 4096, 0o1600)),
    "signal to another": lambda: os.kill(os.getppid(), 0),
    "new session": os.setsid,
    "undo not dumpable": lambda: call(libc.prctl(4, 1, 0, 0, 0)),
    "undo death with parent": lambda: call(libc.prctl(1, 0, 0, 0, 0)),
    "pid descriptor": lambda: os.pidfd_open(os.getpid()),
    "limits of another": lambda: __import__("resource").prlimit(os.getppid(), 7),
    "times": lambda: os.utime(TARGET),
    "mode": lambda: os.chmod(TARGET, 0o600),
    "owner": lambda: os.chown(TARGET, -1, -1),
    "link": lambda: os.symlink("x", TARGET.with_name("link")),
    "pipe": lambda: os.mkfifo(TARGET.with_name("pipe")),
    "advice on a file": lambda: opened(lambda fd: os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)),
    "reading ahead": lambda: opened(lambda fd: call(libc.readahead(fd, ctypes.c_long(0), 1))),
    "reading only from the cache": lambda: opened(lambda fd: os.preadv(fd, [bytearray(1)], 0, os.RWF_NOWAIT)),
    "pages in memory": lambda: mapped(lambda at: call(libc.mincore(at, 4096, ctypes.create_string_buffer(1)))),
    "pages out of memory": lambda: mapped(lambda at: call(libc.madvise(at, 4096, 21))),
    "pages marked cold": lambda: mapped(lambda at: call(libc.madvise(at, 4096, 20))),
    "memory of the machine": lambda: call(libc.sysinfo(ctypes.create_string_buffer(256))),
    "writing everything out": lambda: opened(lambda fd: call(libc.syncfs(fd))),
}


def opened(use: Callable[[int], object]) -> None:
    fd = os.open(TARGET, os.O_RDONLY)
    try:
        use(fd)
    finally:
        os.close(fd)


def mapped(use: Callable[[ctypes.c_void_p], object]) -> None:
    memory = mmap.mmap(-1, 4096)
    use(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(memory))))


TARGET = Path("/tmp/target")


@pytest.mark.parametrize("name", ATTACKS)
def test_each_call_works_before_and_is_denied_after(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(Seccomp())
    monkeypatch.setattr(f"{__name__}.TARGET", tmp_path / "target")
    (tmp_path / "target").write_text("x")
    assert outcome(ATTACKS[name]) == ""
    for made in ("link", "pipe"):
        (tmp_path / made).unlink(missing_ok=True)
    assert "not permitted" in outcome(ATTACKS[name], Filter())


def threads() -> None:
    started = [threading.Thread(target=sum, args=([1, 2],)) for _ in range(4)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def two_torch_threads() -> None:
    torch.set_num_threads(2)
    assert torch.ones(400, 400).matmul(torch.ones(400, 400)).sum() > 0


def own_signal() -> None:
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)


def opened_etc(use: Callable[[int], object]) -> None:
    fd = os.open("/etc/passwd", os.O_RDONLY)
    use(fd)
    os.close(fd)


HONEST: dict[str, Callable[[], object]] = {
    "threads": threads, "signal to itself": own_signal,
    "reading": lambda: Path("/etc/passwd").read_text(), "random numbers": lambda: os.urandom(10),
    "reading at a place": lambda: opened_etc(lambda fd: os.preadv(fd, [bytearray(1)], 0)),
    "giving memory back": lambda: mapped(lambda at: call(libc.madvise(at, 4096, 4))),
    "own limits": lambda: __import__("resource").getrlimit(7), "memory": lambda: bytearray(2**24),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_honest_calls_are_not_stopped(name: str) -> None:
    needs(Seccomp())
    assert outcome(HONEST[name], Filter()) == ""


def test_two_threads_of_torch_are_not_stopped() -> None:
    needs(Seccomp())
    code = "from tests.sandbox.layers.test_seccomp import *; print(outcome(two_torch_threads, Filter()))"
    # in a process of its own: torch's thread pool of this one would not survive the fork
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == ""


@pytest.mark.skipif(platform.machine() != "x86_64", reason="32-bit calls exist on x86-64 only")
def test_the_second_set_of_numbers_is_closed() -> None:
    needs(Seccomp())
    x32_getpid = 0x40000000 + 39

    def attempt() -> None:
        call(libc.syscall(x32_getpid))

    assert "not permitted" in outcome(attempt, Filter())


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_program_is_well_formed(machine: str) -> None:
    code = program(machine, 7)
    assert len(code) < 4096
    for index, (operation, yes, no, _) in enumerate(code):
        assert operation in (0x20, 0x15, 0x35, 0x45, 0x06)
        if operation != 0x06 and operation != 0x20:
            assert index + 1 + max(yes, no) < len(code)
    assert code[-1] == (0x06, 0, 0, 0x7FFF0000)


def test_no_number_is_denied_under_two_names() -> None:
    for column in (0, 1):
        numbers = [pair[column] for pair in DENIED.values() if pair[column] is not None]
        assert len(numbers) == len(set(numbers))
