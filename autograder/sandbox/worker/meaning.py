"""What an expression may stand for, as far as a text says so: dotted paths of libraries, things of its own, texts."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

from autograder.sandbox.worker.scopes import Key

OWN = "<own>"
"""The submission's own module; `<own>.f` is what it calls f, `<own>.C()` an instance of its class C."""
BUILTINS = "builtins."
ATTRIBUTE, RETURNED = -1, -2
"""Numbers in place of a scope's: attributes of whatever object, and what own functions return."""
MOST = 48
LONGEST = 200


class Meaning(NamedTuple):
    """All that an expression may stand for. A container stands for what is in it.

    `paths` are dotted, such as `torch.nn.functional.softmax`; `texts` are the short texts that it may be.
    """

    paths: frozenset[str]
    texts: frozenset[str]

    def plus(self, other: Meaning) -> Meaning:
        """Both."""
        if not other.paths and not other.texts:
            return self
        if not self.paths and not self.texts:
            return other
        return Meaning(self.paths | other.paths, self.texts | other.texts)


class Signature(NamedTuple):
    """Where arguments of an own function go."""

    places: tuple[Key, ...]
    named: dict[str, Key]
    rest: tuple[Key, ...]


class Known(Protocol):
    """What is known of a text: `Names`, as those see it that read single calls."""

    keys: dict[int, Key]
    members: dict[str, set[str]]
    functions: dict[str, list[Signature]]

    def meaning(self, node: ast.AST, depth: int = 0) -> Meaning:
        """All that `node` may stand for."""

    def known(self, key: Key) -> Meaning:
        """What a variable may stand for."""

    def add(self, key: Key, meaning: Meaning) -> None:
        """`key` may stand for this as well."""

    def module(self, dotted: str) -> Meaning:
        """The module of that name."""

    def attribute(self, base: Meaning, name: str) -> Meaning:
        """What `name` of any of these is."""

    def item(self, base: Meaning, keys: Collection[str]) -> Meaning:
        """What is found in a container or namespace."""

    def sure(self, node: ast.expr) -> bool:
        """Whether `node` is a library's name, and can be nothing else."""


NOTHING = Meaning(frozenset(), frozenset())


def path(*paths: str) -> Meaning:
    """One or more paths."""
    return Meaning(frozenset(paths), frozenset())


def texts(found: Iterable[str]) -> Meaning:
    """Some texts."""
    return Meaning(frozenset(), frozenset(found))


def union(meanings: Iterable[Meaning]) -> Meaning:
    """All of them."""
    whole = NOTHING
    for meaning in meanings:
        whole = whole.plus(meaning)
    return whole


def below(parent: str, name: str) -> str:
    """`parent.name`; nobody reads paths of unreasonable length."""
    return f"{parent}.{name}" if len(parent) + len(name) < LONGEST else parent


def is_library(dotted: str) -> bool:
    """Whether a path leads into a library: neither the submission's own things nor a builtin."""
    return not dotted.startswith((OWN, BUILTINS, "<"))


def leads_out(dotted: str) -> bool:
    """Whether a path is not the submission's own."""
    return not dotted.startswith("<")


def instance_of(dotted: str) -> str:
    """The own class whose instance this is, or ""."""
    return dotted[len(OWN) + 1 : -2] if dotted.startswith(OWN) and dotted.endswith("()") else ""


def own_name(dotted: str) -> str:
    """The global name of an own function, class or variable, or ""."""
    return dotted[len(OWN) + 1 :] if dotted.startswith(OWN + ".") and not dotted.endswith("()") else ""
