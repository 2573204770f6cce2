"""Given ground: a function of a later question is also seen on a right earlier one, and the better answer counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from autograder.errors import CasesError
from autograder.grading.bundle import Bundle
from autograder.grading.caching import Caching
from autograder.grading.cells import Cells, Program, Runs
from autograder.grading.evidence import Evidence
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.judging import InProcess, Judge
from autograder.grading.record import build_bundle, world_seeds
from autograder.grading.separate import Separate
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer, Submission
from autograder.values.codec import encode
from tests.fakes import FakeSandbox
from tests.small_course import CASES, MISCONCEPTIONS, REFERENCE, write_course

ON_DOUBLE = CASES.replace(
    '@case("mean", check=close())', '@case("mean", check=close(), given={"double": given_double})'
)
ON_DOUBLE = ON_DOUBLE.replace(
    '@case("mean", public=True, check=close())',
    'def given_double(x):\n    return x + x\n\n\n'
    '@case("mean", public=True, check=close(), given={"double": given_double})',
)  # fmt: skip
BUILT = REFERENCE.replace("return float(np.mean(x))", "return float(np.mean(double(x)))")
MISTAKES = MISCONCEPTIONS.replace("np.mean(x)", "np.mean(double(x))").replace("np.sum(x)", "np.sum(double(x))")
WRONG_DOUBLE = (
    "import numpy as np\ndef double(x):\n    return 3 * x\ndef mean(x):\n    return float(np.mean(double(x)))\n"
)


@pytest.fixture
def source(tmp_path: Path) -> AssignmentSource:
    return load_source(write_course(tmp_path, cases=ON_DOUBLE, reference=BUILT, misconceptions=MISTAKES), "small")


@pytest.fixture
def bundle(source: AssignmentSource) -> Bundle:
    return build_bundle(FakeSandbox(), source)  # type: ignore[arg-type]


def graded(bundle: Bundle, text: str, judge: Judge | None = None) -> dict[str, tuple[str, Fraction, str]]:
    submission = Submission.of_text("ada", "small", text)
    grade, _ = grade_submission(FakeSandbox(), bundle, submission, "ada", Settings(), judge)  # type: ignore[arg-type]
    return {v.case: (v.status, v.credit, v.message) for v in grade.verdicts}


def test_a_mistake_costs_where_it_was_made_and_nowhere_else(bundle: Bundle) -> None:
    found = graded(bundle, WRONG_DOUBLE)
    assert {case: status for case, (status, _, _) in found.items()} == {
        "three_numbers": "failed", "a_matrix": "failed", "mean_of_three": "passed", "mean_of_a_matrix": "passed",
    }  # fmt: skip
    said = found["mean_of_three"][2]
    assert said.startswith("with the course's own `double` in place of yours this passes, and that is what counts;")
    assert "with yours: largest relative error 0.5" in said


def test_an_unwritten_function_costs_no_other_question(bundle: Bundle) -> None:
    found = graded(bundle, WRONG_DOUBLE.replace("return 3 * x", "raise NotImplementedError"))
    assert found["mean_of_a_matrix"][0] == "passed"
    assert (
        graded(bundle, "import numpy as np\ndef mean(x):\n    return float(np.mean(double(x)))\n")["mean_of_a_matrix"][
            0
        ]
        == "passed"
    )


def test_what_is_wrong_on_both_grounds_is_told_as_before(bundle: Bundle) -> None:
    found = graded(bundle, WRONG_DOUBLE.replace("np.mean(double", "np.sum(double"))
    assert found["mean_of_three"][:2] == ("failed", 0)
    assert "course's own" not in found["mean_of_three"][2]


def test_a_right_answer_says_nothing_of_grounds(bundle: Bundle) -> None:
    found = graded(bundle, WRONG_DOUBLE.replace("3 * x", "2 * x"))
    assert {message for _, _, message in found.values()} == {""}


def test_a_stub_gets_nothing_on_given_ground_either(bundle: Bundle) -> None:
    assert {credit for _, credit, _ in graded(bundle, "x = 1\n").values()} == {0}


@pytest.mark.parametrize("make", [Caching, Separate])
def test_every_judge_takes_the_better_and_remembers_both(bundle: Bundle, make: Callable[[], Judge]) -> None:
    judge = make()
    right = bundle.expected_value("mean_of_three", Recorded(1))
    own = Answer("mean_of_three", "returned", payload=encode(right + 1))
    answers = {
        "good": replace(own, given=Answer("mean_of_three", "returned", payload=encode(right))),
        "bad": replace(own, given=Answer("mean_of_three", "error", message="ValueError")),
        "none": own,
    }
    worlds = {"mean_of_three": Recorded(1)}
    for _ in range(2):
        found = {n: judge.verdicts(bundle, {"mean_of_three": a}, worlds)[0] for n, a in answers.items()}
        assert {n: v.status for n, v in found.items()} == {"good": "passed", "bad": "failed", "none": "failed"}
        assert "course's own" in found["good"].message
        assert found == {n: InProcess().verdicts(bundle, {"mean_of_three": a}, worlds)[0] for n, a in answers.items()}
    if isinstance(judge, Separate):
        judge.close()


@pytest.mark.parametrize("status", ["forbidden", "broken", "waiting"])
def test_given_ground_mends_nothing_that_is_no_matter_of_ground(bundle: Bundle, status: str) -> None:
    right = Answer("mean_of_three", "returned", payload=encode(bundle.expected_value("mean_of_three", Recorded(1))))
    answer = Answer("mean_of_three", status, message="no", given=right)  # type: ignore[arg-type]
    verdict = InProcess().verdicts(bundle, {"mean_of_three": answer}, {"mean_of_three": Recorded(1)})[0]
    assert (verdict.status, verdict.credit) == (status, 0)


def test_both_answers_are_evidence(bundle: Bundle) -> None:
    submission = Submission.of_text("ada", "small", WRONG_DOUBLE)
    _, evidence = grade_submission(FakeSandbox(), bundle, submission, "ada", Settings())  # type: ignore[arg-type]
    again = Evidence.from_bytes(evidence.to_bytes())
    assert set(again.given) == {"mean_of_three", "mean_of_a_matrix"}
    assert again.given["mean_of_three"].payload != again.answers["mean_of_three"].payload
    judged = InProcess().verdicts(bundle, again.answers, again.worlds)
    assert [v.status for v in judged if v.case == "mean_of_three"] == ["passed"]


def test_cells_keep_both_answers(source: AssignmentSource, tmp_path: Path) -> None:
    program, cells = Program("wrong", WRONG_DOUBLE, wrong=True), Cells(tmp_path / "cells")
    seeds = world_seeds(source)
    first, second = (
        Runs(FakeSandbox(), source, program, cells).answers(seeds)
        for _ in range(2)  # type: ignore[arg-type]
    )
    known = second["mean_of_three"][0]
    assert known.given is not None
    assert first["mean_of_three"][0].given is not None
    assert known.given.payload == first["mean_of_three"][0].given.payload
    assert known.value is None  # not run again


@pytest.mark.parametrize(
    ("given", "words"),
    [("len", "no function of the files of cases"), ("lambda x: x", "no function of the files of cases")],
)
def test_a_stand_in_is_a_function_of_the_files_of_cases(given: str, words: str, tmp_path: Path) -> None:
    cases = ON_DOUBLE.replace(
        'given={"double": given_double})\ndef mean_of_a', f'given={{"double": {given}}})\ndef mean_of_a'
    )
    with pytest.raises(CasesError, match=words) as caught:
        load_source(write_course(tmp_path, cases=cases), "small")
    assert "def given_double(...)" in caught.value.text()


def test_a_stand_in_may_stand_in_a_helper_module(tmp_path: Path) -> None:
    root = write_course(tmp_path, reference=BUILT, misconceptions=MISTAKES)
    (root / "solutions/small/cases.py").unlink()
    folder = root / "solutions/small/cases"
    folder.mkdir()
    head, _, rest = CASES.partition('@case("mean", public=True')
    imports = head.split("@case")[0]
    (folder / "double.py").write_text(head)
    (folder / "given.py").write_text("import numpy as np\n\n\ndef twice(x):\n    return np.add(x, x)\n")
    mean = ('@case("mean", public=True' + rest).replace("check=close())", 'check=close(), given={"double": twice})')
    (folder / "mean.py").write_text(f"{imports}from given import twice\n\n\n{mean}")
    source = load_source(root, "small")
    bundle = build_bundle(FakeSandbox(), source)  # type: ignore[arg-type]
    assert graded(bundle, WRONG_DOUBLE)["mean_of_a_matrix"][0] == "passed"
