"""Namespaces: own processes, network, mounts and message queues, for root or by way of a user namespace.

The zygote moves into namespaces of its own before it loads anything; each session then gets a pid namespace whose init
it is (its end is the end of everything in it) and its own network, mounts and queues, for under a millisecond.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from autograder.sandbox.layers.base import Confinement, Stage, checked, libc, tried
from autograder.sandbox.layers.privileges import die_with_parent

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
MS_PRIVATE, MS_REC, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1 << 18, 1 << 14, 2, 4, 8
MNT_DETACH = 2


class Namespaces:
    """unshare(2). Not available in a default Docker container, where the other layers carry the load."""

    name = "namespaces"
    stage: Stage = "session"
    stops = "any network, seeing or signalling other processes, processes that outlive their session"
    remedy = "allow user namespaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0)"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        if not sys.platform.startswith("linux"):
            return f"{sys.platform} has no namespaces"
        return tried(_everything)

    def apply(self, confinement: Confinement) -> None:
        """A session's own network, mounts and queues (its pid namespace is made before it is forked)."""
        unshare(NEWNS | NEWIPC | NEWNET)
        mount("none", "/", "", MS_REC | MS_PRIVATE)
        if confinement.devices:  # a driver looks for its threads by number
            mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)


def _everything() -> None:
    enter_namespaces()
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID, "size=1m")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            new_pid_namespace()
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(child, 0)[1]:
        raise OSError("a second pid namespace cannot be made")


def enter_namespaces() -> None:
    """New namespaces for this process; a user namespace only where it takes one. Its next child is init."""
    uid, gid = os.geteuid(), os.getegid()
    everything = NEWNS | NEWUTS | NEWIPC | NEWPID | NEWNET
    unshare(everything if uid == 0 else everything | NEWUSER)
    if uid != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    mount("none", "/", "", MS_REC | MS_PRIVATE)


def enclose() -> None:
    """Continue as init of new namespaces; the process that called waits for it and ends with it."""
    enter_namespaces()
    child = os.fork()
    if child == 0:
        die_with_parent()
        return
    os.closerange(3, 1024)
    _, status = os.waitpid(child, 0)
    os._exit(1 if status else 0)


def new_pid_namespace() -> None:
    """The next child of this process is init of a new pid namespace; may be called again and again."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        checked(libc.setns(own, NEWPID), "setns")  # back to our own: otherwise a second unshare is refused
        unshare(NEWPID)
    finally:
        os.close(own)


def unshare(flags: int) -> None:
    """unshare(2).

    Raises:
        OSError: the kernel refuses.
    """
    checked(libc.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """mount(2).

    Raises:
        OSError: the kernel refuses.
    """
    parts = (source.encode(), target.encode(), kind.encode() or None, flags, options.encode() or None)
    checked(libc.mount(*parts), f"mount on {target}")


def unmount(target: str) -> None:
    """Take a mount away at once, open files or not."""
    libc.umount2(target.encode(), MNT_DETACH)
