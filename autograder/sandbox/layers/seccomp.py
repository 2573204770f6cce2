"""Seccomp: a filter on system calls, written as a BPF program by hand, so that no library is needed in a container.

It is a list of what is denied, not of what is allowed: torch's own calls change from release to release. Threads may be
started (clone with CLONE_THREAD), processes may not, so one kill is complete. A denied call fails with EPERM; a call of
a foreign architecture ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import platform
import socket
import struct
import sys

from autograder.sandbox.layers.base import Confinement, Stage, checked, libc, tried
from autograder.sandbox.layers.devices import CALLS
from autograder.sandbox.layers.privileges import PR_SET_NO_NEW_PRIVS, prctl
from autograder.sandbox.layers.syscalls import (
    ARCHITECTURES,
    CLONE,
    CLONE3,
    DENIED,
    KILL,
    MADVISE,
    PRCTL,
    PREADV2,
    PRLIMIT64,
    PWRITEV2,
    TGKILL,
)  # fmt: skip

PR_SET_SECCOMP, MODE_FILTER = 22, 2
ALLOW, KILL_PROCESS, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data; low words on little-endian machines
THIRD_ARGUMENT, SIXTH_ARGUMENT = FIRST_ARGUMENT + 2 * 8, FIRST_ARGUMENT + 5 * 8
CLONE_THREAD = 0x10000
X32 = 0x40000000
MADV_COLD, MADV_PAGEOUT = 20, 21
PRCTL_ALLOWED = (15, 16, 23, 3, 39, 0x53564D41)  # names of threads and mappings, and questions

Instruction = tuple[int, int, int, int]
DENY: Instruction = (RETURN, 0, 0, ERRNO | errno.EPERM)
PASS: Instruction = (RETURN, 0, 0, ALLOW)


class Seccomp:
    """The filter."""

    name = "seccomp"
    stage: Stage = "worker"
    stops = (
        "new processes, programs, sockets, debugging, mounts, shared memory, changing modes and owners of files, "
        "asking what lies in the machine's caches"
    )
    remedy = "use Linux on x86-64 or 64-bit ARM with CONFIG_SECCOMP_FILTER"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        if not sys.platform.startswith("linux") or platform.machine() not in ARCHITECTURES:
            return f"no filter for {sys.platform} on {platform.machine()}"
        _first_half(platform.machine())  # here, so that every fork of this process has it
        return tried(_try_it)

    def apply(self, confinement: Confinement) -> None:
        """Filter this process from now on; it has no_new_privs or is root."""
        allowed = CALLS if confinement.devices else ()
        install(assembled(platform.machine(), os.getpid(), allowed))


def _try_it() -> None:
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    install(assembled(platform.machine(), os.getpid()))
    try:
        socket.socket().close()
    except PermissionError:
        return
    raise OSError("a seccomp filter has no effect")


def program(machine: str, pid: int, allowed: tuple[str, ...] = ()) -> list[Instruction]:
    """The filter as BPF instructions (code, jump if true, jump if false, operand).

    Args:
        machine: a key of ARCHITECTURES.
        pid: the process's own number, which it may signal and limit.
        allowed: calls that are let through all the same.
    """
    return [*_denied(machine, allowed), *_conditions(machine, pid, allowed)]


def _denied(machine: str, allowed: tuple[str, ...] = ()) -> list[Instruction]:
    """What no process may call."""
    column, architecture = ARCHITECTURES[machine]
    code: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL_PROCESS), (LOAD, 0, 0, NUMBER),
    ]  # fmt: skip
    if machine == "x86_64":
        code += [(AT_LEAST, 0, 1, X32), DENY]
    for name, numbers in DENIED.items():
        if numbers[column] is not None and name not in allowed:
            code += [(EQUAL, 0, 1, numbers[column] or 0), DENY]
    return [*code, (EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]  # libc then uses clone


def _conditions(machine: str, pid: int, opened: tuple[str, ...] = ()) -> list[Instruction]:
    """What a process may call with some first arguments only; everything else it may."""
    column, _ = ARCHITECTURES[machine]
    code = [(EQUAL, 0, 4, CLONE[column]), (LOAD, 0, 0, FIRST_ARGUMENT), (ANY_BIT, 0, 1, CLONE_THREAD), PASS, DENY]
    for call, allowed in ((KILL, (pid,)), (TGKILL, (pid,)), (PRLIMIT64, (0, pid)), (PRCTL, PRCTL_ALLOWED)):
        code += [(EQUAL, 0, 2 + 2 * len(allowed), call[column]), (LOAD, 0, 0, FIRST_ARGUMENT)]
        for operand in allowed:
            code += [(EQUAL, 0, 1, operand), PASS]
        code.append(DENY)
    for call in (PREADV2, PWRITEV2):  # without flags; with them one learns which pages of a file lie in the cache
        code += [(EQUAL, 0, 4, call[column]), (LOAD, 0, 0, SIXTH_ARGUMENT), (EQUAL, 0, 1, 0), PASS, DENY]
    if "socket" in opened:
        code += [(EQUAL, 0, 4, DENIED["socket"][column] or 0), (LOAD, 0, 0, FIRST_ARGUMENT)]
        code += [(EQUAL, 0, 1, socket.AF_UNIX), PASS, DENY]
    code += [(EQUAL, 0, 5, MADVISE[column]), (LOAD, 0, 0, THIRD_ARGUMENT)]
    code += [(EQUAL, 1, 0, MADV_COLD), (EQUAL, 0, 1, MADV_PAGEOUT), DENY, PASS]
    return [*code, PASS]


@functools.cache
def _first_half(machine: str, allowed: tuple[str, ...] = ()) -> bytes:
    """Assembled once, in the zygote; every worker would otherwise spend a millisecond on it."""
    return _bytes(_denied(machine, allowed))


def assembled(machine: str, pid: int, allowed: tuple[str, ...] = ()) -> bytes:
    """`program` as the kernel reads it."""
    return _first_half(machine, allowed) + _bytes(_conditions(machine, pid, allowed))


def _bytes(code: list[Instruction]) -> bytes:
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in code)


def install(code: bytes) -> None:
    """Put the filter on.

    Raises:
        OSError: the kernel refuses.
    """
    body = ctypes.create_string_buffer(code)
    head = struct.pack("<HxxxxxxQ", len(code) // 8, ctypes.addressof(body))
    checked(libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.c_char_p(head), 0, 0), "prctl(PR_SET_SECCOMP)")
