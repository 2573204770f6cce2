"""README's table of the course: every assignment, and its figures as they are."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.grading.certificate import FILE
from autograder.grading.source import load_source

ROOT = Path(__file__).parents[2]
HEAD = "| assignment | questions | cases | known mistakes | other right solutions | mutants | about |"
NO_MUTANTS = "–"


def rows() -> dict[str, list[str]]:
    """Assignment → the figures of its row."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text[text.index(HEAD) :].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return {name.strip("`*"): figures[:-1] for name, *figures in cells}


def figures(name: str) -> list[str]:
    """Questions, cases, known mistakes, alternates, and mutants that are mistakes."""
    source = load_source(ROOT, name)
    mutation = json.loads((source.private_folder / FILE).read_text(encoding="utf-8"))["mutation"] or {}
    counts = [len(source.spec.questions), len(source.cases.cases), len(source.misconceptions), len(source.alternates)]
    return [f"{n:,}" for n in counts] + [f"{mutation['mutants']:,}" if mutation else NO_MUTANTS]


def test_every_assignment_stands_in_the_table_with_its_figures() -> None:
    names = {p.parent.name for p in (ROOT / "assignments").glob("*/assignment.toml")}
    shown = rows()
    total = shown.pop("all")
    assert shown == {name: figures(name) for name in names}
    every = zip(*shown.values(), strict=True)
    sums = [sum(int(cell.replace(",", "")) for cell in column if cell != NO_MUTANTS) for column in every]
    assert total == [f"{n:,}" for n in sums]


def test_no_mutant_survives_that_nobody_has_looked_at() -> None:
    for path in sorted((ROOT / "solutions").glob(f"*/{FILE}")):
        mutation = json.loads(path.read_text(encoding="utf-8"))["mutation"]
        assert mutation is None or (mutation["survivors"], mutation["hidden_score"]) == ([], 1.0), path
