"""Places: what kind of file system a folder lies on."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from autograder.errors import UsageError

NETWORK = {
    0x6969: "NFS", 0x517B: "SMB", 0xFF534D42: "CIFS", 0xFE534D42: "SMB 2", 0x0BD00BD0: "Lustre", 0x47504653: "GPFS",
    0x19830326: "BeeGFS", 0x00C36400: "CephFS", 0x5346414F: "AFS", 0x6B414653: "AFS", 0x65735546: "FUSE, as sshfs",
    0x01021997: "9P", 0x7461636F: "OCFS2", 0x01161970: "GFS2", 0xAAD7AAEA: "PanFS", 0x20030528: "OrangeFS",
    0x73757245: "Coda", 0x564C: "NCP",
}  # fmt: skip
"""`f_type` of statfs(2), as linux/magic.h and the file systems' own headers have it."""


def kind_of(path: Path) -> int:
    """`f_type` of the file system that `path` lies on; 0 where this machine does not say."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "statfs"):
        return 0
    buffer = ctypes.create_string_buffer(512)
    if library.statfs(os.fsencode(path), buffer) != 0:
        return 0
    return ctypes.c_ulong.from_buffer(buffer).value & 0xFFFFFFFF


def refuse_network(out: Path, kind: int | None = None) -> None:
    """Refuse an OUT whose database would lie on a network file system.

    Args:
        kind: in place of the real one.

    Raises:
        UsageError: it would.
    """
    name = NETWORK.get(kind_of(out) if kind is None else kind)
    if name is not None:
        raise UsageError(
            f"lies on a network file system ({name}), where locks and the database's journal cannot be relied on",
            where=str(out), expected="an output folder on this machine's own disk; only --spool is shared",
            fix="choose another with -o, such as /var/tmp/grades",
        )  # fmt: skip
