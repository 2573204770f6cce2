"""assignment.toml as frozen models. The only place where points, limits and visibility are written."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from autograder.errors import near
from autograder.spec.groups import expanded, in_words
from autograder.spec.names import Identifier as Identifier
from autograder.spec.names import Points as Points
from autograder.spec.names import module_file, weights_file

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]


class Model(BaseModel):
    """Frozen, strict, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


class Limits(Model):
    """What one worker of a question may use.

    `seconds` is processor time, over all threads, for each case, and `load_seconds` for loading; wall time is a brake
    at 10 s or five times as much, whichever is more.
    """

    seconds: Annotated[float, Field(gt=0, le=3600)] = 10.0
    """Processor time of each case, over all threads."""
    load_seconds: Annotated[float, Field(gt=0, le=3600)] = 20.0
    """Processor time for loading the submission."""
    memory_mb: Annotated[int, Field(ge=64, le=65536)] = 2048
    """Memory of the worker, in MB."""
    threads: Annotated[int, Field(ge=1, le=64)] = 8
    """Threads of the worker."""
    output_kb: Annotated[int, Field(ge=1, le=16384)] = 64
    """What it may print, in kB; the rest is cut."""
    values_mb: Annotated[int, Field(ge=1, le=256)] = 64
    """What one case may return, in MB."""
    disk_mb: Annotated[int, Field(ge=1, le=4096)] = 16
    """What it may write into its scratch folder, in MB."""


class SubmissionForm(Model):
    """What a student hands in: the main file's name and the accepted forms."""

    file: Annotated[str, AfterValidator(module_file)]
    """The main file's name."""
    forms: tuple[Literal["py", "ipynb", "zip"], ...] = ("py", "ipynb", "zip")
    """Accepted forms."""
    max_mb: Annotated[int, Field(ge=1, le=1024)] = 32
    """Cap on all files together, unpacked, without a notebook's outputs."""
    prefer: Literal["py", "ipynb"] = "ipynb"
    """Which form counts where both are there, both are solved, and they differ."""
    weights: Annotated[str, AfterValidator(weights_file)] = ""
    """Name of the file of trained work that is handed in beside the code; "" for none."""

    @property
    def module(self) -> str:
        """Name under which the submission is loaded."""
        return self.file.removesuffix(".py")


class Milestone(Model):
    """What trained work of a question may cost, counted by the grader: see docs/milestones.md."""

    parameters: Annotated[int, Field(ge=1, le=10**8)]
    """Numbers in the file of weights, and in what `train` makes in a replay; at most so many."""
    nodes: Annotated[int, Field(ge=1)] = 2000
    """Nodes of the syntax tree, without docstrings and annotations; at most so many."""
    constants: Annotated[int, Field(ge=0)] = 400
    """Characters of all constants; at most so many."""
    names: Annotated[int, Field(ge=0)] = 1500
    """Characters of all distinct names; at most so many."""
    attempts_per_day: Annotated[int, Field(ge=1)] = 5
    """Hand-ins of one day that are judged for feedback."""
    weights: Annotated[str, AfterValidator(weights_file)] = ""
    """Name of a further file of weights, which this question's work is handed in as; "" for that of [submission]."""


class Decks(Model):
    """The worlds of a term: every team has one of `count`, by a keyed hash of term and team."""

    count: Annotated[int, Field(ge=1, le=10_000)]
    """How many worlds there are."""
    term: Annotated[str, Field(min_length=1, max_length=60)]
    """The term, such as 2026-fall; another one deals other worlds."""


def forbidden_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """dotted names and groups

    Raises:
        ValueError: a group that is none.
    """
    expanded(names)
    return names


class Question(Model):
    """One question. `kind = "written"` goes to a person with rubric.md and has no cases.

    `forbidden` are dotted names of libraries, and groups of them such as `group:softmax` (spec/groups.py).
    """

    id: Identifier
    """Names the heading of the handout, the cases, the misconceptions and the rows of every report."""
    title: Annotated[str, Field(min_length=1)]
    """As students read it."""
    kind: Literal["code", "theory", "written"]
    """`code` and `theory` are graded by cases; `written` goes to a person, who looks at rubric.md."""
    points: Points
    """What the question is worth."""
    forbidden: Annotated[tuple[str, ...], AfterValidator(forbidden_of)] = ()
    """Dotted names of libraries that may not be used, and groups of them such as `group:softmax`."""
    limits: dict[str, float | int] = {}
    """Limits of this question, over those of the assignment; the keys of [limits]."""
    case_points: dict[Identifier, Points] = {}
    """Case → points, for all cases of the question or for none; equal shares by default."""
    hidden_visibility: Visibility | None = None
    """When students see its hidden cases; as the assignment by default."""
    milestone: Milestone | None = None
    """What its trained work may cost."""
    instead_of: Identifier | None = None
    """The question that it may be answered in place of: it has 0 points of its own, and the better one counts."""

    @property
    def forbidden_names(self) -> tuple[str, ...]:
        """What is forbidden, name by name."""
        return expanded(self.forbidden)

    @property
    def forbidden_text(self) -> str:
        """The sentence about it that stands in the question's text; empty where nothing is forbidden."""
        return f"Not to be used in this question: {in_words(self.forbidden)}." if self.forbidden else ""


