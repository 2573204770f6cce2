"""How well machine-made mistakes stand for those of people: `python -m bench.recognised NAME`.

Every mutant of fingerprints.bin is taken for a submission, with its own fingerprint left out: what would its student be
told in each question that it fails?

the same     another mutant with the same words in the same function returns the same
function     other words, or only the function, and it is the right one
elsewhere    another function is told: a false match
nothing      no other mutant fits
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from autograder.checks.fingerprints import Fingerprint
from autograder.grading.mutants_file import FILE, fresh
from autograder.grading.readings import MachineMade
from autograder.grading.record import world_seeds
from autograder.grading.source import find_root, load_source

NEAR = 1e-8


def left_out(made: MachineMade, questions: Mapping[str, str], world: int = 0) -> Counter[str]:
    """Kind of match → in how many (mutant, question) it comes.

    Args:
        questions: case → its question.
    """
    rows: dict[int, dict[str, Fingerprint]] = {}
    dim: dict[int, set[str]] = {}
    for case, worlds in made.shown.items():
        shown = worlds[min(world, len(worlds) - 1)]
        for mutant, form, mark in zip(shown.mutants, shown.forms, shown.marks, strict=True):
            near = NEAR * (1 + abs(float(mark)))
            rows.setdefault(int(mutant), {})[case] = Fingerprint(int(form).to_bytes(4, "big"), float(mark), near)
        for mutant in shown.dim:
            dim.setdefault(mutant, set()).add(case)
    found: Counter[str] = Counter()
    for mutant, own in rows.items():
        for question in {questions[case] for case in own}:
            cases = [c for c in made.shown if questions[c] == question]
            failed = {c: (world, own[c]) for c in cases if c in own}
            passed = [c for c in cases if c not in own and c not in dim.get(mutant, ())]
            others = made.fitting(failed, passed) - {mutant}
            found[_kind(made, mutant, others)] += 1
    return found


def _kind(made: MachineMade, mutant: int, others: set[int]) -> str:
    reading = made.readings[made.of[mutant]]
    told = made.sentence(others) or made.place(others)
    if not told:
        return "nothing"
    functions = {made.readings[made.of[m]].functions for m in others}
    if functions != {reading.functions}:
        mine = set(reading.functions.split(", "))
        return "function" if all(mine & set(f.split(", ")) for f in functions) else "elsewhere"
    return "the same" if reading.words in told else "function"


@click.command(epilog="Example: python -m bench.recognised backprop")
@click.argument("name")
def main(name: str) -> None:
    """Print the counts, and the size of the file."""
    source = load_source(find_root(Path.cwd()), name)
    made = fresh(source, world_seeds(source))
    if made is None:
        raise click.ClickException(f"there are no fingerprints: autograder verify {name} --fingerprints")
    counts = left_out(made, {c.name: c.question for c in source.cases.cases})
    every = sum(counts.values())
    size = (source.private_folder / FILE).stat().st_size
    click.echo(
        f"{len(made.of)} mutants, {len(made.readings)} readings, {size / 1000:.0f} kB; {every} questions failed:"
    )
    for kind, count in counts.most_common():
        click.echo(f"  {kind:10} {count:6}  {count / every:.1%}")


if __name__ == "__main__":
    main()
