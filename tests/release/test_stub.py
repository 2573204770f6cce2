"""The stub maker: what goes, what stays, and which markers are refused where."""

import ast

import pytest

from autograder.errors import AuthorError
from autograder.release.stub import make_stub, solution_lines

REFERENCE = '''\
# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# ## A neuron (`neuron`)
# Compute $z = w \\cdot x + b$. # BEGIN SOLUTION is a marker only as a comment of code.

# %%
import numpy as np


def neuron(w: np.ndarray, x: np.ndarray, b: float = 0.0) -> float:
    """z = w·x + b.

    # BEGIN SOLUTION in a docstring is text.
    """
    # BEGIN SOLUTION
    z = float(w @ x + b)
    return z
    # END SOLUTION


# %%
class Linear:
    """A layer."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.w = np.zeros(n)  # SOLUTION

    def forward(self, x: np.ndarray) -> np.ndarray:
        """x @ w."""
        if x.ndim == 1:
            # BEGIN SOLUTION
            return x @ self.w
            # END SOLUTION
        raise ValueError("one dimension, please")
'''


def test_a_region_in_a_function_becomes_a_raise_that_names_the_function() -> None:
    stub = make_stub(REFERENCE, "n.py")
    assert '    raise NotImplementedError("write neuron")\n' in stub
    assert '            raise NotImplementedError("write Linear.forward")\n' in stub
    assert "float(w @ x" not in stub
    assert "return x @ self.w" not in stub


def test_everything_outside_the_markers_stays_letter_for_letter() -> None:
    stub = make_stub(REFERENCE, "n.py").splitlines()
    gone = {"    # BEGIN SOLUTION", "    # END SOLUTION", "            # BEGIN SOLUTION", "            # END SOLUTION",
            "    z = float(w @ x + b)", "    return z", "            return x @ self.w",
            "        self.w = np.zeros(n)  # SOLUTION"}  # fmt: skip
    new = {'    raise NotImplementedError("write neuron")', "        self.w = ...",
           '            raise NotImplementedError("write Linear.forward")'}  # fmt: skip
    assert [line for line in REFERENCE.splitlines() if line not in gone] == [line for line in stub if line not in new]


def test_the_stub_runs_and_its_functions_say_that_they_are_not_written() -> None:
    names: dict[str, object] = {}
    exec(compile(make_stub(REFERENCE, "n.py"), "n.py", "exec"), names)
    with pytest.raises(NotImplementedError, match="write neuron"):
        names["neuron"](1, 2)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("x = 3  # SOLUTION", "x = ..."),
        ("x = y = 3  # SOLUTION", "x = y = ..."),
        ("x: int = 3  # SOLUTION", "x: int = ..."),
        ("x = (\n    1 +\n    2\n)  # SOLUTION", "x = ..."),
        ("print(3)  # SOLUTION", "..."),
        ("print(3)  # SOLUTION NO PROMPT", ""),
        ("# BEGIN SOLUTION NO PROMPT\nx = 3\n# END SOLUTION", ""),
        ("# BEGIN SOLUTION\nx = 3\n# END SOLUTION", "..."),
        ("class A:\n    # BEGIN SOLUTION\n    x = 3\n    # END SOLUTION", "class A:\n    ..."),
        ("def f():\n    return 3  # SOLUTION", "def f():\n    return ..."),
        ("try:\n    x = 1\nexcept ValueError:\n    def f():\n"
         "        # BEGIN SOLUTION\n        return 2\n        # END SOLUTION",
         'try:\n    x = 1\nexcept ValueError:\n    def f():\n        raise NotImplementedError("write f")'),
        ("async def g():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION",
         'async def g():\n    raise NotImplementedError("write g")'),
    ],
)  # fmt: skip
def test_each_marker_leaves_what_it_promises(line: str, left: str) -> None:
    assert make_stub(f"a = 1\n{line}\nb = 2\n", "n.py").split() == f"a = 1\n{left}\nb = 2\n".split()


def test_a_prompt_stands_in_place_of_the_region_beside_it() -> None:
    text = (
        "def f(x):\n    # BEGIN SOLUTION\n    return x + 1\n    # END SOLUTION\n\n"
        "    # BEGIN PROMPT\n    # y = ...  # one more than x\n    # if y:\n    #     return y\n    # END PROMPT\n"
    )
    stub = make_stub(text, "n.py")
    assert stub == "def f(x):\n\n    y = ...  # one more than x\n    if y:\n        return y\n"


def test_a_prompt_elsewhere_does_not_take_the_place_of_a_region() -> None:
    text = (
        "# BEGIN PROMPT\n# hint = 3\n# END PROMPT\nkept = 1\n"
        "def f(x):\n    # BEGIN SOLUTION\n    return x + 1\n    # END SOLUTION\n"
    )
    assert make_stub(text, "n.py") == 'hint = 3\nkept = 1\ndef f(x):\n    raise NotImplementedError("write f")\n'


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a = 1\n# BEGIN SOLUTION\nb = 2\n", "n.py:2", "`# BEGIN SOLUTION` without its `# END SOLUTION`"),
        ("a = 1\nb = 2\n# END SOLUTION\n", "n.py:3", "`# END SOLUTION` without its `# BEGIN SOLUTION`"),
        ("# BEGIN PROMPT\n# x\n", "n.py:1", "`# BEGIN PROMPT` without its `# END PROMPT`"),
        ("# BEGIN SOLUTION\na = 1\n# END PROMPT\n", "n.py:3", "`# END PROMPT` without its `# BEGIN PROMPT`"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\na = 1\n# END SOLUTION\n", "n.py:1",
         "without its `# END SOLUTION` (line 2 begins the next)"),
        ("# %%\n# BEGIN SOLUTION\na = 1\n# %%\nb = 1\n# END SOLUTION\n", "n.py:4", "crosses a cell"),
        ("def f(:\n    pass\n", "n.py:1", "the reference is not valid Python"),
        ("def f():\n    # BEGIN SOLUTION NO PROMPT\n    return 1\n    # END SOLUTION\na = 1\n", "n.py:2",
         "the stub is not valid Python"),
    ],
)  # fmt: skip
def test_bad_markers_are_refused_with_file_and_line(text: str, place: str, words: str) -> None:
    with pytest.raises(AuthorError) as caught:
        make_stub(text, "n.py")
    assert caught.value.where == place
    assert words in str(caught.value)


def test_solution_lines_are_exactly_the_lines_that_the_stub_lost() -> None:
    assert solution_lines(REFERENCE, "n.py") == (
        "z = float(w @ x + b)",
        "return z",
        "self.w = np.zeros(n)  # SOLUTION",
        "return x @ self.w",
    )


def test_a_stub_of_a_stub_is_the_same_stub() -> None:
    stub = make_stub(REFERENCE, "n.py")
    assert make_stub(stub, "n.py") == stub
    ast.parse(stub)


@pytest.mark.parametrize("odd", ["\x0c", "\x0b", "\x1c", "\x85", "\u2028", "\u2029"])
def test_characters_that_end_no_line_of_python_move_no_region(odd: str) -> None:
    head = f'# one{odd}two{odd}three\ndef f(x):\n    """Doc."""\n'
    text = f"{head}    # BEGIN SOLUTION\n    y = x + 1\n    return y\n    # END SOLUTION\n"
    assert make_stub(text, "x") == f'{head}    raise NotImplementedError("write f")\n'
    assert solution_lines(text, "x") == ("y = x + 1", "return y")
