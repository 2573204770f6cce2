"""Compiled once: the submission in the first worker before it runs, the course's modules in the grader."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox.grader.course_code import with_code
from autograder.sandbox.worker.cells import Cell
from autograder.sandbox.worker.explaining import explain
from autograder.sandbox.worker.loading import compiled, load, packed, prepare


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    """Loading changes the folder, the path and sys.modules."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    monkeypatch.chdir(tmp_path)


def loaded_from(folder: Path, text: str):
    (folder / "work.py").write_text(text, encoding="utf-8")
    return prepare(str(folder), "work.py", "work")


def test_code_of_another_worker_does_the_same(tmp_path):
    first, cells = loaded_from(tmp_path, "x = [1, 2]\ndef f():\n    return x\n")
    code = packed(compiled(first, cells))
    second, cells = loaded_from(tmp_path, "x = [1, 2]\ndef f():\n    return x\n")
    units = compiled(second, cells, code)
    load(second, units)
    assert second.module.f() == [1, 2]
    assert second.module.f.__code__.co_filename == str(tmp_path / "work.py")


def test_code_of_another_worker_names_the_file_that_lies_here(tmp_path):
    text = "def f():\n    def g():\n        return 1 / 0\n    return g()\n"
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    first, cells = loaded_from(tmp_path / "one", text)
    known = packed(compiled(first, cells))
    second, cells = loaded_from(tmp_path / "two", text)
    load(second, compiled(second, cells, known))
    with pytest.raises(ZeroDivisionError) as caught:
        second.module.f()
    assert "work.py, line 3, in `g`: `return 1 / 0`" in explain(caught.value, second.origin)


def test_what_does_not_compile_is_explained_when_it_is_run(tmp_path):
    first, cells = loaded_from(tmp_path, "def f(:\n")
    code = packed(compiled(first, cells))
    second, cells = loaded_from(tmp_path, "def f(:\n")
    load(second, compiled(second, cells, code))
    (problem,) = second.problems
    assert "SyntaxError" in problem
    assert "line 1" in problem


def test_code_that_is_nested_too_deep_to_be_sent_runs_all_the_same(tmp_path):
    loaded, cells = loaded_from(tmp_path, f"f = {'lambda: ' * 1200}0\nx = 3\n")
    units = compiled(loaded, cells)
    assert units[0].code is not None
    assert packed(units) == b""
    load(loaded, units)
    assert loaded.module.x == 3


def test_cells_are_compiled_one_by_one(tmp_path):
    (tmp_path / "work.ipynb").write_text('{"cells": []}', encoding="utf-8")
    loaded, _ = prepare(str(tmp_path), "work.ipynb", "work")
    units = compiled(loaded, [Cell(1, "a = 1"), Cell(2, "b = ("), Cell(3, "c = a + 1")])
    assert [unit.code is None for unit in units] == [False, True, False]
    load(loaded, units)
    assert loaded.module.c == 2
    assert len(loaded.problems) == 1


def test_a_course_module_is_imported_from_its_code(tmp_path):
    """The source is another one here, so that it shows which of the two was read."""
    files = with_code({"given.py": b"VALUE = 'compiled'\n", "data.csv": b"1,2\n"})
    cached = importlib.util.cache_from_source("given.py")
    assert set(files) == {"given.py", "data.csv", cached}
    (tmp_path / cached).parent.mkdir()
    (tmp_path / cached).write_bytes(files[cached])
    (tmp_path / "given.py").write_text("VALUE = 'read'\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import given; print(given.VALUE, given.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["compiled", str(tmp_path / "given.py")]


def test_a_course_module_that_does_not_compile_has_no_code():
    assert set(with_code({"given.py": b"def f(:\n"})) == {"given.py"}
