"""Gates of work that earns nothing: the stub, known mistakes, values that are no work, and machine-made mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autograder.authoring.case import Case
from autograder.grading.source import AssignmentSource, Misconception
from autograder.grading.terms import check_of
from autograder.grading.worlds import WorldRef, for_practice
from autograder.verify.calibration import unreached_gate
from autograder.verify.gate import Exam
from autograder.verify.gates.right import bit_for_bit, said
from autograder.verify.judging import Verdicts
from autograder.verify.mutation import mutation_gate, run_mutation
from autograder.verify.report import Problem, Row, row
from autograder.verify.spread import spread
from autograder.verify.trivial import judged_trivial, one_a_case, trivial_problem
from autograder.verify.variants import to_write


def stub_gate(exam: Exam) -> Row:
    """The stub gets nothing for any question, and each message names what is still to be written."""
    verdicts = exam.verdicts("stub").get("stub", {})
    names = to_write(exam.source)
    problems = []
    for case, several in verdicts.items():
        for verdict in several[:1]:
            if verdict.credit:
                fix = "return the student's values, so that there are none without the student's work"
                problems.append(Problem(f"case `{case}`", f"gives the stub {verdict.credit} of its points", fix))
            elif not any(f"`{n}`" in verdict.message or n in verdict.message for n in _all(names)):
                what = f"the stub's message names no function that is still to be written: {verdict.message[:160]}"
                problems.append(Problem(f"case `{case}`", what, "call a student's function first in the probe"))
    questions = len({exam.source.cases.get(c).question for c in verdicts})
    return row("stub 0", f"0 points, {questions} questions" if not problems else f"{len(problems)} cases", problems)


def _all(names: Mapping[str, Sequence[str]]) -> list[str]:
    return [n for several in names.values() for n in several]


def trivial_gate(exam: Exam) -> Row:
    """No constant, empty value, copied input or other world's output passes a case."""
    judge = exam.judge
    cases = [c for c in judge.bundle.cases.cases if not _of_form(c)]
    judged = spread(lambda case: list(judged_trivial(exam.source, judge.bundle, case)), cases, exam.options.jobs)
    found = [problem for several in judged for problem in several]
    for returned, verdicts in exam.verdicts("trivial").items():
        for case, several in verdicts.items():
            for verdict in several if case in {c.name for c in cases} else ():
                if verdict.status.passed:
                    found.append(trivial_problem(case, f"functions that return {returned}", verdict.world))
                    break
    problems = one_a_case(found)
    return row(
        "trivial outputs", f"{len(cases)} cases" if not problems else f"{len(problems)} cases can be guessed", problems
    )


def _of_form(case: Case) -> bool:
    """Whether a case earns nothing and asks for nothing but a form, which trivial values may have."""
    return check_of(case).kind == "outline" and for_practice(case)


def misconceptions_gate(exam: Exam) -> Row:
    """Every misconception loses exactly its cases, in every world, one hidden case among them.

    Not held: replays that take long and are recorded for those misconceptions only that name them.
    """
    problems: list[Problem] = []
    made = _known(exam)
    for misconception, verdicts in made:
        problems += _exact_losses(exam.source, misconception, verdicts)
    killed = sum(len(m.fails) for m, _ in made)
    figures = f"{len(made)} lose {killed} cases" if not problems else f"{len(problems)} faults"
    if unheld := sum(_unheld(exam, m) for m, _ in made):
        figures += f"; {unheld} runs of recorded replays are not held"
    return row("misconceptions", figures, problems)


def _unheld(exam: Exam, misconception: Misconception) -> int:
    """In how many replays a mistake may come out otherwise, and nobody has looked."""
    text = exam.shop.source.variant(misconception)
    return len(
        (exam.shop.touched(misconception.id, text) & exam.shop.unheld(misconception.id)) - {*misconception.fails}
    )


def _known(exam: Exam) -> list[tuple[Misconception, Verdicts]]:
    """The misconceptions that could be run, with their verdicts."""
    verdicts = exam.verdicts("misconception", explain=True)
    return [(m, verdicts[m.id]) for m in exam.usable.misconceptions if m.id in verdicts]


