"""How well wrong answers are explained: `python -m bench.explained NAME FOLDER`, for a folder of wrong files.

A wrong file is a whole submission, functions that are put on top of the reference (`.py`), or a diff of the reference
without its marks of solution regions (`.diff`). Which functions are wrong is read off the difference. Per file:

named       a mistake is named, and it lies in a function that is wrong
useful      no name, but a sentence about these very values: a diagnosis, a reading, a cause, a property's own words,
            an argument that was changed, an exception in a line of the student's
wrong       nothing but "wrong"
unseen      every case passes
misleading  a name for a mistake in other functions; a false sentence that a person has noted in `--false FILE`
            (lines `file<TAB>words of the sentence`) counts too. Whether a sentence is true no machine can say here:
            `--texts` prints them all.

`--ladder` judges the same answers once for each mechanism, the earlier ones always beside it: nothing but messages;
listed mistakes; the kind of difference; causes of exceptions; machine-made mistakes; what the inputs tell.

Not covered: cases that take long (`--seconds`), and questions whose functions a file leaves unwritten.
"""

from __future__ import annotations

import ast
import json
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from autograder.cohort.locating import Ground, located
from autograder.grading.bundle import Bundle
from autograder.grading.cache import cached_bundle
from autograder.grading.cells import Cells, Program
from autograder.grading.evidence import Evidence
from autograder.grading.explainers import (
    Explainer,
    exception_cause,
    generic_diagnosis,
    inputs_tell,
    known_misconception,
    machine_made,
)
from autograder.grading.judging import InProcess
from autograder.grading.reach import changed_names, reach_of
from autograder.grading.record import run_variant
from autograder.grading.source import AssignmentSource, find_root, load_source
from autograder.grading.status import Status
from autograder.grading.terms import check_of
from autograder.grading.totals import grade_of
from autograder.grading.verdict import Verdict
from autograder.grading.worlds import Recorded
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Submission
from autograder.verify.variants import to_write

MARKS = ("# BEGIN SOLUTION", "# END SOLUTION")
OWN_WORDS = ("satisfies", "derivation", "excess")
"""Checks whose message is a sentence about what came back."""
KINDS = ("named", "useful", "wrong", "misleading", "unseen")
LADDER: Mapping[str, tuple[Explainer, ...]] = {
    "messages alone": (),
    "+ listed mistakes": (known_misconception,),
    "+ kind of difference": (known_misconception, generic_diagnosis),
    "+ causes of exceptions": (known_misconception, exception_cause, generic_diagnosis),
    "+ machine-made mistakes": (known_misconception, exception_cause, machine_made, generic_diagnosis),
    "+ what the inputs tell": (known_misconception, exception_cause, machine_made, inputs_tell),
}
"""Mechanisms, one after the other; the last is what students are told."""


@dataclass
class Told:
    """What was said of one file. `kinds` counts its failing cases; `kind` is the whole file's."""

    file: str
    functions: tuple[str, ...]
    kind: str = "unseen"
    kinds: Counter[str] = field(default_factory=Counter)
    rows: list[dict[str, str]] = field(default_factory=list)
    located: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    rungs: dict[str, str] = field(default_factory=dict)


def bare(reference: str) -> str:
    """The reference without the lines that mark solution regions."""
    return "".join(line for line in reference.splitlines(True) if not any(m in line for m in MARKS))


def text_of(path: Path, reference: str) -> str:
    """The submission that a wrong file stands for.

    Raises:
        ValueError: a diff that does not apply.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".diff":
        return text if "\n# %%" in text else f"{reference}\n\n# %%\nfrom fractions import Fraction\n{text}"
    with tempfile.TemporaryDirectory() as folder:
        base, made = Path(folder) / "base.py", Path(folder) / "made.py"
        base.write_text(bare(reference), encoding="utf-8")
        done = subprocess.run(
            ["patch", "-s", "-o", str(made), str(base), str(path.resolve())], capture_output=True, text=True
        )
        if done.returncode:
            raise ValueError(f"{path.name} does not apply")
        return made.read_text(encoding="utf-8")


def unwritten(text: str) -> set[str]:
    """Functions that only raise NotImplementedError."""
    return {
        s.name
        for s in ast.parse(text).body
        if isinstance(s, ast.FunctionDef) and isinstance(s.body[-1], ast.Raise)
        and "NotImplementedError" in ast.dump(s.body[-1])
    }  # fmt: skip


def wrong_functions(reference: str, text: str, asked: set[str]) -> tuple[str, ...]:
    """Functions asked for that differ from the reference's, also through helpers, without those left unwritten."""
    changed = changed_names(bare(reference), text)
    changed = asked if changed is None else changed
    return tuple(sorted((set(changed) & asked) - unwritten(text)))


