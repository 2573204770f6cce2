"""The page itself: its parts in order, each made from what the code says of itself."""

from __future__ import annotations

from itertools import groupby

from pydantic import BaseModel

from autograder import authoring, checks
from autograder.authoring.milestone import Source
from autograder.cli.manual.calls import entry, markdown_of, methods
from autograder.cli.manual.faults import KINDS, PROBLEM, Fault, faults
from autograder.cli.manual.keys import tables
from autograder.grading.misconceptions import MisconceptionFile
from autograder.release.ships import SHIPPED, STAYS
from autograder.spec.course import Course
from autograder.spec.models import Assignment
from autograder.spec.rubric import Rubric
from autograder.verify.allowed import AllowedFile
from autograder.verify.equivalents import EquivalentFile

CHECKS = ("close", "exact", "satisfies", "equivalent", "derivation", "outline", "excess")
BESIDE = (
    "real", "positive", "integer", "vector", "array_of", "Measured", "never_raises", "Malformed", "rational",
    "rationals", "entries", "fields", "kept_rows",
)  # fmt: skip
MARKS = ("case", "milestone", "replay", "fixture", "Material")
FILES: dict[str, type[BaseModel]] = {
    "assignments/NAME/assignment.toml": Assignment,
    "course.toml": Course,
    "rubric.toml": Rubric,
    "solutions/NAME/misconceptions/QUESTION.toml": MisconceptionFile,
    "solutions/NAME/equivalent.toml": EquivalentFile,
    "solutions/NAME/allowed.toml": AllowedFile,
}
COMMAND = "python -m autograder.cli.manual docs/reference.md"
PRELUDE = """\
import math
from fractions import Fraction

import numpy as np

from autograder.authoring import World
from autograder.checks import *
"""
_HEAD = f"""\
# Reference

<!-- made by {COMMAND}; edit the code instead -->

What may stand in the files of a course, from the code itself. How to go about it:
[first-assignment.md](first-assignment.md), then [writing-an-assignment.md](writing-an-assignment.md). The commands
stand in the table of the [README](../README.md).
"""
_KINDS = {
    "AutograderError": "all of them",
    "UsageError": "the command line",
    "AuthorError": "the files of an assignment",
    "SpecError": "TOML files",
    "CasesError": "the files of cases",
    "BundleError": "an autograder.zip",
    "SubmissionError": "what was handed in",
    "UnreachableError": "what was handed in and may not be read",
    "StoredError": "an output folder",
    "MachineError": "this computer",
    PROBLEM: "what `autograder verify` finds",
}


def reference_page() -> str:
    """docs/reference.md."""
    parts = [_HEAD, _checks(), _worlds(), _marks(), _keys(), _ships(), _errors()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _checks() -> str:
    head = f"""\
## Checks

`from autograder.checks import close, ...`; a case names one in `check=`, and has `close()` without. A check compares
what the student's probe returned with what the reference's returned; `judge` is what the grader calls. When to use
which: [first-assignment.md](first-assignment.md#which-check). The examples of this page begin with

```python
{PRELUDE}```"""
    own = [entry(getattr(checks, name), name) for name in CHECKS]
    beside = [entry(getattr(checks, name), name, doc=_doc_of(name)) for name in BESIDE]
    return "\n\n".join([head, *own, "## Beside the checks", *beside])


def _doc_of(name: str) -> str:
    return getattr(checks, name).__doc__ or ""


def _worlds() -> str:
    head = """\
## Worlds

The second argument of a probe. A shape of `()`, which is the default, gives a Python number."""
    own = [entry(function, f"world.{name}") for name, function in methods(authoring.World).items()]
    return "\n\n".join([head, *own])


def _marks() -> str:
    head = """\
## Marks of probes

`from autograder.authoring import case, ...`; they stand above a function of the files of cases."""
    own = [entry(getattr(authoring, name), name if name == "Material" else f"@{name}") for name in MARKS]
    return "\n\n".join([head, *own, f"### What `material` is given: a `Source`\n\n{markdown_of(Source.__doc__ or '')}"])


def _keys() -> str:
    head = "## Keys of the files\n\nEvery key that a file may have. Others are refused, and the nearest one is named."
    return "\n\n".join([head, *(f"### {file}\n\n{tables(model, file)}" for file, model in FILES.items())])


def _ships() -> str:
    def rows(table: dict[str, str]) -> str:
        return "\n".join(f"| {what} | {why} |" for what, why in table.items())

    return f"""\
## What a handout holds

`autograder release` prints what it hands out of your own text, module by module.

| students get | because |
|---|---|
{rows(SHIPPED)}

| stays with you | |
|---|---|
{rows(STAYS)}"""


def _errors() -> str:
    parts = [
        "## Errors and what mends them\n\nEvery message that is raised on purpose, with … for what differs. "
        "Each names its place; the last line of a message is its fix."
    ]
    order = [*KINDS, PROBLEM]
    every = sorted(faults(), key=lambda f: order.index(f.kind))
    for kind, own in groupby(every, key=lambda f: f.kind):
        rows = [_row(fault) for fault in own]
        parts.append(f"### {kind}: {_KINDS[kind]}\n\n| message | fix |\n|---|---|\n" + "\n".join(dict.fromkeys(rows)))
    return "\n\n".join(parts)


def _row(fault: Fault) -> str:
    cells = (" ".join(text.split()).replace("|", "\\|").replace("<", "&lt;") for text in (fault.what, fault.fix))
    return f"| {' | '.join(cells)} |"
