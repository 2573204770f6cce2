"""assignment.toml: what is right loads, what is wrong is named by file, key, found and expected."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from autograder.errors import SpecError
from autograder.spec.loading import load_assignment, parse_model
from autograder.spec.models import Assignment

GOOD = """
id = "tiny"
title = "Tiny"
points = 10
[submission]
file = "tiny.py"
[limits]
seconds = 3
[[questions]]
id = "one"
title = "One"
kind = "code"
points = 7.5
limits = { memory_mb = 512 }
[[questions]]
id = "two"
title = "Two"
kind = "written"
points = "5/2"
"""


def fault(text: str) -> str:
    with pytest.raises(SpecError) as caught:
        parse_model(text, "a.toml", Assignment)
    return str(caught.value)


def test_a_good_file_gives_exact_points_and_layered_limits() -> None:
    spec = parse_model(GOOD, "a.toml", Assignment)
    assert spec.question("one").points == Fraction(15, 2)
    assert spec.machine_points() == Fraction(15, 2)
    assert [q.id for q in spec.graded()] == ["one"]
    limits = spec.limits_of("one")
    assert (limits.seconds, limits.memory_mb, limits.output_kb) == (3, 512, 64)


def test_models_are_frozen() -> None:
    spec = parse_model(GOOD, "a.toml", Assignment)
    with pytest.raises(ValueError, match="frozen"):
        spec.title = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("find", "replace", "parts"),
    [
        ('title = "One"\n', "", ["a.toml, line 9: questions[one].title", "missing key", "add `title = …`"]),
        ('title = "One"', 'title = "One"\ncolour = "red"', ["questions[one].colour", "unknown key", "'red'"]),
        ('title = "One"', "title = 3", ["questions[one].title", "wrong value", "int 3", "text in quotation marks"]),
        ('kind = "code"', 'kind = "essay"', ["questions[one].kind", "'essay'", "'code', 'theory' or 'written'"]),
        ('id = "two"', 'id = "one"', ["the id 'one' is used twice"]),
        ("points = 10", "points = 11", ["points: found 11", "add up to 10"]),
        ("points = 7.5", "points = -7.5", ["questions[one].points", "not negative"]),
        ("points = 7.5", "points = true", ["questions[one].points", "points are a number"]),
        ("memory_mb = 512", "memory_gb = 1", ["a.toml, line 14: questions.one.limits.memory_gb", "memory_mb"]),
        (
            "memory_mb = 512",
            "memory_mb = 1",
            ["questions.one.limits.memory_mb: found 1", "greater than or equal to 64"],
        ),
        ('id = "one"', 'id = "One!"', ["questions[One!].id", "lower-case letters", "write 'one'"]),
        ('file = "tiny.py"', 'file = "../tiny.py"', ["submission.file", "such as regression.py"]),
        ("[submission]", "[submission", ["is not TOML", "line"]),
    ],
)
def test_every_fault_is_named(find: str, replace: str, parts: list[str]) -> None:
    assert find in GOOD
    message = fault(GOOD.replace(find, replace, 1))
    for part in ["a.toml", *parts]:
        assert part in message


def test_case_points_must_add_up() -> None:
    message = fault(GOOD.replace("limits = { memory_mb = 512 }", "case_points = { a = 5, b = 2 }"))
    assert "questions.one.case_points: add up to 7; the question has 15/2" in message


def test_a_missing_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no such file"):
        load_assignment(tmp_path / "assignment.toml")
    (tmp_path / "assignment.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SpecError, match="cannot be read"):
        load_assignment(tmp_path / "assignment.toml")
