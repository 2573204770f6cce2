"""Running a submission: a worker per question, public cases before hidden ones; answers per case and world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from autograder.authoring.case import Case
from autograder.authoring.loading import CaseSet
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.libraries import needs_torch
from autograder.sandbox.grader.session import Session
from autograder.sandbox.wire.messages import Answer, Job, ProbeCall, Submission
from autograder.spec.models import Assignment

Seeds = Mapping[str, Sequence[int]]


def jobs(spec: Assignment, cases: CaseSet, seeds: Seeds) -> Iterable[Job]:
    """The jobs for the cases named in `seeds`, in the order of the questions; public ones before hidden ones."""
    for question in spec.graded():
        for public in (True, False):
            chosen = [c for c in cases.of(question.id, public) if c.name in seeds]
            if chosen:
                yield job(spec, cases, question.id, public, chosen, seeds)


def job(spec: Assignment, cases: CaseSet, question: str, public: bool, chosen: Sequence[Case], seeds: Seeds) -> Job:
    """Some cases of one question and one visibility."""
    return Job(
        question=question,
        public=public,
        module=spec.submission.module,
        source=cases.probes([c.name for c in chosen]),
        calls=tuple(ProbeCall(c.name, seed) for c in chosen for seed in seeds[c.name]),
        limits=spec.limits_of(question),
        forbidden=spec.question(question).forbidden,
    )


def run_submission(
    sandbox: Sandbox,
    spec: Assignment,
    cases: CaseSet,
    submission: Submission,
    seeds: Seeds,
    support: Mapping[str, bytes],
) -> dict[str, tuple[Answer, ...]]:
    """Answers per case, one for each of its seeds.

    Args:
        sandbox: a running one.
        seeds: case name → seeds to run it with; cases that are not named are left out.
        support: the assignment's support files.
    """
    with session_for(sandbox, cases, submission, support) as session:
        return run_jobs(session, jobs(spec, cases, seeds))


def session_for(sandbox: Sandbox, cases: CaseSet, submission: Submission, support: Mapping[str, bytes]) -> Session:
    """A session for one submission, with the libraries that it or the cases name."""
    return sandbox.session(submission, support, torch=needs_torch(submission, support, cases.source))


def run_jobs(session: Session, work: Iterable[Job]) -> dict[str, tuple[Answer, ...]]:
    """Answers per case of all jobs. Those of a question that follow each other share a worker."""
    answers: dict[str, list[Answer]] = {}
    for _, together in groupby(work, key=lambda one: one.question):
        for answer in session.run(*together):
            answers.setdefault(answer.case, []).append(answer)
    return {name: tuple(found) for name, found in answers.items()}
