"""Mistakes that nobody listed, class by class: grouped by what they returned, with a draft for the catalogue."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.cohort.mistakes import Group, code_of, draft, mistakes
from autograder.cohort.rejudge import rejudge
from autograder.cohort.store import Store
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.sandbox.wire.messages import Submission
from tests.cohort.support import run
from tests.fakes import FakeSandbox
from tests.small_course import MISCONCEPTIONS, REFERENCE, write_course

THRICE = REFERENCE.replace("return 2 * x", "y = 3 * x\n    return y")
MINUS = REFERENCE.replace("return 2 * x", "return -2 * x")
SQUARE = REFERENCE.replace("return 2 * x", "return x**2")
SUM = REFERENCE.replace("np.mean(x)", "np.sum(x)")
UNWRITTEN = REFERENCE.replace("return 2 * x", 'raise NotImplementedError("write double")')
CLASS = {"ada": THRICE, "bob": THRICE + "# b", "cat": MINUS, "dan": SQUARE, "eve": SUM, "fay": REFERENCE,
         "gil": THRICE + "# g", "hal": UNWRITTEN}  # fmt: skip


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course")


@pytest.fixture
def source(course: Path) -> AssignmentSource:
    return load_source(course, "small")


@pytest.fixture
def out(tmp_path: Path, source: AssignmentSource) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for who, text in CLASS.items():
        (folder / f"{who}.py").write_text(text)
    bundle = build_bundle(FakeSandbox(), source)  # type: ignore[arg-type]
    with Store(tmp_path / "out") as store:
        store.note_origin(bundle, source)
        run(store, bundle, folder)
    return tmp_path / "out"


def found(out: Path, source: AssignmentSource) -> list[Group]:
    with Store(out, create=False) as store:
        return mistakes(store, source)


def test_the_largest_group_comes_first_and_listed_mistakes_are_none_of_them(out, source):
    groups = found(out, source)
    assert [g.students for g in groups] == [["ada", "bob", "gil"], ["cat"]]
    assert [g.question for g in groups] == ["double", "double"]
    assert groups[0].points == 3 * groups[1].points > 0
    assert groups[0].cases == ("three_numbers", "a_matrix")
    assert groups[0].said.most_common(1)[0][0] == "yours is the right value plus `x`, in every entry"
    assert "    y = 3 * x" in groups[0].code.splitlines()
    assert groups[0].functions == ("double",)


def test_students_who_returned_different_values_in_one_world_are_apart(out, source):
    with Store(out, create=False) as store:
        verdicts = {e.who: store.grade(e).verdicts for e in store.current()}
    assert verdicts["ada"][0].diagnosis != verdicts["cat"][0].diagnosis
    group = found(out, source)[0]
    other = {place: replace(mark, mark=mark.mark + 1) for place, mark in group.marks.items()}
    assert group.takes(group.marks)
    assert not group.takes(other)


def test_a_draft_becomes_an_entry_that_rejudging_tells_everybody(out, course, source):
    text = draft(found(out, source)[0], "thrice").replace('"TODO"', '"That is three times x."')
    (course / "solutions/small/misconceptions.toml").write_text(MISCONCEPTIONS + "\n" + text)
    changed = load_source(course, "small")
    (mistake,) = [m for m in changed.misconceptions if m.id == "thrice"]
    assert "y = 3 * x" in changed.variant(mistake)
    with Store(out, create=False) as store:
        rejudge(store, changed, FakeSandbox)
        told = {e.who: {v.misconception for v in store.grade(e).verdicts} for e in store.current()}
    assert [who for who, ids in told.items() if "thrice" in ids] == ["ada", "bob", "gil"]
    assert [g.students for g in found(out, changed)] == [["cat"]]


def called(out: Path, course: Path, *options: str) -> str:
    done = CliRunner().invoke(main, ["mistakes", str(out), "--root", str(course), *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_prints_groups_code_and_the_nearest_small_change(out, course):
    text = called(out, course)
    assert "1. double: 3 students" in text
    assert "(ada, bob, gil)" in text
    assert "   |     y = 3 * x" in text
    assert [row["students"] for row in json.loads(called(out, course, "--json"))] == [["ada", "bob", "gil"], ["cat"]]
    assert called(out, course, "--least", "2").count("students") == 1
    assert called(out, course, "--question", "mean") == "no wrong answer without a listed mistake's name\n"


def test_the_command_drafts_an_entry_and_refuses_what_makes_none(out, course):
    assert 'id = "thrice"' in called(out, course, "--name", "thrice")
    for options, words in (
        (["--name", "not an id"], "an id is needed"),
        (["--name", "x", "--group", "9"], "no such group"),
    ):
        done = CliRunner().invoke(main, ["mistakes", str(out), "--root", str(course), *options])
        assert done.exit_code == 2
        assert words in done.output


@pytest.mark.parametrize(
    "beside",
    [
        "",
        "%matplotlib inline\n",
        "!ls\n",
        "print 'x'\n",
        f"x = 1{'+1' * 20_000}\n",
        "if x:\n" + " %a\n" * 2000,
        "\ufeff",
    ],
)
def test_the_code_of_a_function_is_shown_whatever_stands_beside_it(beside):
    """IPython's transformer took 4 s for 400 magics, and more than their number says."""
    own = "def f(x):\n    # at home\n    return x"
    text = f"{beside}{own}\n\n\ndef g(x):\n    return 1\n"
    cells = [{"cell_type": "code", "source": part} for part in (beside, f"{own}\n", "def g(x): return 1")]
    notebook = json.dumps({"cells": cells}).encode()
    begin = time.process_time()
    assert code_of(Submission.of("ada", "hw.py", {"hw.py": text.encode()}), ["f"]) == own
    assert code_of(Submission.of("ada", "hw.ipynb", {"hw.ipynb": notebook}), ["f"]) == own
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("body", ["-" * 5000 + "1", "(" * 5000, "1 1"])
def test_a_function_that_is_no_python_or_too_deep_is_not_shown(body):
    assert code_of(Submission.of("ada", "hw.py", {"hw.py": f"def f(x):\n    return {body}\n".encode()}), ["f"]) == ""
