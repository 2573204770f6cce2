"""Forbidden names in texts that are evaluated without eval: annotations, ForwardRef, timeit, consoles."""

from __future__ import annotations

import pytest

from autograder.sandbox.grader.forbidden import find_forbidden, suspicions
from autograder.sandbox.worker.uses import Text, index_of, mentions_of

PROBES = "def case(student, world):\n    return student.f(world.normal((3,)))\n"
HEAD = "import numpy as np, typing, inspect, timeit, code\nfrom typing import Literal\n"
BOTH = ("numpy.mean", "torch.softmax")
NOTED = "def g(a: 'np.mean'): pass\n"


def read(text: str) -> list[str]:
    """Findings and suspicions."""
    index = index_of([Text("hw.py", HEAD + text)])
    return find_forbidden(index, mentions_of(PROBES), BOTH) + suspicions(index, mentions_of(PROBES), BOTH)


@pytest.mark.parametrize(
    "text",
    [
        NOTED + "def f(x):\n    return typing.get_type_hints(g)['a'](x)",
        NOTED + "def f(x):\n    return inspect.get_annotations(g, eval_str=True)['a'](x)",
        "def g(a: 'np.' + 'mean', b: list['int']): pass\ndef f(x):\n    return typing.get_type_hints(g)['a'](x)",
        "class G:\n    a: 'np.mean'\ndef f(x):\n    return typing.get_type_hints(G)['a'](x)",
        "def g() -> 'np.mean': pass\ndef f(x):\n    return getattr(typing, 'get_type_hints')(g)['return'](x)",
        "def g(): pass\ng.__annotations__ = {'a': 'np.mean'}\ndef f(x):\n    return typing.get_type_hints(g)['a'](x)",
        "def g(): pass\nsetattr(g, '__annotations__', {'a': 'np.mean'})\n"
        "def f(x):\n    return typing.get_type_hints(g)['a'](x)",
        "G = type('G', (), {'__annotations__': {'a': 'np.mean'}})\n"
        "def f(x):\n    return typing.get_type_hints(G)['a'](x)",
        "G = typing.NamedTuple('G', [('a', 'np.mean')])\ndef f(x):\n    return typing.get_type_hints(G)['a'](x)",
        "G = typing.TypedDict('G', {'a': 'np.mean'})\ndef f(x):\n    return typing.get_type_hints(G)['a'](x)",
        "def f(x):\n    return typing.ForwardRef('np.mean')._evaluate(globals(), {}, recursive_guard=set())(x)",
        "def f(x):\n    return timeit.timeit('np.mean(x)', number=1)",
        "def f(x):\n    return timeit.timeit(stmt='1', setup='np.mean(x)', number=1)",
        "def f(x):\n    code.InteractiveInterpreter({}).runsource('np.mean(x)')",
        "def f(x):\n    code.InteractiveConsole({}).push('np.mean(x)')",
        "import doctest\ndef f(x):\n    '>>> np.mean(x)'\n    return doctest.testmod()",
        "from logging.config import BaseConfigurator\n"
        "def f(x):\n    return BaseConfigurator({}).resolve('numpy.mean')(x)",
        "from importlib.metadata import EntryPoint\ndef f(x):\n    return EntryPoint('a', 'numpy:mean', 'g').load()(x)",
        "import importlib.metadata as m\ndef f(x):\n    return m.EntryPoint('a', 'numpy:mean', 'g').load()(x)",
        "import cProfile\ndef f(x):\n    return cProfile.run('np.mean(x)')",
        "from unittest import mock\ndef f(x):\n    with mock.patch('numpy.mean') as g:\n        return g(x)",
    ],
)
def test_it_is_found(text: str) -> None:
    assert read(text), text


@pytest.mark.parametrize(
    "text",
    [
        "def f(x: 'np.mean of it'):\n    return x",
        "def f(x: 'np.ndarray') -> 'np.ndarray':\n    return x",
        "def f(x: 'np.ndarray', how: Literal['np.mean'] = 'a'):\n    typing.get_type_hints(f)\n    return x",
        "def f(x, how: Literal['np.mean'] | None = None):\n    typing.get_type_hints(f)\n    return x",
        "def f(x: 'np.ndarray'):\n    typing.get_type_hints(f)\n    return x",
        "def f(x):\n    timeit.timeit(lambda: x, number=1)\n    return x",
        "def f(x):\n    how = 'np.mean'\n    return x",
        "def f(x):\n    print('np.mean')\n    typing.get_type_hints(f)\n    return x",
        "import doctest\n"
        "def f(x):\n    '>>> np.mean(x)'\n    return x\nif __name__ == '__main__':\n    doctest.testmod()",
        "import importlib.metadata\ndef f(x):\n    importlib.metadata.version('torch')\n    return x",
        "import code\ndef f(x):\n    return x\ndef console():\n    code.interact()",
    ],
)
def test_honest_work_is_not_accused(text: str) -> None:
    assert read(text) == []
