"""autograder preview: the handout lies there as students get it, also before there is a certificate."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from autograder.cli import previewing
from autograder.verify.exam import FIRST, GATES
from tests.cli.running import run
from tests.small_course import write_course


def test_the_files_are_those_of_a_handout_and_the_page_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = write_course(tmp_path / "course")
    opened: list[str] = []
    started: list[tuple[list[str], Path]] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(previewing, "find_spec", lambda name: object())
    monkeypatch.setattr(previewing.subprocess, "run", lambda call, cwd, check: started.append((call, cwd)))
    result = run("preview", "small", "--root", course)
    assert result.exit_code == 0, result.output
    folder = course / ".autograder/preview/small"
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {"small.py", "small.ipynb", "handout.html", "handout.md", "check.py", "README.md"} <= names
    assert opened == [(folder / "handout.html").as_uri()]
    assert started[0][0][-1] == "small.ipynb"
    assert started[0][1] == folder
    assert "return 2 * x" not in (folder / "small.py").read_text()
    (folder / "left_over.txt").write_text("")
    again = run("preview", "small", "--no-open", "--root", course)
    assert again.exit_code == 0, again.output
    assert len(opened) == 1
    assert not (folder / "left_over.txt").exists()


def test_the_first_gates_are_gates_of_a_single_question() -> None:
    assert [g.name for g in FIRST] == [
        "probes", "something to write", "reference 100", "stub 0", "alternates 100", "misconceptions", "named feedback"
    ]  # fmt: skip
    assert set(FIRST) <= set(GATES)
    assert not any(g.whole for g in FIRST)
