"""The command verify: the grader's own exam, one table per assignment."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.cli.common import json_option, print_json, root_option, sandbox_option, sources, steps
from autograder.errors import AuthorError, UsageError
from autograder.grading.cells import Cells
from autograder.grading.mutants_file import FILE
from autograder.grading.source import AssignmentSource, load_source
from autograder.report.terminal import console_for
from autograder.report.text import seconds_text
from autograder.sandbox.grader.box import Sandbox
from autograder.verify.certify import write_certificate
from autograder.verify.exam import FIRST, GATES, Options, verify_assignment
from autograder.verify.gate import Gate
from autograder.verify.report import Report
from autograder.verify.watch import edits, stamps

MARKS = {"pass": ("✓", "green"), "fail": ("✗", "red"), "warn": ("!", "yellow"), "skip": ("–", "dim")}
MOST_PROBLEMS = 8


@click.command(
    epilog="Examples: autograder verify   autograder verify backprop --mutate   autograder verify depth --write   "
    "autograder verify backprop --only softmax --watch"
)
@click.argument("names", nargs=-1)
@click.option("--mutate", is_flag=True, help="Also run machine-made mutants of the reference: each must fail.")
@click.option("--full", is_flag=True, help="With --mutate: every mutant in every case and world that it reaches.")
@click.option(
    "--fingerprints",
    is_flag=True,
    help="Also run mutants for the explanations of wrong answers; writes fingerprints.bin.",
)
@click.option("--only", metavar="QUESTION", default="", help="The cases of this question only; nothing is certified.")
@click.option("--watch", is_flag=True, help="Again whenever a file of the assignment is saved, until Ctrl-C.")
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
    full: bool,
    fingerprints: bool,
    only: str,
    watch: bool,
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
    _refuse(mutate=mutate, full=full, only=only, watch=watch, write=write, as_json=as_json)
    options = Options(
        mutate=mutate, full=full, fingerprints=fingerprints, only=only, write=write, flaky_seconds=reseed_seconds,
        jobs=jobs,
    )  # fmt: skip
    chosen = _with_question(sources(root, names), only)
    with Sandbox.start(mode=mode) as sandbox:  # type: ignore[arg-type]  # click holds it to the three modes
        reports = [_held(sandbox, source, options, as_json) for source in chosen]
        if watch:
            _watch(sandbox, {s.spec.id: r.ok for s, r in zip(chosen, reports, strict=True)}, chosen[0].root, options)
    if as_json:
        print_json([r.to_json() for r in reports])
    if not all(r.ok for r in reports):
        sys.exit(1)


def _refuse(*, mutate: bool, full: bool, only: str, watch: bool, write: bool, as_json: bool) -> None:
    """Options that say nothing together."""
    if full and not mutate:
        raise UsageError("--full is about mutants", where="--full", fix="give --mutate too")
    if write and (only or watch):
        fix = "verify the whole assignment: autograder verify NAME --write"
        raise UsageError("a certificate is of a whole assignment", where="--only" if only else "--watch", fix=fix)
    if watch and as_json:
        raise UsageError("watching never ends, and JSON is printed at the end", where="--watch", fix="leave out --json")


def _with_question(chosen: list[AssignmentSource], only: str) -> list[AssignmentSource]:
    """The assignments that have this question; all of them for "".

    Raises:
        UsageError: none has it.
    """
    known = [q.id for source in chosen for q in source.spec.graded()]
    if only and only not in known:
        raise UsageError(
            "no such question that a machine grades", where="--only", found=only, expected=f"one of {', '.join(known)}"
        )
    return [s for s in chosen if not only or only in {q.id for q in s.spec.graded()}]


def _held(sandbox: Sandbox, source: AssignmentSource, options: Options, as_json: bool) -> Report:
    """The exam of one assignment, printed, and certified where that is asked for; of a question, quick gates first."""
    before = _first(sandbox, source, options) if options.only and not as_json and not options.mutate else 0.0
    report = examined(sandbox, source, options, quiet=as_json)
    report = replace(report, seconds=before + report.seconds)
    if not as_json:
        print_exam(report, console_for())
    if options.write and report.ok:
        path = write_certificate(source, report)
        click.echo(f"wrote {path}", err=as_json)
    if report.fingerprints and report.ok and not options.only:
        (source.private_folder / FILE).write_bytes(report.fingerprints)
        click.echo(f"wrote {source.private_folder / FILE}", err=as_json)
    return report


def _first(sandbox: Sandbox, source: AssignmentSource, options: Options) -> float:
    """One line, or what is wrong, of the gates that need few programs; the others run on. Seconds that it took."""
    report = examined(sandbox, source, options, gates=FIRST)
    failed = [row for row in report.rows if row.status == "fail"]
    wrong = [f"{row.gate}: {problem.text()}" for row in failed for problem in row.problems]
    right = ", ".join(row.gate for row in report.rows if row.status == "pass")
    click.echo(
        f"{options.only} after {report.seconds:.1f} s: {right or 'no gate'} passed" + (" …" if not wrong else "")
    )
    for line in wrong[:MOST_PROBLEMS]:
        click.echo(f"  ✗ {line}")
    return report.seconds


def _watch(sandbox: Sandbox, fine: dict[str, bool], root: Path, options: Options) -> NoReturn:
    """Hold the exam again after each edit; Ctrl-C ends it, with the exit status of the last exams.

    Args:
        fine: assignment → whether its last exam was passed.
    """
    click.echo(f"watching {', '.join(fine)}; Ctrl-C ends it")
    try:
        for changed in edits(tuple(fine), partial(stamps, root), time.sleep):
            for name in changed:
                try:
                    fine[name] = _held(sandbox, load_source(root, name), options, as_json=False).ok
                except AuthorError as error:
                    fine[name] = False
                    click.echo(error.text(), err=True)
    except KeyboardInterrupt:
        click.echo()
    sys.exit(0 if all(fine.values()) else 1)


def examined(
    sandbox: Sandbox, source: AssignmentSource, options: Options, quiet: bool = False, gates: Sequence[Gate] = GATES
) -> Report:
    """The exam of one assignment, with a progress bar on a terminal."""
    bar, tell = steps(f"verify {source.spec.id}", quiet)
    with bar:
        return verify_assignment(sandbox, source, options, tell, cells=Cells.beside(source.root), gates=gates)


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
    console.print(Text(_in_all(report), style="bold green" if report.ok else "bold red"))
    console.print()


def _in_all(report: Report) -> str:
    if not report.ok:
        return "not ready for release"
    return f"all gates of `{report.only}` pass" if report.only else "all gates pass"


def _print_problems(gate: str, status: str, problems: list[str], console: Console) -> None:
    if not problems or status not in ("fail", "warn"):
        return
    console.print(Text(f"{gate}:", style=MARKS[status][1]))
    for problem in problems[:MOST_PROBLEMS]:
        console.print(Text(f"  {problem}"))
    if len(problems) > MOST_PROBLEMS:
        console.print(Text(f"  … and {len(problems) - MOST_PROBLEMS} more (--json lists them all)", style="dim"))
