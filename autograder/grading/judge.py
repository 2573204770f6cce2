"""Judging: answers against a bundle, verdict by verdict, and the grade that follows; no student code runs here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from autograder.authoring.case import Case
from autograder.checks.diagnosis import diagnose
from autograder.checks.judgement import Check, Judgement
from autograder.checks.plain import close
from autograder.errors import AuthorError
from autograder.grading.bundle import Bundle, MisconceptionRecord
from autograder.grading.feedback import choose, matches
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import BadValue, decode
from autograder.values.rendering import brief

STATUSES = (
    "passed",
    "failed",
    "error",
    "timeout",
    "crashed",
    "memory",
    "forbidden",
    "protocol",
    "skipped",
    "broken",
)


@dataclass(frozen=True)
class Verdict:
    """What one case came to.

    Attributes:
        status: one of STATUSES; `broken` is the grader's own fault and never a student's zero.
        credit: share of the case's points, 0 to 1.
        points, max_points: what the case gives and could give.
        message, got, expected, where: for the student of a public case, for staff of a hidden one.
        trace: the calls of the student's functions, as text.
        misconception: id of the mistake that these outputs show, or "".
        feedback: what to tell about it.
        diagnosis: what kind of difference it is when no misconception matches ("off by the factor 2"), or "".
        world: index of the recorded world.
        evidence: what a person may look at (operators seen under a forbidden alias, say).
    """

    question: str
    case: str
    public: bool
    doc: str
    status: str
    credit: Fraction
    points: Fraction
    max_points: Fraction
    message: str = ""
    got: str = ""
    expected: str = ""
    where: str = ""
    trace: tuple[str, ...] = ()
    stdout: str = ""
    misconception: str = ""
    feedback: str = ""
    diagnosis: str = ""
    deviation: float = 0.0
    seconds: float = 0.0
    world: int = 0
    board: float | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionGrade:
    """Points of one question."""

    question: str
    title: str
    points: Fraction
    max_points: Fraction
    passed: int
    cases: int


@dataclass(frozen=True)
class Grade:
    """The grade of one submission: verdicts in the order of the cases, and the conditions under which it was made."""

    submission: str
    digest: str
    assignment: str
    bundle: str
    verdicts: tuple[Verdict, ...]
    questions: tuple[QuestionGrade, ...]
    layers: tuple[str, ...]
    mode: str
    tool: str
    seconds: float = 0.0

    @property
    def points(self) -> Fraction:
        """Points earned."""
        return added(q.points for q in self.questions)

    @property
    def max_points(self) -> Fraction:
        """Points that the machine can give."""
        return added(q.max_points for q in self.questions)

    @property
    def graded(self) -> bool:
        """False when a case is `broken`: the points say nothing about the student then."""
        return all(v.status != "broken" for v in self.verdicts)


def added(points: Iterable[Fraction]) -> Fraction:
    """The sum; those of one denominator are added as integers, which is several times faster."""
    tops: dict[int, int] = {}
    for point in points:
        tops[point.denominator] = tops.get(point.denominator, 0) + point.numerator
    return sum((Fraction(top, bottom) for bottom, top in tops.items()), Fraction(0))


def check_of(case: Case) -> Check:
    """The check of a case; `close()` where its author named none."""
    return case.check or close()  # type: ignore[return-value]  # CheckLike is what authoring may know of a Check


def case_points(bundle: Bundle, case: Case) -> Fraction:
    """Points of a case: the author's, or an equal share of its question's."""
    question = bundle.spec.question(case.question)
    if question.case_points:
        return question.case_points[case.name]
    return question.points / len(bundle.cases.of(case.question))


def judge_answers(bundle: Bundle, answers: Mapping[str, Answer], worlds: Mapping[str, int]) -> tuple[Verdict, ...]:
    """Verdicts of all cases of a bundle; a case without an answer is `broken`.

    Args:
        answers: case name → what came back.
        worlds: case name → index of the recorded world that it ran in.
    """
    verdicts = [judge_case(bundle, c, answers.get(c.name), worlds.get(c.name, 0)) for c in bundle.cases.cases]
    return explained(bundle, verdicts, answers)


def explained(bundle: Bundle, verdicts: Sequence[Verdict], answers: Mapping[str, Answer]) -> tuple[Verdict, ...]:
    """The verdicts of one submission with what is behind its failures: a known misconception, or a generic diagnosis.

    Args:
        verdicts: of cases that were run; `answers` has what came back for each.
    """
    wrong = [v for v in verdicts if v.case in answers and v.status in _EXPLAINED]
    found = {v.case: matches(bundle, v.case, _check(bundle, v), answers[v.case], v.world) for v in wrong}
    named = choose(bundle, found, [v.case for v in verdicts])
    return tuple(_explained(bundle, v, named, answers) if v in wrong else v for v in verdicts)


_EXPLAINED = ("failed", "error", "timeout", "memory")


def _check(bundle: Bundle, verdict: Verdict) -> Check:
    return check_of(bundle.cases.get(verdict.case))


def _explained(
    bundle: Bundle, verdict: Verdict, named: Mapping[str, MisconceptionRecord], answers: Mapping[str, Answer]
) -> Verdict:
    record = named.get(verdict.case)
    if record is not None:
        text = record.hint if verdict.public and record.hint else record.feedback
        return replace(verdict, misconception=record.id, feedback=text)
    if verdict.status != "failed":
        return verdict
    expected = bundle.expected_value(verdict.case, verdict.world)
    world = bundle.world(verdict.case, verdict.world)
    others = _others(bundle, verdict)
    outputs = decode(answers[verdict.case].payload)
    return replace(verdict, diagnosis=diagnose(_check(bundle, verdict), outputs, expected, world, others))


def _others(bundle: Bundle, verdict: Verdict) -> dict[str, object]:
    """Right answers of other questions that are the same in every world; none that a student may not know of."""
    return {
        f"`{c.name}` of question `{c.question}`": bundle.expected_value(c.name, 0)
        for c in bundle.cases.cases
        if c.question != verdict.question and len(bundle.expected[c.name]) == 1 and (c.public or not verdict.public)
    }


def judge_case(bundle: Bundle, case: Case, answer: Answer | None, world: int) -> Verdict:
    """The verdict of one case."""
    full = case_points(bundle, case)
    if answer is None:
        return _verdict(case, "broken", full, message="the grader has no answer for this case")
    seen = {"trace": answer.trace, "stdout": answer.stdout, "seconds": answer.seconds, "evidence": answer.evidence}
    if answer.status != "returned":
        return _verdict(case, answer.status, full, message=answer.message, world=world, **seen)
    try:
        outputs = decode(answer.payload)
    except BadValue as error:
        return _verdict(case, "protocol", full, message=str(error), world=world, **seen)
    try:
        judgement = check_of(case).judge(
            outputs,
            bundle.expected_value(case.name, world),
            bundle.world(case.name, world),
            bundle.tolerances.get(case.name),
        )
    except Exception as error:  # whatever a check raises is its author's fault, never a student's zero
        message = f"the check raised {type(error).__name__}: {error}; outputs were {brief(outputs)}"
        return _verdict(case, "broken", full, message=message, world=world, **seen)
    return _judged(case, judgement, full, world, seen)


def _judged(case: Case, judgement: Judgement, full: Fraction, world: int, seen: Mapping[str, object]) -> Verdict:
    credit = min(max(Fraction(judgement.credit), Fraction(0)), Fraction(1))
    return _verdict(
        case,
        "passed" if credit == 1 else "failed",
        full,
        credit=credit,
        points=full * credit,
        message=judgement.message,
        got=judgement.got,
        expected=judgement.expected,
        where=judgement.where,
        deviation=judgement.deviation,
        world=world,
        **seen,
    )


def _verdict(case: Case, status: str, full: Fraction, **rest: object) -> Verdict:
    base = {"credit": Fraction(0), "points": Fraction(0)}
    return Verdict(case.question, case.name, case.public, case.doc, status, max_points=full, **(base | rest))  # type: ignore[arg-type]


def grade_of(
    bundle: Bundle,
    submission: str,
    digest: str,
    verdicts: Sequence[Verdict],
    *,
    layers: tuple[str, ...],
    mode: str,
    tool: str,
    seconds: float = 0.0,
) -> Grade:
    """Verdicts summed up by question, in the order of the assignment; what was not run counts for nothing."""
    questions = []
    for question in bundle.spec.graded():
        own = [v for v in verdicts if v.question == question.id]
        questions.append(
            QuestionGrade(
                question.id,
                question.title,
                added(v.points for v in own),
                added(v.max_points for v in own),
                sum(v.status == "passed" for v in own),
                len(own),
            )
        )
    return Grade(
        submission,
        digest,
        bundle.spec.id,
        bundle.digest,
        tuple(verdicts),
        tuple(questions),
        layers,
        mode,
        tool,
        seconds,
    )


def refuse_incomplete(bundle: Bundle) -> None:
    """A bundle must have recorded outputs for each of its cases.

    Raises:
        AuthorError: it has none for some case.
    """
    missing = [c.name for c in bundle.cases.cases if not bundle.expected.get(c.name)]
    if missing:
        raise AuthorError(f"no recorded outputs for case `{missing[0]}`", where=bundle.spec.id, fix="release it again")
