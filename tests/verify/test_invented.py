"""Gates that make up what is handed in: each has a weak assignment that it stops, and a good one that it lets pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autograder.errors import SpecError
from autograder.grading.certificate import certificate_state, inputs_digest
from autograder.grading.source import AssignmentSource
from autograder.verify.allowed import load_allowed
from autograder.verify.gates.forms import other_forms
from autograder.verify.generated import FORMS, in_form, spoiling, unwritten
from autograder.verify.report import Report
from autograder.verify.variants import Variant, Workshop
from tests.small_course import CASES
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]


PICKY = CASES.replace('case("double", public=True, check=close())', 'case("double", public=True, check=an_array)')
PICKY = PICKY.replace('case("double", check=close())', 'case("double", check=an_array)').replace(
    "from autograder.checks import close\n",
    """import numpy as np
from autograder.checks import Measured, close, satisfies


def _is_right(outputs, world):
    shape = (3,) if np.shape(outputs) == (3,) else (3, 5)
    fine = isinstance(outputs, np.ndarray) and outputs.shape == shape
    return Measured(float(np.abs(outputs - 2 * world.normal(shape)).max()) if fine else np.inf, "no such array")


an_array = satisfies(_is_right, tolerance=1e-6)
""",
)
"""Cases of `double` that take nothing but an array."""


def test_a_good_assignment_passes_them_all(course: Make, exam: Exam) -> None:
    report = exam(course(), mutate=True, full=True)
    gates = ("arguments kept", "unwritten", "luck", "forms", "float32", "follow-on", "replay")
    assert {g: report.gate(g).status for g in gates} == dict.fromkeys(gates, "pass")
    assert "2 of 2 functions are handed what can be changed" in report.gate("arguments kept").figures
    assert "of 8 mutants the loss of 0.00% hangs on the world" in report.gate("luck").figures


def test_what_they_find_fails_the_exam(course: Make, exam: Exam) -> None:
    report = exam(course(cases=PICKY))
    assert report.gate("forms").status == "fail"
    assert not report.ok


# ---- arguments kept


def test_an_alternate_that_changes_its_argument_loses_by_name(course: Make, exam: Exam) -> None:
    text = said(exam(course({"careless": "def double(x):\n    x *= 2\n    return x\n"})), "alternates 100")
    assert "careless, case `three_numbers`: error in world 0, 1, 2: `double` changed its argument `x`" in text


TWICE = "x = world.normal((3, 5))\n    y = student.double(x)\n    return y + 0 * student.mean(x)"


def test_a_probe_that_hands_over_again_what_may_be_changed_is_found(course: Make, exam: Exam) -> None:
    cases = CASES.replace("return student.double(world.normal((3, 5)))", TWICE)
    cases = cases.replace('case("double", check=close())', 'case("double", check=close(), may_change=["double"])')
    text = said(exam(course(cases=cases)), "arguments kept")
    assert text.startswith("fail")
    assert "case `a_matrix`: the same object is handed over twice: to `double` and then to `mean`" in text


def test_any_other_object_may_be_handed_over_again(course: Make, exam: Exam) -> None:
    cases = CASES.replace("return student.double(world.normal((3, 5)))", TWICE)
    assert exam(course(cases=cases)).gate("arguments kept").status == "pass"


def test_the_spoiled_program_changes_for_a_probe_and_not_for_itself() -> None:
    space: dict[str, object] = {}
    exec(spoiling("def f(x):\n    return x[0]\ndef g(x):\n    return f(x)\n", "f"), space)
    x = [1, 2]
    assert space["g"](x) == 1  # type: ignore[operator]
    assert x == [1, 2]
    assert eval("f(x)", {"f": space["f"], "x": x}) == 1
    assert x == [1, 2, 2]


# ---- unwritten


def test_a_function_that_no_public_case_calls_is_found(course: Make, exam: Exam) -> None:
    cases = CASES.replace('case("mean", public=True', 'case("mean"').replace(
        'case("mean", check=close())\ndef mean_of_a', 'case("mean", public=True, check=close())\ndef mean_of_a'
    )
    cases = cases.replace("student.mean(world.normal((3, 5)))", "student.double(world.normal((3, 5)))")
    text = said(exam(course(cases=cases)), "unwritten")
    assert text.startswith("fail")
    assert "function `mean`: unwritten, and every public case of its question passes" in text
    assert "`double`" not in text


def test_a_question_without_a_public_case_is_found(course: Make, exam: Exam) -> None:
    text = said(exam(course(cases=CASES.replace('case("mean", public=True', 'case("mean"'))), "unwritten")
    assert "function `mean`: its question has no public case" in text


def test_an_unwritten_function_says_its_name() -> None:
    space: dict[str, object] = {}
    exec(unwritten("def f(x):\n    return x\n", "f"), space)
    with pytest.raises(NotImplementedError, match="write f"):
        space["f"](1)  # type: ignore[operator]


# ---- luck

SOMETIMES = CASES.replace(
    'case("mean", check=close())\ndef mean_of_a_matrix', 'case("mean", check=close(), worlds=20)\ndef mean_of_a_matrix'
).replace("student.mean(world.normal((3, 5)))", "student.mean(world.normal((1 + world.integers(2),)))")
"""A sum is the mean of one number: about ten of the twenty worlds show the mistake."""


def test_a_mistake_that_costs_more_in_some_worlds_is_found(course: Make, exam: Exam) -> None:
    text = said(exam(course(cases=SOMETIMES)), "luck")
    assert text.startswith("fail")
    assert "case `mean_of_a_matrix`: misconception `sum_for_mean` gets other shares of it in other worlds" in text
    assert "0 in world" in text
    assert "1 in world" in text


def test_mutants_whose_loss_hangs_on_the_world_are_counted_in_a_full_run(course: Make, exam: Exam) -> None:
    source = course(cases=SOMETIMES)
    assert "at most 2%" in said(exam(source, mutate=True, full=True), "luck")
    assert "mutants" not in said(exam(source, mutate=True), "luck")


# ---- forms and float32


def test_a_check_that_asks_for_one_form_is_found_with_the_form(course: Make, exam: Exam) -> None:
    text = said(exam(course(cases=PICKY)), "forms")
    assert "case `three_numbers`: values as lists get 0 of its points" in text
    assert "mean_of_three" not in text


def test_a_probe_that_names_a_parameter_is_found(course: Make, exam: Exam) -> None:
    cases = CASES.replace("student.mean(world.normal((3,)))", "student.mean(x=world.normal((3,)))")
    text = said(exam(course(cases=cases)), "forms")
    assert "case `mean_of_three`: values as other parameter names get 0" in text
    assert "unexpected keyword argument 'x'" in text


def test_a_case_that_asks_for_float64_is_found_with_what_it_says(course: Make, exam: Exam) -> None:
    asks = "close(tolerance=1e-12, dtype='float64')"
    cases = CASES.replace('case("double", check=close())', f'case("double", check={asks})')
    text = said(exam(course(cases=cases)), "float32")
    assert "case `a_matrix`: values as float32 get 0 of its points" in text
    assert "rounding of the size of float32" in text
    assert "three_numbers" not in text


def test_a_small_tolerance_does_not_keep_float32_out(course: Make, exam: Exam) -> None:
    cases = CASES.replace('case("double", check=close())', 'case("double", check=close(tolerance=1e-12))')
    assert exam(course(cases=cases)).gate("float32").status == "pass"


VALUES = {
    "lists": (np.arange(2), [0, 1]),
    "tuples": ([1, [2, 3]], (1, (2, 3))),
    "NumPy numbers": (1, np.int64(1)),
    "a further key": ({"a": 1}, {"a": 1, "a further key": 0}),
    "truth values for 0 and 1": (np.array([0, 1]), np.array([False, True])),
    "arrays": ([1, 2], np.array([1, 2])),
    "float32": (np.ones(1), np.ones(1, np.float32)),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_keeps_the_values_and_leaves_inner_calls_alone(form: str) -> None:
    value, other = VALUES.get(form, (1.5, None))
    space: dict[str, object] = {"VALUE": value}
    exec(in_form("def f():\n    return VALUE\ndef g():\n    return [type(f())]\n", ["f"], form), space)
    found = eval("f()", {"f": space["f"]})
    assert space["g"]() == [type(value)]  # type: ignore[operator]
    if other is not None:
        assert type(found) is type(other)
        assert repr(found) == repr(other)
    else:
        assert found == value


def test_an_integer_that_no_numpy_type_holds_stays_as_it_is() -> None:
    space: dict[str, object] = {}
    exec(in_form("def f():\n    return 7 * 10**16 + 1\n", ["f"], "NumPy numbers"), space)
    assert eval("f()", {"f": space["f"]}) == 7 * 10**16 + 1


def test_a_case_that_takes_long_is_run_in_one_world_in_each_form(course: Make) -> None:
    shop = Workshop(course(), frozenset({"a_matrix"}))
    for variant in other_forms(shop):
        assert isinstance(variant, Variant)
        assert {case: len(seeds) for case, seeds in variant.seeds.items()} == {
            "three_numbers": 3, "a_matrix": 1, "mean_of_three": 3, "mean_of_a_matrix": 3,
        }  # fmt: skip


# ---- what is allowed

ENTRY = '[[allowed]]\ngate = "forms"\ncase = "{}"\nreason = "the text asks for an array"\n'


def allowing(course: Make, text: str) -> AssignmentSource:
    source = course(cases=PICKY)
    (source.private_folder / "allowed.toml").write_text(text)
    return source


def test_what_is_allowed_with_a_reason_is_not_found(course: Make, exam: Exam) -> None:
    one = exam(allowing(course, ENTRY.format("three_numbers")))
    assert "three_numbers" not in said(one, "forms")
    assert "a_matrix" in said(one, "forms")
    both = exam(allowing(course, ENTRY.format("three_numbers") + ENTRY.format("a_matrix"))).gate("forms")
    assert both.status == "pass"
    assert "allowed" in both.figures


@pytest.mark.parametrize("case", ["mean_of_three", "no_such_case"])
def test_an_entry_that_excuses_nothing_is_told(course: Make, exam: Exam, case: str) -> None:
    text = said(exam(allowing(course, ENTRY.format(case))), "forms")
    assert f"allowed.toml: the entry of `forms` for `{case}` excuses nothing" in text
    elsewhere = exam(allowing(course, ENTRY.format("mean_of_three")), only="double")
    assert "excuses nothing" not in said(elsewhere, "forms")


def test_an_entry_names_a_case_or_a_function_and_counts_for_the_certificate(course: Make) -> None:
    before = inputs_digest(course(cases=PICKY))
    source = allowing(course, ENTRY.format("three_numbers"))
    assert [e.subject for e in load_allowed(source)] == ["three_numbers"]
    assert inputs_digest(source) != before
    assert certificate_state(source) == "missing"
    (source.private_folder / "allowed.toml").write_text('[[allowed]]\ngate = "forms"\nreason = "none"\n')
    with pytest.raises(SpecError, match="give `case` or `function`"):
        load_allowed(source)
