"""Gates: what must hold before students see an assignment, each judged from answers that are already there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource, Misconception
from autograder.grading.verdict import Verdict
from autograder.release.handout import handout_files, handout_secrets
from autograder.release.leaks import scan
from autograder.verify.judging import Judge, Verdicts
from autograder.verify.report import Problem, Row, row
from autograder.verify.trivial import judged_trivial, trivial_problem
from autograder.verify.variants import LATER, Answers, to_write


def full_marks(gate: str, judge: Judge, runs: Mapping[str, Answers], fix: str) -> Row:
    """Every one of these programs passes every case in every world."""
    problems = [p for name, answers in runs.items() for p in _losses(name, judge.worlds(answers), fix)]
    count = sum(len(several) for answers in runs.values() for several in answers.values())
    names = f"{len(runs)} × " if len(runs) != 1 else ""
    return row(gate, f"{names}100 %, {count} runs" if not problems else f"{len(problems)} losses", problems)


def _losses(name: str, verdicts: Verdicts, fix: str) -> Iterator[Problem]:
    for case, several in verdicts.items():
        lost = [v for v in several if not v.status.passed]
        if lost:
            worlds = ", ".join(str(v.world) for v in lost)
            yield Problem(f"{name}, case `{case}`", f"{lost[0].status} in world {worlds}: {_said(lost[0])}", fix)


def _said(verdict: Verdict) -> str:
    parts = [verdict.message]
    if verdict.got:
        parts.append(f"got {verdict.got}, expected {verdict.expected}")
    if verdict.diagnosis:
        parts.append(verdict.diagnosis)
    return "; ".join(p for p in parts if p)[:400]


def stub_gate(judge: Judge, source: AssignmentSource, answers: Answers) -> Row:
    """The stub gets nothing for any question, and each message names what is still to be written."""
    verdicts = judge.worlds(answers)
    names = to_write(source)
    problems = []
    for case, several in verdicts.items():
        for verdict in several[:1]:
            if verdict.credit:
                fix = "return the student's values, so that there are none without the student's work"
                problems.append(Problem(f"case `{case}`", f"gives the stub {verdict.credit} of its points", fix))
            elif not any(f"`{n}`" in verdict.message or n in verdict.message for n in _all(names)):
                what = f"the stub's message names no function that is still to be written: {verdict.message[:160]}"
                problems.append(Problem(f"case `{case}`", what, "call a student's function first in the probe"))
    questions = len({source.cases.get(c).question for c in answers})
    return row("stub 0", f"0 points, {questions} questions" if not problems else f"{len(problems)} cases", problems)


def _all(names: Mapping[str, Sequence[str]]) -> list[str]:
    return [n for several in names.values() for n in several]


def later_gate(judge: Judge, runs: Mapping[str, Answers]) -> Row:
    """No case needs a function that a later question asks for.

    Args:
        runs: question → answers of its cases, with the functions of later questions raising.
    """
    problems = []
    for question, answers in runs.items():
        for case, several in judge.worlds(answers).items():
            bad = next((v for v in several if not v.status.passed), None)
            if bad:
                used = bad.message.split(f"{LATER}: ")[-1].split(" ")[0] if LATER in bad.message else bad.message[:160]
                fix = "a case (and the reference's function) may use this and earlier questions only"
                problems.append(Problem(f"case `{case}` of `{question}`", f"uses what comes later: {used}", fix))
    count = sum(len(a) for a in runs.values())
    return row("no later question", f"{count} cases" if not problems else f"{len(problems)} cases", problems)


def trivial_gate(judge: Judge, programs: Mapping[str, Answers]) -> Row:
    """No constant, empty value, copied input or other world's output passes a case.

    Args:
        programs: what is returned → answers of a program that returns it from every function.
    """
    problems = [p for case in judge.bundle.cases.cases for p in judged_trivial(judge.bundle, case)]
    for returned, answers in programs.items():
        for case, several in judge.worlds(answers).items():
            for verdict in several:
                if verdict.status.passed:
                    problems.append(trivial_problem(case, f"functions that return {returned}", verdict.world))
                    break
    count = len(judge.bundle.cases.cases)
    return row("trivial outputs", f"{count} cases" if not problems else f"{len(problems)} pass", problems)


def misconceptions_gate(source: AssignmentSource, verdicts: Mapping[str, Verdicts]) -> Row:
    """Every misconception loses exactly its cases, in every world, one hidden case among them."""
    problems: list[Problem] = []
    for misconception in source.misconceptions:
        problems += _exact_losses(source, misconception, verdicts[misconception.id])
    killed = sum(len(m.fails) for m in source.misconceptions)
    figures = f"{len(source.misconceptions)} lose {killed} cases" if not problems else f"{len(problems)} faults"
    return row("misconceptions", figures, problems)


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
        said = next(_said(v) for v in verdicts[case] if not v.status.passed)
        yield Problem(where, f"fails `{case}` too: {said[:160]}", "add it to `fails`, if that is right")
    for case in sorted((lost - always) & set(misconception.fails)):
        worlds = ", ".join(str(v.world) for v in verdicts[case] if v.status.passed)
        fix = "make its inputs show the mistake in every world (ranges away from special values)"
        yield Problem(where, f"passes `{case}` in world {worlds}", fix)
    if all(source.cases.get(c).public for c in misconception.fails):
        yield Problem(where, "fails public cases only", "write a hidden case that sees it: hidden cases decide")


def named_gate(source: AssignmentSource, verdicts: Mapping[str, Verdicts]) -> Row:
    """Who makes a known mistake is told that one, and no other."""
    problems = []
    for misconception in source.misconceptions:
        where = f"misconception `{misconception.id}`"
        failed = [v for several in verdicts[misconception.id].values() for v in several if not v.status.passed]
        told = [v for v in failed if v.misconception == misconception.id]
        others = sorted({v.misconception for v in failed} - {"", misconception.id})
        if others:
            cases = sorted({v.case for v in failed if v.misconception in others})
            what = f"is taken for `{'`, `'.join(others)}` in {', '.join(cases)}"
            problems.append(Problem(where, what, "one more case where their outputs differ, or join the two"))
        elif failed and not told:
            twins = _twins(misconception.id, verdicts)
            what = f"cannot be told from {twins}" if twins else "cannot be recognised by its outputs"
            fix = "one more case where their outputs differ" if twins else "let it return wrong values in some case"
            problems.append(Problem(where, what, fix))
    count = len(source.misconceptions)
    return row("named feedback", f"{count} of {count}" if not problems else f"{len(problems)} unclear", problems)


def _twins(name: str, verdicts: Mapping[str, Verdicts]) -> str:
    """Misconceptions that fail the same cases with the same values."""

    def shown(other: str) -> set[tuple[str, int, str, str]]:
        return {(v.case, v.world, v.status, v.got) for s in verdicts[other].values() for v in s if not v.status.passed}

    return ", ".join(f"`{other}`" for other in verdicts if other != name and shown(other) == shown(name))


def leak_gate(source: AssignmentSource, bundle: Bundle) -> Row:
    """Nothing of the solution or the hidden cases is in the handout."""
    files = handout_files(source, bundle)
    leaks = scan(files, handout_secrets(source, bundle))
    fix = "put it inside `# BEGIN SOLUTION` … `# END SOLUTION`, or out of the public files"
    problems = [Problem(leak.path, f"{leak.kind}: {leak.found[:120]!r}", fix) for leak in leaks]
    return row("leak scan", f"{len(files)} files" if not problems else f"{len(problems)} leaks", problems)
