"""Environment: no variable of the grader's reaches student code, neither by os.environ nor by /proc/self/environ."""

from __future__ import annotations

import os
import tempfile

from autograder.sandbox.layers.base import Confinement, Stage


def clean_environment() -> dict[str, str]:
    """What the zygote is exec'd with. One thread for every numerical library, so that nothing is running at a fork."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "HOME": "/nonexistent",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "MPLBACKEND": "Agg",
    }


class Environment:
    """Removes what is not in `clean_environment` and points home and temporary folders into the scratch."""

    name = "environment"
    stage: Stage = "worker"
    stops = "reading tokens and paths from the grader's environment"
    remedy = "none needed; this layer works everywhere"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        return ""

    def apply(self, confinement: Confinement) -> None:
        """Set the worker's variables."""
        os.environ.clear()
        own = {"HOME": confinement.scratch, "TMPDIR": confinement.scratch, "MPLCONFIGDIR": confinement.scratch}
        os.environ.update(clean_environment() | own)
        tempfile.tempdir = None  # it remembers where it was before
