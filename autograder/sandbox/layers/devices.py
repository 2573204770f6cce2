"""The device profile: what is loosened so that a worker can use an NVIDIA GPU, layer by layer.

Everything else stays as it is. The driver's own surface (ioctl on its device files) is large and not confined by any of
this: such workers belong into a machine or container that is thrown away, without the course's secrets.
Sources: NVIDIA's open kernel modules (device files), torch's CUDA notes (one process, no fork after CUDA is up).
"""

from __future__ import annotations

import contextlib
import glob
import os

RELAXED = {
    "environment": "the device is visible to the program",
    "rlimits": "address space and private memory have no bound, because CUDA reserves far more than it uses; more open "
    "files and threads are allowed",
    "landlock": "the driver's files in /dev may be opened and controlled, and its own process looked at and named",
    "namespaces": "the session sees its own processes in /proc",
    "seccomp": "a socket of this machine may be made and named, and nothing be sent by it",
}
CALLS = ("socket", "bind", "listen")  # at the start of the driver's library (580.159 on an H200); of AF_UNIX alone
OPEN_FILES_OF_DEVICES, THREADS_OF_DEVICES = 1024, 256
_NODES = ("/dev/nvidiactl", "/dev/nvidia[0-9]*", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools")
_LIBRARIES = ("libcuda.so*", "libnvidia-ml.so*", "libnvidia-ptxjitcompiler.so*")
_TOLD = ("/proc/self/maps", "/proc/driver/nvidia", "/proc/meminfo", "/sys/devices/system/node")


def visible() -> str:
    """The devices that a worker is shown, as CUDA_VISIBLE_DEVICES names them: those of this process, else the first;
    "" where this process is shown none."""
    return os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip()


def library_paths() -> str:
    """The folders of LD_LIBRARY_PATH that hold the driver's libraries; no other one is opened to a worker."""
    return os.pathsep.join(filter(_of_the_driver, os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)))


def _of_the_driver(folder: str) -> bool:
    return os.path.isabs(folder) and any(glob.glob(os.path.join(glob.escape(folder), n)) for n in _LIBRARIES)


def nodes() -> list[str]:
    """The driver's device files on this machine: of all devices, because CUDA numbers them in another order than they
    do. Which of them a job may use is for the batch system's cgroup to hold."""
    return sorted(path for pattern in _NODES for path in glob.glob(pattern))


def names() -> list[str]:
    """What the driver calls the devices of this machine, without asking them for anything."""
    found = []
    for path in sorted(glob.glob("/proc/driver/nvidia/gpus/*/information")):
        with contextlib.suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
            found += [line.partition(":")[2].strip() for line in file if line.startswith("Model:")]
    return found


def told() -> list[str]:
    """What the driver's libraries read besides."""
    return [path for path in _TOLD if os.path.exists(path)]
