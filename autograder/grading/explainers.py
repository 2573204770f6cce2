"""Explainers: what may be behind a wrong answer. A judge asks them in their order; the first who knows is heard."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

from autograder.checks.diagnosis import SAME, diagnose, of_first_part
from autograder.checks.evaluation import OverBudget, allowance
from autograder.checks.fingerprints import Fingerprint, ending, fingerprint
from autograder.checks.right_parts import right_parts
from autograder.grading.bundle import Bundle, MisconceptionRecord
from autograder.grading.causes import plain_cause
from autograder.grading.feedback import choose, decided_by, matches, says_little
from autograder.grading.from_inputs import told_by_inputs
from autograder.grading.given import given_in
from autograder.grading.status import Status
from autograder.grading.terms import check_of, keeps_mistakes
from autograder.grading.verdict import Verdict
from autograder.grading.worlds import HANDOUT, Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import decode
from autograder.values.counting import count

MOST_ITEMS = 10_000  # larger answers are not diagnosed: their parts would be looked at one by one
_VAGUE = re.compile(r"NaN|infinite|nearly|only the|sign is wrong in|constant|factor (?!−?(2|1/2|−1)\b)")
"""Kinds of difference that say less than the inputs do."""
T = TypeVar("T")


class Explainer(Protocol):
    """Something that may know why answers are wrong."""

    def __call__(
        self, bundle: Bundle, wrong: Sequence[Verdict], answers: Mapping[str, Answer], run: Collection[str]
    ) -> dict[str, Mapping[str, str]]:
        """Case → fields of its `Explanation`, for the cases that it knows something of.

        Args:
            wrong: verdicts whose status is `explained`, those that nobody has explained yet.
            answers: what came back, by case.
            run: all cases that the submission was run on.
        """


def known_misconception(
    bundle: Bundle, wrong: Sequence[Verdict], answers: Mapping[str, Answer], run: Collection[str]
) -> dict[str, Mapping[str, str]]:
    """The listed mistake that came back with the same.

    What is said of a public case hangs on public cases alone: a choice that hidden ones decide would tell a student who
    sees only the public part what hidden inputs are like, and home could not say the same.
    """
    shown = _shown(bundle, wrong, answers)
    weak = {v.case for v in wrong if shown[v.case] and _little(bundle, v, answers[v.case])}
    twins = bundle.mutants.twins if bundle.mutants else frozenset()
    public = {c.name for c in bundle.cases.cases if c.public}
    named: dict[str, MisconceptionRecord] = {}
    for seen, told in _rounds(bundle):
        found = choose(bundle, {c: ids for c, ids in shown.items() if c in seen}, [c for c in run if c in seen], weak)
        named |= {c: m for c, m in found.items() if c in told and not (c in public and m.id in twins)}
    return {
        case: {"misconception": m.id, "feedback": m.hint if case in public and m.hint else m.feedback}
        for case, m in named.items()
    }


def _rounds(bundle: Bundle) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Cases that are looked at together, and those of them that are spoken of: each hangs on what its readers have.

    What is said at home hangs on what a handout has, what is said of other public cases on public ones alone.
    """
    every = frozenset(c.name for c in bundle.cases.cases)
    public = frozenset(c.name for c in bundle.cases.cases if c.public)
    home = frozenset(c.name for c in bundle.cases.cases if c.public and c.kind == "case" and not keeps_mistakes(c))
    return [(home, home), (public, public - home), (every, every - public)]


def decisive(bundle: Bundle, wrong: Sequence[Verdict], answers: Mapping[str, Answer]) -> frozenset[str]:
    """Public cases that decide with these which mistake is named; none where no listed one came back with the same."""
    home = _rounds(bundle)[0][0]
    return decided_by(bundle, _shown(bundle, [v for v in wrong if v.case in home], answers)) & home


def _shown(bundle: Bundle, wrong: Sequence[Verdict], answers: Mapping[str, Answer]) -> dict[str, tuple[str, ...]]:
    """Case → the listed mistakes that came back with the same."""

    def found(verdict: Verdict) -> tuple[str, ...]:
        check = check_of(bundle.cases.get(verdict.case))
        return matches(bundle, verdict.case, check, answers[verdict.case], verdict.world)

    nothing: tuple[str, ...] = ()
    return {v.case: _affordable(partial(found, v), nothing) for v in wrong}


def generic_diagnosis(
    bundle: Bundle, wrong: Sequence[Verdict], answers: Mapping[str, Answer], run: Collection[str]
) -> dict[str, Mapping[str, str]]:
    """The kind of difference between values that came back and the right ones."""

    def found(verdict: Verdict) -> str:
        expected = bundle.expected_value(verdict.case, verdict.world)
        world = bundle.world(verdict.case, verdict.world)
        outputs = decode(answers[verdict.case].payload)
        return diagnose(check_of(bundle.cases.get(verdict.case)), outputs, expected, world, _others(bundle, verdict))

    failed = [v for v in wrong if v.status is Status.FAILED and count(answers[v.case].payload).items <= MOST_ITEMS]
    said = {v.case: _affordable(partial(found, v), "") for v in failed}
    return {case: {"diagnosis": text} for case, text in said.items() if text}


