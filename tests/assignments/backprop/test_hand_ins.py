"""Whole hand-ins, graded for real: right work in other forms gets everything; what is not the work asked for does not.

Each file of right/ and wrong/ is what a student wrote over the reference; its first line says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from autograder.grading.grade import Settings, grade_submission
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.totals import Grade
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
RIGHT, WRONG = sorted((HERE / "right").glob("*.py")), sorted((HERE / "wrong").glob("*.py"))
Grader = Callable[[Path], Grade]

THIRD, FIFTH = Fraction(1, 3), Fraction(1, 5)
LAST_LINE_ONLY = {"output_weight_with_three_examples": THIRD, "hidden_weight_with_three_examples": FIFTH}
NOTHING = dict.fromkeys([*LAST_LINE_ONLY, "answers_for_one_example"], Fraction(0))
TRAINED = dict.fromkeys(["steps_are_those_of_descent", "excess_over_other_courses"], Fraction(0))
DESCENT = {"budget_is_kept": Fraction(0), "steps_are_those_of_descent": Fraction(0)}
BY_HAND = ["gradients_at_the_output", "gradients_at_the_hidden_layer", "gradients_of_square_layers"]
VJPS = [
    "matrix_products_with_broadcasting", "softmax_of_a_cube", "log_sum_exp_and_its_gradient", "layer_norm_of_a_cube",
    "embedding_with_repeated_ids", "maximum_with_many_ties",
]  # fmt: skip
EARNS: dict[str, dict[str, Fraction]] = {
    "vacuous_lines": LAST_LINE_ONLY,
    "circular_derivations": LAST_LINE_ONLY,
    "the_machine_differentiates": LAST_LINE_ONLY,
    "difference_quotients": NOTHING,
    "unfinished_derivations": NOTHING,
    "rounded_sigma": {"values_by_hand": Fraction(0)},
    "tanh_of_the_standard_library": {"large_inputs": Fraction(0), "moderate_inputs": Fraction(0)},
    "log_sum_exp_of_a_library": {"log_sum_exp_far_out": Fraction(0)},
    "gradients_by_autograd": dict.fromkeys(BY_HAND, Fraction(0)),
    "vjps_by_autograd": dict.fromkeys(VJPS, Fraction(0)),
    "weights_from_elsewhere": TRAINED,
    "newton_in_the_first_step": DESCENT,
    "losses_that_are_invented": DESCENT,
}
"""What a cheat earns in the cases that it is about; elsewhere it is the reference, and loses nothing."""
ELSEWHERE = {
    "perceptron": ["rounded_sigma"],
    "activations": ["tanh_of_the_standard_library"],
    "losses": ["log_sum_exp_of_a_library"],
    "chain_rule": ["vacuous_lines", "circular_derivations", "the_machine_differentiates", "difference_quotients",
                   "unfinished_derivations"],
    "two_layer": ["gradients_by_autograd"],
    "vjps": ["vjps_by_autograd"],
    "will_i_pass": ["weights_from_elsewhere", "newton_in_the_first_step", "losses_that_are_invented"],
}  # fmt: skip


@pytest.fixture(scope="module")
def source() -> AssignmentSource:
    return load_source(ROOT, "backprop")


@pytest.fixture(scope="module")
def graded(source: AssignmentSource) -> Iterator[Grader]:
    with Sandbox.start() as sandbox:
        bundle = build_bundle(sandbox, replace(source, misconceptions=()))

        def grade(path: Path) -> Grade:
            text = f"{source.reference}\n\n# %%\n{path.read_text(encoding='utf-8')}"
            submission = Submission.of_text("backprop.py", "backprop", text)
            return grade_submission(sandbox, bundle, submission, "somebody", Settings("somebody"))[0]

        yield grade


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_right_work_in_another_form_gets_everything(graded: Grader, path: Path) -> None:
    grade = graded(path)
    assert [(v.case, str(v.status), v.message) for v in grade.verdicts if not v.status.passed] == []
    assert grade.points == grade.max_points


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_what_is_not_the_work_asked_for_earns_only_what_it_shows(graded: Grader, path: Path) -> None:
    verdicts = {v.case: v for v in graded(path).verdicts}
    for case, credit in EARNS[path.stem].items():
        assert (case, verdicts[case].credit) == (case, credit), verdicts[case].message
        assert verdicts[case].message
    (question,) = [q for q, cheats in ELSEWHERE.items() if path.stem in cheats]
    lost = {v.case: v.message for v in verdicts.values() if v.question != question and not v.status.passed}
    assert lost == {}


def test_every_cheat_says_what_it_may_earn() -> None:
    assert {p.stem for p in WRONG} == set(EARNS) == {name for names in ELSEWHERE.values() for name in names}
    assert all(p.read_text(encoding="utf-8").startswith("# ") for p in (*RIGHT, *WRONG))
