"""Decks: the files that teams get of their worlds, a zip for each deck.

An assignment with milestones may have a module `decks` beside its cases with `deck_files(key, number) -> {file name:
bytes}`; `key` is the deck's own (32 bytes), the same that milestones draw from. [decks] of assignment.toml says how
many there are; without it there is deck 0, which is everybody's.
`large_deck_files` is the same for a question that is optional and asks for more data; called where that is wanted.
What makes the world is in none of them: that is the author's promise, and the leak scan's business only as far as the
text of the files goes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping

from autograder.authoring.loading import module_texts, modules_from
from autograder.errors import AuthorError
from autograder.grading.drawing import deck_key, deck_name
from autograder.grading.fixtures import draw_keys
from autograder.grading.source import AssignmentSource
from autograder.release.archive import zip_bytes

MODULE, FUNCTION, LARGE_FUNCTION = "decks", "deck_files", "large_deck_files"


def deck_zips(
    source: AssignmentSource, numbers: Iterable[int] | None = None, large: bool = False
) -> Iterator[tuple[str, bytes]]:
    """(`d07.zip`, its bytes) of these decks, of all by default; the same keys give the same bytes.

    Args:
        large: the large ones, as `large-d07.zip`.

    Raises:
        AuthorError: the assignment has no milestones, or its module makes no decks.
    """
    count, keys = deck_count(source), draw_keys(source)
    function, mark = (LARGE_FUNCTION, "large-") if large else (FUNCTION, "")
    texts = {**source.cases.trusted, **module_texts(source.support), **{h.name: h.text for h in source.cases.helpers}}
    where = str(source.private_folder / f"{MODULE}.py")
    if MODULE not in source.cases.trusted:
        raise AuthorError(f"there is no {MODULE}.py", where=where, fix=f"write one with {function}(key, number)")
    with modules_from(texts):
        make = getattr(importlib.import_module(MODULE), function, None)
        if not callable(make):
            raise AuthorError(f"has no function {function}(key, number)", where=where)
        for number in range(count) if numbers is None else numbers:
            yield f"{mark}{deck_name(number)}.zip", zip_bytes(_made(make, deck_key(keys, number), number, where))


def deck_count(source: AssignmentSource) -> int:
    """How many decks there are: those of assignment.toml, or the one of everybody.

    Raises:
        AuthorError: there is no milestone that draws from a deck.
    """
    if not draw_keys(source).decks:
        where = str(source.public_folder / "assignment.toml")
        raise AuthorError("the assignment has no decks", where=where, fix="only a @milestone has: docs/milestones.md")
    return source.spec.decks.count if source.spec.decks else 1


def _made(make: Callable[[bytes, int], object], key: bytes, number: int, where: str) -> Mapping[str, bytes]:
    name = getattr(make, "__name__", FUNCTION)
    try:
        files = make(key, number)
    except Exception as error:  # the author's code
        raise AuthorError(f"{name} raises {type(error).__name__}: {error}", where=where) from None
    if not isinstance(files, dict) or not all(isinstance(d, bytes) for d in files.values()):
        raise AuthorError(f"{name} returns no dict of file names and bytes", where=where)
    return files
