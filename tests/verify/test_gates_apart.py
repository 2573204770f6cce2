"""A gate that cannot run hides no other: it names file and line in the author's own file, and the others are held."""

from __future__ import annotations

from collections.abc import Callable

from autograder.grading.source import AssignmentSource
from autograder.verify.report import Report
from tests.small_course import CASES, MISCONCEPTIONS, REFERENCE
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
LOOPS = "def mean(x):\n    return sum(float(v) for v in x.ravel()) / x.size\n"


def statuses(report: Report) -> dict[str, str]:
    """Gate → status, without the two that a small course never passes."""
    return {r.gate: r.status for r in report.rows if r.gate not in ("coverage", "certificate")}


def failed(report: Report) -> set[str]:
    return {gate for gate, status in statuses(report).items() if status == "fail"}


def test_a_reference_that_fails_in_one_case_is_examined_in_the_others(course: Make, exam: Exam) -> None:
    reference = REFERENCE.replace("return 2 * x", "if x.size == 3:\n        raise ValueError('no')\n    return 2 * x")
    report = exam(course(reference=reference))
    text = said(report, "reference 100")
    assert "solutions/small/cases.py:7: the reference ends with `error` in case `three_numbers`: ValueError: no" in text
    assert failed(report) == {"reference 100"}
    assert report.gate("trivial outputs").figures == "3 cases"
    assert not report.ok


def test_a_reference_that_is_no_python_is_named_by_its_line_and_nothing_else_is_claimed(
    course: Make, exam: Exam
) -> None:
    source = course()
    broken = source.private_folder / "small.py"
    broken.write_text(REFERENCE.replace("return 2 * x", "return 2 * * x"))
    report = exam(course(reference=broken.read_text(), stub=False))
    line = REFERENCE.splitlines().index("    return 2 * x") + 1
    assert f"solutions/small/small.py:{line}: the reference is not valid Python" in said(report, "reference 100")
    assert {s for g, s in statuses(report).items() if g in ("stub 0", "misconceptions", "margins")} == {"skip"}
    assert report.certificate is None


def test_a_patch_that_does_not_apply_is_named_by_its_line_and_the_others_are_run(course: Make, exam: Exam) -> None:
    broken = MISCONCEPTIONS.replace('find = "return 2 * x"', 'find = "return 3 * x"')
    report = exam(course(misconceptions=broken))
    line = broken.splitlines().index("[[misconceptions.patch]]") + 1
    text = said(report, "misconceptions")
    assert f"solutions/small/misconceptions.toml:{line}: patch 1 of misconception `square` is not in" in text
    assert failed(report) == {"misconceptions"}
    assert report.gate("named feedback").figures == "1 of 1"


def test_a_patch_that_makes_no_python_is_named_by_its_line(course: Make, exam: Exam) -> None:
    broken = MISCONCEPTIONS.replace('replace = "return x**2"', 'replace = "return x*"')
    report = exam(course(misconceptions=broken))
    assert "misconceptions.toml:7: the patch of `square` makes no Python" in said(report, "misconceptions")
    assert failed(report) == {"misconceptions"}


def test_an_alternate_with_a_syntax_error_is_named_by_its_line_and_the_others_are_run(course: Make, exam: Exam) -> None:
    report = exam(course({"broken": "def mean(x):\n    return (\n", "loops": LOOPS}))
    text = said(report, "alternates 100")
    assert "solutions/small/alternates/broken.py:2: not valid Python" in text
    assert failed(report) == {"alternates 100"}
    assert "100 %, 6 runs" in report.gate("alternates 100").figures


def test_a_loss_of_an_alternate_names_the_line_in_its_own_file(course: Make, exam: Exam) -> None:
    line = course({"wrong": ""}).alternate("wrong").count("\n") + 2
    wrong = f"def mean(x):\n    raise ValueError('small.py, line {line}, and small.py, line 5')\n"
    text = said(exam(course({"wrong": wrong})), "alternates 100")
    assert "alternates/wrong.py, line 2, and small.py, line 5" in text


def test_a_stub_that_cannot_be_made_is_told_once(course: Make, exam: Exam) -> None:
    source = course(reference=REFERENCE.replace("    # END SOLUTION", "    # THE END", 1), stub=False)
    (source.public_folder / "small.py").write_text("")
    report = exam(source)
    problems = [p.text() for p in report.problems() if "BEGIN SOLUTION" in p.text()]
    assert len(problems) == 1
    assert report.gate("reference 100").status == "pass"
    assert report.gate("margins").status == "pass"
    assert report.gate("no later question").figures == "cannot be judged: see `stub file`"


def test_a_check_that_raises_in_one_case_hides_no_other_trivial_pass(course: Make, exam: Exam) -> None:
    cases = CASES.replace(
        'case("double", check=close())', 'case("double", check=satisfies(lambda got, world: Measured(got[0][0])))'
    ).replace("student.mean(world.normal((3, 5)))", "float(student.mean(world.normal((3, 5))) < 99)")
    cases = cases.replace("import close", "import Measured, close, satisfies")
    text = said(exam(course(cases=cases)), "trivial outputs")
    assert "the check raises" in text
    assert "case `mean_of_a_matrix`: passes with" in text


def test_only_one_question_is_examined_on_its_own_cases(course: Make, exam: Exam) -> None:
    report = exam(course({"loops": LOOPS}), only="mean", mutate=True)
    assert "left out, since they are about the whole assignment: ids agree," in report.notes[0]
    assert report.gate("something to write").figures == "in `mean`"
    assert set(report.certificate["cases"]) == {"mean_of_three", "mean_of_a_matrix"}  # type: ignore[index]
    assert report.gate("named feedback").figures == "1 of 1"
    assert {"certificate", "leak scan", "coverage"}.isdisjoint(r.gate for r in report.rows)
    assert report.ok
    assert report.mutation is not None
    assert report.mutation["mutants"] > 0
    weak = CASES.replace("student.mean(world.normal((3, 5)))", "abs(student.mean(world.normal((3, 5))))")
    assert "mutation" in failed(exam(course(cases=weak), only="mean", mutate=True))
    assert exam(course(cases=weak), only="double", mutate=True).ok
