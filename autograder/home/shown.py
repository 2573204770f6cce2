"""Something to show: HTML where there is a notebook, the same as text everywhere else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """What a call of the grader gives back; a notebook shows it, `print` writes its text.

    Attributes:
        passed: whether all is well; None where that is no question.
    """

    text: str
    html: str
    passed: bool | None = None

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text
