"""Notebooks as Python."""

from __future__ import annotations

import json

import pytest

from autograder.sandbox.worker.cells import Cell, code_cells, plain_python


def test_code_cells_keep_their_number_among_all_cells() -> None:
    cells = [{"cell_type": "markdown", "source": "# Hi"}, {"cell_type": "code", "source": ["x = 1\n", "y = 2"]},
             {"cell_type": "code", "source": "z = 3"}]  # fmt: skip
    data = json.dumps({"cells": cells}).encode()
    assert code_cells(data) == [Cell(2, "x = 1\ny = 2"), Cell(3, "z = 3")]


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
def test_magics_are_blanked_and_the_line_numbers_stay(line: str) -> None:
    text = plain_python(f"if True:\n    x = 1\n{'' if line[0] != ' ' else '  '}{line}\ny = 1 / 0")
    namespace: dict[str, object] = {}
    with pytest.raises(ZeroDivisionError) as caught:
        exec(compile(text, "cell", "exec"), namespace)
    assert caught.tb.tb_next is not None
    assert caught.tb.tb_next.tb_lineno == 4


def test_what_only_looks_like_a_magic_stays() -> None:
    text = "x = (7\n%4)\ny = '''\n%matplotlib\n!ls\n'''"
    assert plain_python(text) == text


def test_a_timed_cell_runs_and_a_shell_cell_does_not() -> None:
    assert plain_python("%%time\nx = 1") == "\nx = 1"
    assert plain_python("%%bash\nrm -rf x") == ""
    assert plain_python("%%html\n<b>") == ""
