"""The batch system through submitit: jobs are sent, asked about and cancelled; no pickled result is ever read.

submitit writes the script, the arrays and the pickle of a call whose arguments are two texts. State comes from `sacct`;
where a cluster keeps no accounts, from `squeue`, which forgets a job soon after its end.
"""

from __future__ import annotations

import importlib
import logging
import os
import re
import shlex
import shutil
import subprocess
import warnings
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Protocol

from autograder.cohort.cluster.causes import GONE
from autograder.cohort.cluster.folder import Shared
from autograder.cohort.cluster.job import run_shard
from autograder.errors import MachineError, UsageError
from autograder.grading.private import not_written
from autograder.spec.cluster import Cluster

MOST_IN_ARRAY = 400
SILENT = 3
"""So many times in a row a job may be unknown to all commands before it counts as gone."""
_ROOT = Path(__file__).resolve().parents[3]
_JOB = re.compile(r"\d+(_\d+)?")


class Refused(Exception):
    """The batch system does not take a job; its own words."""


class Batch(Protocol):
    """A batch system."""

    def send(self, shared: Shared, shards: Sequence[str], avoid: Collection[str]) -> list[str]:
        """Send a job for each shard, none of them to the nodes in `avoid`; their numbers.

        Raises:
            Refused: none was taken.
            MachineError: what they need cannot be written.
        """

    def states(self, jobs: Collection[str]) -> dict[str, str]:
        """Job → its state in SLURM's words; "UNKNOWN" while nothing is known of it."""

    def cancel(self, jobs: Collection[str], name: str) -> None:
        """Cancel these jobs, and all others of that name where one is given."""

    def named(self, name: str) -> set[str]:
        """Jobs of that name that have not ended."""


class Slurm:
    """A `Batch` of SLURM."""

    def __init__(self, settings: Cluster) -> None:
        """
        Raises:
            UsageError: submitit or SLURM's commands are missing.
        """
        self.settings = settings
        self._submitit = load_submitit()
        missing = [c for c in ("sbatch", "srun", "squeue", "scancel") if shutil.which(c) is None]
        if missing:
            raise UsageError(
                "this machine cannot send jobs", where="--executor slurm", found=f"no command {', '.join(missing)}",
                fix="work on a login node of the cluster, or use --executor local",
            )  # fmt: skip
        self._watcher: Any = None
        self._silent: dict[str, int] = {}

    def send(self, shared: Shared, shards: Sequence[str], avoid: Collection[str]) -> list[str]:
        """See `Batch`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            executor = self._submitit.SlurmExecutor(shared.jobs, python=self._python())
            executor.update_parameters(**self.parameters(shared.name, avoid))
            try:
                jobs = executor.map_array(run_shard, [str(shared.folder)] * len(shards), list(shards))
            except (self._submitit.utils.FailedJobError, self._submitit.utils.FailedSubmissionError) as error:
                raise Refused(_words(str(error))) from None
            except OSError as error:
                raise not_written(shared.jobs, error) from None
        return [str(job.job_id) for job in jobs]

    def parameters(self, name: str, avoid: Collection[str]) -> dict[str, Any]:
        """What submitit is told."""
        own = self.settings
        wanted = {
            "job_name": name,
            "partition": own.partition,
            "account": own.account,
            "qos": own.qos,
            "constraint": own.constraint,
            "exclude": ",".join(sorted(avoid)),
            "gpus_per_node": own.gpus,
        }
        return {key: value for key, value in wanted.items() if value} | {
            "time": own.minutes,
            "mem": f"{max(1, round(own.memory_gb * 1024))}MB",
            "cpus_per_task": own.cpus,
            "array_parallelism": own.parallel,
            "signal_delay_s": min(30, own.minutes * 15),
            "wckey": None,
            "setup": [f"export PYTHONPATH={shlex.quote(_path())}", "export PYTHONNOUSERSITE=1", *own.setup],
            "additional_parameters": {"no-requeue": True},  # who is tried again is for us to say, and counted
        }

    def _python(self) -> str | None:
        return shlex.quote(self.settings.python) if self.settings.python else None

    def states(self, jobs: Collection[str]) -> dict[str, str]:
        """See `Batch`."""
        if not jobs:
            return {}
        found = self._by_sacct(jobs)
        unknown = [job for job in jobs if found.get(job, "UNKNOWN") == "UNKNOWN"]
        if unknown:
            found |= self._by_squeue(unknown)
        for job in jobs:
            self._silent[job] = self._silent.get(job, 0) + 1 if found.get(job, "UNKNOWN") == "UNKNOWN" else 0
        return {job: GONE if self._silent[job] > SILENT else found.get(job, "UNKNOWN") for job in jobs}

    def _by_sacct(self, jobs: Collection[str]) -> dict[str, str]:
        if shutil.which("sacct") is None:
            return {}
        if self._watcher is None:
            logging.getLogger("submitit").setLevel(logging.ERROR)  # it says on stderr where sacct fails; we go on
            self._watcher = self._submitit.SlurmJob.watcher
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for job in jobs:
                if job not in self._watcher._registered:
                    self._watcher.register_job(job)
            self._watcher.update()
            return {job: str(self._watcher.get_state(job, mode="cache")) for job in jobs}

    def _by_squeue(self, jobs: Collection[str]) -> dict[str, str]:
        arrays = sorted({job.split("_")[0] for job in jobs})
        text = _said(["squeue", "-h", "-r", "-t", "all", "-o", "%i %T", "-j", ",".join(arrays)])
        rows = [line.split() for line in text.splitlines()]
        return {row[0]: row[1] for row in rows if len(row) == 2 and row[0] in jobs}

    def cancel(self, jobs: Collection[str], name: str) -> None:
        """See `Batch`."""
        own = sorted(job for job in jobs if _JOB.fullmatch(job))
        for start in range(0, len(own), MOST_IN_ARRAY):
            _said(["scancel", *own[start : start + MOST_IN_ARRAY]])
        if name:  # none would mean every job of this user
            _said(["scancel", "--name", name, "--me"])

    def named(self, name: str) -> set[str]:
        """See `Batch`."""
        return set(_said(["squeue", "-h", "-r", "--me", "-o", "%i", "--name", name]).split())


def load_submitit() -> Any:
    """The library.

    Raises:
        UsageError: it is not installed.
    """
    try:
        return importlib.import_module("submitit.slurm.slurm")
    except ImportError:
        raise UsageError(
            "the library that sends jobs is not installed", where="--executor slurm", expected="submitit",
            fix='pip install "autograder-dl[slurm]"',
        ) from None  # fmt: skip


def _path() -> str:
    return os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))


def _said(command: Sequence[str]) -> str:
    """What a command of the batch system prints; nothing where it fails: it is asked again later."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _words(text: str) -> str:
    """The batch system's own words out of submitit's."""
    found = [line.strip() for line in text.splitlines() if "error:" in line]
    return "; ".join(line.split("error:", 1)[1].strip() for line in found)[:400] or " ".join(text.split())[:400]


def unwilling(error: Refused, avoided: dict[str, str]) -> MachineError:
    """What to say when no job is taken and none is out."""
    if avoided:
        nodes = "; ".join(f"{node}: {why}" for node, why in sorted(avoided.items()))
        return MachineError(
            "no node is left on which a sandbox starts", where="--executor slurm", found=nodes[:1500],
            fix="run `autograder doctor` on such a node",
        )  # fmt: skip
    return MachineError(
        "the batch system takes no job", where="--executor slurm", found=str(error),
        fix="mend [cluster] of course.toml, or say it with --cluster KEY=VALUE",
    )  # fmt: skip