def exception_cause(
    bundle: Bundle, wrong: Sequence[Verdict], answers: Mapping[str, Answer], run: Collection[str]
) -> dict[str, Mapping[str, str]]:
    """What lies behind an exception that beginners meet."""
    said = {v.case: plain_cause(v.message) for v in wrong if v.status is Status.ERROR}
    return {case: {"diagnosis": text} for case, text in said.items() if text}


def machine_made(
    bundle: Bundle, wrong: Sequence[Verdict], answers: Mapping[str, Answer], run: Collection[str]
) -> dict[str, Mapping[str, str]]:
    """The small change of the reference that came back with the same in all cases of the question.

    As with known mistakes, what is said of a public case hangs on public cases alone.
    """
    made = bundle.mutants
    found = _fitting(bundle, wrong, answers, run)
    said: dict[str, Mapping[str, str]] = {}
    for verdict in wrong:
        fit, valued = found.get(verdict.case, (set(), False))
        text = made.sentence(fit, verdict.status is Status.FAILED) if made and valued else ""
        if text:
            said[verdict.case] = {**_place_in(bundle, verdict, answers[verdict.case]), "diagnosis": text}
    return said


def _place_in(bundle: Bundle, verdict: Verdict, answer: Answer) -> dict[str, str]:
    """Message and place by the call that came back wrong, where values came back."""
    if verdict.status is not Status.FAILED or count(answer.payload).items > MOST_ITEMS:
        return {}
    nothing: dict[str, str] = {}
    return _placed(verdict, _affordable(partial(_by_inputs, bundle, verdict, answer), nothing))


def _fitting(
    bundle: Bundle, wrong: Sequence[Verdict], answers: Mapping[str, Answer], run: Collection[str]
) -> dict[str, tuple[set[int], bool]]:
    """Case → the mutants that come to the same in all cases of its question, and whether any of these shows a value.

    By exceptions alone one change cannot be told from others that end there, also from those that no machine made.
    """
    made = bundle.mutants
    if made is None:
        return {}
    world = {v.case: v.world.index for v in wrong if isinstance(v.world, Recorded)}
    marks = {v.case: m for v in wrong if (m := mark_of(bundle, v, answers[v.case]))}
    returned = {v.case for v in wrong if v.status is Status.FAILED}
    found: dict[str, tuple[set[int], bool]] = {}
    for seen, told in _rounds(bundle):
        for question in {v.question for v in wrong if v.case in told}:
            own = [c.name for c in bundle.cases.of(question) if c.name in run and c.name in seen]
            failed = {c: (world[c], marks[c]) for c in own if c in marks and c in world}
            if any(v.case not in failed for v in wrong if v.question == question and v.case in seen):
                continue
            fit = made.fitting(failed, [c for c in own if c not in failed])
            found |= {c: (fit, bool(returned & failed.keys())) for c in failed if fit and c in told}
    return found


def mark_of(bundle: Bundle, verdict: Verdict, answer: Answer) -> Fingerprint | None:
    """The fingerprint of a wrong answer; None where it would cost too much."""
    return _affordable(partial(_mark, bundle, verdict, answer), None)


def _mark(bundle: Bundle, verdict: Verdict, answer: Answer) -> Fingerprint | None:
    if answer.status != "returned":
        return ending(answer.status, answer.message)
    if count(answer.payload).items > MOST_ITEMS:
        return None
    case, world = bundle.cases.get(verdict.case), bundle.world(verdict.case, verdict.world)
    expected, tolerance = bundle.expected_value(verdict.case, verdict.world), bundle.tolerances.get(verdict.case, 0.0)
    try:
        return fingerprint(decode(answer.payload), expected, check_of(case), world, tolerance)
    except (ArithmeticError, ValueError, TypeError):  # a courtesy must not cost a verdict
        return None


