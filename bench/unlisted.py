"""What a student is told whose mistake nobody listed: `python -m bench.unlisted NAME`.

Every machine-made mistake is taken for a submission, with its own fingerprint left out, and judged as at home (public
cases, the handout's world) and as in the grade (all cases). Of each that fails anywhere, by the worst of its cases:

misleading  a name, or a function, where none of the functions is wrong that are spoken of
same place  a listed mistake of a function that is wrong, but in some case or world it returns another value: whether
            its sentence is false of this one, a person has to say (`--out` lists them)
named       a listed mistake that returns the same in every case and world, or a change with the same words
function    the function alone, or a change of it in other words
useful      a sentence about the values that came back, a cause, a property's own words
wrong       nothing but "wrong"

Not covered: cases that take long.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from autograder.grading.bundle import Bundle
from autograder.grading.cells import Cells
from autograder.grading.judging import InProcess, wrong_ones
from autograder.grading.reach import changed_names
from autograder.grading.readings import MachineMade
from autograder.grading.record import build_bundle
from autograder.grading.source import find_root, load_source
from autograder.grading.terms import check_of
from autograder.grading.verdict import Verdict
from autograder.grading.worlds import Recorded
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer
from autograder.verify.exam import silent
from autograder.verify.fingerprinting import Field, Rows, alike, all_mutants, as_made
from autograder.verify.gate import Exam, Options
from autograder.verify.matrix import Matrix
from autograder.verify.operators import Mutant
from autograder.verify.twins import twins_of
from autograder.verify.variants import alternates, misconceptions, reference_again
from autograder.verify.words import reading_of
from bench.explained import speaks

ORDER = ("misleading", "same place", "named", "function", "useful", "wrong")
SMALL = " come to the same: look there"
VALUES = ("these are the values that come back when", "it ends like this when")


@dataclass(frozen=True)
class Others(MachineMade):
    """Fingerprints without one."""

    left_out: int = -1

    def fitting(self, failed: Any, passed: Any) -> set[int]:
        """See `MachineMade`."""
        return super().fitting(failed, passed) - {self.left_out}


@dataclass(frozen=True)
class Population:
    """All mutants, what they returned, and what listed mistakes did, whole and in each of their functions alone."""

    exam: Exam
    made: tuple[Mutant, ...]
    rows: Mapping[int, Rows]
    marks: MachineMade
    listed: Mapping[str, tuple[Rows, ...]]
    homes: Mapping[str, frozenset[str]]

    @staticmethod
    def of(exam: Exam) -> Population:
        """Run or read all."""
        field, made = Field(exam), all_mutants(exam)
        rows = {number: one.rows for number, one in enumerate(field.all_ran(made))}
        marks = as_made(exam, made, rows)
        marks = replace(marks, twins=frozenset(n for n, one in twins_of(exam, marks).items() if one.astray))
        asked = {n for names in exam.shop.to_write.values() for n in names}
        source = exam.source
        homes = {
            m.id: frozenset(changed_names(source.reference, source.variant(m)) or asked) for m in source.misconceptions
        }
        listed = {
            m.id: tuple(
                field.rows_of(field.answers(m.id, text, homes[m.id])) for text in (source.variant(m), *source.parts(m))
            )
            for m in source.misconceptions
        }
        return Population(exam, made, rows, marks, listed, homes)

    @cached_property
    def alone(self) -> dict[int, int]:
        """Mutant → its number, where no other has the same words and values."""
        return {group[0]: n for n, group in enumerate(alike(self.made, self.rows)) if len(group) == 1}

    def without(self, number: int) -> Others:
        """The fingerprints without a mutant's own."""
        own = self.alone.get(number, -1)
        return Others(self.marks.readings, self.marks.of, self.marks.shown, self.marks.twins, own)


def same(mine: Rows, its: Rows) -> bool:
    """Whether two mistakes returned the same wherever both were run, and fail in the same cases."""
    return mine.keys() == its.keys() and all(
        (a is None) == (b is None)
        and (a is None or b is None or (a.form == b.form and abs(a.mark - b.mark) <= max(a.reach, b.reach)))
        for a, b in ((mine[k], its[k]) for k in mine)
    )


