"""More mutants, neighbour formulas, their words, and the exam that writes their fingerprints."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

import pytest

from autograder.grading.judging import InProcess
from autograder.grading.mutants_file import FILE, fresh
from autograder.grading.readings import Reading
from autograder.grading.record import build_bundle, world_seeds
from autograder.grading.source import AssignmentSource
from autograder.grading.worlds import HANDOUT
from autograder.sandbox.wire.messages import Answer
from autograder.verify.more_operators import more_mutants
from autograder.verify.neighbours import neighbour
from autograder.verify.operators import mutants
from autograder.verify.report import Report
from autograder.verify.twins import leads_astray
from autograder.verify.words import EXCHANGED, reading_of
from tests.fakes import FakeSandbox
from tests.small_course import CASES, MISCONCEPTIONS, REFERENCE
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
TEMPLATE = '''def {name}(x, w, b):
    """Text."""
    # BEGIN SOLUTION
    {body}
    # END SOLUTION


def second(x):
    """Text."""
    # BEGIN SOLUTION
    {again}
    # END SOLUTION
'''


def made(body: str, name: str = "f", again: str = "return x") -> set[tuple[str, str]]:
    text = TEMPLATE.format(name=name, body=body, again=again)
    found = more_mutants(text, "f.py", {name: "q", "second": "q"})
    for mutant in found:
        compile(mutant.text, "mutant.py", "exec")
    return {(m.operator, m.after) for m in found}


@pytest.mark.parametrize(
    ("body", "operator", "after"),
    [
        ("return np.exp(x) + w", "dropped call", "return x + w"),
        ("return x.sum() + w", "dropped call", "return x + w"),
        ("return x, w", "order of what is returned", "return (w, x)"),
        ("return x, w", "part of what is returned", "return x"),
        ("return x[0] * 0.5", "constant", "return x[0] * 1.0"),
        ("return x * 0.5", "constant", "return x * 0.25"),
        ("return np.tanh(x)", "wrong function", "return np.sigmoid(x)"),
        ("return x.std()", "wrong function", "return x.var()"),
        ("return g(x, w)", "dropped argument", "return g(x)"),
        ("return x * w", "factor twice", "return (x * w * w)"),
        ("return x - w * x", "names exchanged", "return w - x * w"),
    ],
)
def test_every_operator_makes_its_mistake(body: str, operator: str, after: str) -> None:
    assert (operator, after) in made(body)


def test_the_same_mistake_is_made_in_all_places_of_its_kind_at_once() -> None:
    both = made("return x.sum(axis=0)", again="return x.sum(axis=0)")
    assert ("axis", "return x.sum(axis=1) return x.sum(axis=1)") in both
    text = TEMPLATE.format(name="f", body="return x.sum(axis=0)", again="return x.sum(axis=0)")
    (several,) = [m for m in more_mutants(text, "f.py", {"f": "q", "second": "q"}) if "axis=1" in m.after]
    assert several.function == "f, second"


@pytest.mark.parametrize(
    ("function", "formula", "words"),
    [
        ("sigmoid_slope", "a * (1 - a)", "tanh's slope for sigmoid's"),
        ("softmax_vjp", "p * (g - (p * g).sum(-1, keepdims=True))", "log-softmax's gradient for softmax's"),
        ("two_layer", "dH * sigmoid_slope(H)", "tanh's slope for sigmoid's"),
        ("he_network", "W * np.sqrt(2 / n)", "Xavier's scale for He's"),
        ("standardise", "train.std(0)", "the sample's standard deviation (n − 1) for the population's (n)"),
        ("scores", "q / math.sqrt(d)", "a value for its square root"),
        ("entropy_loss", "np.logaddexp(0, -z)", "a hinge for the logistic loss"),
    ],
)
def test_neighbour_formulas_are_known_by_their_shape(function: str, formula: str, words: str) -> None:
    found = [w for node in ast.walk(ast.parse(formula)) for w, _ in neighbour(node, function)]
    assert words in found


def test_what_is_written_in_the_place_is_what_the_words_say() -> None:
    node = ast.parse("p * (g - np.sum(p * g, axis=-1, keepdims=True))", mode="eval").body
    (text,) = [t for w, t in neighbour(node, "op_softmax") if w.startswith("log-softmax")]
    assert text == "(g - p * np.sum(g, axis=-1, keepdims=True))"


def test_an_argument_may_be_ignored() -> None:
    text = TEMPLATE.format(name="f", body="return x / w", again="return x").replace("w, b)", "w=0.5, b=1)")
    found = {(m.operator, m.after) for m in more_mutants(text, "f.py", {"f": "q"})}
    assert ("ignored argument", "return x / 0.5") in found


def test_a_shape_alone_is_not_called_by_the_name_of_another_function() -> None:
    found = {w for node in ast.walk(ast.parse("error * (a - b)")) for w, _ in neighbour(node, "derive_w2")}
    assert found == set()


def test_the_words_are_those_of_the_operator_and_never_of_the_line() -> None:
    text = TEMPLATE.format(name="f", body="return secret_thing(x).mean() * w - hidden_name", again="return x")
    every = [*mutants(text, "f.py"), *more_mutants(text, "f.py", {"f": "q"})]
    said = {reading_of(m).words for m in every}
    assert "a sum is taken in place of a mean" in said
    assert len(said) > 5
    assert not any(word in words for words in said for word in ("secret", "hidden", "return", "w -"))


def test_the_exam_writes_what_mutants_return(course: Make, exam: Exam) -> None:
    source = course()
    report = exam(source, fingerprints=True)
    assert report.gate("fingerprints").status == "pass"
    assert "can be recognised" in report.gate("fingerprints").figures
    (source.private_folder / FILE).write_bytes(report.fingerprints)
    found = fresh(source, world_seeds(source))
    assert found is not None
    assert set(found.shown) == {c.name for c in source.cases.cases}
    assert {r.functions for r in found.readings} == {"double", "mean"}
    assert not exam(source).fingerprints


def twin_of_mean(listed: str, public: str = "student.mean(world.normal((1,)) * np.ones(3))") -> dict[str, str]:
    """The small course with a listed mistake of `mean`, and what its public case calls."""
    cases = CASES.replace("student.mean(world.normal((3,)))", public)
    cases = cases.replace(
        "from autograder.authoring import case", "import numpy as np\n\nfrom autograder.authoring import case"
    )
    return {"misconceptions": MISCONCEPTIONS.replace("np.sum(x)", listed), "cases": cases}


def named_at_home(source: AssignmentSource, report: Report, mistake: str, twins: bool = True) -> set[str]:
    """What is named in public cases, in the handout's world, for work with a listed mistake.

    Args:
        twins: whether it is known which listed mistakes have twins.
    """
    (source.private_folder / FILE).write_bytes(report.fingerprints)
    bundle = build_bundle(FakeSandbox(), source)
    assert bundle.mutants is not None
    bundle = bundle if twins else replace(bundle, mutants=replace(bundle.mutants, twins=frozenset()))
    made = next(m.outputs for m in bundle.misconceptions if m.id == mistake)
    answers = {}
    for case in bundle.cases.cases:
        right = ("returned", bundle.expectation(case.name, HANDOUT).payload)
        status, payload = made[case.name][0] if case.name in made else right
        text = "" if status == "returned" else payload.decode()
        answers[case.name] = Answer(case.name, status, payload=b"" if text else payload, message=text)
    told = InProcess().verdicts(bundle, answers, dict.fromkeys(answers, HANDOUT))
    return {v.misconception for v in told if v.public and not v.status.passed}


def test_a_listed_mistake_keeps_its_name_where_public_cases_show_its_values(course: Make, exam: Exam) -> None:
    source = course(**twin_of_mean("np.sum(x) * 3 / x.size * (1 if x.ndim == 1 else 2)"))
    report = exam(source, fingerprints=True)
    row = report.gate("fingerprints")
    assert row.status == "pass"
    assert "public cases cannot tell 1 listed mistakes from one of them" in row.figures
    assert named_at_home(source, report, "sum_for_mean") == {"sum_for_mean"}


def test_a_listed_mistake_is_not_named_where_one_of_another_function_comes_to_the_same(
    course: Make, exam: Exam
) -> None:
    texts = twin_of_mean("np.mean(x) / (2 if x.ndim == 1 else 3)", "student.mean(student.double(world.normal((3,))))")
    source = course(**texts)
    report = exam(source, fingerprints=True)
    assert report.gate("fingerprints").status == "warn"
    assert "a factor is left out in `double`" in said(report, "fingerprints")
    assert named_at_home(source, report, "sum_for_mean") == {""}
    assert named_at_home(source, report, "sum_for_mean", twins=False) == {"sum_for_mean"}


def test_a_listed_mistake_is_not_named_where_another_of_its_function_ends_with_the_same_exception(
    course: Make, exam: Exam
) -> None:
    line = "float(np.mean(np.mean(x, axis=0), axis=0))"
    wrong = "float(np.mean(np.mean(x, axis=0), axis=1 if len(x) == 2 else 0)) * 2"
    source = course(
        reference=REFERENCE.replace("float(np.mean(x))", line),
        cases=CASES.replace("student.mean(world.normal((3,)))", "student.mean(world.normal((2, 5)))"),
        misconceptions=MISCONCEPTIONS.replace("np.mean(x)", line).replace("np.sum(x)", wrong),
    )
    report = exam(source, fingerprints=True)
    assert "it goes over another axis in `mean`" in said(report, "fingerprints")
    assert named_at_home(source, report, "sum_for_mean") == {""}
    assert named_at_home(source, report, "sum_for_mean", twins=False) == {"sum_for_mean"}
    assert exam(course(), fingerprints=True).gate("fingerprints").status == "pass"


@pytest.mark.parametrize(
    ("functions", "words", "valued", "astray"),
    [
        ("layer", "a transpose is left out", True, False),
        ("layer", "a transpose is left out", False, True),
        ("layer", EXCHANGED, False, False),
        ("layer, other", "a transpose is left out", True, False),
        ("other", "a transpose is left out", True, True),
        ("other", EXCHANGED, True, True),
    ],
)
def test_whom_a_listed_sentence_would_lead_astray(functions: str, words: str, valued: bool, astray: bool) -> None:
    assert leads_astray(Reading(functions, words), {"layer"}, valued) is astray
