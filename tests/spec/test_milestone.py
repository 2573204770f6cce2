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
