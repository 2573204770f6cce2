"""The ten messages that docs/explanations.md quotes are those that a student of `backprop` reads at home."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.cells import Program
from autograder.grading.explanation import explanation
from autograder.grading.judging import InProcess
from autograder.grading.record import build_bundle, run_variant
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.worlds import HANDOUT
from autograder.release.handout import public_bundle
from tests.fakes import FakeSandbox

ROOT = Path(__file__).parents[2]
LISTED = (
    "relu_slope_one_at_zero",
    "squared_error_halved",
    "batch_mean_forgotten",
    "maximum_not_added_again",
    "line_solved_for_x1",
)
UNLISTED = {
    "return a * (1 - a)": ("print(a * (1 - a))", "return 1 - a**2"),
    "return np.heaviside(z, 0)": ("return np.sign(z)",),
    "return np.maximum(z, 0)": ("return max(0, z)",),
    "return gamma * normal + beta, vjp": ("return gamma * normal, vjp",),
}


@pytest.fixture(scope="module")
def recorded() -> tuple[AssignmentSource, Bundle]:
    """`backprop` with the listed mistakes that are quoted, as a handout has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "assignments/backprop"))
        source = load_source(ROOT, "backprop")
        known = replace(source, misconceptions=tuple(m for m in source.misconceptions if m.id in LISTED))
        return known, public_bundle(build_bundle(FakeSandbox(), known))  # type: ignore[arg-type]


def texts(source: AssignmentSource) -> list[str]:
    """Ten files, each with one mistake."""
    made = [source.variant(m) for m in source.misconceptions]
    for find, several in UNLISTED.items():
        assert source.reference.count(find) == 1, find
        made += [source.reference.replace(find, other) for other in several]
    return made


def read(source: AssignmentSource, bundle: Bundle, text: str) -> list[str]:
    """What a student reads of every public case that fails, the line of code in an exception's message left out."""
    cases = [c.name for c in bundle.cases.cases if c.kind == "case"]
    seeds = {c: (bundle.expectation(c, HANDOUT).seed,) for c in cases}
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "assignments/backprop"))
        found = run_variant(FakeSandbox(), source, Program("wrong", text, wrong=True), seeds)  # type: ignore[arg-type]
    answers = {case: several[0] for case, several in found.items()}
    verdicts = InProcess().verdicts(bundle, answers, dict.fromkeys(answers, HANDOUT))
    said = [f"✗ {v.case}\n{explanation(v)}" for v in verdicts if not v.status.passed]
    return [re.sub(r" \(backprop\.py, line .*\)$", "", one, flags=re.M) for one in said]


def test_ten_messages_are_quoted_as_they_are_read(recorded: tuple[AssignmentSource, Bundle]) -> None:
    page = (ROOT / "docs/explanations.md").read_text(encoding="utf-8")
    quoted = re.findall(r"(?ms)^```text\n(✗ .*?)\n^```", page)
    every = [read(*recorded, text) for text in texts(recorded[0])]
    assert len(quoted) == len(every) == 10
    for block, said in zip(quoted, every, strict=True):
        assert block in said
