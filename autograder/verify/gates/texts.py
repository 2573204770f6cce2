"""Gates that read the author's files and run nothing, and the one that compares them with the certificate."""

from __future__ import annotations

from autograder.authoring.case import Case
from autograder.checks.compare import compare_close
from autograder.checks.outline import Outline
from autograder.grading.bundle import Bundle
from autograder.grading.certificate import FILE, standing
from autograder.grading.terms import check_of
from autograder.grading.worlds import Recorded, for_practice
from autograder.release.handout import handout_files, handout_secrets
from autograder.release.leaks import Scanner
from autograder.values.codec import decode
from autograder.verify.agreement import (
    coverage_problems,
    id_problems,
    points_problems,
    stub_file_problems,
    unmarked_problems,
)
from autograder.verify.beside import requirement_problems, rubric_problems
from autograder.verify.equivalents import load_equivalents, stale_entries
from autograder.verify.gate import Exam
from autograder.verify.operators import mutants
from autograder.verify.report import Problem, Row, row
from autograder.verify.spread import spread


def probes(exam: Exam) -> Row:
    """Every probe returns values that come of the student's functions and of its world."""
    chosen = [c for c in exam.source.cases.cases if exam.options.only in ("", c.question)]
    problems = [p for case in chosen for p in exam.odd_probes.get(case.name, ())]
    return row("probes", f"{len(chosen)} read", problems)


def written(exam: Exam) -> Row | None:
    """Written questions have a rubric, and what is in it adds up."""
    source = exam.source
    asked = [q.id for q in source.spec.questions if q.kind == "written"]
    if not asked:
        return None
    table = (source.private_folder / "rubric.toml").is_file()
    figures = f"{len(asked)} with a rubric" + ("" if table else "; no rubric.toml, which `autograder rubric` asks for")
    return row("written questions", figures, list(rubric_problems(source, asked)))


def installed(exam: Exam) -> Row | None:
    """What assignment.toml requires is here."""
    names = exam.source.spec.requirements
    return row("requirements", f"{len(names)} installed", requirement_problems(exam.source)) if names else None


def ids_agree(exam: Exam) -> Row:
    """One id names a question everywhere."""
    return row("ids agree", f"{len(exam.source.spec.questions)} questions", id_problems(exam.source))


def stub_file(exam: Exam) -> Row:
    """The stub beside the handout is there, and fresh."""
    return row("stub file", "fresh", stub_file_problems(exam.source))


def marked(exam: Exam) -> Row:
    """In every question there is something to write."""
    only = exam.options.only
    figures = f"in `{only}`" if only else "in every question"
    return row("something to write", figures, unmarked_problems(exam.source, only))


def points(exam: Exam) -> Row:
    """Every question has a case that the handout does not answer."""
    cases = exam.source.cases.cases
    practice = sum(for_practice(c) for c in cases)
    figures = f"{len(cases) - practice} cases earn, {practice} are for practice"
    return row("points can be earned", figures, points_problems(exam.source))


def coverage(exam: Exam) -> Row:
    """Enough cases, misconceptions and alternates; a warning."""
    source = exam.source
    counts = f"{len(source.cases.cases)} cases, {len(source.misconceptions)} misconceptions, {len(source.alternates)}"
    return row("coverage", f"{counts} alternates", coverage_problems(source), warn=True)


def equivalents(exam: Exam) -> Row | None:
    """Recorded equivalent mutants still speak of lines that are there."""
    source = exam.source
    entries = load_equivalents(source)
    if not entries:
        return None
    made = mutants(source.reference, source.spec.submission.file)
    return row("equivalents", f"{len(entries)} recorded", stale_entries(entries, made))


def leak_scan(exam: Exam) -> Row:
    """Nothing of the solution or the hidden cases is in the handout."""
    source, bundle = exam.usable, exam.judge.bundle
    files = handout_files(source, bundle)
    scanner = Scanner(files, handout_secrets(source, bundle))
    leaks = [leak for several in spread(scanner.leaks, sorted(files), exam.options.jobs) for leak in several]
    fix = "put it inside `# BEGIN SOLUTION` … `# END SOLUTION`, or out of the public files"
    problems = [Problem(leak.path, f"{leak.kind}: {leak.found[:120]!r}", fix) for leak in leaks]
    problems += [p for case in bundle.cases.cases if (p := _answered(case, bundle))]
    return row("leak scan", f"{len(files)} files" if not problems else f"{len(problems)} leaks", problems)


def _answered(case: Case, bundle: Bundle) -> Problem | None:
    """An example of a form that is the right answer: students get it."""
    check = check_of(case)
    if not (isinstance(check, Outline) and case.public):
        return None
    right = (bundle.expected_value(case.name, Recorded(i)) for i in range(len(bundle.expected[case.name])))
    if any(not compare_close(decode(check.example), value, False, 0).message for value in right):
        return Problem(f"case `{case.name}`", "the example of its form is the right answer", "write another value")
    return None


def certificate(exam: Exam) -> Row:
    """There is a certificate, and it was written for these very files."""
    if exam.options.write:
        return Row("certificate", "pass", "is written when all gates pass")
    found = standing(exam.source)
    if found.state == "fresh":
        return row("certificate", found.state)
    fix = f"autograder verify {exam.source.spec.id} --write"
    what = f"`{exam.source.spec.id}` {found.text()}"
    return row("certificate", found.state, [Problem(FILE, what, fix)], warn=found.state == "aged")
