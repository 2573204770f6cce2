"""Running a submission: its plan carried out in a session; answers per case and world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from autograder.authoring.loading import CaseSet
from autograder.grading.plan import Seeds, in_order, planned
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.libraries import needs_torch
from autograder.sandbox.grader.plan import Plan
from autograder.sandbox.grader.session import Session
from autograder.sandbox.wire.messages import Answer, Submission
from autograder.spec.models import Assignment


@dataclass(frozen=True)
class Whole:
    """What came of a whole submission: answers per case, and what went wrong while it was loaded, a line each."""

    answers: dict[str, tuple[Answer, ...]]
    problems: tuple[str, ...]


def run_whole(
    sandbox: Sandbox,
    spec: Assignment,
    cases: CaseSet,
    submission: Submission,
    seeds: Seeds,
    support: Mapping[str, bytes],
) -> Whole:
    """A submission run; see `run_submission`."""
    with session_for(sandbox, cases, submission, support) as session:
        found = run_plan(session, planned(spec, cases, seeds))
        return Whole({name: found[name] for name in in_order(spec, cases) if name in found}, session.problems)


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
    return run_whole(sandbox, spec, cases, submission, seeds, support).answers


def session_for(sandbox: Sandbox, cases: CaseSet, submission: Submission, support: Mapping[str, bytes]) -> Session:
    """A session for one submission, with the libraries that it or the cases name."""
    return sandbox.session(submission, support, torch=needs_torch(submission, support, cases.source))


def run_plan(session: Session, plan: Plan) -> dict[str, tuple[Answer, ...]]:
    """Answers per case of a whole plan, in its order; what came on given ground is part of the answer before it."""
    answers: dict[str, list[Answer]] = {}
    calls = [call for visit in plan.visits() for call in visit.job.calls]
    for call, answer in zip(calls, session.run_plan(plan), strict=True):
        several = answers.setdefault(answer.case, [])
        if call.stand_ins:
            several[-1] = replace(several[-1], given=answer)
        else:
            several.append(answer)
    return {name: tuple(found) for name, found in answers.items()}
