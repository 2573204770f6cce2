"""Misconceptions as their author writes them: patches on the reference, and the programs that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from autograder.errors import AuthorError
from autograder.spec.models import Identifier, Model
from autograder.values.parsing import tree_of


class Hunk(Model):
    """One replacement; `find` occurs exactly once in the reference."""

    find: Annotated[str, Field(min_length=1)]
    """Text of the reference; it occurs exactly once."""
    replace: str
    """What stands there instead."""


class Misconception(Model):
    """A known mistake: how it differs from the reference, the cases that it fails, and what the student is told.

    `patch` replaces pieces of the reference; `function` is the text of functions that stand in the places of the
    reference's, for a mistake that is another way of writing them. `deck` is where the program is trained, in an
    assignment with trained work; it is judged on deck 0.
    """

    id: Identifier
    """Names it in reports; unique in the assignment."""
    question: Identifier
    """Its question."""
    fails: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """The cases that it must fail, all of them and no other; one of them hidden."""
    feedback: Annotated[str, Field(min_length=1)]
    """What a student is told who makes it."""
    hint: str = ""
    """What a student is told in public cases; `feedback` by default."""
    patch: tuple[Hunk, ...] = ()
    """Replacements in the reference, one after the other: [[misconceptions.patch]]."""
    function: str = ""
    """Text of functions that stand in the places of the reference's, instead of a patch."""
    deck: Annotated[int, Field(ge=0)] = 0
    """The deck that it is trained on, where trained work is graded; it is judged on deck 0."""

    @property
    def writes(self) -> bool:
        """Whether it changes the code."""
        return bool(self.patch or self.function)


class MisconceptionFile(Model):
    """misconceptions.toml."""

    misconceptions: tuple[Misconception, ...] = ()
    """The known mistakes: [[misconceptions]]."""


def program_of(reference: str, misconception: Misconception, where: str) -> str:
    """The program that makes a mistake.

    Raises:
        AuthorError: a hunk does not occur exactly once.
    """
    text = patched(reference, misconception.id, misconception.patch, where)
    return f"{text}\n\n# %%\n{misconception.function}" if misconception.function else text


def patched(reference: str, name: str, hunks: Sequence[Hunk], where: str) -> str:
    """The reference with replacements made one after the other.

    Raises:
        AuthorError: a hunk does not occur exactly once.
    """
    text = reference
    for number, hunk in enumerate(hunks, 1):
        count = text.count(hunk.find)
        if count != 1:
            raise AuthorError(
                f"hunk {number} of misconception `{name}` occurs {count} times in the reference",
                where=where,
                found=repr(hunk.find),
                expected="exactly one place",
                fix="lengthen `find` until it names one place",
            )
        text = text.replace(hunk.find, hunk.replace)
    return text


def by_function(reference: str, hunks: Sequence[Hunk]) -> tuple[tuple[Hunk, ...], ...]:
    """The hunks of each function alone; nothing where they change only one, or where one stands in none."""
    found: dict[str, list[Hunk]] = {}
    for hunk in hunks:
        found.setdefault(_function_at(reference, hunk.find), []).append(hunk)
    return tuple(map(tuple, found.values())) if len(found) > 1 and "" not in found else ()


def _function_at(reference: str, find: str) -> str:
    """The function or class that a text stands in; "" where there is none, or not one place."""
    if reference.count(find) != 1:
        return ""
    line = reference[: reference.index(find) + len(find) - len(find.lstrip())].count("\n") + 1
    owners = (s for s in tree_of(reference).body if s.lineno <= line <= (s.end_lineno or 0))
    return str(getattr(next(owners, None), "name", ""))
