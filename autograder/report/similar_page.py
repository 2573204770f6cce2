"""Two programs side by side, the parts that are alike marked: for staff who look at a pair, and for nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.report.html import environment

Spans = Sequence[tuple[int, int]]
AROUND = 2


@dataclass(frozen=True)
class Side:
    """One program of a pair: whose, its text, and the first and last lines of the parts that are alike."""

    who: str
    text: str
    alike: Spans


@dataclass(frozen=True)
class Shown:
    """A pair with what is said of it."""

    said: str
    sides: tuple[Side, Side]


def similar_page(title: str, pairs: Sequence[Shown]) -> str:
    """The page of a class' pairs, those to look at first on top."""
    made = [(pair.said, [(side.who, _rows(side)) for side in pair.sides]) for pair in pairs]
    return environment().get_template("similar.html.j2").render(title=title, pairs=made)


def _rows(side: Side) -> list[tuple[int, str, bool]]:
    """Number, text and whether it is alike, for the lines to show; number 0 for a gap."""
    lines = side.text.split("\n")
    marked = {n for first, last in side.alike for n in range(first, last + 1)}
    near = {n for m in marked for n in range(m - AROUND, m + AROUND + 1)}
    rows: list[tuple[int, str, bool]] = []
    for number, line in enumerate(lines, 1):
        if number in near:
            rows.append((number, line, number in marked and bool(line.split("#")[0].strip())))
        elif rows and rows[-1][0]:
            rows.append((0, "", False))
    return rows