def told_of(bundle: Bundle, answers: Mapping[str, Answer], judge: InProcess) -> tuple[Verdict, ...]:
    """Verdicts with explanations, in the first world that is graded."""
    worlds = {c: Recorded(min(1, len(bundle.expected[c]) - 1)) for c in answers}
    return judge.verdicts(bundle, answers, worlds)


def speaks(verdict: Verdict, check: str) -> bool:
    """Whether a message says more than that values differ."""
    own = check in OWN_WORDS and verdict.status is Status.FAILED
    return (
        own
        or verdict.status is Status.FORBIDDEN
        or "has the right value, but" in verdict.message
        or "changed its argument" in verdict.message
        or (verdict.status is Status.ERROR and ", in `" in verdict.message)
    )


def judged(
    told: Told, verdicts: tuple[Verdict, ...], homes: Mapping[str, frozenset[str]], false: set[str],
    checks: Mapping[str, str],
) -> None:  # fmt: skip
    """Sort the failing cases of a file into kinds."""
    for verdict in verdicts:
        if verdict.status.passed:
            continue
        if verdict.located:
            told.located["right" if set(verdict.located.split(", ")) & set(told.functions) else "wrong"] += 1
        else:
            told.located["none"] += 1
        words = verdict.feedback or verdict.diagnosis
        if verdict.misconception:
            kind = "named" if homes.get(verdict.misconception, frozenset()) & set(told.functions) else "misleading"
        else:
            kind = "useful" if words or speaks(verdict, checks[verdict.case]) else "wrong"
        if any(piece in f"{words} {verdict.message}" for piece in false):
            kind = "misleading"
        told.kinds[kind] += 1
        told.rows.append({"case": verdict.case, "status": verdict.status.value, "kind": kind, "words": words,
                          "misconception": verdict.misconception,
                "located": verdict.located, "message": verdict.message, "got": verdict.got,
                          "expected": verdict.expected, "where": verdict.where})  # fmt: skip
    for kind in ("misleading", "named", "useful", "wrong"):
        if told.kinds[kind]:
            told.kind = kind
            return


def measured(
    source: AssignmentSource, bundle: Bundle, sandbox: Sandbox, cells: Cells, files: list[Path], seconds: float,
    false: Mapping[str, set[str]], ground: Ground | None = None, ladder: bool = False,
) -> Iterator[Told]:  # fmt: skip
    """What is said of each file; with `ladder`, by the earlier mechanisms alone, too."""
    asked = {n for names in to_write(source).values() for n in names}
    homes = {
        m.id: frozenset(changed_names(source.reference, source.variant(m)) or asked) for m in source.misconceptions
    }
    reach = reach_of(source.reference, source.cases)
    checks = {c.name: check_of(c).kind for c in source.cases.cases}
    for path in files:
        try:
            text = text_of(path, source.reference)
        except ValueError as error:
            click.echo(f"{error}: left out")
            continue
        missing = unwritten(text)
        cases = [c.name for c in source.cases.cases if not reach.of(reach.calls[c.name]) & missing]
        seeds = {c: (bundle.expected[c][min(1, len(bundle.expected[c]) - 1)].seed,) for c in cases}
        found = run_variant(sandbox, source, Program(path.stem, text, wrong=True), seeds, cells)
        answers = {case: several[0] for case, several in found.items()}
        answers = {c: a for c, a in answers.items() if a.status != Status.TIMEOUT or a.seconds < seconds}
        functions, noted = wrong_functions(source.reference, text, asked), false.get(path.stem, set())
        told = Told(path.stem, functions)
        for rung, explainers in LADDER.items() if ladder else ():
            step = Told(path.stem, functions)
            judged(step, told_of(bundle, answers, InProcess(explainers=explainers)), homes, noted, checks)
            told.rungs[rung] = step.kind
        verdicts = told_of(bundle, answers, InProcess())
        if ground is not None:
            started = time.monotonic()
            verdicts = located_in(sandbox, ground, bundle, path.stem, text, answers, verdicts)
            told.seconds = time.monotonic() - started
        judged(told, verdicts, homes, noted, checks)
        yield told


