"""Misconceptions as their author writes them: patches on the reference, and the programs that follow from them."""

from __future__ import annotations

import difflib
import re
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
            raise _no_place(text, f"patch {number} of misconception `{name}`", hunk.find, where)
        text = text.replace(hunk.find, hunk.replace)
    return text


def _no_place(text: str, said: str, find: str, where: str) -> AuthorError:
    """What to say of a text that does not stand in the reference exactly once."""
    lines = text.splitlines()
    first = next((line for line in find.splitlines() if line.strip()), find)
    if find in text:
        ends = [text[: match.start()].count("\n") + 1 for match in re.finditer(re.escape(find), text)]
        places = ", ".join(map(str, ends[:5]))
        what = f"{said} has {len(ends)} places in the reference: lines {places}"
        fix = "lengthen `find` until it names one place"
    else:
        what = f"{said} is not in the reference, letter for letter"
        near = difflib.get_close_matches(first.strip(), [line.strip() for line in lines], n=1, cutoff=0.5)
        number = next((n for n, line in enumerate(lines, 1) if near and line.strip() == near[0]), 0)
        fix = f"nearest is line {number}: {near[0]}" if near else "copy `find` from the reference"
    return AuthorError(what, where=where, found=repr(find), fix=fix)


def line_of_entry(text: str, name: str, last: bool = False) -> int:
    """Line of the `id` of a misconception, in the text of its file; 1 where it is not found.

    Args:
        last: of the last entry of that id, not of the first.
    """
    entry = re.compile(rf'\s*id\s*=\s*["\']{re.escape(name)}["\']')
    found = [number for number, line in enumerate(text.splitlines(), 1) if entry.match(line)]
    return found[-1 if last else 0] if found else 1


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
