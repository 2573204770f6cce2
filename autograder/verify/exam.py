"""The exam: everything that `autograder verify` does to one assignment, in order."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from autograder.errors import AuthorError
from autograder.grading.bundle import Bundle
from autograder.grading.certificate import certificate_state
from autograder.grading.record import misconception_record, record_reference, world_seeds
from autograder.grading.source import AssignmentSource
from autograder.sandbox.box import Sandbox
from autograder.verify import gates
from autograder.verify.agreement import coverage_problems, id_problems, stub_file_problems
from autograder.verify.calibration import Margin, calibrate, margins_gate, unreached_gate
from autograder.verify.judging import Judge, Verdicts
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
    problem = _unusable(source)
    if problem is None:
        try:
            rows += _dynamic_rows(sandbox, source, options, progress)
        except AuthorError as error:
            problem = Problem(error.where or source.spec.id, f"{error.what} {error.found}".strip(), error.fix)
    if problem is not None:
        rows.append(Row("reference 100", "fail", "cannot be run", (problem,)))
    return Report(source.spec.id, tuple(rows), time.monotonic() - started)


def static_rows(source: AssignmentSource) -> list[Row]:
    """The gates that need no run."""
    counts = f"{len(source.cases.cases)} cases, {len(source.misconceptions)} misconceptions, {len(source.alternates)}"
    return [
        row("ids agree", f"{len(source.spec.questions)} questions", id_problems(source)),
        row("stub file", "fresh", stub_file_problems(source)),
        row("coverage", f"{counts} alternates", coverage_problems(source), warn=True),
    ]


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
    if "torch" in reach.uses:
        made.append(Variant("right", "2 threads", threaded(source, 2), seeds))
    made += [changed("alternate", n, source.alternate(n)) for n in source.alternates]
    made.append(Variant("stub", "stub", stub_text(source), seeds))
    made += [changed("misconception", m.id, source.variant(m), m.fails) for m in source.misconceptions]
    for question in source.spec.graded():
        own = {c.name for c in source.cases.of(question.id)}
        chosen = {n: s[:1] for n, s in seeds.items() if n in own}
        made.append(Variant("later", question.id, without_later(source, question.id), chosen))
    made += [Variant("trivial", name, trivial_program(source, value), seeds) for name, value in TRIVIAL_RETURNS.items()]
    return made


def _dynamic_rows(sandbox: Sandbox, source: AssignmentSource, options: Options, progress: Progress) -> list[Row]:
    progress("reference", 0, 1)
    expected = record_reference(sandbox, source)
    runs = run_all(sandbox, source, variants_of(source), options.jobs, progress)
    mistakes = _of_kind(runs, "misconception")
    bundle = Bundle(
        spec=source.spec,
        spec_text=source.spec_text,
        cases=source.cases,
        support=source.support,
        expected=expected,
        misconceptions=tuple(misconception_record(m, mistakes[m.id]) for m in source.misconceptions),
        tolerances=source.tolerances,
    )
    return judged_rows(bundle, source, runs, options)


def judged_rows(bundle: Bundle, source: AssignmentSource, runs: Runs, options: Options) -> list[Row]:
    """Every gate that judges answers, at the tolerances in force (measured anew with `options.write`)."""
    right = {**_of_kind(runs, "right"), **_of_kind(runs, "alternate")}
    mistakes = _of_kind(runs, "misconception")
    judge = Judge(bundle)
    margins = measured(judge, source, right, mistakes, {} if options.write else source.tolerances)
    bundle = replace(bundle, tolerances={m.case: m.tolerance for m in margins.values() if m.tolerance is not None})
    judge = judge.at(bundle)
    verdicts = {name: judge.worlds(answers, explain=True) for name, answers in mistakes.items()}
    first = "mend the case: the reference itself must pass, whenever and with however many threads it runs"
    other = "mend the alternate, or a case that asks too much"
    return [
        gates.full_marks("reference 100", judge, _of_kind(runs, "right"), first),
        gates.stub_gate(judge, source, runs["stub", "stub"]),
        gates.full_marks("alternates 100", judge, _of_kind(runs, "alternate"), other),
        gates.misconceptions_gate(source, verdicts),
        gates.named_gate(source, verdicts),
        gates.trivial_gate(judge, _of_kind(runs, "trivial")),
        margins_gate(margins),
        unreached_gate(margins),
        gates.later_gate(judge, _of_kind(runs, "later")),
        gates.leak_gate(source, bundle),
        _freshness(source, options),
    ]


def measured(
    judge: Judge,
    source: AssignmentSource,
    right: Mapping[str, Answers],
    mistakes: Mapping[str, Answers],
    stored: Mapping[str, float],
) -> dict[str, Margin]:
    """Margins from answers of right and of wrong programs."""
    fails = {m.id: set(m.fails) for m in source.misconceptions}
    wrong: dict[str, Verdicts] = {
        name: judge.worlds({c: a for c, a in answers.items() if c in fails[name]})
        for name, answers in mistakes.items()
    }
    return calibrate(judge.bundle, {n: judge.worlds(a) for n, a in right.items()}, wrong, stored)


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
