"""Every cheat with trained work gets its verdict, and every honest variation beside it all of its points."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.source import AssignmentSource
from autograder.grading.totals import Grade
from autograder.intake.reading import read_submission
from autograder.sandbox.grader.box import Sandbox
from tests.milestone_course import of_another_deck, packed, the_law, weights_trained_by

HERE = Path(__file__).parent
CHEATS = sorted(p.stem for p in (HERE / "cheats").glob("*.py"))
HONEST = sorted(p.stem for p in (HERE / "honest").glob("*.py"))
TRAINED = ("next_symbols", "trains_anew")
Run = Callable[[str], Grade]


def header(text: str) -> dict[str, str]:
    """key → value of the lines `key: value` of a file's docstring."""
    return dict(re.findall(r"^(weights|expect|says|hidden): *(.+)$", text.split('"""')[1], re.M))


@pytest.fixture(scope="session")
def run(sandbox: Sandbox, toy: AssignmentSource, bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Grades a file of this folder as a student's zip, replay included."""
    folder = tmp_path_factory.mktemp("hand-ins")
    made: dict[str, Grade] = {}

    def weights_of(kind: str, text: str) -> bytes:
        if kind == "own":
            return weights_trained_by(sandbox, toy, text)
        if kind == "the law":
            return the_law(toy)
        return of_another_deck(sandbox, toy) if kind == "of another deck" else toy.weights[kind]

    def graded(name: str) -> Grade:
        if name not in made:
            own = (HERE / f"{name}.py").read_text()
            text = f"{toy.reference}\n\n# %%\n{own}"
            path = folder / f"{Path(name).name}.zip"
            path.write_bytes(packed(text, weights_of(header(own)["weights"], text)))
            submission = read_submission(path, toy.spec.submission)
            made[name], _ = grade_submission(sandbox, bundle, submission, path.stem, Settings(replay=True))
        return made[name]

    return graded


@pytest.mark.parametrize("name", [f"honest/{n}" for n in HONEST] + [f"cheats/{n}" for n in CHEATS])
def test_it_gets_its_verdict(name: str, run: Run) -> None:
    wanted = header((HERE / f"{name}.py").read_text())
    found = {v.case: v for v in run(name).verdicts}
    for word in wanted["expect"].split():
        case, _, rest = word.partition("=")
        status, _, credit = rest.partition(":")
        assert (found[case].status.value, found[case].message[:300]) == (status, found[case].message[:300])
        if credit:
            assert found[case].credit == Fraction(credit), found[case].message
    if "says" in wanted:
        assert any(wanted["says"] in found[case].message for case in TRAINED), [found[c].message for c in TRAINED]
    for hidden in wanted.get("hidden", "").split():
        assert not any(hidden in found[case].stdout for case in TRAINED), hidden


@pytest.mark.parametrize("name", HONEST)
def test_honest_work_gets_everything(name: str, run: Run) -> None:
    grade = run(f"honest/{name}")
    assert grade.complete
    assert (grade.points, grade.max_points) == (10, 10)


def test_the_looting_probe_does_print_what_it_finds_so_that_its_test_can_fail(run: Run) -> None:
    found = {v.case: v.stdout for v in run("cheats/looks_for_seeds_and_answers").verdicts}
    assert "batches" in found["next_symbols"]
    assert "vocabulary" in found["next_symbols"]


def test_every_file_says_what_it_does_and_what_it_must_get() -> None:
    assert len(CHEATS) >= 30
    for path in [*(HERE / "cheats").glob("*.py"), *(HERE / "honest").glob("*.py")]:
        wanted = header(path.read_text())
        assert {"weights", "expect"} <= set(wanted), path.name
        assert len(path.read_text().split('"""')[1].split("\n")[0]) > 10, path.name
