"""equivalent.toml: machine-made mutants that are no mistakes, each with a reason. An entry goes stale with its line.

    [[equivalent]]
    function = "sigmoid"
    line = "return np.exp(-np.logaddexp(0, -z))"
    mutant = "return np.exp(-np.logaddexp(-z, 0))"
    reason = "logaddexp is symmetric"

`mutant = "*"` speaks of every mutant of the line that survives: for a line where any of many answers is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from autograder.grading.certificate import EQUIVALENT
from autograder.grading.source import AssignmentSource
from autograder.spec.loading import load_model
from autograder.spec.models import Model
from autograder.verify.operators import Mutant
from autograder.verify.report import Problem

ANY = "*"
Text = Annotated[str, Field(min_length=1)]


class Equivalent(Model):
    """One entry: the function, the line as it stands (white space does not matter), the mutant's line, and why."""

    function: str
    """The function that the mutant is in."""
    line: Text
    """The line as it stands; white space does not matter."""
    mutant: Text
    """The mutant's line; "*" for all survivors of the line."""
    reason: Text
    """Why it is no mistake."""

    @property
    def key(self) -> tuple[str, str, str]:
        """As `Mutant.key`."""
        return self.function, " ".join(self.line.split()), " ".join(self.mutant.split())

    @property
    def whole_line(self) -> bool:
        """Whether it speaks of all survivors of its line."""
        return self.mutant == ANY


class EquivalentFile(Model):
    """equivalent.toml."""

    equivalent: tuple[Equivalent, ...] = ()
    """The mutants: [[equivalent]]."""


def load_equivalents(source: AssignmentSource) -> tuple[Equivalent, ...]:
    """The entries of an assignment; none when it has no file.

    Raises:
        SpecError: the file is malformed.
    """
    path = source.private_folder / EQUIVALENT
    return load_model(path, EquivalentFile).equivalent if path.is_file() else ()


def excuse(entries: Sequence[Equivalent], mutant: Mutant) -> Equivalent | None:
    """The entry that speaks of this mutant, if any; its own before one of the whole line."""
    own = [e for e in entries if e.key == mutant.key]
    line = [e for e in entries if e.whole_line and e.key[:2] == mutant.key[:2]]
    return next(iter(own + line), None)


def stale_entries(entries: Sequence[Equivalent], made: Sequence[Mutant]) -> list[Problem]:
    """Entries that speak of a line or a mutant that is not there any more."""
    keys = {mutant.key for mutant in made}
    lines = {(mutant.function, mutant.before) for mutant in made}
    problems = []
    for entry in entries:
        found = entry.key[:2] in lines if entry.whole_line else entry.key in keys
        if not found:
            gone = "its line has changed" if entry.key[:2] not in lines else "no operator makes this mutant"
            what = f"the entry for `{entry.line}` in `{entry.function}` is stale: {gone}"
            fix = "look at the line again: remove the entry, or write it anew after verify --mutate"
            problems.append(Problem(EQUIVALENT, what, fix))
    return problems
