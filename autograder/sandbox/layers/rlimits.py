"""Resource limits: memory, processor time, file size, open files, tasks, no core dumps."""

from __future__ import annotations

import resource
from pathlib import Path

from autograder.sandbox.layers.base import Confinement, Stage
from autograder.sandbox.layers.devices import OPEN_FILES_OF_DEVICES, THREADS_OF_DEVICES

OPEN_FILES = 64
ADDRESS_SLACK = 3 * 2**30  # thread stacks and malloc arenas reserve address space that they never touch
MiB = 2**20


class Rlimits:
    """setrlimit, hard and soft. RLIMIT_DATA counts private memory, RLIMIT_AS bounds shared mappings as well."""

    name = "rlimits"
    stage: Stage = "worker"
    stops = "filling memory, endless processor time, huge files, thousands of open files, core dumps"
    remedy = "raise the hard limits of the process that grades (ulimit -H)"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        return "" if hasattr(resource, "RLIMIT_AS") else "this system has no setrlimit for memory"

    def apply(self, confinement: Confinement) -> None:
        """Lower every limit; on top of what the libraries already use."""
        size, data = confinement.used or used_memory()
        memory = confinement.memory_mb * MiB
        shared = confinement.values_mb * MiB
        wanted = {
            resource.RLIMIT_DATA: data + memory,
            resource.RLIMIT_AS: size + memory + shared + ADDRESS_SLACK,
            resource.RLIMIT_CPU: confinement.cpu_seconds,
            resource.RLIMIT_FSIZE: confinement.disk_mb * MiB,
            resource.RLIMIT_NOFILE: OPEN_FILES,
            resource.RLIMIT_CORE: 0,
            getattr(resource, "RLIMIT_MEMLOCK", resource.RLIMIT_CORE): 0,
            getattr(resource, "RLIMIT_MSGQUEUE", resource.RLIMIT_CORE): 0,
        }
        threads = confinement.threads
        if confinement.devices:
            del wanted[resource.RLIMIT_DATA], wanted[resource.RLIMIT_AS]
            wanted[resource.RLIMIT_NOFILE], threads = OPEN_FILES_OF_DEVICES, max(threads, THREADS_OF_DEVICES)
        if confinement.uid:
            wanted[resource.RLIMIT_NPROC] = threads + 4
        for limit, value in wanted.items():
            lower(limit, value)


def lower(limit: int, value: int) -> None:
    """Set soft and hard limit, never above the hard one there is."""
    _, hard = resource.getrlimit(limit)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))


def used_memory() -> tuple[int, int]:
    """Bytes of address space and of private data that this process has now (0, 0 where there is no /proc)."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0, 0
    fields = {line.split(":")[0]: line.split() for line in lines}
    return int(fields["VmSize"][1]) * 1024, int(fields["VmData"][1]) * 1024
