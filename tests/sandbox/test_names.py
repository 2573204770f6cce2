"""Dotted paths behind names."""

from __future__ import annotations

import ast

import pytest

from autograder.sandbox.worker.names import Names
from autograder.sandbox.worker.scopes import Walker


def paths(text: str, expression: str) -> set[str]:
    """What an expression at the end of a text may stand for, of libraries."""
    *_, last = body = ast.parse(f"{text}\nlast = ({expression})\n").body
    assert isinstance(last, ast.Assign)
    places = Walker().walk(body)
    return {dotted for dotted in Names(places).meaning(last.value).paths if not dotted.startswith(("<", "builtins"))}


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("import torch", "torch.softmax"),
        ("import torch as t", "t.softmax"),
        ("from torch import softmax", "softmax"),
        ("from torch import softmax as s", "s"),
        ("import torch\ng = torch\nh = g", "h.softmax"),
        ("import torch\ng = torch.softmax", "g"),
        ("import torch", "getattr(torch, 'softmax')"),
        ("import torch", "getattr(torch, 'soft' + 'max')"),
        ("import torch", "torch.__dict__['softmax']"),
        ("import torch", "vars(torch)['softmax']"),
        ("import sys", "sys.modules['torch'].softmax"),
        ("import importlib", "importlib.import_module('torch').softmax"),
        ("", "__import__('torch').softmax"),
        ("import torch\na, b = 1, torch.softmax", "b"),
        ("import torch\nif (s := torch.softmax): pass", "s"),
        ("import torch\ndef f():\n    return torch", "f().softmax"),
        ("import torch\nh = g\ng = torch", "h.softmax"),
    ],
)
def test_every_spelling_means_the_same(text: str, expression: str) -> None:
    assert "torch.softmax" in paths(text, expression)


@pytest.mark.parametrize("expression", ["x.softmax", "f().softmax", "getattr(torch, name)", "3"])
def test_what_the_text_does_not_say_is_unknown(expression: str) -> None:
    assert paths("import torch", expression) == set()


def test_a_parameter_is_no_global() -> None:
    assert paths("import torch\nx = torch\ndef f(x):\n    return x", "x.softmax") == {"torch.softmax"}
    places = Walker().walk(ast.parse("import torch\nx = torch\ndef f(x):\n    return x.softmax").body)
    (attribute,) = (place.node for place in places if isinstance(place.node, ast.Attribute))
    assert Names(places).meaning(attribute).paths == set()


def test_two_values_of_a_name_are_two_meanings() -> None:
    assert paths("import torch as m\nimport numpy as m", "m.exp") == {"torch.exp", "numpy.exp"}
