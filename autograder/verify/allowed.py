"""allowed.toml: findings that are right as they are, each with a reason. Entries that excuse nothing are told.

[[allowed]]
gate = "luck"
case = "random_points"          # or: function = "softmax"
reason = "the mistake shows only where two points coincide, and the text speaks of such points"
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, model_validator

from autograder.grading.certificate import ALLOWED
from autograder.grading.source import AssignmentSource
from autograder.spec.loading import load_model
from autograder.spec.models import Model
from autograder.verify.report import Problem, Row, row

Text = Annotated[str, Field(min_length=1)]


class Allowed(Model):
    """One entry: the gate, the case or the function that it speaks of, and why."""

    gate: Text
    """The gate, as verify prints it."""
    case: str = ""
    """The case that it speaks of …"""
    function: str = ""
    """… or the function; one of the two."""
    reason: Text
    """Why it is right as it is."""

    @model_validator(mode="after")
    def _names_one(self) -> Allowed:
        if bool(self.case) == bool(self.function):
            raise ValueError("give `case` or `function`, one of the two")
        return self

    @property
    def subject(self) -> str:
        """What it speaks of."""
        return self.case or self.function


class AllowedFile(Model):
    """allowed.toml."""

    allowed: tuple[Allowed, ...] = ()
    """The findings: [[allowed]]."""


@dataclass(frozen=True)
class Finding:
    """What a gate found at a case or a function."""

    subject: str
    problem: Problem


def load_allowed(source: AssignmentSource) -> tuple[Allowed, ...]:
    """The entries of an assignment; none when it has no file.

    Raises:
        SpecError: the file is malformed.
    """
    path = source.private_folder / ALLOWED
    return load_model(path, AllowedFile).allowed if path.is_file() else ()


def found_row(
    source: AssignmentSource, gate: str, figures: str, findings: Sequence[Finding], looked_at: Sequence[str]
) -> Row:
    """A row that reports what a gate found and nobody allowed, and entries that excuse nothing any more.

    Args:
        figures: said when nothing was found.
        looked_at: the cases and functions that the gate looked at; of others it knows nothing.
    """
    entries = [e for e in load_allowed(source) if e.gate == gate]
    names = {e.subject for e in entries}
    left = [f.problem for f in findings if f.subject not in names]
    found = {f.subject for f in findings}
    stale = [e for e in entries if e.subject not in found and (e.subject in looked_at or _unknown(source, e))]
    problems = [*left, *(_stale(e) for e in stale)]
    allowed = f", {len(findings) - len(left)} allowed" if len(findings) > len(left) else ""
    said = f"{figures}{allowed}" if not left else f"{len(left)} found{allowed}"
    return row(gate, said, problems)


def _unknown(source: AssignmentSource, entry: Allowed) -> bool:
    names = {c.name for c in source.cases.cases} if entry.case else set(source.reference.replace("(", " ").split())
    return entry.subject not in names


def _stale(entry: Allowed) -> Problem:
    what = f"the entry of `{entry.gate}` for `{entry.subject}` excuses nothing: it is not found there any more"
    return Problem(ALLOWED, what, "remove the entry")
