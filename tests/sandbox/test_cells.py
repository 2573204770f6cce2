"""Notebooks, and files with magics, as Python."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from autograder.sandbox.worker import magics
from autograder.sandbox.worker.cells import Cell, code_cells, file_pieces
from autograder.sandbox.worker.magics import plain_cell


@pytest.fixture(params=["IPython", "without IPython"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to read a magic: the library's, and ours at home where it is not installed."""
    if request.param == "without IPython":
        monkeypatch.setattr(magics, "_manager", lambda: None)


def test_code_cells_keep_their_number_among_all_cells() -> None:
    cells = [{"cell_type": "markdown", "source": "# Hi"}, {"cell_type": "code", "source": ["x = 1\n", "y = 2"]},
             {"cell_type": "code", "source": "z = 3"}]  # fmt: skip
    data = json.dumps({"cells": cells}).encode()
    assert code_cells(data) == [Cell(2, "x = 1\ny = 2"), Cell(3, "z = 3")]


def test_cells_that_otter_ignores_are_no_work() -> None:
    cells = [{"cell_type": "code", "source": "import otter", "metadata": {"tags": ["otter_ignore"]}},
             {"cell_type": "code", "source": "x = 1", "metadata": {"tags": ["mine"]}}]  # fmt: skip
    assert code_cells(json.dumps({"cells": cells}).encode()) == [Cell(2, "x = 1")]


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "!pip install torch",
        "  %time f()",
        "files = !ls",
        "a = %timeit -o f()",
        "f?",
        "?f",
        "torch.nn??",
    ],
)
def test_magics_do_nothing_and_the_line_numbers_stay(line: str) -> None:
    text = plain_cell(f"if True:\n    x = 1\n{'' if line[0] != ' ' else '  '}{line}\ny = 1 / 0").text
    namespace: dict[str, object] = {"get_ipython": Silent, "f": lambda: None}
    with pytest.raises(ZeroDivisionError) as caught:
        exec(compile(text, "cell", "exec"), namespace)
    assert caught.tb.tb_next is not None
    assert caught.tb.tb_next.tb_lineno == 4


class Silent:
    """A `get_ipython()` for the tests."""

    def __getattr__(self, name: str) -> object:
        return lambda *_: None


@pytest.mark.usefixtures("either")
def test_what_only_looks_like_a_magic_stays() -> None:
    text = "x = (7\n%4)\ny = '''\n%matplotlib\n!ls\n'''"
    assert plain_cell(text).text == text


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("!pip x \\\n  torch \\\n  numpy\nx = 1", "get_ipython().system('pip x    torch    numpy')\n\n\nx = 1\n"),
        ("x = (7\n  % 4)\n%time y = 1", "x = (7\n  % 4)\ny = 1\n"),
        ("%time X = 1", "X = 1\n"),
        ("%prun -l 10 X = f(1)", "X = f(1)\n"),
        ("for i in range(2):\n    %time a = i", "for i in range(2):\n    a = i\n"),
        ("x = !ls \\\n  -l\ny = 2", "x = get_ipython().getoutput('ls    -l')\n\ny = 2\n"),
        (">>> x = 1\n>>> y = 2", "x = 1\ny = 2\n"),
        ("\n\n    x = 1\n    %time y = 2", "\n\nx = 1\ny = 2\n"),
    ],
)  # fmt: skip
def test_cells_are_read_as_ipython_reads_them(cell: str, python: str) -> None:
    assert plain_cell(cell).text == python


@pytest.mark.parametrize(
    ("cell", "python", "remark"),
    [
        ("%%time\nx = 1", "\nx = 1", ""),
        ("\n%%time\nx = 1", "\n\nx = 1", ""),
        ("%%capture out\n%%time\nx = 1", "out = get_ipython().getoutput('')\n\nx = 1", ""),
        ("%%timeit -n 10 x = 2\ny = x", "x = 2\ny = x", ""),
        ("%%bash\nrm -rf x", "", "is written in bash and was not run"),
        ("%%R -i x\ny <- x", "", "is written in R and was not run"),
        ("%%html\n<b>", "", ""),
    ],
)
def test_a_timed_cell_runs_and_one_in_another_language_does_not(cell: str, python: str, remark: str) -> None:
    plain = plain_cell(cell)
    assert (plain.text, plain.remark) == (python, remark)


def test_a_cell_that_writes_a_file_says_which() -> None:
    plain = plain_cell("%%writefile -a helper.py\nimport torch\n")
    assert plain.writes == (("helper.py", "import torch\n"),)


def test_python_as_it_stands_has_no_pieces() -> None:
    for text in ("x = 1\n", "x = (7\n%4)\n", "# get_ipython\nx = 1\n", "'''\n!ls\n'''\n", "def f(:\n"):
        assert file_pieces(text.encode()) == []


def test_a_percent_file_with_magics_is_read_cell_by_cell_and_keeps_its_lines() -> None:
    text = (
        "# %%\n%matplotlib inline\nimport os\n\n# %%\n%%time\nx = 1\n\n# %%\n%%bash\nls\n\n# %%\n!pip install x\ny = 1"
    )
    (piece,) = file_pieces(text.encode())
    lines = piece.text.split("\n")
    assert (lines[2], lines[6], lines[14]) == ("import os", "x = 1", "y = 1")
    assert "ls" not in lines
    assert piece.remark == "is written in bash and was not run"


def test_what_nbconvert_wrote_is_unwrapped_and_keeps_its_lines() -> None:
    text = (
        "get_ipython().run_line_magic('time', 'a = 1')\n"
        "get_ipython().run_cell_magic('time', '', 'import torch\\nb = 2\\n')\n"
        "c = 3\n"
    )
    first, second, third = file_pieces(text.encode())
    assert first.text == "a = 1\n"
    assert second.text.split() == ["import", "torch", "b", "=", "2"]
    assert (third.text, third.above) == ("c = 3\n", 2)


def test_a_call_inside_a_longer_text_is_no_call() -> None:
    text = "x = '''\nget_ipython().run_cell_magic('time', '', 'y = 1')\n'''\n"
    assert file_pieces(text.encode()) == []


def test_the_library_comes_alone_and_the_real_package_can_still_be_imported() -> None:
    script = (
        "import sys\nfrom autograder.sandbox.worker.magics import plain_cell, transformer_library\n"
        "before = len(sys.modules)\nassert plain_cell('%time x = 1').text == 'x = 1\\n'\n"
        "assert transformer_library().__name__ == 'IPython.core.inputtransformer2'\n"
        "assert 'IPython' not in sys.modules and len(sys.modules) - before < 20, len(sys.modules) - before\n"
        "import IPython\nfrom IPython.display import display\nassert IPython.version_info\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
