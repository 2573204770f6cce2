"""The expectation in the header of an attack or fault: which verdicts each question may get.

expect: energy=timeout                     every case of `energy` ends so, all other questions keep their points
expect: *=error                            every case of every question
expect: energy=failed energy.public=passed its public case is right, its hidden one is not
expect: weights=passed|forbidden evidence=weights    either, and a person is shown something to look at
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
QUESTIONS = ("energy", "weights", "slope", "ranks")
STATUSES = {"passed", "failed", "error", "timeout", "crashed", "memory", "forbidden", "protocol"}
_LINE = re.compile(r"^expect: *(.+)$", re.M)
_LIMIT = re.compile(r"^limit: *(\d+)$", re.M)


@dataclass(frozen=True)
class Expectation:
    """`allowed`: (question, public) → statuses. `evidence`: questions in which a person must be shown something.

    `limit` is the time of a case in seconds.
    """

    allowed: dict[tuple[str, bool], frozenset[str]]
    evidence: tuple[str, ...]
    limit: float = 1.0

    @property
    def attacked(self) -> tuple[str, ...]:
        """Questions that must not get full points."""
        return tuple(q for q in QUESTIONS if any("passed" not in self.allowed[q, public] for public in (True, False)))

    @property
    def untouched(self) -> tuple[str, ...]:
        """Questions that must keep all their points."""
        return tuple(q for q in QUESTIONS if all(self.allowed[q, public] == {"passed"} for public in (True, False)))


def read_expectation(path: Path) -> Expectation:
    """The expectation of a file; ValueError when it has none or an odd one."""
    text = path.read_text()
    found = _LINE.findall(text)
    if len(found) != 1:
        raise ValueError(f"{path.name}: {len(found)} lines begin with `expect:`; one is needed")
    words = dict(word.split("=") for word in found[0].split())
    evidence = tuple(words.pop("evidence", "").split(",")) if "evidence" in words else ()
    allowed = {}
    for question in QUESTIONS:
        for public in (True, False):
            part = f"{question}.{'public' if public else 'hidden'}"
            statuses = words.get(part) or words.get(question) or words.get("*") or "passed"
            allowed[question, public] = frozenset(statuses.split("|"))
    odd = set().union(*allowed.values()) - STATUSES
    known = {"*", *QUESTIONS, *(f"{q}.{p}" for q in QUESTIONS for p in ("public", "hidden"))}
    if odd or set(words) - known or set(evidence) - set(QUESTIONS):
        raise ValueError(f"{path.name}: cannot read {found[0]!r}")
    limit = _LIMIT.search(text)
    return Expectation(allowed, evidence, float(limit[1]) if limit else 1.0)


def attack_files() -> list[str]:
    """Every attack and fault, as `attacks/name.py` or `faults/name.py`."""
    return sorted(str(p.relative_to(HERE)) for kind in ("attacks", "faults") for p in (HERE / kind).glob("*.py"))
