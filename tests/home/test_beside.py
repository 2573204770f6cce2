"""A question checked alone is told what the grade says, where public cases of other questions decide about it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.explanation import explanation
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.home.giving_up import GivenUp, given_up_after
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from tests.fakes import FakeSandbox
from tests.home.support import run, unpack
from tests.small_course import CASES, MISCONCEPTIONS, REFERENCE, write_course

WITH_DOUBLE = REFERENCE.replace("float(np.mean(x))", "float(np.mean(double(x))) / 2")
BOTH = MISCONCEPTIONS.replace('"a_matrix"]', '"a_matrix", "mean_of_three", "mean_of_a_matrix"]').replace(
    'find = "np.mean(x)"\nreplace = "np.sum(x)"', 'find = "np.mean(double(x))"\nreplace = "np.sum(double(x))"'
)
NAMED = "You square the number"
SQUARE = ("return 2 * x", "return x**2")
WORKS = {  # the mistake, and whether the grade names it
    "wrong in both": ((SQUARE,), True),
    "wrong in one alone": ((SQUARE, ("np.mean(double(x))", "np.mean(2 * x)")), False),
    "wrong in another way there": ((SQUARE, ("np.mean(double(x))", "np.mean(double(x) + 1)")), True),
    "a loop there": ((SQUARE, ("return float(np.mean(double(x))) / 2", "\n    while True: x = x + 0")), True),
    "an end there": ((SQUARE, ("return float(np.mean(double(x))) / 2", "import os; os._exit(3)")), False),
}
IN_A_NOTEBOOK = """
import json, selfcheck
said = {}
for name, text in json.loads(open("works.json", encoding="utf-8").read()).items():
    env = {}
    exec(text, env)
    grader = selfcheck.Notebook()
    said[name] = [repr(grader.check("double", env))]
    if "loop" not in name:  # nothing ends a loop that was asked for
        said[name].append(repr(grader.check_all(env)))
print(json.dumps(said))
"""


def work(name: str) -> str:
    text = WITH_DOUBLE
    for old, new in WORKS[name][0]:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[AssignmentSource, Bundle]:
    root = tmp_path_factory.mktemp("course")
    source = load_source(write_course(root, reference=WITH_DOUBLE, misconceptions=BOTH, cases=CASES), "small")
    return source, build_bundle(FakeSandbox(), source)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def here(course: tuple[AssignmentSource, Bundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(*course, tmp_path_factory.mktemp("home") / "h")


@pytest.fixture(scope="module")
def notebook(here: Path) -> dict[str, list[str]]:
    works = {name: work(name) for name in WORKS if name != "an end there"}
    (here / "works.json").write_text(json.dumps(works), encoding="utf-8")
    (here / "book.py").write_text(IN_A_NOTEBOOK, encoding="utf-8")
    done = run(here, "book.py")
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", WORKS)
def test_a_question_alone_is_told_what_the_grade_says(
    name: str, course: tuple[AssignmentSource, Bundle], here: Path, notebook: dict[str, list[str]]
) -> None:
    with Sandbox.start(mode="off") as sandbox:
        submission = Submission.of_text("mine", "small", work(name))
        grade, _ = grade_submission(sandbox, course[1], submission, "mine", Settings(handout=True))
    wanted = explanation(next(v for v in grade.verdicts if v.case == "three_numbers"))
    assert (NAMED in wanted) == WORKS[name][1]
    lines = [line.strip() for line in wanted.splitlines()]
    (here / "mine.py").write_text(work(name), encoding="utf-8")
    alone, whole = (run(here, "check.py", "mine.py", *q).stdout for q in (["double"], []))
    for text in [alone, whole, *notebook.get(name, [])]:
        assert "three_numbers" in text
        assert (NAMED in text.partition("mean_of_three")[0]) == WORKS[name][1], text
        assert [line for line in map(str.strip, text.splitlines()) if line in lines][: len(lines)] == lines
    assert "mean_of_three" not in alone


def test_no_case_of_another_question_is_run_where_none_decides(here: Path) -> None:
    """Neither by right work nor by work that is wrong in a way that nobody has listed."""
    there = "open('seen', 'w').close(); return float(np.mean(double(x))) / 2"
    for body in ("return 2 * x", "return 3 * x + 1"):
        text = WITH_DOUBLE.replace("return 2 * x", body).replace("return float(np.mean(double(x))) / 2", there)
        (here / "mine.py").write_text(text, encoding="utf-8")
        run(here, "check.py", "mine.py", "double")
        assert not (here / "seen").exists()
    (here / "mine.py").write_text(text.replace("return 3 * x + 1", "return x**2"), encoding="utf-8")
    run(here, "check.py", "mine.py", "double")
    assert (here / "seen").exists()


def endless() -> None:
    while True:
        pass


def test_a_loop_is_given_up_and_what_is_in_time_is_not() -> None:
    begin = time.monotonic()
    with pytest.raises(GivenUp), given_up_after(0.2):
        endless()
    assert time.monotonic() - begin < 5
    with given_up_after(30):
        done = sum(range(1000))
    with given_up_after(0):
        done += 1
    assert done == 499501
