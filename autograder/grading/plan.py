"""The plan of a submission: which cases are run, in which order, and which of them share a worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autograder.authoring.case import Case
from autograder.authoring.loading import CaseSet
from autograder.sandbox.grader.plan import Plan, plan_of
from autograder.sandbox.wire.messages import Job, ProbeCall
from autograder.spec.models import Assignment

Seeds = Mapping[str, Sequence[int]]


def planned(spec: Assignment, cases: CaseSet, seeds: Seeds) -> Plan:
    """The cases named in `seeds`: the public ones of all questions, then the hidden ones; a worker for each question.

    Args:
        seeds: case name → seeds of the worlds to run it in.
    """
    return plan_of(
        job(spec, cases, question, public, chosen, seeds)
        for question, public, own in _groups(spec, cases)
        if (chosen := [c for c in own if c.name in seeds])
    )


def in_order(spec: Assignment, cases: CaseSet) -> list[str]:
    """Names of all cases as a reader expects them: question by question, public ones first."""
    return [c.name for _, _, own in _groups(spec, cases) for c in own]


def job(spec: Assignment, cases: CaseSet, question: str, public: bool, chosen: Sequence[Case], seeds: Seeds) -> Job:
    """Some cases of one question and one visibility."""
    return Job(
        question=question,
        public=public,
        module=spec.submission.module,
        source=cases.probes([c.name for c in chosen]),
        calls=tuple(call for c in chosen for seed in seeds[c.name] for call in _calls(c, seed)),
        limits=spec.limits_of(question),
        forbidden=spec.question(question).forbidden_names,
        own={c.name: cases.probes([c.name]) for c in chosen} if spec.question(question).forbidden else {},
    )


def _calls(case: Case, seed: int) -> Iterator[ProbeCall]:
    """On the student's own ground, and then on given ground where the case has one."""
    yield ProbeCall(case.name, seed)
    if case.given:
        yield ProbeCall(case.name, seed, stand_ins=True)


def _groups(spec: Assignment, cases: CaseSet) -> Iterator[tuple[str, bool, Sequence[Case]]]:
    for question in spec.graded():
        for public in (True, False):
            yield question.id, public, cases.of(question.id, public)
