"""A text measured for the budgets of a milestone: what runs, what counts, what is refused."""

from __future__ import annotations

import ast

import pytest

from autograder.sandbox.worker.measuring import Measured, measure

CODE = '''"""A long docstring that is free."""
import torch
from torch import nn  # a comment


class Net(nn.Module):
    """Free too."""

    width: int = 3

    def forward(self, x: "an annotation") -> "another":
        """And this."""
        "a bare text"
        return self.table(x) * 2.5


if __name__ == "__main__":
    print(open("corpus.bin").read(), "free" * 1000)
'''


def test_what_runs_has_no_docstrings_comments_annotations_of_functions_and_no_last_block() -> None:
    found = measure([("net.py", CODE)])
    assert found.text == (
        "import torch\nfrom torch import nn\n\nclass Net(nn.Module):\n    width: int = 3\n\n"
        "    def forward(self, x):\n        return self.table(x) * 2.5\n"
    )
    assert (found.problem, found.refused) == ("", ())


def test_constants_names_nodes_and_statements_are_counted_in_what_runs() -> None:
    found = measure([("net.py", CODE)])
    assert found.constants == len("3") + len("2.5")
    assert found.names == sum(
        map(len, ("torch", "nn", "Net", "Module", "width", "int", "forward", "self", "x", "table"))
    )
    assert found.statements == 4  # class, width, def, return
    tree = ast.parse(found.text)
    assert found.nodes == sum(not isinstance(n, (ast.expr_context, ast.operator)) for n in ast.walk(tree))


def test_comments_and_layout_change_nothing_and_every_name_does() -> None:
    plain = measure([("a.py", "def f(x):\n    return x\n")])
    assert measure([("a.py", "def f( x ):  # 1234567890\n\n    return (x)\n")]) == plain
    assert measure([("a.py", "def f(xy):\n    return xy\n")]).names == plain.names + 1


def test_a_class_whose_body_was_a_docstring_is_still_a_class() -> None:
    assert measure([("a.py", 'class A:\n    """Only this."""\n')]).text == "class A:\n    pass\n"


@pytest.mark.parametrize(
    "text",
    [
        "exec('x')", "e = exec", "x = eval", "compile('x', 'y', 'exec')", "__import__('os')", "open('a')",
        "import builtins", "from builtins import exec as e", "import importlib", "import importlib.util as u",
        "from importlib import import_module", "from io import open", "from io import open as o",
        "__builtins__['exec']",
        "getattr(f, '__builtins__')", "getattr(b, 'eval')", "f = [exec]", "def f(x=open): pass", "lambda: eval",
    ],
)  # fmt: skip
def test_what_turns_text_into_code_or_opens_files_is_refused(text: str) -> None:
    assert measure([("a.py", text)]).refused


@pytest.mark.parametrize(
    "text", ["model.eval()", "torch.compile(model)", "re.compile(p)", "x.open()", "def opened(): pass", "executor = 1"]
)
def test_methods_and_longer_names_are_not(text: str) -> None:
    assert measure([("a.py", text)]).refused == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(:\n", "a.py, line 1, is no Python"),
        ("x = " + "(" * 300 + ")" * 300, "a.py"),
        ("x = " + "-" * 100_000 + "1", "nested too deep"),
        ("x = 0x" + "f" * 9000, "thousands of digits"),
        (b"\xff\xfe", "a.py"),
        ("x = 1\0", "a.py"),
    ],
)
def test_a_text_that_cannot_be_read_is_a_problem_in_words(text: str | bytes, words: str) -> None:
    assert words in measure([("a.py", text)]).problem


def test_cells_are_read_in_order_and_what_comes_from_the_future_goes_first() -> None:
    found = measure([("cell 1", "x = 1"), ("cell 2", "from __future__ import annotations\ny = x")])
    assert found.text == "from __future__ import annotations\nx = 1\ny = x\n"
    compile(found.text, "whole", "exec")


def test_it_goes_over_the_wire_and_nothing_else_does() -> None:
    found = measure([("net.py", CODE)])
    assert Measured.from_bytes(found.to_bytes()) == found
    for data in (b"", b"\x80", b"\x90", found.to_bytes()[:-1], Measured(nodes=True).to_bytes()):
        with pytest.raises(ValueError, match="nothing measured"):
            Measured.from_bytes(data)
