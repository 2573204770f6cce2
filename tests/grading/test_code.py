"""The digest of code hangs on what the code does, and on nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading.code import bare, code_digest, files_of

MODULE = '"""Doc."""\n\nimport os  # used below\n\n\ndef f(x):\n    """Returns x."""\n    return x + 1\n'


def digest_of(folder: Path, text: str) -> str:
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "m.py").write_text(text)
    return code_digest(("part",), folder)


@pytest.mark.parametrize(
    ("old", "new"), [('"""Doc."""', '"""Other."""'), ("  # used below", ""), ("    return", "\n    return")]
)
def test_words_and_layout_do_not_count(tmp_path: Path, old: str, new: str) -> None:
    assert digest_of(tmp_path / "a", MODULE) == digest_of(tmp_path / "b", MODULE.replace(old, new))


@pytest.mark.parametrize(("old", "new"), [("x + 1", "x + 2"), ("import os", "import re"), ("def f(x)", "def f(x, /)")])
def test_code_does(tmp_path: Path, old: str, new: str) -> None:
    assert digest_of(tmp_path / "a", MODULE) != digest_of(tmp_path / "b", MODULE.replace(old, new))


def test_a_function_of_words_alone_stays_a_function() -> None:
    assert bare('class A(Exception):\n    """Words."""\n').strip() == "class A(Exception):"


def test_files_and_folders(tmp_path: Path) -> None:
    for name in ("one/a.py", "one/deep/b.py", "two/c.py", "two/d.py", "one/e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    found = [str(p.relative_to(tmp_path)) for p in files_of(("one", "two/d.py"), tmp_path)]
    assert found == ["one/a.py", "one/deep/b.py", "two/d.py"]