def located_in(
    sandbox: Sandbox, ground: Ground, bundle: Bundle, name: str, text: str, answers: Mapping[str, Answer],
    verdicts: tuple[Verdict, ...],
) -> tuple[Verdict, ...]:  # fmt: skip
    """The verdicts with the functions that are wrong."""
    submission = Submission.of_text(name, bundle.spec.submission.module, text)
    worlds = {v.case: v.world for v in verdicts}
    evidence = Evidence(name, submission.digest, bundle.digest, answers, worlds)
    grade = grade_of(bundle, name, submission.digest, verdicts, layers=(), mode="", tool="")
    return located(sandbox, ground, bundle, submission, grade, evidence, InProcess(explainers=())).verdicts


def _false(path: Path | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path else ():
        name, _, words = line.partition("\t")
        found.setdefault(name, set()).add(words)
    return found


@click.command(epilog="Example: python -m bench.explained backprop wrong/backprop")
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--only", default="", help="Files whose name has this in it.")
@click.option("--locate", is_flag=True, help="Look for the wrong functions, too.")
@click.option("--ladder", is_flag=True, help="Tell the sums by mechanism, too.")
@click.option("--texts", is_flag=True, help="Print every sentence.")
@click.option("--seconds", default=60.0, show_default=True, help="Leave timeouts above this out of account.")
@click.option("--false", "noted", type=click.Path(path_type=Path), help="Sentences that a person found false.")
@click.option("--out", type=click.Path(path_type=Path), help="Write everything as JSON.")
def main(
    name: str, folder: Path, only: str, locate: bool, ladder: bool, texts: bool, seconds: float, noted: Path | None,
    out: Path | None,
) -> None:  # fmt: skip
    """Print a line per wrong file and the sums."""
    source = load_source(find_root(Path.cwd()), name)
    files = sorted(p for p in folder.iterdir() if p.suffix in (".py", ".diff") and only in p.name)
    sums: Counter[str] = Counter()
    places: Counter[str] = Counter()
    spent = 0.0
    table: list[dict[str, Any]] = []
    with Sandbox.start() as sandbox:
        bundle = replace(cached_bundle(sandbox, source), key=b"")
        cells = Cells.beside(source.root)
        ground = Ground(source) if locate else None
        for told in measured(source, bundle, sandbox, cells, files, seconds, _false(noted), ground, ladder):
            sums[told.kind] += 1
            places += told.located
            spent += told.seconds
            counts = ", ".join(f"{n} {kind}" for kind, n in told.kinds.items())
            click.echo(f"{told.file:34} {told.kind:10} {counts}")
            for row in told.rows if texts else ():
                said = row["words"] or row["message"]
                click.echo(
                    f"    {row['case']:34} {row['kind']:10} {row['misconception']:26} {row['located']:16} {said}"[:230]
                )
            table.append(vars(told) | {"kinds": dict(told.kinds), "located": dict(told.located)})
    click.echo(f"{len(table)} files: " + ", ".join(f"{sums[k]} {k}" for k in KINDS))
    for rung in LADDER if ladder else ():
        found = Counter(row["rungs"][rung] for row in table)
        click.echo(f"{rung:24} " + ", ".join(f"{found[k]} {k}" for k in KINDS))
    if locate:
        click.echo(f"functions of failing cases: {dict(places)}; {spent / max(len(files), 1):.1f} s a file")
    if out:
        out.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
