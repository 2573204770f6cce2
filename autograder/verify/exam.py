"""The exam: everything that `autograder verify` does to one assignment, in order."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.errors import AuthorError
from autograder.grading.bundle import Bundle
from autograder.grading.certificate import certificate_state
from autograder.grading.record import misconception_record, record_reference, world_seeds
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox
from autograder.verify import gates
from autograder.verify.agreement import coverage_problems, id_problems, stub_file_problems
from autograder.verify.calibration import Margin, calibrate, margins_gate, unreached_gate
from autograder.verify.certify import certificate_table
from autograder.verify.equivalents import load_equivalents, stale_entries
from autograder.verify.flaky import Reseeded, flaky_gate, planned, reseed
from autograder.verify.judging import Judge, Verdicts
from autograder.verify.mutation import mutation_gate, run_mutation
from autograder.verify.operators import mutants
from autograder.verify.reach import changed_names, reach_of
from autograder.verify.report import Problem, Report, Row, row
from autograder.verify.variants import (
    TRIVIAL_RETURNS,
    Answers,
    Progress,
    Variant,
    run_all,
    stub_text,
    threaded,
    trivial_program,
    without_later,
)

Runs = Mapping[tuple[str, str], Answers]


@dataclass(frozen=True)
class Options:
    """What an exam is to do.

    Attributes:
        mutate: run the machine-made mutants too.
        write: calibrate anew, re-seed, and make a certificate when everything passes.
        flaky: re-seeded runs of the reference and each alternate, per case.
        flaky_seconds: time for them; expensive cases get fewer, and the certificate says how many.
        jobs: programs that run at a time.
    """

    mutate: bool = False
    write: bool = False
    flaky: int = 200
    flaky_seconds: float = 60.0
    jobs: int = 2


def silent(what: str, done: int, total: int) -> None:
    """Progress for nobody."""


def verify_assignment(
    sandbox: Sandbox, source: AssignmentSource, options: Options | None = None, progress: Progress = silent
) -> Report:
    """Hold the exam of one assignment.

    Args:
        progress: told (what, done, all) after each step.

    Raises:
        MachineError: the sandbox is gone.
    """
    options = options or Options()
    started = time.monotonic()
    rows = static_rows(source)
    problem, findings = _unusable(source), None
    if problem is None:
        try:
            findings = _dynamic(sandbox, source, options, progress)
            rows += findings.rows
        except AuthorError as error:
            problem = Problem(error.where or source.spec.id, f"{error.what} {error.found}".strip(), error.fix)
    if problem is not None:
        rows.append(Row("reference 100", "fail", "cannot be run", (problem,)))
    seconds = time.monotonic() - started
    if findings is None:
        return Report(source.spec.id, tuple(rows), seconds)
    table = certificate_table(source, findings.margins, findings.reseeded, findings.mutation)
    return Report(source.spec.id, tuple(rows), seconds, table, findings.mutation)


@dataclass
class Findings:
    """What the runs showed."""

    rows: list[Row]
    bundle: Bundle
    margins: Mapping[str, Margin]
    reseeded: Reseeded | None = None
    mutation: Mapping[str, Any] | None = None


def static_rows(source: AssignmentSource) -> list[Row]:
    """The gates that need no run."""
    counts = f"{len(source.cases.cases)} cases, {len(source.misconceptions)} misconceptions, {len(source.alternates)}"
    return [
        row("ids agree", f"{len(source.spec.questions)} questions", id_problems(source)),
        row("stub file", "fresh", stub_file_problems(source)),
        row("coverage", f"{counts} alternates", coverage_problems(source), warn=True),
        *_equivalents(source),
    ]


def _equivalents(source: AssignmentSource) -> list[Row]:
    """Recorded equivalent mutants still speak of lines that are there."""
    try:
        entries = load_equivalents(source)
        made = mutants(source.reference, source.spec.submission.file) if entries else ()
    except AuthorError as error:
        return [Row("equivalents", "fail", "cannot be read", (Problem(error.where, error.what, error.fix),))]
    return [row("equivalents", f"{len(entries)} recorded", stale_entries(entries, made))] if entries else []


def _unusable(source: AssignmentSource) -> Problem | None:
    """A fault in the texts that variants are made of."""
    try:
        stub_text(source)
        for misconception in source.misconceptions:
            compile(source.variant(misconception), misconception.id, "exec")
        for name in source.alternates:
            compile(source.alternate(name), name, "exec")
    except AuthorError as error:
        return Problem(error.where, f"{error.what} {error.found}".strip(), error.fix)
    except SyntaxError as error:
        return Problem(f"{error.filename}:{error.lineno}", f"does not compile: {error.msg}", "mend it")
    return None


def variants_of(source: AssignmentSource) -> list[Variant]:
    """Every program of the exam, with the cases that it is run on: those in reach of what it changes."""
    seeds = world_seeds(source)
    reach = reach_of(source.reference, source.cases)

    def changed(kind: str, name: str, text: str, also: tuple[str, ...] = ()) -> Variant:
        cases = {*reach.cases(changed_names(source.reference, text)), *also}
        return Variant(kind, name, text, {n: s for n, s in seeds.items() if n in cases})

    made = [Variant("right", "run again", source.reference, seeds)]
    once = {n: s[:1] for n, s in seeds.items()}
    if "torch" in reach.uses:
        made.append(Variant("right", "2 threads", threaded(source, 2), once))  # dear where other work fills the cores
    made += [changed("alternate", n, source.alternate(n)) for n in source.alternates]
    made.append(Variant("stub", "stub", stub_text(source), seeds))
    made += [changed("misconception", m.id, source.variant(m), m.fails) for m in source.misconceptions]
    for question in source.spec.graded():
        own = {c.name for c in source.cases.of(question.id)}
        chosen = {n: s[:1] for n, s in seeds.items() if n in own}
        made.append(Variant("later", question.id, without_later(source, question.id), chosen))
    made += [Variant("trivial", name, trivial_program(source, value), once) for name, value in TRIVIAL_RETURNS.items()]
    return made


def _dynamic(sandbox: Sandbox, source: AssignmentSource, options: Options, progress: Progress) -> Findings:
    """Everything that needs runs."""
    progress("reference", 0, 1)
    expected = record_reference(sandbox, source)
    variants = variants_of(source)
    runs = run_all(sandbox, source, variants, options.jobs, progress)
    mistakes = _of_kind(runs, "misconception")
    judge = Judge(
        Bundle(
            spec=source.spec,
            spec_text=source.spec_text,
            cases=source.cases,
            support=source.support,
            expected=expected,
            misconceptions=tuple(misconception_record(m, mistakes[m.id]) for m in source.misconceptions),
            tolerances=source.tolerances,
        )
    )
    seconds = _seconds(judge, runs["right", "run again"])
    reseeded = None
    if options.write and options.flaky:
        right = [v for v in variants if v.kind in ("right", "alternate")]
        plan = planned(seconds, _programs(right), options.flaky, options.flaky_seconds)
        reseeded = reseed(sandbox, source, judge, right, plan, options.jobs, progress)
    findings = judged(judge, source, runs, reseeded, options)
    if options.mutate:
        mutation = run_mutation(sandbox, source, findings.bundle, seconds, options.jobs, progress)
        findings.rows.append(mutation_gate(mutation, source.spec.submission.file))
        findings.mutation = mutation.to_json()
    findings.rows.append(_freshness(source, options))
    return findings


def judged(judge: Judge, source: AssignmentSource, runs: Runs, reseeded: Reseeded | None, options: Options) -> Findings:
    """Every gate that judges answers, at the tolerances in force (measured anew with `options.write`)."""
    good = {**_of_kind(runs, "right"), **_of_kind(runs, "alternate")}
    right: dict[str, Verdicts] = {name: judge.worlds(answers) for name, answers in good.items()}
    if reseeded is not None:
        right |= {f"{name}, re-seeded": verdicts for name, verdicts in reseeded.verdicts.items()}
    margins = calibrate(judge.bundle, right, _wrong(judge, source, runs), {} if options.write else source.tolerances)
    tolerances = {m.case: m.tolerance for m in margins.values() if m.tolerance is not None}
    judge = judge.at(replace(judge.bundle, tolerances=tolerances))
    verdicts = {name: judge.worlds(a, explain=True) for name, a in _of_kind(runs, "misconception").items()}
    first = "mend the case: the reference itself must pass, whenever and with however many threads it runs"
    other = "mend the alternate, or a case that asks too much"
    rows = [
        gates.full_marks("reference 100", judge, _of_kind(runs, "right"), first),
        gates.stub_gate(judge, source, runs["stub", "stub"]),
        gates.full_marks("alternates 100", judge, _of_kind(runs, "alternate"), other),
        gates.misconceptions_gate(source, verdicts),
        gates.named_gate(source, verdicts),
        gates.trivial_gate(judge, _of_kind(runs, "trivial")),
        margins_gate(margins),
        unreached_gate(margins),
        gates.later_gate(judge, _of_kind(runs, "later")),
        gates.leak_gate(source, judge.bundle),
    ]
    if reseeded is not None:
        reseeded = reseeded.at(tolerances)
        rows.append(flaky_gate(reseeded))
    return Findings(rows, judge.bundle, margins, reseeded)


def _wrong(judge: Judge, source: AssignmentSource, runs: Runs) -> dict[str, Verdicts]:
    """Verdicts of the misconceptions in the cases that they must fail."""
    return {
        m.id: judge.worlds({c: a for c, a in runs["misconception", m.id].items() if c in m.fails})
        for m in source.misconceptions
    }


def _seconds(judge: Judge, answers: Answers) -> dict[str, float]:
    """Time of one run and one judgement of every case."""
    found = {}
    for case, several in answers.items():
        started = time.monotonic()
        judge.case(case, several[0], 0)
        found[case] = statistics.fmean(a.seconds for a in several) + time.monotonic() - started
    return found


def _programs(variants: list[Variant]) -> dict[str, int]:
    """Programs that run each case."""
    return Counter(case for variant in variants for case in variant.seeds)


def _freshness(source: AssignmentSource, options: Options) -> Row:
    state = certificate_state(source)
    if options.write:
        return Row("certificate", "pass", "is written when all gates pass")
    problems = []
    if state != "fresh":
        what = "there is none" if state == "missing" else "the assignment has changed since it was written"
        problems = [Problem("certificate.json", what, f"autograder verify {source.spec.id} --write")]
    return row("certificate", state, problems)


def _of_kind(runs: Runs, kind: str) -> dict[str, Answers]:
    return {name: answers for (k, name), answers in runs.items() if k == kind}
