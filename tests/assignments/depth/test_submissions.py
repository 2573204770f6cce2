"""Right answers to `depth` in other forms lose nothing; shortcuts earn nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.assignments.sitting import Sitting, programs, sitting

PROGRAMS = programs(Path(__file__).with_name("programs.toml"))


@pytest.fixture(scope="module")
def depth() -> Iterator[Sitting]:
    with sitting("depth") as made:
        yield made


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_loses_what_it_should_and_nothing_else(name: str, depth: Sitting) -> None:
    code, loses = PROGRAMS[name]
    assert set(depth.lost(code)) == set(loses)


def test_the_theorems_that_are_missing_or_too_many_are_named_with_their_case(depth: Sitting) -> None:
    code = "def theorems(d_in, d_out, width, norm):\n    return ['park', 'lecture']\n"
    told = depth.lost(code)["promises_for_one_input"]
    assert told.startswith('theorems(1, 1, 2, \'sup\'): "hanin_sellke" is missing and "park" is too many; ')
    assert "theorems(1, 1, 2, 'L2'): \"lecture\" is too many" in told
    assert 'theorems(1, 1, 5, \'L1\'): "lu" is missing and "lecture" is too many' in told


def test_a_square_network_that_is_too_good_is_told_so(depth: Sitting) -> None:
    code = (
        "_s = square_network\n"
        "def square_network(m):\n    return [*_s(m)[:-1], (_s(m)[-1][0], [-Fraction(1, 2 ** (2 * m + 3))])]\n"
    )
    told = depth.lost(code)
    assert told["first_two_squares"].startswith("m = 1: sup error 0.03125, 0.5 times 2^-4; that is better than f_1")
    assert "product_with_nothing_to_spare" not in told
