"""Audiences: what of a grade a student may see, and what only staff.

What is covered: the text of a hidden case (its name, docstring, message, values, output, named mistake) never reaches a
student, because a student's code can print the hidden inputs, and an exception can quote them. What a student may see
of hidden cases is how many passed and how the others ended, and that only once the assignment says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from autograder.grading.totals import Grade, added
from autograder.grading.verdict import Verdict
from autograder.report.text import STATUS_WORDS
from autograder.spec.models import Assignment, Question

UNREAD = "could not be read"


@dataclass(frozen=True)
class HiddenPart:
    """The hidden cases of a question as a student may see them."""

    cases: int
    passed: int
    points: Fraction
    max_points: Fraction
    summary: str
    waiting: Fraction = Fraction(0)


@dataclass(frozen=True)
class StudentQuestion:
    """A question as its student may see it; `hidden` is None while hidden results are withheld or there are none.

    `waiting` are points of cases shown here that a later run will judge.
    """

    question: str
    title: str
    kind: str
    public: tuple[Verdict, ...]
    hidden: HiddenPart | None
    withheld: int
    points: Fraction
    max_points: Fraction
    waiting: Fraction = Fraction(0)


def published_now(visibility: str, published: bool) -> bool:
    """Whether results of hidden cases with this visibility may be shown."""
    return visibility == "visible" or (published and visibility != "hidden")


def hidden_part(verdicts: Iterable[Verdict]) -> HiddenPart | None:
    """Counts of the hidden cases among `verdicts`; None if there are none."""
    own = [v for v in verdicts if not v.public]
    if not own:
        return None
    passed = sum(v.status.passed for v in own)
    return HiddenPart(
        len(own),
        passed,
        added(v.points for v in own),
        added(v.max_points for v in own),
        _summary(own, passed),
        waiting_points(own),
    )


def waiting_points(verdicts: Iterable[Verdict]) -> Fraction:
    """Points of the cases among `verdicts` that a later run will judge."""
    return added(v.max_points for v in verdicts if v.status.pending)


def _summary(own: list[Verdict], passed: int) -> str:
    counts = Counter(STATUS_WORDS[v.status] for v in own if not v.status.passed)
    rest = ", ".join(f"{n} {word}" for word, n in sorted(counts.items()))
    found = Counter(name for v in own if v.located for name in v.located.split(", "))
    where = ", ".join(f"`{name}` ({n})" for name, n in found.most_common())
    return (
        f"{passed} of {len(own)} hidden cases passed"
        + (f" ({rest})" if rest else "")
        + (f"; what is wrong is in {where}" if where else "")
    )


def student_questions(grade: Grade, spec: Assignment, published: bool = True) -> tuple[StudentQuestion, ...]:
    """The questions of a grade as the student may see them; points count only what is shown.

    Args:
        published: whether grades are out, so that `after_due_date` and `after_published` cases count.
    """
    shown = []
    for question in spec.questions:
        own = [v for v in grade.verdicts if v.question == question.id]
        if question.kind == "written" and not own:
            continue
        public = tuple(v for v in own if v.public)
        hidden = hidden_part(own)
        if hidden and not published_now(spec.visibility_of(question.id), published):
            withheld, hidden = hidden.cases, None
        else:
            withheld = 0
        seen_points = added(v.points for v in public) + (hidden.points if hidden else 0)
        seen_max = added(v.max_points for v in public) + (hidden.max_points if hidden else 0)
        waiting = waiting_points(public) + (hidden.waiting if hidden else 0)
        shown.append(
            StudentQuestion(
                question.id, question.title, question.kind, public, hidden, withheld,
                seen_points, Fraction(seen_max), waiting,
            )
        )  # fmt: skip
    return tuple(shown)


def unread(grade: Grade, spec: Assignment) -> tuple[Question, ...]:
    """Written questions that nobody has read yet: their points are not in the grade."""
    read = {v.question for v in grade.verdicts}
    return tuple(q for q in spec.questions if q.kind == "written" and q.id not in read)


def total_out(grade: Grade, spec: Assignment, published: bool = True) -> bool:
    """Whether a total of the course may stand beside this grade: before it is published, not while it counts what is
    withheld here, for the rest would give that away."""
    return published or not any(q.withheld for q in student_questions(grade, spec, published))


def flags(grade: Grade) -> tuple[str, ...]:
    """What a person should look at in this submission; empty for most."""
    if grade.unread:
        return (f"{UNREAD}: {grade.unread}",)
    found = []
    for verdict in grade.verdicts:
        if verdict.status.worth_a_look:
            found.append(f"{verdict.case}: {STATUS_WORDS[verdict.status]}")
        found += [f"{verdict.case}: {note}" for note in verdict.evidence]
    return tuple(dict.fromkeys(found))
