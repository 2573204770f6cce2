"""Privileges: no new ones by exec, none left over, no debugger, and death with the parent."""

from __future__ import annotations

import ctypes
import os
import sys

from autograder.sandbox.layers.base import Confinement, Stage, checked, libc, tried

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS = 1, 4, 8
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 36, 38, 24
CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION = 0x20080522
SIGKILL = 9


class Privileges:
    """no_new_privs, not dumpable, capabilities emptied (but for the one that identity may need)."""

    name = "privileges"
    stage: Stage = "worker"
    stops = "setuid programs, leftover root capabilities, reading or tracing the worker by others of its user"
    remedy = "use Linux"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        if not sys.platform.startswith("linux"):
            return f"{sys.platform} has no prctl"
        return tried(lambda: self.apply(Confinement("/")))

    def apply(self, confinement: Confinement) -> None:
        """Give everything up."""
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        set_capabilities({CAP_DAC_READ_SEARCH} if confinement.search else set())
        prctl(PR_SET_DUMPABLE, 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL)


def prctl(option: int, value: int) -> None:
    """prctl(2) with one argument.

    Raises:
        OSError: the kernel refuses.
    """
    checked(libc.prctl(option, value, 0, 0, 0), f"prctl({option})")


def set_capabilities(keep: set[int]) -> None:
    """Effective and permitted capabilities become `keep`, inheritable ones none."""
    mask = sum(1 << number for number in keep)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    data = (ctypes.c_uint32 * 6)(mask, mask, 0, 0, 0, 0)
    checked(libc.capset(ctypes.byref(header), ctypes.byref(data)), "capset")


def adopt_orphans() -> None:
    """Descendants whose parent died become children of this process, so that none can hide."""
    if sys.platform.startswith("linux"):
        prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """SIGKILL when the process that forked this one ends."""
    if sys.platform.startswith("linux"):
        parent = os.getppid()
        prctl(PR_SET_PDEATHSIG, SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
