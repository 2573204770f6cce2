"""The public part of an assignment as a handout carries it: bundle and facts, loaded once."""

from __future__ import annotations

import functools
import linecache
from dataclasses import dataclass
from typing import Any

from autograder.grading.bundle import FOLDER, Bundle, from_files
from autograder.home.facts import Facts, QuestionFacts, installed_facts, missing, root
from autograder.sandbox.wire.messages import PROBES
from autograder.sandbox.worker.uses import mentions_of


class NotHere(Exception):
    """Something that the handout needs is missing on this machine; the text says what to do."""


@dataclass(frozen=True)
class Public:
    """The public cases of an assignment, and its facts."""

    bundle: Bundle
    facts: Facts

    @functools.cached_property
    def _namespaces(self) -> dict[str, tuple[str, dict[str, Any]]]:
        return {}

    def question_of(self, case: str) -> QuestionFacts:
        """The question of a public case (KeyError if there is none)."""
        return self._questions[case]

    @functools.cached_property
    def _questions(self) -> dict[str, QuestionFacts]:
        return {c.name: q for q in self.facts.questions for c in q.cases}

    def probes(self, question: QuestionFacts) -> dict[str, Any]:
        """The probes of a question, compiled as a worker compiles them: what is said of them is the same."""
        return self._probes(question)[1]

    def mentions(self, case: str) -> frozenset[str]:
        """The names of the student's that a case may ask for."""
        return mentions_of(self.bundle.cases.probes([case]))

    def _probes(self, question: QuestionFacts) -> tuple[str, dict[str, Any]]:
        if question.id not in self._namespaces:
            source = self.bundle.cases.probes([c.name for c in question.cases])
            linecache.cache[PROBES] = (len(source), None, source.splitlines(keepends=True), PROBES)
            namespace: dict[str, Any] = {}
            exec(compile(source, PROBES, "exec", dont_inherit=True), namespace)
            self._namespaces[question.id] = source, namespace
        source, namespace = self._namespaces[question.id]
        linecache.cache[PROBES] = (len(source), None, source.splitlines(keepends=True), PROBES)
        return source, namespace


@functools.cache
def installed() -> Public:
    """The public part beside this package.

    Raises:
        NotHere: a library that it needs is not installed.
    """
    facts = installed_facts()
    if missing(facts):
        raise NotHere(missing(facts))
    here = root()
    folder = here / FOLDER
    files = {p.relative_to(here).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return Public(from_files(files, str(folder)), facts)
