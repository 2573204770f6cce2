"""Fingerprints: what machine-made mistakes return, for the explanations; asked for with --fingerprints."""

from __future__ import annotations

from dataclasses import replace

from autograder.grading.mutants_file import kept
from autograder.verify.fingerprinting import Field, all_mutants, as_made
from autograder.verify.gate import Exam
from autograder.verify.luck import of_mutants
from autograder.verify.report import Problem, Row, row
from autograder.verify.twins import twins_of

MOST_BYTES = 1_000_000


def fingerprints(exam: Exam) -> Row | None:
    """The file's content, small enough to travel with every bundle."""
    if not exam.options.fingerprints:
        return None
    made = all_mutants(exam)
    ran = Field(exam).all_ran(made)
    found = as_made(exam, made, {number: one.rows for number, one in enumerate(ran)})
    twins = twins_of(exam, found)
    astray = {name: one.astray[0] for name, one in twins.items() if one.astray}
    found = replace(found, twins=frozenset(astray))
    seeds = {case: [w.seed for w in worlds] for case, worlds in exam.judge.bundle.expected.items()}
    exam.fingerprints = kept(exam.source, seeds, found)
    size, luck = len(exam.fingerprints), of_mutants([one.lucky for one in ran])
    figures = (
        f"{len(made):,} mutants, {len(found.of):,} that can be recognised by {len(found.readings):,} readings, "
        f"{size / 1000:,.0f} kB; {luck.figures}; public cases cannot tell {len(twins)} listed mistakes from one of them"
    )
    problems = [
        Problem(
            f"misconception `{name}`",
            f"is not told in public: its public cases come to the same when {other.words} in {other.places}",
            "public cases of other sizes, so that no two numbers in them are equal by chance",
        )
        for name, other in astray.items()
    ]
    problems += [finding.problem for finding in luck.findings]
    if size > MOST_BYTES:
        fix = "let fewer cases be cheap, or record fewer worlds of those that many mutants reach"
        problems.append(Problem("fingerprints.bin", f"takes {size:,} bytes; {MOST_BYTES:,} are allowed", fix))
    return row("fingerprints", figures, problems, warn=size <= MOST_BYTES)
