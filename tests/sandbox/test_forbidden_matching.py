"""Forbidden names that a `match` statement, or getattr as an argument, reads; beside them honest work that looks alike."""

# ruff: noqa: E501 (programs are easier to read on one line)

from __future__ import annotations

import pytest

from autograder.sandbox.grader.forbidden import find_forbidden, suspicions
from autograder.sandbox.wire.index import Index
from autograder.sandbox.worker.uses import Text, index_of, mentions_of

PROBES = "def case(student, world):\n    return student.f(world.normal((3,)))\n"
BOTH = ("numpy.mean", "torch.softmax")
HEAD = "import numpy as np, torch, itertools, functools\n"


def read(text: str) -> tuple[list[str], list[str]]:
    """Findings and suspicions, by an index that has been on its way to the grader."""
    index = Index.from_bytes(index_of([Text("hw.py", HEAD + text)]).to_bytes())
    return find_forbidden(index, mentions_of(PROBES), BOTH), suspicions(index, mentions_of(PROBES), BOTH)


def within(body: str) -> str:
    return "def f(x):\n" + "".join(f"    {line}\n" for line in body.split("\n"))


MATCHES = [
    "match np:\n    case object(mean=g): return g(x)",
    "match x:\n    case torch.Tensor(softmax=g): return g(0)",
    "match x:\n    case torch.Tensor(softmax=g) if g(0) is not None: return g(0)",
    "match [np, x]:\n    case [object(mean=g), _]: return g(x)",
    "match {'m': np}:\n    case {'m': object(mean=g)}: return g(x)",
    "match vars(np):\n    case {'mean': g}: return g(x)",
    "match np:\n    case object() as n: return n.mean(x)",
    "match (x, np):\n    case (a, *rest): return rest[0].mean(x)",
    "match {'a': np}:\n    case {**rest}: return rest['a'].mean(x)",
    "match np:\n    case torch.Tensor(mean=g) | object(mean=g): return g(x)",
    "match np:\n    case n: return n.mean(x)",
    "match torch:\n    case object(nn=object(functional=object(softmax=g))): return g(x, 0)",
]
HANDED_ON = [
    "return next(map(getattr, [np], ['mean']))(x)",
    "return list(map(getattr, [np], ['mean']))[0](x)",
    "[g] = itertools.starmap(getattr, [(np, 'mean')])\nreturn g(x)",
    "return next(map(getattr, [x], ['softmax']))(0)",
    "look = getattr\nreturn next(map(look, (np,), ('me' + 'an',)))(x)",
]


@pytest.mark.parametrize("body", [*MATCHES, *HANDED_ON])
def test_it_is_found(body: str) -> None:
    compile(within(body), "hw.py", "exec")
    assert read(within(body))[0], body


def test_a_match_at_the_top_level_is_found() -> None:
    assert read("match np:\n    case object(mean=g): f = lambda x: g(x)\n")[0]


def test_match_args_name_attributes() -> None:
    own = "class Any(type):\n    def __instancecheck__(c, x): return True\nclass M(metaclass=Any):\n    __match_args__ = ('mean',)\n"
    assert read(own + within("match np:\n    case M(g): return g(x)"))[0]


HONEST = [
    "match x.ndim:\n    case 1: return x\n    case 2 | 3: return x.T\n    case _: raise ValueError(x)",
    "match x:\n    case np.ndarray(shape=(n,)): return x / n\n    case np.ndarray(shape=(n, m)): return x / (n * m)",
    "match x.shape:\n    case (n, *rest): return np.sum(x) / n\n    case []: return x",
    "match {'kind': 'mean', 'by': 2}:\n    case {'kind': 'mean', 'by': int(by)}: return np.sum(x) / by",
    "match Stats(1.0, 2.0):\n    case Stats(mean=m, softmax=s): return m + s",
    "match Stats(1.0, 2.0):\n    case Stats(m, s): return m + s",
    "match 'mean':\n    case str(kind): return np.sum(x) / len(x)",
    "match x:\n    case float(v) | int(v): return v\n    case [*values]: return sum(values)",
    "return sum(map(getattr, [x, x], ['size', 'ndim']))",
    "return sum(map(getattr, [Stats(1.0, 2.0)], ['mean']))",
    "return sum(map(len, [x, ['mean', 'softmax']]))",
]
STATS = "class Stats:\n    __match_args__ = ('mean', 'softmax')\n    def __init__(self, mean, softmax):\n        self.mean, self.softmax = mean, softmax\n"


@pytest.mark.parametrize("body", HONEST)
def test_honest_work_is_not_accused(body: str) -> None:
    compile(within(body), "hw.py", "exec")
    assert read(STATS + within(body)) == ([], []), body


def test_a_hidden_variable_of_one_statement_is_not_that_of_another() -> None:
    other = "def h(x):\n    match np:\n        case object(sum=g): return g(x)\n"
    assert read(other + within("match x:\n    case object(shape=g): return g")) == ([], [])
