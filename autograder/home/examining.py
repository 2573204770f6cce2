"""Examining: the public cases of a question on loaded work, with the judge, the bans and the words of grading.

Not covered here: limits of time and memory; in a terminal they are the child's business (children.py), in a notebook
the code runs as it is.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograder.grading.judging import InProcess
from autograder.grading.status import Status
from autograder.grading.streams import other_inputs
from autograder.grading.terms import check_of
from autograder.grading.verdict import Explanation, Outcome, Verdict
from autograder.grading.worlds import HANDOUT
from autograder.home.facts import QuestionFacts
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


def examined(public: Public, question: QuestionFacts, loaded: Loaded, index: Index | None) -> QuestionResult:
    """What a question's public cases come to.

    Args:
        index: the text of the work, read; None where there is none to read.
    """
    answers = banned(public, question, index)
    for case in question.cases:
        if case.name not in answers:
            answers[case.name] = answer(public, question, case.name, loaded)
    return judged(public, question, answers, loaded)


def banned(public: Public, question: QuestionFacts, index: Index | None) -> dict[str, Answer]:
    """Case → its answer, for cases whose calls reach something that the question forbids."""
    if index is None or not question.forbidden:
        return {}
    found = {c.name: find_forbidden(index, public.mentions(c.name), question.forbidden) for c in question.cases}
    return {name: Answer(name, "forbidden", message="; ".join(lines)) for name, lines in found.items() if lines}


def answer(public: Public, question: QuestionFacts, case: str, loaded: Loaded) -> Answer:
    """What a case comes back with, in this process, on both grounds where it has two."""
    own = _on_one_ground(public, question, case, loaded, stand_ins=False)
    if not public.bundle.cases.get(case).given:
        return own
    return replace(own, given=_on_one_ground(public, question, case, loaded, stand_ins=True))


def _on_one_ground(public: Public, question: QuestionFacts, case: str, loaded: Loaded, stand_ins: bool) -> Answer:
    world = public.bundle.world(case, HANDOUT)
    probe = public.probes(question)[case]
    with printed() as kept:
        ran = run_case(loaded, probe, world, through=(KeyboardInterrupt,), stand_ins=stand_ins)
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
    public: Public, question: QuestionFacts, answers: Mapping[str, Answer], loaded: Loaded | None
) -> QuestionResult:
    """Answers of a question's public cases as its result."""
    bundle = public.bundle
    verdicts = InProcess().verdicts(bundle, answers, dict.fromkeys(answers, HANDOUT))
    cases = tuple(_result(public, worth(v, question), answers[v.case]) for v in verdicts)
    names: Mapping[str, Any] = loaded.module.__dict__ if loaded is not None else {}
    problems = tuple(loaded.problems) if loaded is not None else ()
    return QuestionResult(question, cases, unwritten(question, names) if loaded is not None else (), problems)


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
