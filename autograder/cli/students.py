"""The command check: what a student sees, at home."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from autograder.cli.common import json_option, locate_option, print_json, root_of, root_option, sandbox_option, steps
from autograder.cohort.locating import Ground, located
from autograder.errors import UsageError
from autograder.grading.cache import cached_bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.grade_form import grade_table
from autograder.grading.judging import InProcess
from autograder.grading.source import AssignmentSource, assignment_names, load_source
from autograder.intake.reading import read_submission
from autograder.report.terminal import print_grade
from autograder.sandbox.grader.box import Sandbox


@click.command(epilog="Example: autograder check backprop.py")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-a", "--assignment", "name", help="The assignment (default: the one whose file has this name).")
@locate_option
@sandbox_option("off")
@root_option
@json_option
def check(file: Path, name: str | None, locate: bool, mode: str, root: Path | None, as_json: bool) -> None:
    """A student's view: the public cases on one file, with explanations.

    Your own code on your own machine runs without confinement unless you ask for it with --sandbox.
    """
    if not os.path.exists(file):
        raise UsageError("there is no such file or folder", where=str(file), fix="look for a typing error in the path")
    source = _assignment_of(file, name, root)
    submission = read_submission(file, source.spec.submission)
    bar, tell = steps("preparing the cases", quiet=as_json)
    with Sandbox.start(mode=mode) as sandbox:  # type: ignore[arg-type]  # click holds it to the three modes
        with bar:
            bundle = cached_bundle(sandbox, source, tell)
        grade, evidence = grade_submission(sandbox, bundle, submission, file.name, Settings(handout=True))
        if locate:
            grade = located(sandbox, Ground(source), bundle, submission, grade, evidence, InProcess())
    if as_json:
        print_json(grade_table(grade))
    else:
        print_grade(grade, hidden_text=False)
    if not grade.graded or not all(v.status.passed or v.status.pending for v in grade.verdicts):
        sys.exit(1)


def _assignment_of(file: Path, name: str | None, root: Path | None) -> AssignmentSource:
    """The assignment that a file is for: the one named, or the one that asks for a file of this name."""
    folder = root_of(root)
    if name:
        return load_source(folder, name)
    for candidate in assignment_names(folder):
        source = load_source(folder, candidate)
        if file.stem == source.spec.submission.module:
            return source
    raise UsageError(
        "no assignment asks for a file of this name",
        where=str(file),
        found=f"assignments: {', '.join(assignment_names(folder)) or 'none'}",
        fix="say which one with --assignment NAME",
    )
