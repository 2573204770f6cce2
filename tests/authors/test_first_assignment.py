"""docs/first-assignment.md: its blocks, put where they say, are an assignment that can be certified and released."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from autograder.grading.source import AssignmentSource, load_source
from autograder.release.scaffold import scaffold
from autograder.release.stub import make_stub
from autograder.verify.agreement import id_problems, stub_file_problems
from autograder.verify.exam import FIRST, GATES, Options, verify_assignment
from autograder.verify.probes import probe_problems
from tests.cli.running import run
from tests.fakes import FakeSandbox

PAGE = Path(__file__).parents[2] / "docs/first-assignment.md"
BLOCK = re.compile(r"<!-- (file|append): (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
QUESTIONS = ("standardise", "slope", "dropout")


def walked(root: Path) -> AssignmentSource:
    """The course after steps 1 to 6."""
    for folder in ("assignments", "solutions"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    scaffold(root, "first", milestone=True)
    spec = root / "assignments/first/assignment.toml"
    text = PAGE.read_text(encoding="utf-8")
    assert "Change `points = 10` at its top to `points = 22`" in text
    spec.write_text(spec.read_text().replace("points = 10", "points = 22", 1))
    blocks = BLOCK.findall(text)
    assert len(blocks) == 11
    for kind, path, body in blocks:
        target = root / path
        assert target.exists() == (kind == "append"), path
        target.parent.mkdir(exist_ok=True)
        target.write_text((target.read_text() if kind == "append" else "") + body)
    source = load_source(root, "first")
    (source.public_folder / "first.py").write_text(make_stub(source.reference, "first.py"))
    return source


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> AssignmentSource:
    return walked(tmp_path_factory.mktemp("walk") / "mycourse")


def test_the_texts_agree(course: AssignmentSource) -> None:
    assert [*id_problems(course), *stub_file_problems(course), *probe_problems(course)] == []
    assert course.spec.points == sum(q.points for q in course.spec.questions) == 22


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_first_gates_of_a_plain_question_pass(course: AssignmentSource, question: str) -> None:
    report = verify_assignment(FakeSandbox(), course, Options(jobs=1, only=question), gates=FIRST)  # type: ignore[arg-type]
    assert report.ok, "\n".join(p.text() for p in report.problems())
    assert report.gate("named feedback").figures == "3 of 3"


def test_the_survivor_is_the_one_that_the_page_tells(course: AssignmentSource) -> None:
    told = "first.py:90: comparison survives all hidden cases"
    assert told in PAGE.read_text(encoding="utf-8")
    entry = course.private_folder / "equivalent.toml"
    text = entry.read_text()
    options = Options(jobs=1, only="dropout", mutate=True)
    mutation = tuple(g for g in GATES if g.name == "mutation")
    report = verify_assignment(FakeSandbox(), course, options, gates=mutation)  # type: ignore[arg-type]
    assert report.gate("mutation").status == "pass"
    entry.unlink()
    try:
        report = verify_assignment(FakeSandbox(), course, options, gates=mutation)  # type: ignore[arg-type]
    finally:
        entry.write_text(text)
    assert [told in p.text() for p in report.problems()] == [True]


@pytest.mark.exam
@pytest.mark.slow
def test_the_walk_ends_with_a_certified_release(tmp_path: Path) -> None:
    root = tmp_path / "mycourse"
    run("init", root)
    walked(root)
    for command in (
        ("stub", "first"), ("train", "first"), ("verify", "first", "--write", "--jobs", 1),
        ("preview", "first", "--no-open"), ("release", "first", "-o", tmp_path / "dist"),
    ):  # fmt: skip
        said = run(*command, "--root", root).output
    assert "handed out" in said
    assert "decks        autograder deck first" in said
    handout = zipfile.ZipFile(tmp_path / "dist/first/handout.zip").namelist()
    assert "first.ipynb" in handout
    assert (tmp_path / "dist/first/autograder.zip").is_file()
