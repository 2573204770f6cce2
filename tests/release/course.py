"""A small course on disk, and its bundle, recorded in this process: its reference is ours, so no sandbox is needed."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.world import World
from autograder.grading.bundle import Bundle, Expectation
from autograder.grading.record import world_seeds
from autograder.grading.source import AssignmentSource, load_source
from autograder.values.codec import encode

TOML = """\
id = "tiny"
title = "Tiny"
points = 10
support = ["tiny_data.py"]
[submission]
file = "tiny.py"
[limits]
seconds = 3
[[questions]]
id = "neuron"
title = "A single neuron"
kind = "code"
points = 6
[[questions]]
id = "line"
title = "Its line"
kind = "theory"
points = 4
"""
REFERENCE = '''\
# %% [markdown]
# # Tiny

# %%
from fractions import Fraction

import numpy as np
from tiny_data import BIAS

# %% [markdown]
# ## A single neuron (`neuron`)

# %%
def neuron(w: np.ndarray, x: np.ndarray) -> float:
    """w·x + BIAS, a float."""
    # BEGIN SOLUTION
    product_of_both = np.dot(w, x)
    return float(product_of_both + BIAS)
    # END SOLUTION

# %% [markdown]
# ## Its line (`line`)

# %%
def line(a: Fraction, b: Fraction) -> Fraction:
    """The zero of a·x + b."""
    # BEGIN SOLUTION
    return -Fraction(b) / Fraction(a)
    # END SOLUTION
'''
CASES = '''\
"""Cases of tiny."""

import tiny_judges
from tiny_judges import is_zero

from autograder.authoring import case
from autograder.checks import close, exact, satisfies


def three(world):
    """Three numbers."""
    return world.normal((3,))


def seven_for_hidden_ones(world):
    """Seven numbers, for nobody's eyes."""
    return world.normal((7,), mean=100.0)


@case("neuron", public=True, check=close())
def three_inputs(student, world):
    """A neuron with "three" inputs."""
    return student.neuron(three(world), three(world))


@case("neuron", check=close())
def seven_inputs(student, world):
    """A neuron with seven inputs that nobody knows."""
    return student.neuron(seven_for_hidden_ones(world), seven_for_hidden_ones(world))


@case("line", public=True, check=satisfies(is_zero))
def zero_of_a_line(student, world):
    """The zero of a line with small Fractions."""
    a, b = world.fraction(), world.fraction()
    return [a, b, student.line(a, b)]


@case("line", check=satisfies(tiny_judges.is_zero_of_two))
def zeros_of_two_lines(student, world):
    """The zeros of two lines, hidden."""
    return [student.line(world.fraction(), world.fraction()) for _ in range(2)]
'''
JUDGES = '''\
"""Judges of tiny."""

import math

from autograder.checks import Measured


def wrong(message):
    """Not at all."""
    return Measured(math.inf, message)


def is_zero(outputs, world):
    """a·x + b = 0."""
    a, b, x = outputs
    return Measured(0.0) if a * x + b == 0 else wrong("put x into a·x + b: it is not 0")


def is_zero_of_two(outputs, world):
    """Only for hidden cases."""
    zeros = [-b / a for a, b in [(world.fraction(), world.fraction()) for _ in range(2)]]
    return Measured(0.0) if outputs == zeros else wrong("one of the two zeros is wrong")
'''
FILES = {
    "assignments/tiny/assignment.toml": TOML,
    "assignments/tiny/handout.md": "# Tiny\n\nWrite `neuron` and `line`.\n",
    "assignments/tiny/tiny_data.py": '"""Data."""\n\nBIAS = 0.25\n',
    "solutions/tiny/tiny.py": REFERENCE,
    "solutions/tiny/cases.py": CASES,
    "solutions/tiny/tiny_judges.py": JUDGES,
    "solutions/tiny/salt": "7e" * 32 + "\n",
}


def write_course(root: Path) -> Path:
    """The course's files under `root`."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def record_here(source: AssignmentSource) -> Bundle:
    """The bundle, with the reference run in this process."""
    names: dict[str, Any] = {"BIAS": 0.25}
    exec(source.reference.replace("from tiny_data import BIAS\n", ""), names)
    student = types.SimpleNamespace(**names)
    expected = {
        name: tuple(Expectation(s, encode(source.cases.get(name).probe(student, World(s)))) for s in seeds)
        for name, seeds in world_seeds(source).items()
    }
    return Bundle(source.spec, source.spec_text, source.cases, source.support, expected)


@pytest.fixture
def source(tmp_path: Path) -> AssignmentSource:
    return load_source(write_course(tmp_path / "course"), "tiny")


@pytest.fixture
def bundle(source: AssignmentSource) -> Bundle:
    return record_here(source)
