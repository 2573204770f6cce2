"""[questions.milestone], [submission] weights and [decks]: what is wrong is named by key, with what to do."""

from __future__ import annotations

import pytest

from autograder.errors import SpecError
from autograder.spec.loading import parse_model
from autograder.spec.models import Assignment

GOOD = """
id = "toy"
title = "Toy"
points = 8
[submission]
file = "toy.py"
weights = "weights.safetensors"
max_mb = 16
[decks]
count = 16
term = "2026-autumn"
[[questions]]
id = "final"
title = "Final"
kind = "code"
points = 8
[questions.milestone]
parameters = 120000
"""


def parsed(text: str) -> Assignment:
    return parse_model(text, "assignment.toml", Assignment)


def test_defaults_are_those_of_the_documentation() -> None:
    spec = parsed(GOOD)
    milestone = spec.question("final").milestone
    assert milestone is not None
    assert (milestone.nodes, milestone.constants, milestone.names, milestone.attempts_per_day) == (2000, 400, 1500, 5)
    assert spec.decks is not None
    assert (spec.decks.count, spec.submission.weights) == (16, "weights.safetensors")


INSTEAD = (
    GOOD
    + """
[[questions]]
id = "large"
title = "Large"
kind = "code"
points = 0
instead_of = "final"
[questions.milestone]
parameters = 1000000
weights = "large.safetensors"
"""
)


def test_a_question_in_place_of_another_adds_no_points_and_names_its_own_file() -> None:
    spec = parsed(INSTEAD)
    assert spec.question("large").instead_of == "final"
    assert (spec.further_weights, spec.machine_points(), spec.points) == (("large.safetensors",), 8, 8)
    assert parsed(GOOD).further_weights == ()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("points = 0", "points = 8", "points: found 8, but the points of the questions add up to 16"),
        ('instead_of = "final"', 'instead_of = "finale"', "questions.large.instead_of: 'finale' is no other question"),
        ('instead_of = "final"', 'instead_of = "finale"', "did you mean `final`?"),
        ('instead_of = "final"', 'instead_of = "large"', "expected one of final"),
        ('"large.safetensors"', '"weights.safetensors"', "is the file of [submission]; leave the key out"),
        ('"large.safetensors"', '"large.pt"', "questions[large].milestone.weights"),
        ("parameters = 1000000", "parameters = 5000000", "5,120,000 parameters take 19.5 MiB"),
        ("[questions.milestone]\nparameters = 1000000\nweights", "#", "`large` has no [questions.milestone]"),
    ],
)
def test_a_fault_of_it_is_named_by_its_key(before: str, after: str, words: str) -> None:
    assert before in INSTEAD
    with pytest.raises(SpecError) as error:
        parsed(INSTEAD.replace(before, after))
    assert words in error.value.text()


def test_it_has_no_points_of_its_own_and_there_is_one_at_most() -> None:
    eight_more = INSTEAD.replace("points = 0", "points = 8").replace(
        "points = 8\n[submission]", "points = 16\n[submission]"
    )
    with pytest.raises(SpecError, match=r"questions\.large\.points: found 8, but it has instead_of: give it 0"):
        parsed(eight_more)
    again = INSTEAD + INSTEAD[len(GOOD) :].replace('"large"', '"larger"')
    with pytest.raises(SpecError, match="two questions stand in for `final`; one can"):
        parsed(again)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('weights = "weights.safetensors"\n', "", 'name the file of weights: weights = "weights.safetensors"'),
        ('"weights.safetensors"', '"weights.pt"', "submission.weights"),
        ('"weights.safetensors"', '"a/w.safetensors"', "submission.weights"),
        ("max_mb = 16", 'forms = ["py"]', 'submission.forms: must have "zip"'),
        ("parameters = 120000", "parameters = 5000000", "5,000,000 parameters take 19.1 MiB"),
        ("parameters = 120000", "parameters = 0", "questions[final].milestone.parameters"),
        ("parameters = 120000", "", "questions[final].milestone.parameters"),
        ("parameters = 120000", "parameters = 9\nseconds = 3", "questions[final].milestone.seconds: unknown key"),
        ('kind = "code"', 'kind = "theory"', 'only a question of kind = "code"'),
        ("count = 16", "count = 0", "decks.count"),
        ('term = "2026-autumn"', "", "decks.term"),
    ],
)
def test_a_fault_is_named_by_its_key(before: str, after: str, words: str) -> None:
    assert before in GOOD
    with pytest.raises(SpecError) as error:
        parsed(GOOD.replace(before, after))
    assert words in error.value.text()
