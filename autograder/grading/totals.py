"""A grade: the verdicts of one submission, summed up by question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.grading.bundle import Bundle
from autograder.grading.capping import capped
from autograder.grading.instead import better_ones
from autograder.grading.verdict import Verdict


@dataclass(frozen=True)
class QuestionGrade:
    """Points of one question.

    Attributes:
        waiting: points of its cases that wait for a later run; `points` are those so far.
    """

    question: str
    title: str
    points: Fraction
    max_points: Fraction
    passed: int
    cases: int
    waiting: Fraction = Fraction(0)


@dataclass(frozen=True)
class Grade:
    """The grade of one submission: verdicts in the order of the cases, and the conditions under which it was made.

    `notes` stand on top of every report, a sentence each: what went wrong while the work was loaded, which of two files
    was taken, what was left out. Those about loading are text of student code.
    """

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
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> Fraction:
        """Points earned; those so far when cases wait."""
        return added(q.points for q in self.questions)

    @property
    def max_points(self) -> Fraction:
        """Points that the machine can give."""
        return added(q.max_points for q in self.questions)

    @property
    def waiting(self) -> Fraction:
        """Points that wait for a later run: they are neither earned nor lost."""
        return added(q.waiting for q in self.questions)

    @property
    def graded(self) -> bool:
        """False when a case is the grader's own fault: the points say nothing about the student then."""
        return not any(v.status.grader_fault for v in self.verdicts)

    @property
    def unread(self) -> str:
        """Why the hand-in could not be read; "" where it was. Nothing ran then, and `graded` says whose fault it is."""
        return self.notes[0] if self.notes and not self.digest else ""

    @property
    def failure(self) -> str:
        """What failed where it was not graded, in a clause; "" where it was. It is never the student's work."""
        if self.graded:
            return ""
        if self.unread:
            return "the computer that grades could not read what was handed in"
        return "the grader failed, or the computer that it runs on"

    @property
    def pending(self) -> tuple[Verdict, ...]:
        """Cases that a later run will judge."""
        return tuple(v for v in self.verdicts if v.status.pending)

    @property
    def complete(self) -> bool:
        """Graded, and nothing waits."""
        return all(v.status.scores for v in self.verdicts)


def added(points: Iterable[Fraction]) -> Fraction:
    """The sum; those of one denominator are added as integers, which is several times faster."""
    tops: dict[int, int] = {}
    for point in points:
        tops[point.denominator] = tops.get(point.denominator, 0) + point.numerator
    return sum((Fraction(top, bottom) for bottom, top in tops.items()), Fraction(0))


def question_grade(question: str, title: str, verdicts: Sequence[Verdict]) -> QuestionGrade:
    """The sum over a question's verdicts."""
    return QuestionGrade(
        question,
        title,
        added(v.points for v in verdicts),
        added(v.max_points for v in verdicts),
        sum(v.status.passed for v in verdicts),
        len(verdicts),
        added(v.max_points for v in verdicts if v.status.pending),
    )


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
    """Verdicts summed up by question, in the order of the assignment; what was not run counts for nothing, of two
    questions of which one stands in for the other the better one counts, and caps of replays are in force."""
    verdicts = capped(bundle.cases, better_ones(bundle.spec, bundle.cases, verdicts))
    own: dict[str, list[Verdict]] = {question.id: [] for question in bundle.spec.graded()}
    for verdict in verdicts:
        if verdict.question in own:
            own[verdict.question].append(verdict)
    questions = tuple(question_grade(q.id, q.title, own[q.id]) for q in bundle.spec.graded())
    return Grade(submission, digest, bundle.spec.id, bundle.digest, verdicts, questions, layers, mode, tool, seconds)
