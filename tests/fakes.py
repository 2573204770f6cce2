"""Stand-ins for what is slow or dangerous, written against the interface of the real thing."""

from __future__ import annotations

import types
from collections.abc import Mapping

from autograder.authoring.world import World
from autograder.sandbox.wire.messages import Answer, Job, Submission
from autograder.values.codec import NotAValue, decode, encode


class FakeSandbox:
    """A `Sandbox` without a process: runs the submission right here. For trusted test code only."""

    mode = "off"
    layers: tuple[str, ...] = ("fake",)

    def __enter__(self) -> FakeSandbox:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def load(self, torch: bool) -> None:
        return None

    def session(
        self, submission: Submission, support: Mapping[str, bytes] | None = None, *, torch: bool = True
    ) -> FakeSession:
        return FakeSession(submission)


class FakeSession:
    """A `Session`: every question gets its own module, as every worker does."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission

    def __enter__(self) -> FakeSession:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, *jobs: Job) -> list[Answer]:
        module = types.ModuleType(jobs[0].module)
        text = dict(self.submission.files)[self.submission.main].decode("utf-8-sig")
        try:
            exec(compile(text, self.submission.main, "exec"), module.__dict__)
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            return [Answer(c.case, "error", message=message) for job in jobs for c in job.calls]
        return [answer for job in jobs for answer in self._answers(job, module)]

    def _answers(self, job: Job, module: types.ModuleType) -> list[Answer]:
        probes: dict[str, object] = {}
        exec(compile(job.source, "probes.py", "exec"), probes)
        return [self._answer(call.case, probes[call.case], module, call.seed) for call in job.calls]

    def _answer(self, case: str, probe: object, module: types.ModuleType, seed: int) -> Answer:
        try:
            payload = encode(probe(module, World(seed)))  # type: ignore[operator]
        except NotAValue as error:
            return Answer(case, "protocol", message=str(error))
        except Exception as error:
            return Answer(case, "error", message=f"{type(error).__name__}: {error}", seconds=0.001)
        return Answer(case, "returned", decode(payload), payload, seconds=0.001)
