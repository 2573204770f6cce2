"""docs/milestones.md: its blocks are programs that do what the page says."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.authoring import World
from autograder.checks import excess, kept_rows
from autograder.errors import CasesError
from autograder.grading.source import load_source
from autograder.release.decks import deck_zips
from tests.milestone_course import NAME, write_course

PAGE = (Path(__file__).parents[2] / "docs/milestones.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"<!-- tried: (\w+) -->\n```python\n(.*?)```", PAGE, re.DOTALL))


def made(block: str) -> dict[str, Any]:
    space: dict[str, Any] = {"np": np, "torch": torch, "dataclass": dataclass, "Fraction": Fraction}
    exec(BLOCKS[block], space)
    return space


def test_the_scaffold_makes_its_deck_as_the_page_does(tmp_path: Path) -> None:
    source = write_course(tmp_path)
    ((name, data),) = deck_zips(source)
    assert name == "d00.zip"
    path = source.private_folder / "decks.py"
    path.write_text(BLOCKS["decks"])
    assert list(deck_zips(load_source(tmp_path, NAME))) == [(name, data)]
    with np.load(io.BytesIO(data)) as held, np.load(held.zip.open("sequences-d00.npz")) as arrays:
        assert arrays["train"].shape == (2000, 13)


def test_the_excess_of_means_is_about_half_their_squared_error() -> None:
    rows_of_means = made("bins")["rows_of_means"]
    truth = np.linspace(-5, 5, 50)
    kept = kept_rows({"rows": np.exp(rows_of_means(truth))}, {"rows": ["row"] * 50})
    check = excess(full=0.01, none=1.0)
    assert check.judge({"rows": rows_of_means(truth)}, kept, World(1)).passed
    off = check.judge({"rows": rows_of_means(truth + 0.4)}, kept, World(1))
    assert off.deviation == pytest.approx(0.4**2 / 2, rel=0.1)


def test_a_check_of_ones_own_judges_by_what_was_kept() -> None:
    check = made("own")["SquaredError"](full=0.1, none=1.0)
    kept = np.zeros(4)
    assert check.judge([0.1] * 4, kept, World(1)).passed
    assert check.judge([0.5] * 4, kept, World(1)).credit == Fraction(1, 2)
    assert check.judge([2.0] * 4, kept, World(1)).message.startswith("mean squared error 4")
    assert check.judge([1.0], kept, World(1)).message == "an array of shape (4,) is asked for"


def test_a_predicate_that_would_see_nothing_is_refused(tmp_path: Path) -> None:
    path = write_course(tmp_path).private_folder / "cases/predict.py"
    judged = "material=drawn_later, judge=excess(full=0.1, none=0.4)"
    text = path.read_text()
    assert judged in text
    path.write_text(
        text.replace(judged, "material=drawn_later, judge=satisfies(len)").replace("excess,", "excess, satisfies,")
    )
    with pytest.raises(CasesError, match="the judge of `satisfies` sees neither `kept` nor the deck"):
        load_source(tmp_path, NAME)
