"""One sandbox for all tests of a run, and a short way to run probes in it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.libraries import needs_torch
from autograder.sandbox.wire.messages import Answer, Job, ProbeCall, Submission
from autograder.spec.models import Limits

Run = Callable[..., list[Answer]]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as box:
        yield box


def job_for(probes: str, public: bool = True, forbidden: tuple[str, ...] = (), seed: int = 1, **limits: float) -> Job:
    """A job of all functions of `probes`, in order."""
    source = textwrap.dedent(probes)
    names = [line.removeprefix("def ").split("(")[0] for line in source.splitlines() if line.startswith("def ")]
    calls = tuple(ProbeCall(name, seed) for name in names)
    return Job("question", public, "hw", source, calls, Limits(**limits), forbidden)  # type: ignore[arg-type]


@pytest.fixture(params=["always with torch", "with torch as needed"])
def run(sandbox: Sandbox, request: pytest.FixtureRequest) -> Run:
    """`run(submission, probes, forbidden=…, seconds=…)`: the answers of the probes' functions, in order."""

    def go(text: str, probes: str, **options: object) -> list[Answer]:
        submission = Submission.of_text("hw.py", "hw", textwrap.dedent(text))
        torch = request.param.startswith("always") or needs_torch(submission, {}, probes)
        with sandbox.session(submission, torch=torch) as session:
            return session.run(job_for(probes, **options))  # type: ignore[arg-type]

    return go
