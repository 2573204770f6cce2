"""The command demo: verify, release and grade a sample cohort, and say where the report is."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from autograder.cli.common import root_of, root_option, sandbox_option, writable_folder
from autograder.cli.demo_course import demo_course, show_course
from autograder.cli.graders import tell_outcome
from autograder.cli.releasing import AUTOGRADER, write_release
from autograder.cli.verifying import examined, print_exam
from autograder.cohort.engine import grade_cohort
from autograder.cohort.progress import watcher_for
from autograder.cohort.sample import write_sample
from autograder.cohort.store import Store
from autograder.errors import UsageError
from autograder.grading.grade import Settings
from autograder.grading.source import load_source
from autograder.intake.collecting import collect
from autograder.release.bundle_zip import read_autograder
from autograder.report.terminal import console_for
from autograder.sandbox.grader.box import Sandbox
from autograder.verify.exam import Options

MARKER = ".autograder-demo"
WRONG = 12


@click.command(epilog="Example: autograder demo -o demo")
@click.option("-o", "--output-dir", "out", default="demo", show_default=True, type=click.Path(path_type=Path))
@click.option("--assignment", "name", default="backprop", show_default=True, help="Which assignment.")
@click.option("--course", "term", is_flag=True, help="A whole term's book instead: 60 people, late days, teams.")
@sandbox_option()
@root_option
def demo(out: Path, name: str, term: bool, mode: str, root: Path | None) -> None:
    """Verify, release and grade a sample cohort of an assignment, and write the report.

    The cohort is made from the assignment's own reference: right work in every form, partial work, known mistakes,
    a crash, an endless loop, a syntax error, a cheat.
    """
    if term:
        _start_afresh(out)
        show_course(out, demo_course(out))
        return
    if mode == "off":
        raise UsageError("the demo grades as in earnest", where="--sandbox off", expected="standard or strict")
    source = load_source(root_of(root), name)
    _start_afresh(out)
    console = console_for()
    with Sandbox.start(mode=mode) as sandbox:  # type: ignore[arg-type]  # click holds it to the modes
        console.rule(f"1. verify {name}: the grader's own exam", align="left")
        report = examined(sandbox, source, Options())
        print_exam(report, console)
        if not report.ok:
            sys.exit(1)
        console.rule(f"2. release {name}", align="left")
        folder = write_release(sandbox, source, out / "dist")
    console.print(
        f"{folder}: {', '.join(f'{p.name} ({p.stat().st_size // 1024} kB)' for p in sorted(folder.iterdir()))}\n"
    )
    console.rule("3. grade a sample cohort", align="left")
    paths = write_sample(source, out / "submissions", limit=WRONG)
    bundle = read_autograder(folder / AUTOGRADER)
    with Store(out / "graded") as store:
        outcome = grade_cohort(
            store,
            bundle,
            collect(paths, bundle.spec.submission).hand_ins,
            settings=Settings(),
            mode=mode,  # type: ignore[arg-type]  # click holds it to the modes
            watcher=watcher_for(sys.stderr),
        )
        tell_outcome(store, bundle, outcome, as_json=False)
    sys.exit(outcome.exit_status)


def _start_afresh(out: Path) -> None:
    """An empty output folder; one that is not an earlier demo's is left alone.

    Raises:
        UsageError: it holds something else.
    """
    if out.is_dir() and any(out.iterdir()):
        if not (out / MARKER).exists():
            raise UsageError("this folder holds something else", where=str(out), fix="choose another with -o")
        shutil.rmtree(out)
    (writable_folder(out) / MARKER).touch()
