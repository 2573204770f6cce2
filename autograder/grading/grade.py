"""One submission, whole: run it in a student's worlds, keep the evidence, judge it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import __version__
from autograder.errors import SubmissionError, UnreachableError
from autograder.grading.bundle import Bundle
from autograder.grading.evidence import Evidence, attempts_of
from autograder.grading.judging import InProcess, Judge
from autograder.grading.run import run_whole
from autograder.grading.totals import Grade, grade_of
from autograder.grading.worlds import HANDOUT, WorldRef
from autograder.intake.hand_in import HandIn
from autograder.intake.opening import Opened, open_hand_in
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Submission
from autograder.sandbox.worker.numpy_calls import RECORD


@dataclass(frozen=True)
class Settings:
    """What a grading run fixes.

    Attributes:
        student: who hands in; the submission's content stands for them when it is not known. With the bundle's key
            it chooses the worlds.
        handout: a student's view at home: public cases only, in the world that the handout ships.
    """

    student: str = ""
    handout: bool = False


def worlds_for(bundle: Bundle, digest: str, settings: Settings) -> dict[str, WorldRef]:
    """The world of every case that is run for this student."""
    if settings.handout:
        return {c.name: HANDOUT for c in bundle.cases.cases if c.public}
    student = settings.student or digest
    return {c.name: bundle.chosen(c.name, student) for c in bundle.cases.cases}


def grade_path(
    sandbox: Sandbox, bundle: Bundle, path: Path, name: str, settings: Settings, judge: Judge | None = None
) -> tuple[Grade, Evidence]:
    """Grade a file; see `grade_opened`."""
    return grade_opened(sandbox, bundle, open_hand_in(HandIn(name, path), bundle.spec.submission), settings, judge)


def grade_opened(
    sandbox: Sandbox, bundle: Bundle, opened: Opened, settings: Settings, judge: Judge | None = None
) -> tuple[Grade, Evidence]:
    """Grade a hand-in that has been opened; one that cannot be read gets verdict `error` in every case,
    and `broken` where this computer is why: it is not graded then.

    Args:
        judge: the one of a cohort, who knows what was judged before.
    """
    who = opened.hand_in.who
    if opened.submission is None:
        return _unreadable(sandbox, bundle, opened, settings)
    return grade_submission(sandbox, bundle, opened.submission, who, settings, judge)


def grade_submission(
    sandbox: Sandbox,
    bundle: Bundle,
    submission: Submission,
    name: str,
    settings: Settings,
    judge: Judge | None = None,
) -> tuple[Grade, Evidence]:
    """Grade a submission that has been read; see `grade_opened`."""
    started = time.monotonic()
    worlds = worlds_for(bundle, submission.digest, settings)
    seeds = {c: (bundle.expectation(c, w).seed,) for c, w in worlds.items()}
    found = run_whole(sandbox, bundle.spec, bundle.cases, submission, seeds, bundle.support)
    answers = {case: several[0] for case, several in found.answers.items()}
    evidence = Evidence(name, submission.digest, bundle.digest, answers, worlds, attempts=attempts_of(answers))
    grade = judged(sandbox, bundle, evidence, time.monotonic() - started, judge)
    return replace(grade, notes=(*found.problems, *submission.notes)), evidence


def judged(sandbox: Sandbox, bundle: Bundle, evidence: Evidence, seconds: float, judge: Judge | None = None) -> Grade:
    """The grade that follows from evidence, made by this sandbox just now."""
    return grade_of(
        bundle,
        evidence.submission,
        evidence.digest,
        (judge or InProcess()).verdicts(bundle, evidence.answers, evidence.worlds),
        layers=(*sandbox.layers, RECORD),
        mode=sandbox.mode,
        tool=__version__,
        seconds=seconds,
    )


def unread_answer(case: str, problem: SubmissionError | None) -> Answer:
    """The answer of a case whose hand-in could not be read."""
    if isinstance(problem, UnreachableError):
        return Answer(case, "broken", message=problem.sentence())
    return Answer(case, "error", message=str(problem))


def _unreadable(sandbox: Sandbox, bundle: Bundle, opened: Opened, settings: Settings) -> tuple[Grade, Evidence]:
    worlds = worlds_for(bundle, "", settings)
    evidence = Evidence(
        opened.hand_in.who, "", bundle.digest, {c: unread_answer(c, opened.problem) for c in worlds}, worlds
    )
    notes = (opened.problem.sentence(),) if opened.problem is not None else ()
    return replace(judged(sandbox, bundle, evidence, 0.0), notes=notes), evidence
