"""Options of `grade` that say where it grades, and what follows from them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from autograder.cohort.cluster.batch import Slurm
from autograder.cohort.cluster.cutting import cost_of
from autograder.cohort.cluster.executor import SlurmExecutor
from autograder.cohort.cluster.places import refuse_network
from autograder.cohort.engine import MakeExecutor
from autograder.cohort.local import LocalPool
from autograder.cohort.store import Store
from autograder.cohort.tasks import settings_table
from autograder.errors import UsageError
from autograder.gradebook.policy import COURSE
from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings
from autograder.spec.cluster import Cluster
from autograder.spec.course import Course
from autograder.spec.loading import load_model

F = TypeVar("F", bound=Callable[..., Any])
LOCAL, SLURM = "local", "slurm"
OVERHEAD_GB = 1.5
"""Memory of a job beside what one question may take: the libraries, and the process that judges."""


def executor_options(command: F) -> F:
    """--executor, --spool, --cluster."""
    for option in (
        click.option(
            "--cluster", "pairs", metavar="KEY=VALUE", multiple=True,
            help="In place of a key of [cluster] in course.toml, such as partition=gpu (several times).",
        ),
        click.option(
            "--spool", type=click.Path(path_type=Path), help="With slurm: a folder that this machine and all nodes see."
        ),
        click.option(
            "--executor", "place", type=click.Choice([LOCAL, SLURM]), default=LOCAL, show_default=True,
            help="Where submissions are graded: on this machine, or as jobs of SLURM.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def executor_for(
    place: str, spool: Path | None, pairs: Sequence[str], root: Path | None, out: Path, tell: Callable[[str], None]
) -> Callable[[Store, Bundle, Settings], MakeExecutor]:
    """What makes the executor, once the store is open and it is known what grades.

    Raises:
        UsageError: flags that do not fit, no submitit, no SLURM, OUT on a network file system.
        SpecError: a fault in course.toml.
    """
    if place == LOCAL:
        if spool or pairs:
            flag = "--spool" if spool else "--cluster"
            raise UsageError(f"{flag} is for a cluster", where=flag, fix="say --executor slurm too")
        return lambda store, bundle, settings: LocalPool
    wanted = with_pairs(cluster_of(root), pairs)
    place_of_spool = spool or (Path(wanted.spool) if wanted.spool else None)
    if place_of_spool is None:
        raise UsageError(
            "there is no shared folder for jobs and results", where="--executor slurm",
            fix='--spool DIR, or spool = "DIR" below [cluster] in course.toml; this machine and all nodes must see it',
        )  # fmt: skip
    refuse_network(out)
    batch = Slurm(wanted)

    def make(store: Store, bundle: Bundle, settings: Settings) -> MakeExecutor:
        refuse_little_memory(wanted, bundle)
        if settings.device != "cpu" and not wanted.gpus:
            raise UsageError("jobs ask for no GPU", where=f"--device {settings.device}", fix="--cluster gpus=1")
        return partial(
            SlurmExecutor, out=store.folder, spool=place_of_spool, settings=wanted, batch=batch, tell=tell,
            cost=cost_of(store.seconds_of(bundle.digest, settings_table(settings))),
        )  # fmt: skip

    return make


def cluster_of(root: Path | None) -> Cluster:
    """[cluster] of the nearest course.toml upwards; the defaults where there is none."""
    start = (root or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / COURSE).is_file():
            found = load_model(folder / COURSE, Course).cluster
            return found.model_copy(update={"spool": str(folder / found.spool)}) if found.spool else found
    return Cluster()


def with_pairs(settings: Cluster, pairs: Sequence[str]) -> Cluster:
    """The settings with KEY=VALUE in place of their own.

    Raises:
        UsageError: an unknown key, or a value that is none of it.
    """
    table = settings.model_dump()
    for pair in pairs:
        key, sign, text = pair.partition("=")
        if not sign or key not in table:
            raise UsageError(
                "there is no such key", where=f"--cluster {pair}", expected=f"KEY=VALUE, KEY one of {', '.join(table)}"
            )
        try:
            value = tomllib.loads(f"x = {text}")["x"]
        except tomllib.TOMLDecodeError:
            value = text
        kind = type(table[key])
        table[key] = (tuple(value) if isinstance(value, list) else (text,)) if kind is tuple else (
            text if kind is str else value
        )  # fmt: skip
        try:
            Cluster.model_validate(table)
        except ValidationError as error:
            said = error.errors()[0]["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
            raise UsageError("wrong value", where=f"--cluster {key}", found=text, expected=said) from None
    return Cluster.model_validate(table)


def refuse_little_memory(settings: Cluster, bundle: Bundle) -> None:
    """Refuse jobs in which a submission within its limits would be killed for memory: its author is not to blame.

    Raises:
        UsageError: they have too little.
    """
    most = max(bundle.spec.limits_of(q.id).memory_mb for q in bundle.spec.graded()) / 1024
    if settings.memory_gb < most + OVERHEAD_GB:
        raise UsageError(
            "a job has less memory than one question may take", where="[cluster] memory_gb",
            found=f"{settings.memory_gb:g}", expected=f"{most + OVERHEAD_GB:.1f} or more: a question of "
            f"`{bundle.spec.id}` may take {most:g}, the libraries take the rest",
            fix=f"--cluster memory_gb={most + OVERHEAD_GB:.1f}",
        )  # fmt: skip


def refuse_unknown(only: Sequence[str], bundle: Bundle) -> None:
    """Refuse questions that there are none of.

    Raises:
        UsageError: there is one among them.
    """
    known = [q.id for q in bundle.spec.graded()]
    for name in only:
        if name not in known:
            raise UsageError("there is no such question", where="--only", found=name, expected=", ".join(known))
