"""The public cases on a student's own machine: the same probes, checks and words as in grading, without a sandbox.

A handout carries this module in its folder `selfcheck`, beside `cases.py` (the public cases) and `expected.msgpack`
(what the reference returned in them, in one world each). Grading runs the same cases in other worlds.
Not covered: hidden cases, time and memory limits. Your code runs as it is.
"""

from __future__ import annotations

import importlib
import os
import random
import sys
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgpack
import numpy as np

from autograder.authoring.case import MARK, Case
from autograder.authoring.world import World
from autograder.checks import close
from autograder.checks.explanation import explanation
from autograder.sandbox.explaining import Origin, explain
from autograder.sandbox.loading import Loaded, load, prepare
from autograder.sandbox.student import Student
from autograder.values.codec import NotAValue, decode, encode

EXPECTED = "expected.msgpack"


class CaseFailed(Exception):
    """A public case that does not pass; the text explains it."""


@dataclass(frozen=True)
class PublicCases:
    """The cases by name, their recorded (seed, encoded outputs), and their tolerances."""

    cases: Mapping[str, Case]
    expected: Mapping[str, tuple[int, bytes]]
    tolerances: Mapping[str, float] = field(default_factory=dict)

    @staticmethod
    def load(module: types.ModuleType, folder: Path) -> PublicCases:
        """The cases of `module` with the recordings in `folder`."""
        recorded = msgpack.unpackb((folder / EXPECTED).read_bytes())
        cases = {
            v.__name__: getattr(v, MARK) for v in vars(module).values() if isinstance(getattr(v, MARK, None), Case)
        }
        return PublicCases(cases, recorded["expected"], recorded["tolerances"])


class _Home(Origin):
    """Where student code lies when a notebook runs it: under names that only IPython knows."""

    def label(self, filename: str) -> str:
        """Cells are called "your code"."""
        return "your code" if filename in self.cells else super().label(filename)


def run_case(name: str, env: Mapping[str, Any]) -> None:
    """Run a public case on the functions in `env`, a notebook's global names.

    Raises:
        CaseFailed: it does not pass.
    """
    module = types.ModuleType("submission")
    module.__dict__.update({k: v for k, v in env.items() if not k.startswith("__")})
    files = {v.__code__.co_filename for v in env.values() if isinstance(v, types.FunctionType)}
    text = examine(_installed(), name, Loaded(module, _Home(os.getcwd(), frozenset(files))))
    if text:
        raise CaseFailed(text)


def examine(public: PublicCases, name: str, loaded: Loaded) -> str:
    """What to tell about a case; empty when it passes."""
    case = public.cases[name]
    seed, payload = public.expected[name]
    try:
        _seed_libraries(seed)
        outputs = decode(encode(case.probe(Student(loaded, []), World(seed))))
    except NotAValue as error:
        return explanation(case.doc, f"the case got something that it cannot use: {error}")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: it must not end the student's kernel
        return explanation(case.doc, explain(error, loaded.origin))
    check: Any = case.check or close()
    judged = check.judge(outputs, decode(payload), World(seed), public.tolerances.get(name))
    if judged.passed:
        return ""
    return explanation(case.doc, judged.message, judged.where, judged.got, judged.expected)


def report(public: PublicCases, file: Path, questions: Iterable[str] = ()) -> tuple[str, bool]:
    """The text about all public cases on a .py or .ipynb file, and whether all passed."""
    loaded, cells = prepare(str(file.resolve().parent), file.name, file.stem)
    load(loaded, cells)
    wanted = set(questions)
    lines = [f"! {problem}" for problem in loaded.problems]
    good = True
    for question in dict.fromkeys(c.question for c in public.cases.values()):
        if wanted and question not in wanted:
            continue
        texts = {c.name: examine(public, c.name, loaded) for c in public.cases.values() if c.question == question}
        passed = sum(not text for text in texts.values())
        good = good and passed == len(texts)
        lines.append(f"{question}: {passed} of {len(texts)} public cases pass")
        for name, text in texts.items():
            lines.append(f"  {'✗' if text else '✓'} {name}")
            lines += [f"      {line}" for line in text.splitlines()]
    return "\n".join(lines), good


def main(arguments: Sequence[str]) -> int:
    """`python check.py FILE [QUESTION ...]`: prints the report; 0 when all pass, 1 when not, 2 for wrong use."""
    public = _installed()
    known = sorted({c.question for c in public.cases.values()})
    unknown = [q for q in arguments[1:] if q not in known]
    if not arguments or unknown or not Path(arguments[0]).is_file():
        print("Usage: python check.py FILE [QUESTION ...]")
        print(f"FILE is your .py or .ipynb; questions with public cases: {', '.join(known)}")
        return 2
    text, good = report(public, Path(arguments[0]), arguments[1:])
    print(text)
    return 0 if good else 1


def _installed() -> PublicCases:
    """The public cases beside this module."""
    package = __name__.rpartition(".")[0]
    return PublicCases.load(importlib.import_module(f"{package}.cases"), Path(__file__).parent)


def _seed_libraries(seed: int) -> None:
    """Global generators begin at the same place in every run of a case, as in grading."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.random.default_generator.manual_seed(seed)