def inputs_tell(
    bundle: Bundle, wrong: Sequence[Verdict], answers: Mapping[str, Answer], run: Collection[str]
) -> dict[str, Mapping[str, str]]:
    """Where the answer is wrong and what is missing in it, by the inputs; else the kind of difference.

    Where a case calls several times, the place is told as the call that came back wrong first. Where several small
    changes of one function come to the same, that function is named beside it.
    """
    made, fitting = bundle.mutants, _fitting(bundle, wrong, answers, run)
    generic = generic_diagnosis(bundle, wrong, answers, run)
    said: dict[str, Mapping[str, str]] = {}
    for verdict in wrong:
        words: dict[str, str] = {}
        if verdict.status is Status.FAILED and count(answers[verdict.case].payload).items <= MOST_ITEMS:
            words = _of_values(bundle, verdict, answers[verdict.case], generic.get(verdict.case, {}))
        place = made.place(fitting[verdict.case][0]) if made and verdict.case in fitting else ""
        if place:
            words["diagnosis"] = "; ".join(filter(None, (words.get("diagnosis"), place)))
        if words:
            said[verdict.case] = words
    return said


def _of_values(bundle: Bundle, verdict: Verdict, answer: Answer, generic: Mapping[str, str]) -> dict[str, str]:
    """What the inputs and the kind of difference tell of one case, whichever says more."""
    nothing: dict[str, str] = {}
    found = _affordable(partial(_by_inputs, bundle, verdict, answer), nothing)
    words = {**_placed(verdict, found), **generic}
    if "first" in found:
        words.setdefault("diagnosis", found["first"])
    if "diagnosis" in found and _VAGUE.search(words.get("diagnosis", "NaN")):
        words["diagnosis"] = found["diagnosis"]
    for told in (_first_part, _parts):
        if "diagnosis" not in words and (text := _affordable(partial(told, bundle, verdict, answer), "")):
            words["diagnosis"] = text
    return words


def _first_part(bundle: Bundle, verdict: Verdict, answer: Answer) -> str:
    """What is wrong with the first part that differs, where that says something."""
    check, world = check_of(bundle.cases.get(verdict.case)), bundle.world(verdict.case, verdict.world)
    expected = bundle.expected_value(verdict.case, verdict.world)
    if check.kind not in ("close", "exact"):
        return ""
    try:
        said = of_first_part(check, decode(answer.payload), expected, world)
    except (ArithmeticError, ValueError, TypeError):  # a courtesy must not cost a verdict
        return ""
    return "" if _VAGUE.search(said) else said


def _parts(bundle: Bundle, verdict: Verdict, answer: Answer) -> str:
    """Which parts of an answer are right."""
    case, at = bundle.cases.get(verdict.case), verdict.world
    expected, tolerance = bundle.expected_value(case.name, at), bundle.tolerances.get(case.name, SAME)
    try:
        return right_parts(check_of(case), decode(answer.payload), expected, bundle.world(case.name, at), tolerance)
    except (ArithmeticError, ValueError, TypeError):  # a courtesy must not cost a verdict
        return ""


def _by_inputs(bundle: Bundle, verdict: Verdict, answer: Answer) -> dict[str, str]:
    case, expected = bundle.cases.get(verdict.case), bundle.expected_value(verdict.case, verdict.world)
    if expected is None:
        return {}
    given = given_in(case, bundle.world(verdict.case, verdict.world), bundle.signatures)
    world, outputs = bundle.world(verdict.case, verdict.world), decode(answer.payload)
    try:
        return told_by_inputs(check_of(case), outputs, expected, given, world)
    except (ArithmeticError, ValueError, TypeError, LookupError, AttributeError):  # a courtesy must not cost a verdict
        return {}


def _placed(verdict: Verdict, found: Mapping[str, str]) -> dict[str, str]:
    """Message and place with a call in the place of an index that no student has seen."""
    call, at = found.get("call", ""), found.get("at", "")
    if not call or not at or not verdict.where.startswith(at):
        return {}
    rest = verdict.where.removeprefix(at)
    message = verdict.message.replace(f"the result{at}", f"`{call}`").replace(
        f" at {at}{rest}", f" at {rest}" if rest else ""
    )
    return {"where": f"{call}{f', at {rest}' if rest else ''}", "message": message}


EXPLAINERS: tuple[Explainer, ...] = (known_misconception, exception_cause, machine_made, inputs_tell)


def _little(bundle: Bundle, verdict: Verdict, answer: Answer) -> bool:
    """Whether hardly anything of an answer can be compared; one that costs too much to look at counts as such."""
    return _affordable(lambda: says_little(bundle, verdict.case, answer, verdict.world), True)


def _affordable(explain: Callable[[], T], otherwise: T) -> T:
    """What can be found within the budget of one verdict: an explanation must not cost more than what it explains."""
    try:
        with allowance():
            return explain()
    except OverBudget:
        return otherwise


def _others(bundle: Bundle, verdict: Verdict) -> dict[str, object]:
    """Right answers of other questions that are the same in every world; none that a student may not know of."""
    return {
        f"`{c.name}` of question `{c.question}`": bundle.expected_value(c.name, HANDOUT)
        for c in bundle.cases.cases
        if c.question != verdict.question and len(bundle.expected[c.name]) == 1 and (c.public or not verdict.public)
    }
