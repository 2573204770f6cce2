"""Examining: the public cases of a question on loaded work, with the judge, the bans and the words of grading.

Which known mistake is named may hang on public cases of other questions that call the same functions. These are run
too where it does, and only then, so that a question checked alone is told what the grade says; they are not shown.

Not covered here: limits of time and memory; in a terminal they are the child's business (children.py), in a notebook
the code runs as it is, but for those cases of other questions, which nobody there asked for.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.grading.explainers import decisive
from autograder.grading.judging import InProcess, wrong_ones
from autograder.grading.status import Status
from autograder.grading.streams import other_inputs
from autograder.grading.terms import check_of
from autograder.grading.verdict import Explanation, Outcome, Verdict
from autograder.grading.worlds import HANDOUT
from autograder.home.facts import QuestionFacts
from autograder.home.giving_up import GivenUp, given_up_after
from autograder.home.installed import Public
from autograder.home.results import CaseResult, QuestionResult, unwritten, worth
from autograder.sandbox.grader.forbidden import find_forbidden
from autograder.sandbox.wire.index import Index
from autograder.sandbox.wire.messages import Answer
from autograder.sandbox.worker.capture import CUT, CappedBytes
from autograder.sandbox.worker.loading import Loaded
from autograder.sandbox.worker.running import run_case
from autograder.values.codec import decode

MOST_PRINTED = 64 * 1024
LATE = "this did not finish within {:g} s"
Answers = Mapping[str, Answer]
More = Callable[[Collection[str]], Answers]


def examined(
    public: Public,
    question: QuestionFacts,
    loaded: Loaded,
    index: Index | None,
    known: dict[str, Answer] | None = None,
) -> QuestionResult:
    """What a question's public cases come to.

    Args:
        index: the text of the work, read; None where there is none to read.
        known: answers of the same work, which are not asked for again; grows.
    """
    answers: dict[str, Answer] = {} if known is None else known

    def run(cases: Collection[str], *, limited: bool) -> Answers:
        left = [n for n in cases if n not in answers or (_timed_out(answers[n]) and not limited)]
        stand = banned(public, left, index)
        answers.update(stand)
        for name in left:
            if name not in stand:
                answers[name] = answer(public, name, loaded, public.question_of(name).seconds if limited else 0.0)
        return answers

    own = run([c.name for c in question.cases], limited=False)
    return judged(public, question, own, loaded, partial(run, limited=True))


def _timed_out(answer: Answer) -> bool:
    return answer.status == "timeout"


def banned(public: Public, cases: Collection[str], index: Index | None) -> dict[str, Answer]:
    """Case → its answer, for cases whose calls reach something that their question forbids."""
    if index is None:
        return {}
    names = {case: public.question_of(case).forbidden for case in cases}
    found = {case: find_forbidden(index, public.mentions(case), n) for case, n in names.items() if n}
    return {case: Answer(case, "forbidden", message="; ".join(lines)) for case, lines in found.items() if lines}


def answer(public: Public, case: str, loaded: Loaded, seconds: float = 0.0) -> Answer:
    """What a case comes back with, in this process, on both grounds where it has two.

    Args:
        seconds: after which it is given up; 0 for no limit.
    """
    own = _on_one_ground(public, case, loaded, seconds, stand_ins=False)
    if not public.bundle.cases.get(case).given:
        return own
    return replace(own, given=_on_one_ground(public, case, loaded, seconds, stand_ins=True))


def _on_one_ground(public: Public, case: str, loaded: Loaded, seconds: float, stand_ins: bool) -> Answer:
    world = public.bundle.world(case, HANDOUT)
    probe = public.probes(public.question_of(case))[case]
    with printed() as kept:
        try:
            with given_up_after(seconds):
                ran = run_case(loaded, probe, world, through=(KeyboardInterrupt, GivenUp), stand_ins=stand_ins)
        except GivenUp:
            ran = None
    if ran is None:
        return Answer(case, "timeout", message=LATE.format(seconds))
    return Answer(
        case, ran.status, payload=ran.payload, message=ran.message, trace=ran.trace, stdout=kept(),
        draws=tuple(world.draws),
    )  # fmt: skip


@contextlib.contextmanager
def printed() -> Iterator[Callable[[], str]]:
    """What is printed inside, kept up to a cap; where it is left by an exception, its end is printed after all."""
    sink = CappedBytes(MOST_PRINTED)
    raw: Any = sink
    stream = io.TextIOWrapper(raw, encoding="utf-8", errors="replace", write_through=True)

    def text() -> str:
        return bytes(sink.kept).decode(errors="replace") + (CUT if sink.dropped else "")

    try:
        with contextlib.redirect_stdout(stream):
            yield text
    except BaseException:
        print(text()[-2000:])
        raise


def judged(
    public: Public, question: QuestionFacts, answers: Answers, loaded: Loaded | None, more: More | None = None
) -> QuestionResult:
    """Answers of a question's public cases as its result.

    Args:
        more: runs further cases, and gives at least their answers; none are run without it.
    """
    bundle, judge = public.bundle, InProcess()
    own = _verdicts(public, judge, [c.name for c in question.cases], answers)
    wanted = decisive(bundle, wrong_ones(bundle, own, answers), answers) if more is not None else frozenset()
    others = [c.name for q in public.facts.checked if q is not question for c in q.cases if c.name in wanted]
    if others and more is not None:
        answers = more(others)
    beside = _verdicts(public, judge, others, answers)
    verdicts = judge.explained(bundle, [*own, *beside], answers)
    cases = tuple(_result(public, worth(v, question), answers[v.case]) for v in verdicts if v.question == question.id)
    names: Mapping[str, Any] = loaded.module.__dict__ if loaded is not None else {}
    problems = tuple(loaded.problems) if loaded is not None else ()
    return QuestionResult(question, cases, unwritten(question, names) if loaded is not None else (), problems)


def _verdicts(public: Public, judge: InProcess, names: Collection[str], answers: Answers) -> list[Verdict]:
    """Verdicts, not yet explained, of the cases that there is an answer of, in the order of the bundle."""
    cases = [c for c in public.bundle.cases.cases if c.name in names and c.name in answers]
    return [judge.case(public.bundle, c, answers[c.name], HANDOUT) for c in cases]


def _result(public: Public, verdict: Verdict, answer: Answer) -> CaseResult:
    if verdict.status.passed:
        return CaseResult(verdict)
    told = other_inputs(public.bundle, verdict.case, HANDOUT, answer.draws)
    if told:
        return CaseResult(_of_other_inputs(public, verdict, told))
    check = check_of(public.bundle.cases.get(verdict.case))
    if verdict.status is not Status.FAILED or check.kind not in ("close", "exact"):
        return CaseResult(verdict)
    expected = public.bundle.expected_value(verdict.case, HANDOUT)
    tolerance = public.bundle.tolerances.get(verdict.case)
    return CaseResult(verdict, decode(answer.payload), expected, tolerance, True)


def _of_other_inputs(public: Public, verdict: Verdict, told: str) -> Verdict:
    """A verdict that blames nobody's work: the inputs were others than those of the recording."""
    recorded = public.bundle.recorded.numpy
    told += f" (pip install numpy=={recorded})" if recorded else ""
    outcome = Outcome.without_credit(Status.BROKEN, verdict.max_points)
    return Verdict(verdict.ref, outcome, Explanation(told), verdict.observation)
