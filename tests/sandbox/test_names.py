"""Dotted paths behind names."""

from __future__ import annotations

import ast

import pytest

from autograder.sandbox.worker.names import Names


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
        ("import torch\ndef f(x, s=torch.softmax): pass", "s"),
        ("import torch\nif (s := torch.softmax): pass", "s"),
        ("def f():\n    import torch as inner", "inner.softmax"),
    ],
)
def test_every_spelling_means_the_same(text: str, expression: str) -> None:
    assert Names(list(ast.walk(ast.parse(text)))).resolve(ast.parse(expression, mode="eval").body) == "torch.softmax"


@pytest.mark.parametrize("expression", ["x.softmax", "f().softmax", "getattr(torch, name)", "3", "[torch]"])
def test_what_the_text_does_not_say_is_unknown(expression: str) -> None:
    assert Names(list(ast.walk(ast.parse("import torch")))).resolve(ast.parse(expression, mode="eval").body) is None
