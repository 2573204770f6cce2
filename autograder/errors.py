"""Every error that this package raises on purpose, and whose fault each one is.

    AutograderError                 what, where, found, expected, fix: one printed paragraph
    ├── UsageError                  the command line: no such file, impossible flags
    ├── AuthorError                 the assignment: its toml, cases, solutions, misconceptions
    │   ├── SpecError               assignment.toml / course.toml
    │   ├── CasesError              the files of cases do not load, or do not fit the spec
    │   └── BundleError             an autograder zip that is none, or is damaged
    ├── SubmissionError             the student's file cannot be read at all (graded as `error`, never a traceback)
    │   └── UnreachableError        this computer did not let us read it: no fault of its content, so *not graded*
    ├── StoredError                 a file of an output folder: damaged, or written by a newer version
    └── MachineError                this computer: no sandbox layer, no disk, a worker that will not start

What a student's *code* does wrong is never an exception here: it is a verdict (`error`, `timeout`, `crashed`, ...).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class AutograderError(Exception):
    """An error with a place and a way out.

    Args:
        what: what is wrong, one sentence.
        where: file, key, question or case.
        found: what was there.
        expected: what should be there.
        fix: the next thing to do.
        also: further faults of the same file.
    """

    exit_status = 2

    def __init__(
        self, what: str, *, where: str = "", found: str = "", expected: str = "", fix: str = "",
        also: Sequence[AutograderError] = (),
    ) -> None:  # fmt: skip
        self.what, self.where, self.found, self.expected, self.fix = what, where, found, expected, fix
        self.also = tuple(also)
        super().__init__(self.text())

    def text(self) -> str:
        """The whole paragraph, as the command line prints it."""
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        for label, value in (("found", self.found), ("expected", self.expected), ("fix", self.fix)):
            if value:
                lines.append(f"  {label + ':':<10}{value}")
        return "\n".join([*lines, *(other.text() for other in self.also)])

    def sentence(self) -> str:
        """The same in one line, for notes and tables: what: found; expected ...; fix."""
        first = f"{self.where}: {self.what}" if self.where else self.what
        parts = [f"{first}: {self.found}" if self.found else first]
        parts += [f"expected {self.expected}"] if self.expected else []
        parts += [self.fix] if self.fix else []
        return " ".join("; ".join(parts).split())


def near(word: str, known: Iterable[str]) -> str:
    """``did you mean `title`?``, where one of `known` is nearly the word; "" otherwise."""
    names = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), names, n=1)
    return f"did you mean `{names[found[0]]}`?" if found else ""


def at_fault(error: BaseException) -> str:
    """Whose fault it is that something was not graded, in a clause for those whom it hits; it is no student's."""
    if isinstance(error, AuthorError):
        return "the assignment's own files have a fault"
    if isinstance(error, UnreachableError):
        return "the computer that grades could not read what was handed in"
    if isinstance(error, (MachineError, OSError, MemoryError)):
        return "the computer that grades failed, or lacks something"
    return "the grader itself failed"


class UsageError(AutograderError):
    """Wrong use of a command."""


class AuthorError(AutograderError):
    """A fault in the files of an assignment."""


class SpecError(AuthorError):
    """A fault in assignment.toml or course.toml."""


class CasesError(AuthorError):
    """The files of cases do not load, or do not fit the assignment."""


class BundleError(AuthorError):
    """A file that should be an autograder zip and is not."""


class SubmissionError(AutograderError):
    """A submission that cannot be read."""


class UnreachableError(SubmissionError):
    """A submission that this computer did not let us read (permissions, a failing disk): nobody's zero."""


class StoredError(AutograderError):
    """A file that was kept (a grade, evidence) and cannot be read."""


class MachineError(AutograderError):
    """Something this computer lacks."""