class Assignment(Model):
    """A whole assignment.toml."""

    id: Identifier
    """The name of the two folders."""
    title: Annotated[str, Field(min_length=1)]
    """As students read it."""
    points: Points
    """The sum of the questions' points."""
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    """The questions, in order: [[questions]]."""
    submission: SubmissionForm
    """What is handed in: [submission]."""
    limits: Limits = Limits()
    """What one worker of a question may use: [limits]."""
    support: tuple[str, ...] = ()
    """Files of the public folder that are handed out and lie beside the submission when it is graded."""
    requirements: tuple[str, ...] = ()
    """Packages that the code needs beyond NumPy, sympy and what the handout imports: lines of a requirements.txt."""
    hidden_visibility: Visibility = "after_published"
    """When students see hidden cases, on Gradescope and in our reports."""
    leaderboard: str | None = None
    """What the value on the record board is called, where a check measures one."""
    decks: Decks | None = None
    """The worlds of a term, for trained work: [decks]."""

    @model_validator(mode="after")
    def _adds_up(self) -> Assignment:
        ids = [q.id for q in self.questions]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"questions: the id {twice[0]!r} is used twice; every question has its own id")
        total = sum((q.points for q in self.questions), Fraction(0))
        if total != self.points:
            raise ValueError(f"points: found {self.points}, but the points of the questions add up to {total}")
        for question in self.questions:
            self._check_question(question)
        return self

    def _check_question(self, question: Question) -> None:
        self._check_milestone(question)
        self._check_instead(question)
        if question.case_points:
            total = sum(question.case_points.values(), Fraction(0))
            if total != question.points:
                raise ValueError(
                    f"questions.{question.id}.case_points: add up to {total}; the question has {question.points}"
                )
        unknown = set(question.limits) - set(Limits.model_fields)
        if unknown:
            key = sorted(unknown)[0]
            meant = near(key, Limits.model_fields) or f"expected one of {', '.join(Limits.model_fields)}"
            raise ValueError(f"questions.{question.id}.limits.{key}: unknown key; {meant}")
        try:
            self.limits_of(question.id, question)
        except ValidationError as error:
            first = error.errors()[0]
            key = f"questions.{question.id}.limits.{first['loc'][0]}"
            raise ValueError(f"{key}: found {first['input']!r}, {first['msg']}") from None

    def _check_milestone(self, question: Question) -> None:
        if question.milestone is None:
            return
        if not self.submission.weights:
            raise ValueError(
                f"submission.weights: missing, but `{question.id}` has [questions.milestone]; "
                'name the file of weights: weights = "weights.safetensors"'
            )
        if question.kind != "code":
            raise ValueError(f'questions.{question.id}.milestone: only a question of kind = "code" can have it')
        if "zip" not in self.submission.forms:
            raise ValueError('submission.forms: must have "zip", because weights are handed in beside the code')
        if question.milestone.weights == self.submission.weights:
            what = f"questions.{question.id}.milestone.weights: {self.submission.weights} is the file of [submission]"
            raise ValueError(f"{what}; leave the key out, or name another file")
        most: dict[str, int] = {}
        for own in (q.milestone for q in self.questions if q.milestone):
            most[own.weights] = max(most.get(own.weights, 0), own.parameters)
        room, needed = self.submission.max_mb * 2**20, 4 * sum(most.values())
        if needed > room:
            raise ValueError(
                f"submission.max_mb: found {self.submission.max_mb}, but {sum(most.values()):,} parameters "
                f"take {needed / 2**20:.1f} MiB"
            )

    def _check_instead(self, question: Question) -> None:
        """It names another question with trained work, and has no points of its own: each is given once."""
        if question.instead_of is None:
            return
        key, named = f"questions.{question.id}.instead_of", question.instead_of
        others = {q.id: q for q in self.questions if q.milestone and q is not question and q.instead_of is None}
        if named not in others:
            meant = near(named, others) or f"expected one of {', '.join(others) or 'none: no other has trained work'}"
            raise ValueError(f"{key}: {named!r} is no other question with [questions.milestone] and points; {meant}")
        if question.milestone is None:
            raise ValueError(f"{key}: `{question.id}` has no [questions.milestone]; add the table below it")
        if question.points:
            raise ValueError(
                f"questions.{question.id}.points: found {question.points}, but it has instead_of: give it 0, because "
                f"what it deserves is given as points of `{named}`"
            )
        if sum(q.instead_of == named for q in self.questions) > 1:
            raise ValueError(f"{key}: two questions stand in for `{named}`; one can")

    def question(self, question_id: str) -> Question:
        """The question of that id (KeyError if none)."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def limits_of(self, question_id: str, question: Question | None = None) -> Limits:
        """Limits of a question: the assignment's, with the question's own on top."""
        own = (question or self.question(question_id)).limits
        return Limits.model_validate({**self.limits.model_dump(), **own})

    def graded(self) -> tuple[Question, ...]:
        """The questions that the machine grades."""
        return tuple(q for q in self.questions if q.kind != "written")

    @property
    def further_weights(self) -> tuple[str, ...]:
        """Names of the files of weights beside that of [submission], in the order of the questions."""
        return tuple(dict.fromkeys(q.milestone.weights for q in self.questions if q.milestone and q.milestone.weights))

    def machine_points(self) -> Fraction:
        """Points that the machine can give."""
        return sum((q.points for q in self.graded()), Fraction(0))

    def visibility_of(self, question_id: str) -> Visibility:
        """When students may see the hidden cases of a question (Gradescope's four states)."""
        return self.question(question_id).hidden_visibility or self.hidden_visibility
