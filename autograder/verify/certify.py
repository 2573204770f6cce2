"""Certifying: the table of certificate.json from what an exam found, and writing it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.errors import AuthorError, MachineError
from autograder.grading.certificate import (
    FORMAT,
    RUBRIC,
    certificate_path,
    inputs,
    inputs_digest,
    read_certificate,
    standing,
)
from autograder.grading.code import code_digest
from autograder.grading.environment import environment
from autograder.grading.source import AssignmentSource
from autograder.verify.calibration import Margin
from autograder.verify.flaky import Reseeded
from autograder.verify.report import Report

EXAMINER = ("authoring", "checks", "grading", "release", "sandbox", "spec", "values", "verify")
"""The code that an exam's verdict hangs on."""


def examiner() -> str:
    """A digest of the code that holds exams."""
    return code_digest(EXAMINER)


def holds(source: AssignmentSource) -> bool:
    """Whether this very exam was passed: by these files, with these versions, held by this code."""
    table = read_certificate(source)
    return table is not None and standing(source).state == "fresh" and table.get("examiner") == examiner()


def certificate_table(
    source: AssignmentSource,
    margins: Mapping[str, Margin],
    reseeded: Reseeded | None,
    mutation: Mapping[str, Any] | None,
    thresholds: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What certificate.json holds; see docs/writing-an-assignment.md for its keys.

    Args:
        thresholds: of trained work, with the processor that they were measured on; None where there are none.
    """
    digest = inputs_digest(source)
    earlier = read_certificate(source)
    if mutation is None and earlier is not None and _mutated_as_now(earlier.get("inputs", {}), inputs(source)):
        mutation = earlier.get("mutation")
    cases = {name: margin.to_json() for name, margin in margins.items()}
    if reseeded is not None:
        for name, row in cases.items():
            row["reseeded_worlds"] = reseeded.worlds.get(name, 0)
            row["reseeded_runs"] = reseeded.runs(name)
            row["false_fails"] = reseeded.false_fails(name)
    return {
        "format": FORMAT,
        "assignment": source.spec.id,
        "tool": __version__,
        "digest": digest,
        "environment": environment().table(),
        "examiner": examiner(),
        "inputs": inputs(source),
        "alternates": sorted(source.alternates),
        "misconceptions": len(source.misconceptions),
        "cases": cases,
        "mutation": mutation,
    } | ({"thresholds": dict(thresholds)} if thresholds else {})


def _mutated_as_now(then: Mapping[str, str], here: Mapping[str, str]) -> bool:
    """Whether a run of mutants came of the same files; texts for people are no part of it."""
    texts = {"headings", *RUBRIC}
    return {n: d for n, d in then.items() if n not in texts} == {n: d for n, d in here.items() if n not in texts}


def write_certificate(source: AssignmentSource, report: Report) -> Path:
    """Write the certificate of an exam that was passed with `write`.

    Raises:
        AuthorError: a gate failed, or nothing was measured.
        MachineError: the file cannot be written.
    """
    if not report.ok or report.certificate is None:
        fix = "mend what the table shows first"
        raise AuthorError("no certificate is written: the exam was not passed", where=source.spec.id, fix=fix)
    path = certificate_path(source)
    text = json.dumps(report.certificate, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise MachineError(f"cannot write the certificate: {error.strerror}", where=str(path)) from None
    return path
