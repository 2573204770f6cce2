"""The command verify: the grader's own exam, one table per assignment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.cli.common import json_option, print_json, root_option, sandbox_option, sources, steps
from autograder.grading.cells import Cells
from autograder.grading.source import AssignmentSource
from autograder.report.terminal import console_for
from autograder.report.text import seconds_text
from autograder.sandbox.grader.box import Sandbox
from autograder.verify.certify import write_certificate
from autograder.verify.exam import Options, verify_assignment
from autograder.verify.report import Report

MARKS = {"pass": ("✓", "green"), "fail": ("✗", "red"), "warn": ("!", "yellow"), "skip": ("–", "dim")}
MOST_PROBLEMS = 8


@click.command(
    epilog="Examples: autograder verify   autograder verify backprop --mutate   autograder verify depth --write"
)
@click.argument("names", nargs=-1)
@click.option("--mutate", is_flag=True, help="Also run machine-made mutants of the reference: each must fail.")
@click.option("--write", is_flag=True, help="Measure tolerances anew and write certificate.json when all gates pass.")
@click.option(
    "--reseed-seconds",
    type=click.FloatRange(1),
    default=Options.flaky_seconds,
    show_default=True,
    help="With --write: time for runs of right work in new worlds, 200 a case where there is time.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, show_default=True, help="Programs at a time."
)
@sandbox_option()
@root_option
@json_option
def verify(
    names: tuple[str, ...],
    mutate: bool,
    write: bool,
    reseed_seconds: float,
    jobs: int,
    mode: str,
    root: Path | None,
    as_json: bool,
) -> None:
    """Hold the grader's own exam: right work passes, wrong work fails, for every question.

    Exit status 1 when a gate fails, with the shortest way to mend it.
    """
    reports = []
    options = Options(mutate=mutate, write=write, flaky_seconds=reseed_seconds, jobs=jobs)
    with Sandbox.start(mode=mode) as sandbox:  # type: ignore[arg-type]  # click holds it to the three modes
        for source in sources(root, names):
            report = examined(sandbox, source, options, quiet=as_json)
            reports.append(report)
            if not as_json:
                print_exam(report, console_for())
            if write and report.ok:
                path = write_certificate(source, report)
                click.echo(f"wrote {path}", err=as_json)
    if as_json:
        print_json([r.to_json() for r in reports])
    if not all(r.ok for r in reports):
        sys.exit(1)


def examined(sandbox: Sandbox, source: AssignmentSource, options: Options, quiet: bool = False) -> Report:
    """The exam of one assignment, with a progress bar on a terminal."""
    bar, tell = steps(f"verify {source.spec.id}", quiet)
    with bar:
        return verify_assignment(sandbox, source, options, tell, cells=Cells.beside(source.root))


def print_exam(report: Report, console: Console) -> None:
    """The table of gates, and below it what failed and how to mend it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("")
    table.add_column("gate", no_wrap=True)
    table.add_column("", ratio=1)
    for row in report.rows:
        mark, style = MARKS[row.status]
        table.add_row(Text(mark, style=style), row.gate, Text(row.figures, style="" if row.status == "fail" else "dim"))
    console.print(Text(f"{report.assignment}  ({seconds_text(report.seconds)})", style="bold"))
    console.print(table)
    for row in report.rows:
        _print_problems(row.gate, row.status, [p.text() for p in row.problems], console)
    for note in report.notes:
        console.print(Text(note, style="dim"))
    console.print(
        Text(
            "all gates pass" if report.ok else "not ready for release", style="bold green" if report.ok else "bold red"
        )
    )
    console.print()


def _print_problems(gate: str, status: str, problems: list[str], console: Console) -> None:
    if not problems or status not in ("fail", "warn"):
        return
    console.print(Text(f"{gate}:", style=MARKS[status][1]))
    for problem in problems[:MOST_PROBLEMS]:
        console.print(Text(f"  {problem}"))
    if len(problems) > MOST_PROBLEMS:
        console.print(Text(f"  … and {len(problems) - MOST_PROBLEMS} more (--json lists them all)", style="dim"))
