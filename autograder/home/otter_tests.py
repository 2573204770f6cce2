"""The public cases as Otter's tests: `otter check` shows the same sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.explanation import explanation
from autograder.grading.verdict import Verdict
from autograder.home.examining import examined
from autograder.home.installed import installed
from autograder.home.live import from_names


class CaseFailed(Exception):
    """A public case that does not pass; the text explains it."""


@dataclass
class QuestionRun:
    """The public cases of a question on a notebook's functions; they run together when the first is asked for."""

    question: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def case(self, name: str, env: Mapping[str, Any]) -> None:
        """Pass, or explain.

        Args:
            env: the notebook's global names.

        Raises:
            CaseFailed: the case does not pass.
        """
        if not self.verdicts:
            public = installed()
            loaded, index = from_names(env, public.facts)
            result = examined(public, public.facts.question(self.question), loaded, index)
            self.verdicts = {v.case: v for v in result.verdicts}
        verdict = self.verdicts[name]
        if not verdict.status.passed:
            raise CaseFailed(explanation(verdict))
