"""rubric.toml: what a person gives points for, item by item. One form for written questions and for reports."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import Field, model_validator

from autograder.spec.course import shown_number
from autograder.spec.models import Assignment, Identifier, Model, Points


class Level(Model):
    """One of the values that an item can get, and what earns it."""

    points: Points
    """What is given."""
    text: str = ""
    """What earns it."""


class Item(Model):
    """One thing to look for."""

    id: Identifier
    """Names it in tables of points."""
    title: Annotated[str, Field(min_length=1)]
    """What to look for."""
    points: Annotated[Points, Field(gt=0)]
    """The highest of its levels."""
    question: Identifier | None = None
    """The written question that it belongs to; none in a report, where the item stands for itself."""
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]
    """The values that may be given; the highest is `points`, and 0 is among them."""

    @model_validator(mode="after")
    def _levels_fit(self) -> Item:
        values = [level.points for level in self.levels]
        if len(set(values)) < len(values):
            raise ValueError("levels: two levels have the same points")
        if max(values) != self.points:
            found = f"{shown_number(max(values))} at most, and the item has {shown_number(self.points)} points"
            raise ValueError(f"levels: found {found}")
        if min(values) != 0:
            raise ValueError("levels: none has 0 points; add what earns nothing")
        return self

    @property
    def heading(self) -> str:
        """What its points are counted under: its question, or the item itself."""
        return self.question or self.id


class Rubric(Model):
    """A whole rubric.toml."""

    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    """The items, in order: [[items]]."""

    @model_validator(mode="after")
    def _ids_differ(self) -> Rubric:
        ids = [i.id for i in self.items]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"items: the id {twice[0]!r} is used twice; every item has its own")
        return self

    def get(self, item_id: str) -> Item:
        """The item of that id (KeyError if none)."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def headings(self) -> dict[str, Fraction]:
        """Question, or item of a report -> its points, in the order of the file."""
        found: dict[str, Fraction] = {}
        for item in self.items:
            found[item.heading] = found.get(item.heading, Fraction(0)) + item.points
        return found

    def misfits(self, spec: Assignment) -> list[str]:
        """What does not fit the written questions of an assignment, a sentence each."""
        written = {q.id: q.points for q in spec.questions if q.kind == "written"}
        own = self.headings()
        found = [f"items: `{h}` is no written question of {spec.id}" for h in own if h not in written]
        for question, points in written.items():
            if question not in own:
                found.append(f"items: the written question `{question}` has none")
            elif own[question] != points:
                sums = f"{shown_number(own[question])}; the question has {shown_number(points)} points"
                found.append(f"items of `{question}` add up to {sums}")
        return found
