"""`python check.py` in a handout: what it says of files that cannot be run, as it goes, and when it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from autograder.release.at_home import wrong_file
from tests.release.course import REFERENCE
from tests.release.test_handout import run, unpack

LOOP = "    while True:\n        try:\n            pass\n        except BaseException:\n            pass\n"


@pytest.fixture
def handout(source: AssignmentSource, bundle: Bundle, tmp_path: Path) -> Path:
    return unpack(source, bundle, tmp_path / "h")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bad.ipynb", b"{", "bad.ipynb is damaged: it is no Jupyter notebook (JSON); open it in Jupyter, save it"),
        ("bad.ipynb", b"", "it is no Jupyter notebook"),
        ("bad.ipynb", b"[]", "it is no Jupyter notebook"),
        ("bad.ipynb", b'{"cells": 3}', "it is no Jupyter notebook"),
        ("bad.ipynb", b'{"cells": [1]}', "it is no Jupyter notebook"),
        ("bad.ipynb", b'{"cells": [{"cell_type": "code", "source": [1]}]}', "it is no Jupyter notebook"),
        ("bad.ipynb", b"[" * 100_000, "it is no Jupyter notebook"),
        ("bad.ipynb", '{"cells": []}'.encode("utf-16"), "it is not UTF-8 text; open it in Jupyter, save it"),
        ("bad.py", "x = 'é'".encode("latin-1"), "it is not UTF-8 text; save it as UTF-8"),
        ("bad.py", "x = 1".encode("utf-16"), "it is not UTF-8 text"),
        ("bad.py", b"# coding: no-such\n", "it is not UTF-8 text"),
        ("bad.md", b"# Tiny", "a .py or .ipynb is expected, not .md"),
        ("bad", b"x = 1", "a .py or .ipynb is expected, not a file without an ending"),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert words in (wrong_file(tmp_path / name) or "")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("good.py", REFERENCE.encode()),
        ("good.py", b"\xef\xbb\xbfx = 1"),
        ("good.py", "# coding: latin-1\nx = 'é'".encode("latin-1")),
        ("good.py", b"this is no Python"),  # the report says so
        ("good.ipynb", b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}'),
    ],
)
def test_nothing_is_wrong_with_a_file_that_can_be_tried(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert wrong_file(tmp_path / name) is None


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "mine.py").write_text("x = 1")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "mine.py cannot be read: Permission denied" in (wrong_file(tmp_path / "mine.py") or "")


def test_wrong_use_names_the_fault_and_help_is_none(handout: Path) -> None:
    (handout / "bad.ipynb").write_text("{")
    for arguments, words in (
        (["bad.ipynb"], "bad.ipynb is damaged: it is no Jupyter notebook (JSON)"),
        (["nofile.py"], "there is no file nofile.py"),
        (["tiny.py", "foo"], "there is no question `foo`; questions: neuron, line"),
        (["tests"], "tests is a folder"),
        (["handout.md"], "a .py or .ipynb is expected, not .md"),
    ):
        done = run(handout, "check.py", *arguments)
        assert (done.returncode, done.stderr) == (2, "")
        assert done.stdout.startswith(words)
        assert "Usage: python check.py FILE" in done.stdout
    done = run(handout, "check.py", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: python check.py FILE")


def stopped(handout: Path, text: str, wait_for: str, name: str = "mine.py") -> tuple[int, str, str]:
    """Status, output and errors of a check that gets Ctrl-C soon after it printed a line that begins so."""
    (handout / name).write_text(text, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(handout), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "check.py", name]
    with subprocess.Popen(
        command, cwd=handout, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        seen = ""
        try:
            for line in process.stdout:
                seen += line
                if line.startswith(wait_for):
                    break
            time.sleep(2)  # until the loop that follows is reached
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    return process.returncode, seen + rest, errors


def test_what_is_done_is_printed_before_an_endless_loop_and_ctrl_c_names_the_function(handout: Path) -> None:
    text = REFERENCE.replace("    return -Fraction(b) / Fraction(a)\n", LOOP)
    status, output, errors = stopped(handout, text, "  ✓ three_inputs")
    assert (status, errors) == (130, "")
    lines = output.splitlines()
    assert lines[:3] == ["loading mine.py ...", "neuron: 1 of 1 public cases pass", "  ✓ three_inputs"]
    assert len(lines) == 4
    assert lines[3].startswith("stopped while `line` was running (mine.py, line ")


def test_ctrl_c_while_the_file_is_loading(handout: Path) -> None:
    status, output, errors = stopped(handout, "x = 1\nwhile True:\n    pass\n", "loading")
    assert (status, errors) == (130, "")
    assert output.splitlines()[1].startswith("stopped while the top level of mine.py was running (line ")


def test_ctrl_c_in_a_notebook_names_the_cell(handout: Path) -> None:
    cells = [{"cell_type": "code", "source": "def neuron(w, x):\n" + LOOP, "metadata": {}, "outputs": []}]
    status, output, errors = stopped(handout, json.dumps({"cells": cells}), "loading", "mine.ipynb")
    assert (status, errors) == (130, "")
    assert output.splitlines()[1].startswith("stopped while `neuron` was running (cell 1, line ")
