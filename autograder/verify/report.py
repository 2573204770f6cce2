"""The report of an exam: one row per gate, and for every fault what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["pass", "fail", "warn", "skip"]


@dataclass(frozen=True)
class Problem:
    """One fault: what is wrong, where (case, misconception, line), and the shortest way out."""

    where: str
    what: str
    fix: str = ""

    def text(self) -> str:
        """One line, and one for the fix."""
        return f"{self.where}: {self.what}" + (f"\n    fix: {self.fix}" if self.fix else "")


@dataclass(frozen=True)
class Row:
    """One gate. `figures` is a short summary such as "31 of 31 cases"."""

    gate: str
    status: Status
    figures: str
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0


def row(gate: str, figures: str, problems: Sequence[Problem] = (), warn: bool = False, seconds: float = 0.0) -> Row:
    """A row that fails (or warns) when there are problems."""
    status: Status = ("warn" if warn else "fail") if problems else "pass"
    return Row(gate, status, figures, tuple(problems), seconds)


@dataclass(frozen=True)
class Report:
    """The exam of one assignment.

    Attributes:
        rows: the gates in the order in which they were held.
        certificate: what `write_certificate` writes; None when calibration did not take place.
        mutation: figures and survivors of the mutation run; None without `--mutate`.
        only: the question whose cases were examined; "" for all.
        fingerprints: content of fingerprints.bin; empty without `--fingerprints`.
    """

    assignment: str
    rows: tuple[Row, ...]
    seconds: float = 0.0
    certificate: Mapping[str, Any] | None = None
    mutation: Mapping[str, Any] | None = None
    notes: Sequence[str] = field(default_factory=tuple)
    only: str = ""
    fingerprints: bytes = b""

    @property
    def ok(self) -> bool:
        """No gate failed."""
        return all(r.status != "fail" for r in self.rows)

    def gate(self, name: str) -> Row:
        """The row of that gate (KeyError if none)."""
        for one in self.rows:
            if one.gate == name:
                return one
        raise KeyError(name)

    def problems(self) -> tuple[Problem, ...]:
        """Faults of the gates that failed, in order."""
        return tuple(p for r in self.rows if r.status == "fail" for p in r.problems)

    def to_json(self) -> dict[str, Any]:
        """Everything, for a program."""
        return {
            "assignment": self.assignment,
            "only": self.only,
            "ok": self.ok,
            "seconds": round(self.seconds, 3),
            "gates": [
                {
                    "gate": r.gate,
                    "status": r.status,
                    "figures": r.figures,
                    "seconds": round(r.seconds, 3),
                    "problems": [{"where": p.where, "what": p.what, "fix": p.fix} for p in r.problems],
                }
                for r in self.rows
            ],
            "cases": (self.certificate or {}).get("cases", {}),
            "mutation": self.mutation,
            "notes": list(self.notes),
        }
