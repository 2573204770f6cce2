"""The zygote's memory in huge pages: a fork copies one entry for 2 MiB in place of 512, and takes half the time.

Collapsing costs about half a second, so a zygote does it only once it has served a few sessions. A worker that writes
to a huge page splits it; nothing else changes.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

from autograder.sandbox.layers.base import libc

HUGE = 2 * 2**20
MADV_COLLAPSE = 25  # Linux 6.1; older kernels answer EINVAL and nothing happens


def collapse() -> int:
    """Collapse private anonymous memory; the number of huge pages made."""
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return 0
    made = 0
    for fields in map(str.split, lines):
        if fields[1] != "rw-p" or (len(fields) > 5 and fields[5] != "[heap]"):
            continue
        low, high = (int(end, 16) for end in fields[0].split("-"))
        for start in range(-(-low // HUGE) * HUGE, high // HUGE * HUGE, HUGE):
            made += libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(HUGE), MADV_COLLAPSE) == 0
    return made
