"""One submission, whole: run it in a student's worlds, keep the evidence, judge it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import __version__
from autograder.errors import SubmissionError, UnreachableError
from autograder.grading.bundle import Bundle
from autograder.grading.drawing import deck_name, deck_of, feedback_seed, final_seed
from autograder.grading.evidence import Evidence, attempts_of
from autograder.grading.judging import InProcess, Judge
from autograder.grading.milestones import Draw, Ran, Trial
from autograder.grading.run import Whole, run_whole
from autograder.grading.totals import Grade, grade_of
from autograder.grading.trained import MANIFEST, Trained, parted
from autograder.grading.worlds import HANDOUT, Drawn, WorldRef, Worlds
from autograder.intake.hand_in import HandIn
from autograder.intake.opening import Opened, open_hand_in
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Submission
from autograder.sandbox.worker.numpy_calls import RECORD
from autograder.spec.models import Decks


@dataclass(frozen=True)
class Settings:
    """What a grading run fixes.

    Attributes:
        student: who hands in; the submission's content stands for them when it is not known. With the bundle's key
            it chooses the worlds.
        handout: a student's view at home: public cases only, in the world that the handout ships.
        replay: run replays; without it they wait.
        final: draw milestones for the grade, from term and team; otherwise for feedback, from what was handed in.
        term: in place of the assignment's own.
        device: what `train` runs on in replays: "cpu", or "cuda" with the processor where that comes to nothing.
        unnamed: it is not known here who hands in, so the deck is the one that the manifest names.
        only: cases of these questions alone are run; the others wait. Empty for all.
    """

    student: str = ""
    handout: bool = False
    replay: bool = False
    final: bool = False
    term: str = ""
    unnamed: bool = False
    device: str = "cpu"
    only: tuple[str, ...] = ()


def worlds_for(bundle: Bundle, digest: str, settings: Settings) -> dict[str, WorldRef]:
    """The world of every case that is run for this student; milestones have draws (`draws_for`)."""
    if settings.handout:
        return {c.name: HANDOUT for c in bundle.cases.cases if c.public}
    student = settings.student or digest
    return {c.name: bundle.chosen(c.name, student) for c in bundle.cases.cases if c.kind == "case"}


def draws_for(bundle: Bundle, digest: str, team: str, settings: Settings, claimed: int | None = None) -> Worlds:
    """The draw of every milestone and replay; none in a student's view at home.

    Args:
        digest: of the submission.
        team: who hands in.
        claimed: the deck that the manifest names.
    """
    own = [] if settings.handout else [c.name for c in bundle.cases.cases if c.kind != "case"]
    decks, keys = bundle.spec.decks, bundle.draws
    term = settings.term or (decks.term if decks else "")
    deck = 0
    if decks:
        unknown = settings.unnamed and claimed is not None and claimed < decks.count
        deck = claimed if unknown and claimed is not None else deck_of(keys, term, team, decks.count)
    if settings.final:
        return {case: Drawn(final_seed(keys, term, team, case), deck) for case in own}
    return {case: Drawn(feedback_seed(keys, digest, case), deck) for case in own}


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
    return grade_submission(sandbox, bundle, opened.submission, who, settings, judge, opened.hand_in)


def grade_submission(
    sandbox: Sandbox,
    bundle: Bundle,
    submission: Submission,
    name: str,
    settings: Settings,
    judge: Judge | None = None,
    hand_in: HandIn | None = None,
) -> tuple[Grade, Evidence]:
    """Grade a submission that has been read; see `grade_opened`.

    Args:
        hand_in: knows the team, and whether trained work is judged.
    """
    started = time.monotonic()
    later = left_for_later(bundle, settings)
    worlds = worlds_for(bundle, submission.digest, settings)
    seeds = {c: (bundle.expectation(c, w).seed,) for c, w in worlds.items() if c not in later}
    code, own = parted(submission, bundle.spec)
    own = _on_a_known_deck(own, bundle.spec.decks, settings)
    team, unjudged = (hand_in.team, hand_in.unjudged) if hand_in is not None else ("", "")
    draws = draws_for(bundle, submission.digest, team or name, settings, own.deck)
    if unjudged and not settings.final:
        ran = {case: Ran(Answer(case, "waiting", message=unjudged)) for case in draws}
    else:
        now = {case: draw for case, draw in draws.items() if case not in later}
        ran = run_draws(
            sandbox, bundle, code, own, now, settings.replay, settings.device
        )  # before any hidden probe is sent anywhere
    found = run_whole(sandbox, bundle.spec, bundle.cases, code, seeds, bundle.support) if seeds else Whole({}, ())
    answers = {case: several[0] for case, several in found.answers.items()}
    answers |= {case: one.answer for case, one in ran.items()}
    answers |= {case: answer for case, answer in later.items() if case in worlds or case in draws}
    evidence = Evidence(
        name, submission.digest, bundle.digest, answers, {**worlds, **draws}, attempts=attempts_of(answers),
        materials=materials_of(ran),
    )  # fmt: skip
    grade = judged(sandbox, bundle, evidence, time.monotonic() - started, judge)
    notes = (*found.problems, *submission.notes, *deck_notes(bundle, draws, own.deck, settings))
    return replace(grade, notes=notes), evidence


def left_for_later(bundle: Bundle, settings: Settings) -> dict[str, Answer]:
    """The cases that this run leaves out, with what is said of them."""
    said = f"not run yet: this run was for {', '.join(settings.only)} only; a later run judges it"
    beside = {q.id for q in bundle.spec.questions if q.instead_of in settings.only}  # the better of the two counts
    return {
        c.name: Answer(c.name, "waiting", message=said)
        for c in bundle.cases.cases
        if settings.only and c.question not in {*settings.only, *beside}
    }


def _on_a_known_deck(own: Trained, decks: Decks | None, settings: Settings) -> Trained:
    """The work, with what is wrong where only the manifest could say which deck it is for, and does not."""
    named = own.deck is not None and decks is not None and own.deck < decks.count
    if decks is None or not settings.unnamed or named:
        return own
    what = f"{MANIFEST} does not say which deck this was trained on, and who hands in is not known here"
    known = f"{deck_name(0)} to {deck_name(decks.count - 1)}"
    what = f'{what}; run pack.py again with the data of your deck ("deck" is {known})'
    more = {name: one if one.problem else replace(one, problem=what) for name, one in own.more.items()}
    return replace(own, problem=own.problem or what, more=more)


def run_draws(
    sandbox: Sandbox, bundle: Bundle, code: Submission, own: Trained, draws: Worlds, replay: bool, device: str = "cpu"
) -> dict[str, Ran]:
    """What comes of milestones and replays in their draws."""
    if not draws:
        return {}
    trial = Trial(sandbox, bundle.spec, bundle.cases, bundle.support, code, own, replay, device=device)
    return trial.run({case: draw_of(bundle, case, world) for case, world in draws.items()})


def draw_of(bundle: Bundle, case: str, world: WorldRef) -> Draw:
    """A draw, made when it is asked for."""
    return Draw(bundle.expectation(case, world).seed, lambda: bundle.material(case, world))


def materials_of(ran: Mapping[str, Ran]) -> dict[str, dict[str, str]]:
    """What identifies the material of the cases that came back with something, and the weights that they had."""
    return {
        case: {**one.prints, **({"weights": one.weights} if one.weights else {})}
        for case, one in ran.items()
        if one.prints
    }


def deck_notes(bundle: Bundle, draws: Worlds, claimed: int | None, settings: Settings) -> tuple[str, ...]:
    """What to say about the deck that was judged on, where a manifest names one."""
    used = next((w.deck for w in draws.values() if isinstance(w, Drawn)), None)
    if used is None or not bundle.spec.decks:
        return ()
    if settings.unnamed and claimed == used:
        return (f"judged on deck {deck_name(used)}, as {MANIFEST} says; the grade takes the deck of your team",)
    if claimed is not None and claimed != used:
        return (f"{MANIFEST} names deck {deck_name(claimed)}; judged on your team's, {deck_name(used)}",)
    return ()


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
    worlds = {
        **worlds_for(bundle, "", settings),
        **draws_for(bundle, "", opened.hand_in.team or opened.hand_in.who, settings),
    }
    evidence = Evidence(
        opened.hand_in.who, "", bundle.digest, {c: unread_answer(c, opened.problem) for c in worlds}, worlds
    )
    notes = (opened.problem.sentence(),) if opened.problem is not None else ()
    return replace(judged(sandbox, bundle, evidence, 0.0), notes=notes), evidence
