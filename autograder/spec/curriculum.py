"""What a course teaches and where: lectures with their topics; of each question its topics, needs, time and difficulty.

`assignments/curriculum.toml` has the lectures and the notation, `assignments/NAME/curriculum.toml` a table for each
question. They stand beside assignment.toml and not in it: nobody's points hang on them, so no certificate does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from autograder.errors import SpecError
from autograder.spec.loading import load_assignment, load_model
from autograder.spec.models import Assignment, Model
from autograder.spec.names import Identifier

FILE = "curriculum.toml"
DIFFICULTIES = ("warm-up", "standard", "hard")
Text = Annotated[str, Field(min_length=1)]


class Entry(Model):
    """What one question teaches.

    Attributes:
        topics: of the lectures, by their names in assignments/curriculum.toml.
        needs: questions to have done before: "assignment.question", or "question" of the same assignment.
        minutes: working time of a typical student, reading included.
        difficulty: 1 warm-up, 2 standard, 3 hard.
    """

    topics: Annotated[tuple[Text, ...], Field(min_length=1)]
    needs: tuple[Text, ...] = ()
    minutes: Annotated[int, Field(ge=1, le=1200)]
    difficulty: Annotated[int, Field(ge=1, le=3)]


class Entries(RootModel[dict[Identifier, Entry]]):
    """A curriculum.toml of an assignment: question → entry."""


class Lecture(Model):
    """A lecture, and its topics in their order."""

    title: Text
    topics: Annotated[tuple[Text, ...], Field(min_length=1)]


class Symbol(Model):
    """A sign of the notation, what it means, and what it is called in code."""

    sign: Text
    means: Text
    code: str = ""


class Lectures(Model):
    """assignments/curriculum.toml. `order` are the assignments in the order in which they are given."""

    order: tuple[Identifier, ...] = ()
    lectures: Annotated[tuple[Lecture, ...], Field(min_length=1)]
    notation: tuple[Symbol, ...] = ()


@dataclass(frozen=True)
class Curriculum:
    """Lectures, the assignments in their order, and the entries of their questions by assignment."""

    lectures: Lectures
    assignments: tuple[Assignment, ...]
    entries: Mapping[str, Mapping[str, Entry]]

    def teaching(self, topic: str) -> Iterator[tuple[Assignment, str]]:
        """(assignment, question) of all questions with that topic."""
        for assignment in self.assignments:
            for question, entry in self.entries[assignment.id].items():
                if topic in entry.topics:
                    yield assignment, question


def load_curriculum(root: Path) -> Curriculum:
    """The curriculum of a course. Assignments without a curriculum.toml are left out.

    Raises:
        SpecError: a file has a fault, a question has no entry or an entry no question, a topic or a need does not
            exist, or a need stands behind its question.
    """
    folder = root / "assignments"
    lectures = load_model(folder / FILE, Lectures)
    names = sorted(p.parent.name for p in folder.glob(f"*/{FILE}"))
    names = [*(n for n in lectures.order if n in names), *(n for n in names if n not in lectures.order)]
    assignments = tuple(load_assignment(folder / name / "assignment.toml") for name in names)
    entries = {a.id: load_model(folder / a.id / FILE, Entries).root for a in assignments}
    made = Curriculum(lectures, assignments, entries)
    topics = [topic for lecture in lectures.lectures for topic in lecture.topics]
    for assignment in assignments:
        _check_entries(made, assignment, topics, str(folder / assignment.id / FILE))
    return made


def _check_entries(made: Curriculum, assignment: Assignment, topics: list[str], where: str) -> None:
    """Every question has an entry, every entry a question, and what it names is there."""
    asked, told = [q.id for q in assignment.questions], list(made.entries[assignment.id])
    if asked != told:
        odd = next((i for i in asked if i not in told), None) or next((i for i in told if i not in asked), "")
        what = f"`{odd}` stands in one of the two only" if odd else "the order is another"
        raise SpecError(f"a table for each question of assignment.toml, in its order: {what}", where=where)
    done = {f"{a.id}.{q}" for a in made.assignments[: made.assignments.index(assignment)] for q in made.entries[a.id]}
    for question, entry in made.entries[assignment.id].items():
        for topic in entry.topics:
            if topic not in topics:
                raise SpecError(f"{question}.topics: unknown topic", where=where, found=topic, expected=FILE)
        for need in entry.needs:
            if full_name(assignment.id, need) not in done:
                expected = "an earlier question: `question` or `assignment.question`"
                raise SpecError(f"{question}.needs: no earlier question", where=where, found=need, expected=expected)
        done.add(f"{assignment.id}.{question}")


def full_name(assignment: str, need: str) -> str:
    """`assignment.question` of a need, which may leave its own assignment out."""
    return need if "." in need else f"{assignment}.{need}"
