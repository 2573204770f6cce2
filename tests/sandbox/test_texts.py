"""Texts written down in pieces."""

from __future__ import annotations

import ast

import pytest

from autograder.sandbox.worker.texts import Unknown, written


def read(expression: str) -> object:
    def nothing(node: ast.Name) -> object:
        raise Unknown

    return written(ast.parse(expression, mode="eval").body, nothing)


@pytest.mark.parametrize(
    "expression",
    [
        "'soft' 'max'",
        "'soft' + 'max'",
        "f\"{'soft'}max\"",
        "'%s%s' % ('soft', 'max')",
        "'{}{}'.format('soft', 'max')",
        "''.join(['soft', 'max'])",
        "''.join(chr(c) for c in [115, 111, 102, 116, 109, 97, 120])",
        "''.join(map(chr, (115, 111, 102, 116, 109, 97, 120)))",
        "bytes([115, 111, 102, 116, 109, 97, 120]).decode()",
        "bytes.fromhex('736f66746d6178').decode()",
        "'xamtfos'[::-1]",
        "''.join(reversed('xamtfos'))",
        "'SOFTMAX'.lower()",
        "'hardmax'.replace('hard', 'soft')",
        "'log_softmax'[4:]",
        "'a softmax b'.split()[1]",
        "'soft' + chr(109) + 'a' + chr(60 * 2)",
    ],
)
def test_a_text_in_pieces_is_read(expression: str) -> None:
    assert read(expression) == "softmax" == eval(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "name",
        "f()",
        "'a' * 10**9",
        "'%999999d' % 1",
        "'{:999999}'.format(1)",
        "'{0.__class__}'.format('')",
        "str(['a' * 19000] * 19000)",
        "'%s' % (['a' * 19000] * 19000,)",
        "''.join(['a' * 19000] * 19000)",
        "('a' * 19000).replace('a', 'b' * 19000)",
        "bytes(10**9)",
        "2 ** 10**9",
        "-" * 300 + "1",
        "'' + 3",
        "'abc'[7]",
        "open('x')",
        "''.join(*['a'])",
    ],
)
def test_anything_else_is_unknown_and_costs_nothing(expression: str) -> None:
    with pytest.raises(Unknown):
        read(expression)