def _exact_losses(source: AssignmentSource, misconception: Misconception, verdicts: Verdicts) -> Iterator[Problem]:
    where = f"misconception `{misconception.id}`"
    lost = {case for case, several in verdicts.items() if any(not v.status.passed for v in several)}
    always = {case for case, several in verdicts.items() if all(not v.status.passed for v in several)}
    if not verdicts or not lost:
        fix = "mend the patch, or write a case that sees it"
        yield Problem(where, "loses nothing: the patch changes no outputs", fix)
        return
    for case in sorted(set(misconception.fails) - lost):
        yield Problem(where, f"passes `{case}`, which it should fail", "sharpen the case, or take it off `fails`")
    for case in sorted(lost - set(misconception.fails)):
        failed = next(v for v in verdicts[case] if not v.status.passed)
        fix = bit_for_bit(source, failed) or "add it to `fails`, if that is right"
        yield Problem(where, f"fails `{case}` too: {said(failed)[:160]}", fix)
    for case in sorted((lost - always) & set(misconception.fails)):
        worlds = ", ".join(v.world.shown for v in verdicts[case] if v.status.passed)
        fix = "make its inputs show the mistake in every world (ranges away from special values)"
        yield Problem(where, f"passes `{case}` in world {worlds}", fix)
    every = next(m.fails for m in source.misconceptions if m.id == misconception.id)  # those out of this exam too
    if all(source.cases.get(c).public for c in every):
        yield Problem(where, "fails public cases only", "write a hidden case that sees it: hidden cases decide")


def named_gate(exam: Exam) -> Row:
    """Who makes a known mistake is told that one, and no other.

    Of a single question, mistakes of other questions may be one: the cases of those tell them apart.
    """
    problems = []
    made, only = _known(exam), exam.options.only
    unnamed = sum(_drawn_only(exam.source, found) for _, found in made)
    verdicts = {m.id: found for m, found in made}
    for misconception, found in made:
        where = f"misconception `{misconception.id}`"
        failed = [v for several in found.values() for v in several if not v.status.passed]
        told = [v for v in failed if v.misconception == misconception.id]
        others = sorted({v.misconception for v in failed} - {"", misconception.id})
        if others:
            cases = sorted({v.case for v in failed if v.misconception in others})
            what = f"is taken for `{'`, `'.join(others)}` in {', '.join(cases)}"
            problems.append(Problem(where, what, "one more case where their outputs differ, or join the two"))
        elif (
            failed
            and not told
            and only in ("", misconception.question)
            and _as_listed(exam.source, misconception, found)
        ):
            twins = _twins(misconception.id, verdicts)
            what = f"cannot be told from {twins}" if twins else "cannot be recognised by its outputs"
            fix = "one more case where their outputs differ" if twins else "let it return wrong values in some case"
            problems.append(Problem(where, what, fix))
    figures = f"{len(made) - unnamed} of {len(made) - unnamed}" if not problems else f"{len(problems)} unclear"
    if unnamed:
        figures += f"; {unnamed} seen by trained work alone, which names none"
    return row("named feedback", figures, problems)


def _drawn_only(source: AssignmentSource, found: Verdicts) -> bool:
    """Whether only milestones and replays see a mistake: their message says how far off the work is, and of what."""
    kinds = {source.cases.get(c).kind for c, several in found.items() if not all(v.status.passed for v in several)}
    return bool(kinds) and "case" not in kinds


def _as_listed(source: AssignmentSource, misconception: Misconception, found: Verdicts) -> bool:
    """Whether a mistake fails what its entry names, some plain case of it: otherwise other gates say what is wrong."""
    lost = {case for case, several in found.items() if not all(v.status.passed for v in several)}
    entry = next(m for m in source.misconceptions if m.id == misconception.id)
    return lost == {*entry.fails} and not _drawn_only(source, found)


def _twins(name: str, verdicts: Mapping[str, Verdicts]) -> str:
    """Misconceptions that fail the same cases with the same values."""

    def shown(other: str) -> set[tuple[str, WorldRef, str, str]]:
        return {(v.case, v.world, v.status, v.got) for s in verdicts[other].values() for v in s if not v.status.passed}

    return ", ".join(f"`{other}`" for other in verdicts if other != name and shown(other) == shown(name))


def with_a_mistake(exam: Exam) -> Row:
    """Every case has a misconception that fails it; a warning."""
    return unreached_gate(exam.margins)


def mutation(exam: Exam) -> Row | None:
    """Every machine-made mutant is killed by a hidden case, or is recorded as no mistake."""
    options = exam.options
    if not options.mutate:
        return None
    exam.mutation = run_mutation(
        exam.matrix, exam.usable, exam.judge, exam.seconds, full=options.full, only=options.only
    )
    return mutation_gate(exam.mutation, exam.source.spec.submission.file)
