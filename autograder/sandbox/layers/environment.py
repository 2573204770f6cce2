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
        "OMP_WAIT_POLICY": "PASSIVE",  # threads that wait for each other would fill the cores where others work
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "MPLBACKEND": "Agg",
    }


class Environment:
    """The zygote was exec'd with `clean_environment`; home and temporary folders now point into the scratch.

    What is beyond that is removed all the same, should a library have set it.
    """

    name = "environment"
    stage: Stage = "worker"
    stops = "reading tokens and paths from the grader's environment"
    remedy = "none needed; this layer works everywhere"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        return ""

    def apply(self, confinement: Confinement) -> None:
        """Set the worker's variables."""
        for name in set(os.environ) - set(clean_environment()):
            del os.environ[name]
        if confinement.devices:
            os.environ["CUDA_VISIBLE_DEVICES"] = confinement.devices
        for name in ("HOME", "TMPDIR", "MPLCONFIGDIR"):
            os.environ[name] = confinement.scratch
        tempfile.tempdir = None  # it remembers where it was before
