"""Facts of a handout: what the code at home must know of an assignment beyond its public cases.

They lie in `selfcheck/facts.json`, so that nothing heavy is loaded to print a usage line or a list of questions.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

FILE = "facts.json"


@dataclass(frozen=True)
class CaseFacts:
    """A public case.

    Attributes:
        points: what it is worth in grading.
    """

    name: str
    doc: str
    points: Fraction


@dataclass(frozen=True)
class QuestionFacts:
    """A question.

    Attributes:
        cases: the public ones, in their order.
        hidden, hidden_points: how many hidden cases there are, and what they are worth together.
        functions: names that the student has to write, as `f` or `C.f`.
        hints: the steps of help that the text has.
        prompt: the handout's own lines in the section of a written question.
        seconds, load_seconds: processor time for a case, and for loading the file.
    """

    id: str
    title: str
    kind: str
    points: Fraction
    cases: tuple[CaseFacts, ...] = ()
    hidden: int = 0
    hidden_points: Fraction = Fraction(0)
    functions: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    prompt: tuple[str, ...] = ()
    seconds: float = 10.0
    load_seconds: float = 20.0

    @property
    def public_points(self) -> Fraction:
        """What the public cases are worth together."""
        return sum((case.points for case in self.cases), Fraction(0))


@dataclass(frozen=True)
class Facts:
    """An assignment.

    Attributes:
        file: what is handed in, `name.py`.
        submission: the section `[submission]` of assignment.toml, as a table.
        files: the handout's own files, path → sha256; the folder of this package is left out.
        needs: modules that must be installed to run the cases.
        further_weights: files of weights beside that of [submission], which may be left out.
    """

    assignment: str
    title: str
    file: str
    submission: Mapping[str, Any]
    questions: tuple[QuestionFacts, ...]
    files: Mapping[str, str]
    needs: tuple[str, ...] = ()
    further_weights: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """`name` of `name.py`."""
        return self.file.removesuffix(".py")

    @property
    def checked(self) -> tuple[QuestionFacts, ...]:
        """Questions with public cases, in their order."""
        return tuple(q for q in self.questions if q.cases)

    def question(self, question_id: str) -> QuestionFacts:
        """The question of that id (KeyError if none)."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)


def to_json(facts: Facts) -> str:
    """The facts as a file holds them; the same facts give the same text."""
    return json.dumps(asdict(facts), indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def from_json(text: str) -> Facts:
    """What `to_json` wrote."""
    table = json.loads(text)
    questions = tuple(_question(q) for q in table.pop("questions"))
    lists = {key: tuple(table[key]) for key in ("needs", "further_weights")}
    return Facts(**(table | lists), questions=questions)


def _question(table: dict[str, Any]) -> QuestionFacts:
    cases = tuple(CaseFacts(**(c | {"points": Fraction(c["points"])})) for c in table.pop("cases"))
    points = {key: Fraction(table[key]) for key in ("points", "hidden_points")}
    lists = {key: tuple(table[key]) for key in ("functions", "hints", "forbidden", "prompt")}
    return QuestionFacts(**(table | points | lists), cases=cases)


def missing(facts: Facts) -> str:
    """What to say where something is not installed that the cases need; "" where all is there."""
    names = [name for name in facts.needs if importlib.util.find_spec(name) is None]
    if not names:
        return ""
    called = ["PyTorch" if name == "torch" else name for name in names]
    verb = "is" if len(names) == 1 else "are"
    return (
        f"{' and '.join(called)} {verb} not installed in this Python ({sys.executable}), and the questions need it.\n"
        "In the folder of the handout: pip install -r requirements.txt"
    )


@cache
def installed_facts() -> Facts:
    """The facts beside this package."""
    return from_json((root() / FILE).read_text(encoding="utf-8"))


def root() -> Path:
    """The folder of the whole package: `selfcheck` in a handout."""
    return Path(__file__).parent.parent


def handout() -> Path:
    """The folder that the handout was unpacked to."""
    return root().parent
