"""The public cases on a student's own machine: the same probes, checks and words as in grading, without a sandbox.

A handout carries this module in its folder `selfcheck`, beside a bundle of the public cases (what is called, and what
the reference returned, in one world each). Grading runs the same cases in other worlds.
Not covered: hidden cases, time and memory limits. Your code runs as it is.
"""

from __future__ import annotations

import functools
import os
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.authoring.case import Case
from autograder.grading.bundle import FOLDER, Bundle, from_files
from autograder.grading.explanation import explanation
from autograder.grading.judging import InProcess
from autograder.grading.status import Status
from autograder.grading.streams import other_inputs
from autograder.grading.verdict import Explanation, Outcome, Verdict
from autograder.grading.worlds import HANDOUT, for_practice
from autograder.sandbox.wire.messages import Answer
from autograder.sandbox.worker.explaining import Origin
from autograder.sandbox.worker.loading import Loaded, compiled, load, prepare
from autograder.sandbox.worker.running import run_case


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
            self.verdicts = {v.case: v for v in examine(installed(), self.question, from_notebook(env))}
        verdict = self.verdicts[name]
        if not verdict.status.passed:
            raise CaseFailed(explanation(verdict))


class _Home(Origin):
    """Where student code lies when a notebook runs it: under names that only IPython knows."""

    def label(self, filename: str) -> str:
        """Cells are called "your code"."""
        return "your code" if filename in self.cells else super().label(filename)


def from_notebook(env: Mapping[str, Any]) -> Loaded:
    """A notebook's global names as a loaded submission."""
    module = types.ModuleType("submission")
    module.__dict__.update({k: v for k, v in env.items() if not k.startswith("__")})
    files = {v.__code__.co_filename for v in env.values() if isinstance(v, types.FunctionType)}
    return Loaded(module, _Home(os.getcwd(), frozenset(files)))


def examine(bundle: Bundle, question: str, loaded: Loaded) -> tuple[Verdict, ...]:
    """Verdicts of a question's public cases."""
    cases = bundle.cases.of(question, True)
    answers = {case.name: _answer(bundle, case, loaded) for case in cases}
    verdicts = InProcess().verdicts(bundle, answers, dict.fromkeys(answers, HANDOUT))
    return tuple(v if v.status.passed else _unless_other_inputs(bundle, v, answers[v.case]) for v in verdicts)


def _unless_other_inputs(bundle: Bundle, verdict: Verdict, answer: Answer) -> Verdict:
    """The verdict; where the inputs were others than those of the recording, one that blames nobody's work."""
    told = other_inputs(bundle, verdict.case, HANDOUT, answer.draws)
    if not told:
        return verdict
    told += f" (pip install numpy=={bundle.recorded.numpy})" if bundle.recorded.numpy else ""
    return Verdict(
        verdict.ref, Outcome.without_credit(Status.BROKEN, verdict.max_points), Explanation(told), verdict.observation
    )


def _answer(bundle: Bundle, case: Case, loaded: Loaded) -> Answer:
    """What a case comes back with, in this process."""
    world = bundle.world(case.name, HANDOUT)
    ran = run_case(loaded, case.probe, world, through=(KeyboardInterrupt,))
    return Answer(case.name, ran.status, payload=ran.payload, message=ran.message, draws=tuple(world.draws))


def report(bundle: Bundle, file: Path, questions: Iterable[str] = ()) -> tuple[str, bool]:
    """The text about the public cases on a .py or .ipynb file, and whether all passed."""
    loaded, cells = prepare(str(file.resolve().parent), file.name, file.stem)
    load(loaded, compiled(loaded, cells), cells)
    lines = [f"! {problem}" for problem in loaded.problems]
    good = True
    for question in questions or known_questions(bundle):
        verdicts = examine(bundle, question, loaded)
        passed = sum(v.status.passed for v in verdicts)
        good = good and passed == len(verdicts)
        lines.append(f"{question}: {passed} of {len(verdicts)} public cases pass")
        for verdict in verdicts:
            fine = verdict.status.passed
            practice = "  (for practice)" if for_practice(bundle.cases.get(verdict.case)) else ""
            lines.append(f"  {'✓' if fine else '✗'} {verdict.case}{practice}")
            lines += [] if fine else [f"      {line}" for line in explanation(verdict).splitlines()]
    return "\n".join(lines), good


def known_questions(bundle: Bundle) -> tuple[str, ...]:
    """Questions with public cases, in their order."""
    return tuple(q.id for q in bundle.spec.graded() if bundle.cases.of(q.id, True))


def main(arguments: Sequence[str]) -> int:
    """`python check.py FILE [QUESTION ...]`: prints the report; 0 when all pass, 1 when not, 2 for wrong use."""
    bundle = installed()
    known = known_questions(bundle)
    unknown = [q for q in arguments[1:] if q not in known]
    if not arguments or unknown or not Path(arguments[0]).is_file():
        print("Usage: python check.py FILE [QUESTION ...]")
        print(f"FILE is your .py or .ipynb; questions with public cases: {', '.join(known)}")
        return 2
    text, good = report(bundle, Path(arguments[0]), arguments[1:])
    print(text)
    return 0 if good else 1


@functools.cache
def installed() -> Bundle:
    """The public bundle beside this module."""
    here = Path(__file__).parent
    folder = here / FOLDER
    files = {p.relative_to(here).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return from_files(files, str(folder))
