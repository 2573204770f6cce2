"""The command similar: a copy in a class is told and shown, the handout's own code is not, and nothing is deducted."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import Result

from autograder.cohort.store import Store
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.release.stub import make_stub
from tests.cli.running import run
from tests.cohort.support import RIGHT, essence
from tests.cohort.support import run as grade
from tests.cohort.test_alike_code import COPIED, disguised
from tests.fakes import FakeSandbox
from tests.small_course import write_course


def notebook(*cells: str) -> str:
    return nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells]))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = write_course(tmp_path / "course")
    (root / "assignments/small/small.py").write_text(make_stub((root / "solutions/small/small.py").read_text(), "x"))
    folder = root / "in"
    folder.mkdir()
    for i in range(6):
        (folder / f"s{i}.py").write_text(f"{RIGHT}\n# {i}\n")
    (folder / "ada.py").write_text(RIGHT + COPIED)
    (folder / "bela.py").write_text(RIGHT + disguised(COPIED))
    with Store(root / "out") as store:
        grade(store, build_bundle(FakeSandbox(), load_source(root, "small")), folder)
    return root


def similar(root: Path, *more: object, status: int = 0) -> Result:
    return run("similar", root / "out", *more, status=status)


def events_of(root: Path) -> list[tuple[object, ...]]:
    with Store(root / "out", create=False) as store:
        return essence(store)


def test_a_copy_is_told_and_shown_side_by_side(course: Path) -> None:
    before = events_of(course)
    said = similar(course, "--root", course).output
    assert "ada and bela: " in said
    assert "% of the code that few others have" in said
    assert "0 pairs by weights, 1 by code or mistakes" in said
    page = (course / "out/similar.html").read_text()
    assert "kept.pop()" in page
    assert page.count('class="line alike"') > 10
    assert events_of(course) == before
    table = json.loads(similar(course, "--root", course, "--json").output)
    assert [(one["first"], one["second"]) for one in table["code"]] == [("ada", "bela")]


def test_notebooks_with_magics_are_compared_and_what_is_no_python_is_named(course: Path) -> None:
    folder = course / "in"
    for name, text in (("dora", COPIED), ("emil", disguised(COPIED))):
        (folder / f"{name}.ipynb").write_text(
            notebook("%matplotlib inline\n!pip install x", "%%bash\nls -l", RIGHT, text)
        )
    broken = f"\ufeff{RIGHT}{COPIED}\nprint 'x'\n"
    (folder / "fay.py").write_text(broken, encoding="utf-8")
    (folder / "gus.ipynb").write_text("{")
    for name in ("ada", "bela"):
        (folder / f"{name}.py").unlink()
    with Store(course / "out2") as store:
        grade(store, build_bundle(FakeSandbox(), load_source(course, "small")), folder)
    done = run("similar", course / "out2", "--root", course, "--json")
    table = json.loads(done.stdout)
    pairs = {frozenset((one["first"], one["second"])) for one in table["code"]}
    assert pairs == {frozenset(pair) for pair in (("dora", "emil"), ("dora", "fay"), ("emil", "fay"))}
    line = broken.count("\n")
    assert table["not_looked_at"] == [
        f"fay: small.py, line {line}: no Python",
        "gus: it can no longer be read where it was handed in: the notebook is damaged",
    ]
    assert table["without_handout"] is False
    said = run("similar", course / "out2", "--root", course).output
    assert f"not looked at: fay: small.py, line {line}: no Python\n" in said
    assert "# small.ipynb, cell 4" in (course / "out2/similar.html").read_text()


def test_a_file_that_is_gone_is_named_and_the_handout_is_asked_for(course: Path) -> None:
    (course / "in/s3.py").unlink()
    said = similar(course).output
    assert "not looked at: s3: it can no longer be read where it was handed in" in said
    assert "without the handout's script, whose own code then counts: --stub FILE" in said
    assert "cannot be read" in similar(course, "--stub", course / "no.py", status=2).output
