"""The policy of a course: course.toml with the points of every part, read from its assignments and rubrics."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from autograder.errors import SpecError, UsageError
from autograder.gradebook.clock import Clock
from autograder.spec.course import Course, Part, shown_number
from autograder.spec.lines import line_of
from autograder.spec.loading import load_assignment, load_model, parse_model
from autograder.spec.models import Assignment
from autograder.spec.rubric import Rubric

COURSE = "course.toml"
Needs = Mapping[str, Fraction]
"""Question, or item of a report -> its points."""


@dataclass(frozen=True)
class Policy:
    """See the module.

    Attributes:
        needs: for every part, what points are given for.
        titles: of the assignments that parts are, where a part says none itself.
    """

    course: Course
    needs: Mapping[str, Needs]
    titles: Mapping[str, str] = field(default_factory=dict)
    _possible: Mapping[str, Fraction] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = {part: sum(needs.values(), Fraction(0)) for part, needs in self.needs.items()}
        object.__setattr__(self, "_possible", found)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts, in the order of the file."""
        return self.course.part

    def possible(self, part: str) -> Fraction:
        """Points of a part."""
        return self._possible[part]

    def title(self, part: Part) -> str:
        """What people read: the part's title, its assignment's, or its id."""
        return part.title or self.titles.get(part.id, "") or part.id

    def clock(self) -> Clock:
        """The course's clock."""
        return Clock(self.course.zone, timedelta(minutes=self.course.grace_minutes))

    def part(self, part_id: str) -> Part:
        """The part of that id.

        Raises:
            UsageError: there is none.
        """
        try:
            return self.course.get(part_id)
        except KeyError:
            known = ", ".join(p.id for p in self.parts)
            raise UsageError(f"there is no part `{part_id}`", where=COURSE, expected=f"one of {known}") from None


def find_course(start: Path) -> Path:
    """The course.toml of the nearest folder upwards.

    Raises:
        UsageError: there is none.
    """
    if start.is_file():
        return start
    for folder in (start, *start.parents):
        if (folder / COURSE).is_file():
            return folder / COURSE
    fix = "make a course: autograder init NAME; or give the file: --course course.toml"
    raise UsageError(f"there is no {COURSE}", where=str(start), expected="a course's folder", fix=fix)


def load_policy(path: Path) -> Policy:
    """The policy of a course.toml, with points from the assignments and rubrics of its folder.

    Raises:
        SpecError: a fault in course.toml, an assignment.toml or a rubric; names file, line, key and fix.
    """
    return policy_of(load_model(path, Course), path)


def policy_from_text(text: str, root: Path) -> Policy:
    """The same from the text of a course.toml that lies in `root`."""
    return policy_of(parse_model(text, str(root / COURSE), Course), root / COURSE)


def policy_of(course: Course, path: Path) -> Policy:
    """A course with the points of its parts."""
    whole = {p.id: name for p in course.part if (name := _title(p, path.parent))}
    return Policy(course, {p.id: _needs(p, path) for p in course.part}, whole)


def _title(part: Part, root: Path) -> str:
    """The title of the assignment that a part is as a whole."""
    assignment = _assignment(part, root, "") if part.points is None and not part.questions else None
    return assignment.title if assignment else ""


def _needs(part: Part, path: Path) -> dict[str, Fraction]:
    root, where = path.parent, _place(part, path)
    if part.points is not None:
        return {part.id: part.points}
    assignment = _assignment(part, root, where)
    rubric = _rubric(part, root, where)
    if assignment is None and rubric is None:
        raise SpecError(
            "has no points", where=where, found=f"no assignments/{part.id}/assignment.toml",
            expected="an assignment, a rubric, or points",
            fix="say assignment = …, rubric = … or points = …",
        )  # fmt: skip
    found: dict[str, Fraction] = {}
    if assignment is not None:
        found |= dict(_asked(part, assignment, where))
    if part.machine is not None and sum(found.values(), Fraction(0)) != part.machine:
        total = shown_number(sum(found.values(), Fraction(0)))
        raise SpecError("machine: is not what the assignment's questions add up to", where=where,
                        found=shown_number(part.machine), expected=total)  # fmt: skip
    if rubric is not None:
        written = {q.id for q in assignment.questions if q.kind == "written"} if assignment else set()
        twice = sorted((set(rubric.headings()) & set(found)) - written)
        if twice:
            raise SpecError(f"rubric: `{twice[0]}` is a question that the machine grades", where=where,
                            fix=f"rename the item in {part.rubric}")  # fmt: skip
        found |= rubric.headings()
    if not sum(found.values(), Fraction(0)):
        raise SpecError("has no points", where=where, expected="questions with points")
    return found


def _place(part: Part, path: Path) -> str:
    """Where a part stands, for messages."""
    try:
        text = path.read_text(encoding="utf-8")
        ids = [row.get("id") for row in tomllib.loads(text)["part"]]
        line = line_of(text, ("part", ids.index(part.id)))
    except (OSError, ValueError, KeyError):
        line = 0
    return f"{path}, line {line}: part[{part.id}]" if line else f"{path}: part[{part.id}]"


def _assignment(part: Part, root: Path, where: str) -> Assignment | None:
    name = part.assignment or part.id
    path = root / "assignments" / name / "assignment.toml"
    if part.assignment is None and not path.is_file():
        return None
    if not path.is_file():
        raise SpecError(f"assignment: there is no `{name}`", where=where, found=f"no {path}",
                        fix="mend the name, or make it: autograder new NAME")  # fmt: skip
    return load_assignment(path)


def _asked(part: Part, assignment: Assignment, where: str) -> Iterator[tuple[str, Fraction]]:
    known = {q.id: q for q in assignment.questions}
    for name in part.questions:
        if name not in known:
            raise SpecError(f"questions: `{name}` is none of {assignment.id}", where=where,
                            expected=f"of {', '.join(known)}")  # fmt: skip
    for question in assignment.questions:
        asked = not part.questions or question.id in part.questions
        if asked and (part.machine is None or question.kind != "written"):
            yield question.id, question.points


def _rubric(part: Part, root: Path, where: str) -> Rubric | None:
    if part.rubric is None:
        return None
    path = root / part.rubric
    if not path.is_file():
        raise SpecError("rubric: there is no such file", where=where, found=str(path), fix="mend the path")
    return load_model(path, Rubric)


def notes_on(policy: Policy) -> list[str]:
    """What a reader of course.toml should know: due times that are there twice or not at all, what has no effect."""
    clock, found = policy.clock(), list[str]()
    late = policy.course.late
    if late.counts == "last" and late.team_days != "each":
        found.append(f'late.team_days = "{late.team_days}" has no effect with counts = "last": each pays alone')
    for part in policy.parts:
        for key, due in (("due", part.due), *((f"sections.{s}", w) for s, w in part.sections.items())):
            if odd := clock.odd(due):
                found.append(f"part[{part.id}].{key} {due:%Y-%m-%dT%H:%M} {odd}")
    return found
