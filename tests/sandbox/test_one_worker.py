"""A question's public and hidden cases share a worker, in that order; nothing hidden is there before its time."""

from __future__ import annotations

import textwrap

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Submission
from tests.sandbox.conftest import job_for

PUBLIC = "def shown(student, world):\n    return student.f(world.normal((3,)))\n"
HIDDEN = """
def secret(student, world):
    told = "CANARY in a hidden probe"
    return student.g(world.normal((3,)))
"""


def both(sandbox: Sandbox, text: str, hidden: str = HIDDEN, **options: object) -> tuple[Answer, Answer]:
    with sandbox.session(Submission.of_text("hw.py", "hw", textwrap.dedent(text))) as session:
        jobs = [job_for(PUBLIC, **options), job_for(hidden, public=False, **options)]  # type: ignore[arg-type]
        first, second = session.run(*jobs)
    assert (first.case, second.case) == ("shown", "secret")
    return first, second


def test_hidden_cases_come_after_public_ones_in_the_same_process(sandbox: Sandbox) -> None:
    counts = "calls = []\ndef f(x):\n    calls.append(1)\n    return len(calls)\ng = f\n"
    assert [a.value for a in both(sandbox, counts)] == [1, 2]


SEARCH = """
import gc, linecache, sys

def found(parts):
    texts = [line for entry in linecache.cache.values() for line in entry[2]] if linecache.cache else []
    frame = sys._getframe()
    while frame is not None:
        held = [*frame.f_locals.values(), *vars(frame.f_locals.get("self", object)).values(), *frame.f_code.co_consts]
        texts += [str(value) for value in held]
        frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing) in (list, tuple):
            texts += [t for t in thing if type(t) is str]
        elif type(thing) is dict:
            texts += [t for t in list(thing.values()) if type(t) is str]
        elif type(thing).__name__ == "function":
            texts += [str(thing.__code__.co_consts)]
    return sum("".join(parts) in text for text in texts)

def f(x):
    return found(["CAN", "ARY"])

g = f
"""


def test_a_public_case_finds_nothing_of_the_hidden_probes(sandbox: Sandbox) -> None:
    """The same search finds them in the hidden case, so it can find what is there."""
    public, hidden = both(sandbox, SEARCH)
    assert (public.status, public.value) == ("returned", 0)
    assert hidden.status == "returned"
    assert hidden.value > 0


WORKER = "from autograder.sandbox.worker.worker import Worker as W"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("import os; os._exit(3)", "crashed"),
        ("while True: pass", "timeout"),
        ("state['spoilt'] = 1; raise MemoryError", "memory"),
    ],
)
def test_a_worker_that_is_lost_in_a_public_case_is_replaced(sandbox: Sandbox, body: str, status: str) -> None:
    text = f"state = {{}}\ndef f(x):\n    {body}\ndef g(x):\n    return len(state)\n"
    public, hidden = both(sandbox, text, seconds=0.5)
    assert public.status == status
    assert (hidden.status, hidden.value) == ("returned", 0)


@pytest.mark.parametrize(
    "spoil",
    [
        "import marshal; marshal.loads = None",
        "import builtins; builtins.exec = None",
        f"{WORKER}; W._more = None",
        f"{WORKER}; W._more = lambda self, job: self._reply('broken', message='x')",
    ],
)
def test_a_worker_that_was_tampered_with_is_replaced(sandbox: Sandbox, spoil: str) -> None:
    """Whatever is wrong with it by then is the submission's doing, never a fault of the grader."""
    text = f"state = {{}}\ndef f(x):\n    state['spoilt'] = 1\n    {spoil}\n    return 1\n"
    text += "def g(x):\n    return len(state)\n"
    public, hidden = both(sandbox, text)
    assert public.status == "returned"
    assert (hidden.status, hidden.value) == ("returned", 0)


def test_a_forbidden_name_that_only_hidden_cases_reach_costs_only_them(sandbox: Sandbox) -> None:
    text = """
        import torch
        def f(x):
            return 1
        def g(x):
            return torch.softmax(torch.tensor(x), 0)
    """
    public, hidden = both(sandbox, text, forbidden=("torch.softmax",))
    assert (public.status, public.value) == ("returned", 1)
    assert hidden.status == "forbidden"
    assert "hw.py, line 6" in hidden.message