def kind_of(verdict: Verdict, mutant: Mutant, mine: Rows, people: Population, check: str) -> str:
    """See the module."""
    functions = set(mutant.function.split(", "))
    if verdict.misconception:
        if any(same(mine, its) for its in people.listed[verdict.misconception]):
            return "named"
        return "same place" if people.homes[verdict.misconception] & functions else "misleading"
    words = verdict.diagnosis
    if words.startswith(VALUES) or words.endswith(SMALL):
        told = {f for r in people.marks.readings if words.endswith((f" in {r.places}", f" in {r.places}{SMALL}"))
                for f in r.functions.split(", ")}  # fmt: skip
        if not told & functions:
            return "misleading"
        return "named" if f"when {reading_of(mutant).words} in" in words else "function"
    return "useful" if words or speaks(verdict, check) else "wrong"


def told(bundle: Bundle, answers: Mapping[str, Sequence[Answer]], home: bool) -> tuple[Verdict, ...]:
    """Verdicts of what fails, at home or in the grade."""
    judge = InProcess()
    cases = [c for c in bundle.cases.cases if c.name in answers and (c.public or not home)]
    world = {c.name: Recorded(0 if home else min(1, len(bundle.expected[c.name]) - 1)) for c in cases}
    run = {c.name: answers[c.name][world[c.name].index] for c in cases}
    found = [judge.case(bundle, c, run[c.name], world[c.name]) for c in cases]
    every = [c.name for c in bundle.cases.cases if c.public or not home]
    wrong = {v.case for v in wrong_ones(bundle, found, run)}
    return tuple(v for v in judge.explained(bundle, found, run, every) if v.case in wrong)


def measured(people: Population, base: Bundle, plain: bool, every: int = 1) -> list[dict[str, Any]]:
    """A row per mutant and place where something fails.

    Args:
        plain: without fingerprints.
        every: one of how many is judged.
    """
    field, table = Field(people.exam), []
    checks = {c.name: check_of(c).kind for c in base.cases.cases}
    for number, mutant in enumerate(people.made):
        if number % every or not people.rows[number]:
            continue
        bundle = replace(base, mutants=None if plain else people.without(number))
        answers = field.answers_of(mutant)
        for place in ("home", "grade"):
            rows = [
                {"case": v.case, "kind": kind_of(v, mutant, people.rows[number], people, checks[v.case]),
                 "name": v.misconception, "words": v.feedback or v.diagnosis or v.message}
                for v in told(bundle, answers, place == "home")
            ]  # fmt: skip
            if rows:
                kind = min((r["kind"] for r in rows), key=ORDER.index)
                table.append({"place": place, "kind": kind, "function": mutant.function, "operator": mutant.operator,
                              "detail": mutant.detail, "diff": mutant.diff, "rows": rows})  # fmt: skip
    return table


@click.command(epilog="Example: python -m bench.unlisted backprop --out told.json")
@click.argument("name")
@click.option("--plain", is_flag=True, help="Without fingerprints.")
@click.option("--only", default="", help="A question.")
@click.option("--every", default=1, show_default=True, help="Judge one of so many.")
@click.option("--out", type=click.Path(path_type=Path), help="Write everything as JSON.")
def main(name: str, plain: bool, only: str, every: int, out: Path | None) -> None:
    """Print how many of each kind there are."""
    source = load_source(find_root(Path.cwd()), name)
    with Sandbox.start() as sandbox:
        matrix = Matrix(sandbox, source, Cells.beside(source.root), 1, silent)
        exam = Exam(source, Options(only=only), matrix, (reference_again, alternates, misconceptions))
        table = measured(Population.of(exam), build_bundle(sandbox, source, cells=matrix.cells), plain, every)
    for place in ("home", "grade"):
        kinds = Counter(row["kind"] for row in table if row["place"] == place)
        total = max(sum(kinds.values()), 1)
        shares = ", ".join(f"{kinds[k]} {k} ({kinds[k] / total:.1%})" for k in ORDER)
        click.echo(f"{place}: {total} mistakes: {shares}")
    if out:
        out.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
