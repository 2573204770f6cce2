"""Landlock: which files may be read and written, whoever the process is; no TCP, no signals to others.

The ABI is probed and only what it knows is asked for; ABI 1 (Linux 5.13) already has the file rules.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterable

from autograder.sandbox.layers.base import Confinement, Stage, checked, libc, tried
from autograder.sandbox.layers.devices import nodes, told
from autograder.sandbox.layers.privileges import PR_SET_NO_NEW_PRIVS, prctl

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
VERSION = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = 1, 2, 4, 8, 16, 32
MAKE_DIR, MAKE_REG, REFER, TRUNCATE = 1 << 7, 1 << 8, 1 << 13, 1 << 14
IOCTL_DEVICE = 1 << 15  # from ABI 5 on
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE
READ = READ_FILE | READ_DIR
OWN = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE  # no links, pipes, sockets
NULL = READ_FILE | WRITE_FILE
DEVICE = NULL | IOCTL_DEVICE
BITS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}  # from ABI 5 on: 16
TCP_BIND_AND_CONNECT = 3
ABSTRACT_SOCKETS_AND_SIGNALS = 3


class Landlock:
    """Read the libraries, write the scratch, nothing else."""

    name = "landlock"
    stage: Stage = "worker"
    stops = "reading the grader's files, other submissions and /proc, writing outside the scratch"
    remedy = "use Linux 5.13 or newer with `landlock` in the kernel's list of security modules (lsm=)"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        if not sys.platform.startswith("linux"):
            return f"{sys.platform} has no Landlock"
        if abi() < 1:
            return f"the kernel {os.uname().release} has no Landlock, or it is switched off"
        return tried(_try_it)

    def apply(self, confinement: Confinement) -> None:
        """Shut this process in."""
        rules = {**dict.fromkeys(confinement.readable, READ), confinement.scratch: OWN, os.devnull: NULL}
        if confinement.devices:
            rules |= dict.fromkeys(told(), READ) | dict.fromkeys(nodes(), DEVICE)
            rules["/proc/self/task"] = READ | WRITE_FILE | TRUNCATE  # the driver names its threads
        restrict(abi(), rules)


def _try_it() -> None:
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    restrict(abi(), {"/usr": READ})
    try:
        os.listdir("/etc")
    except PermissionError:
        return
    raise OSError("a Landlock rule has no effect")


def abi() -> int:
    """Version of the kernel's Landlock; 0 or less where there is none."""
    return int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION))


def restrict(version: int, rules: dict[str, int]) -> None:
    """Deny everything that Landlock of this version can deny, but for the rights of these paths.

    Raises:
        OSError: the kernel refuses. A path that does not exist is left out.
    """
    handled = (1 << BITS_OF_ABI.get(version, 16)) - 1
    attribute = struct.pack("<QQQ", handled, TCP_BIND_AND_CONNECT if version >= 4 else 0,
                            ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0)  # fmt: skip
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = checked(libc.syscall(CREATE_RULESET, attribute, ctypes.c_size_t(size), 0), "landlock_create_ruleset")
    try:
        for path, rights in _existing(rules.items()):
            _allow(ruleset, path, rights & handled)
        checked(libc.syscall(RESTRICT_SELF, ruleset, 0), "landlock_restrict_self")
    finally:
        os.close(ruleset)


def _existing(rules: Iterable[tuple[str, int]]) -> Iterable[tuple[int, int]]:
    for path, rights in rules:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            yield fd, rights if stat.S_ISDIR(os.fstat(fd).st_mode) else rights & FILE_RIGHTS
        finally:
            os.close(fd)


def _allow(ruleset: int, path: int, rights: int) -> None:
    rule = struct.pack("<Qi", rights, path)  # packed: 12 bytes
    checked(libc.syscall(ADD_RULE, ruleset, 1, rule, 0), "landlock_add_rule")
