"""[cluster] of course.toml as a frozen model: how jobs of grading are asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from autograder.spec.models import Model

Word = Annotated[str, Field(pattern=r"^[\w.,:@%=\[\]|&*-]*$", max_length=200)]
"""A name of the batch system: no blanks, nothing that a shell reads."""


class Cluster(Model):
    """What each job of a cluster asks for, and how the work is cut: [cluster]."""

    spool: str = ""
    """Folder that this machine and all nodes see; `--spool` goes before it."""
    partition: Word = ""
    """Partition of SLURM; its own choice where this is empty."""
    account: Word = ""
    """Account that is charged."""
    qos: Word = ""
    """Quality of service."""
    constraint: Word = ""
    """Features that a node must have."""
    minutes: Annotated[int, Field(ge=1, le=20160)] = 60
    """Time limit of a job."""
    memory_gb: Annotated[float, Field(gt=0, le=4096, strict=False)] = 8.0
    """Memory of a job; what a question may take and 1.5 more, at least."""
    cpus: Annotated[int, Field(ge=1, le=256)] = 1
    """Processors of a job; one is what a worker uses."""
    gpus: Annotated[int, Field(ge=0, le=16)] = 0
    """GPUs of a job."""
    parallel: Annotated[int, Field(ge=1, le=10000)] = 64
    """Jobs at work at a time."""
    job_minutes: Annotated[float, Field(gt=0, le=1440, strict=False)] = 10.0
    """How long a job should last: so many submissions are put into one."""
    tries: Annotated[int, Field(ge=1, le=10)] = 3
    """How often a job may end at a submission (killed, out of time or memory) before that is not graded."""
    wait_hours: Annotated[float, Field(ge=0, le=2400, strict=False)] = 0.0
    """After so long what is still out waits, and the command ends; 0 for no end."""
    python: str = ""
    """Python of the nodes; the one that runs the command by default."""
    setup: tuple[str, ...] = ()
    """Lines of shell that a job runs first, such as "module load cuda"."""

    @field_validator("setup")
    @classmethod
    def _lines(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        for line in lines:
            if "\n" in line:
                raise ValueError("setup: a line of shell each; found one with a line break in it")
        return lines
