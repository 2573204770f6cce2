"""Identity: where the grader is root, the worker becomes a user that owns nothing."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.layers.base import Confinement, Stage, tried
from autograder.sandbox.layers.privileges import CAP_DAC_READ_SEARCH, PR_SET_KEEPCAPS, prctl, set_capabilities

FIRST_UID, UIDS = 61184, 4336  # the range that systemd keeps for users made for one run; fits a 16-bit user namespace


WORKERS = 16  # users that a session has for its workers before it comes to those of the next


def uid_of(session: int, worker: int) -> int:
    """The user of a session's worker. Each has its own: the kernel counts tasks by user, stopped ones too."""
    return FIRST_UID + (session * WORKERS + worker) % UIDS


class Identity:
    """setgroups([]), setresgid, setresuid, in this order.

    A Python below a folder that only root may enter (root's home, say) could not import anything any more. Then, and
    only with Landlock on (which bounds what can be read whoever asks), CAP_DAC_READ_SEARCH stays.
    """

    name = "identity"
    stage: Stage = "worker"
    stops = "reading or changing files of root and of other submissions, signals to other processes"
    remedy = "grade as root (a container's root is enough)"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        if not hasattr(os, "setresuid") or os.geteuid() != 0:
            return "only root can become another user"
        closed = out_of_reach([sys.prefix, sys.base_prefix])
        reason = tried(lambda: become(FIRST_UID, search=bool(closed)))
        return f"{closed}, where Python lies, is closed to other users ({reason})" if closed and reason else reason

    def apply(self, confinement: Confinement) -> None:
        """Become the user of the confinement."""
        become(confinement.uid, confinement.search)


def become(uid: int, search: bool) -> None:
    """Drop to `uid` for good, with the capability to read and search where `search` is true."""
    if search:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    if search:
        set_capabilities({CAP_DAC_READ_SEARCH})


def out_of_reach(paths: Iterable[str]) -> str:
    """The first folder on the way to one of `paths` that another user may not enter; empty when there is none."""
    for path in paths:
        real = Path(path).resolve()
        for folder in [*reversed(real.parents), real]:
            if folder.is_dir() and not folder.stat().st_mode & stat.S_IXOTH:
                return str(folder)
    return ""
