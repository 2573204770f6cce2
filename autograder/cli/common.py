"""Options and small helpers that several commands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.errors import UsageError
from autograder.grading.private import no_right
from autograder.grading.source import AssignmentSource, assignment_names, find_root, load_source
from autograder.intake.ignoring import STORE_MARK

F = TypeVar("F", bound=Callable[..., Any])


def root_option(command: F) -> F:
    """--root, the course folder."""
    return click.option(
        "--root",
        type=click.Path(path_type=Path),
        help="Course folder with assignments/ and solutions/ (default: found upwards from here).",
    )(command)


def secret_option(command: F) -> F:
    """--secret-file, where the course secret lies."""
    return click.option(
        "--secret-file",
        "secret",
        envvar="AUTOGRADER_SECRET_FILE",
        type=click.Path(path_type=Path),
        help="The course secret, if it is not COURSE/course.secret. A zip carries its own key.",
    )(command)


def json_option(command: F) -> F:
    """--json, for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")(command)


def sandbox_option(default: str = "standard") -> Callable[[F], F]:
    """--sandbox, how much confinement is asked for."""
    return click.option(
        "--sandbox",
        "mode",
        type=click.Choice(["strict", "standard", "off"]),
        default=default,
        show_default=True,
        help="Layers that must be in force; refused where this machine lacks one.",
    )


def locate_option(command: F) -> F:
    """--locate, to look for the wrong functions."""
    return click.option(
        "--locate",
        is_flag=True,
        help="Say which function is wrong: failing cases are run with the reference's in its place.",
    )(command)


def root_of(root: Path | None) -> Path:
    """The course folder that a command works in."""
    return find_root((root or Path.cwd()).resolve())


def sources(root: Path | None, names: tuple[str, ...]) -> list[AssignmentSource]:
    """The assignments of these names, or all of the course.

    Raises:
        UsageError: there is none.
    """
    folder = root_of(root)
    chosen = names or assignment_names(folder)
    if not chosen:
        raise UsageError("this course has no assignment", where=str(folder), fix="make one: autograder new NAME")
    return [load_source(folder, name) for name in chosen]


def print_json(table: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(table, indent=2, ensure_ascii=False, default=str))


class Tell(Protocol):
    """Says what is being done, and how much of how much is done where that is known."""

    def __call__(self, what: str, done: int = 0, total: int = 0) -> None: ...


def steps(label: str, quiet: bool = False) -> tuple[Progress, Tell]:
    """A progress bar on a terminal (nothing elsewhere), and the function that moves it."""
    console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
    bar = Progress(
        TextColumn(f"{label}: {{task.description}}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task("starting", total=None)

    def tell(what: str, done: int = 0, total: int = 0) -> None:
        bar.update(task, description=what, total=total or None, completed=done)

    return bar, tell


def writable_folder(path: Path) -> Path:
    """The folder, made if need be.

    Raises:
        UsageError: it cannot be written to, or is a file.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".autograder-write-test"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"the output folder cannot be written: {error.strerror}", where=str(path), fix="choose another with -o"
        ) from None
    return path


def refuse_out_among(paths: Sequence[Path], out: Path) -> None:
    """Refuse to write grades into the folder whose files are graded.

    An OUT of an earlier run that a shell's `*` has named among others does no harm: it is passed over.

    Raises:
        UsageError: OUT is one of the paths.
    """
    same = any(p.is_dir() and p.resolve() == out.resolve() for p in paths)
    if same and (len(paths) == 1 or not (out / STORE_MARK).exists()):
        raise UsageError(
            "the output folder is the folder of submissions", where=str(out), expected="a folder of its own",
            fix=f"-o {out.resolve().parent / 'out'}",
        )  # fmt: skip


def refuse_no_store(out: Path) -> None:
    """Refuse a folder that holds no grades.

    Raises:
        UsageError: there are none.
        MachineError: the folder may not be looked into.
    """
    try:
        there = (out / STORE_MARK).exists()
    except PermissionError as error:
        raise no_right(out, "read", error.strerror or str(error)) from None
    if not there:
        raise UsageError("there are no grades", where=str(out), expected="the output folder of autograder grade")


def complain(damaged: Mapping[str, str], notes: Sequence[str] = ()) -> None:
    """What was found damaged, on stderr."""
    for note in notes:
        click.echo(note, err=True)
    for name, why in sorted(damaged.items()):
        click.echo(f"damaged: {name}: {why}", err=True)
