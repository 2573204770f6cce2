"""A course of one small assignment, written to disk: what tests of loading, grading and the commands work on."""

from __future__ import annotations

from pathlib import Path

SPEC = """
id = "small"
title = "Small"
points = 10
[submission]
file = "small.py"
[limits]
seconds = 2
load_seconds = 5
[[questions]]
id = "double"
title = "Doubling"
kind = "code"
points = 4
[[questions]]
id = "mean"
title = "The mean"
kind = "code"
points = 6
"""
HANDOUT = """# Small

## 1. Doubling (`double`, 4 points)

Write `double`.

## 2. The mean (`mean`, 6 points)

Write `mean`.
"""
REFERENCE = '''# %% [markdown]
# # Small

# %%
import numpy as np

# %% [markdown]
# ## 1. Doubling (`double`)


# %%
def double(x):
    """Twice x, entry by entry."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


# %% [markdown]
# ## 2. The mean (`mean`)


# %%
def mean(x):
    """The mean of all entries."""
    # BEGIN SOLUTION
    return float(np.mean(x))
    # END SOLUTION
'''
CASES = '''"""Cases of the small assignment."""

from autograder.authoring import case
from autograder.checks import close


@case("double", public=True, check=close())
def three_numbers(student, world):
    """Twice three numbers."""
    return student.double(world.normal((3,)))


@case("double", check=close())
def a_matrix(student, world):
    """Twice a matrix."""
    return student.double(world.normal((3, 5)))


@case("mean", public=True, check=close())
def mean_of_three(student, world):
    """The mean of three numbers."""
    return student.mean(world.normal((3,)))


@case("mean", check=close())
def mean_of_a_matrix(student, world):
    """The mean of a matrix."""
    return student.mean(world.normal((3, 5)))
'''
MISCONCEPTIONS = """
[[misconceptions]]
id = "square"
question = "double"
fails = ["three_numbers", "a_matrix"]
feedback = "You square the number; twice x is x + x."
[[misconceptions.patch]]
find = "return 2 * x"
replace = "return x**2"

[[misconceptions]]
id = "sum_for_mean"
question = "mean"
fails = ["mean_of_three", "mean_of_a_matrix"]
feedback = "You return the sum; divide it by the number of entries."
[[misconceptions.patch]]
find = "np.mean(x)"
replace = "np.sum(x)"
"""

SALT = "5a" * 32 + "\n"


def write_course(root: Path, **texts: str) -> Path:
    """The course folder; a keyword (spec, handout, reference, cases, misconceptions, salt) replaces a text of it."""
    parts = {
        "spec": ("assignments/small/assignment.toml", SPEC),
        "handout": ("assignments/small/handout.md", HANDOUT),
        "reference": ("solutions/small/small.py", REFERENCE),
        "cases": ("solutions/small/cases.py", CASES),
        "misconceptions": ("solutions/small/misconceptions.toml", MISCONCEPTIONS),
        "salt": ("solutions/small/salt", SALT),
    }
    for key, (name, text) in parts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts.get(key, text), encoding="utf-8")
    return root
