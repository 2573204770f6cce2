"""The public cases on a student's own machine: the same probes, checks and words as in grading, without a sandbox.

A handout carries this module in its folder `selfcheck`, beside a bundle of the public cases (what is called, and what
the reference returned, in one world each). Grading runs the same cases in other worlds.
Not covered: hidden cases, time and memory limits. Your code runs as it is.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import signal
import sys
import tokenize
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from autograder.authoring.case import Case
from autograder.grading.bundle import FOLDER, Bundle, from_files
from autograder.grading.explanation import explanation
from autograder.grading.judging import InProcess
from autograder.grading.status import Status
from autograder.grading.streams import other_inputs
from autograder.grading.verdict import Explanation, Outcome, Verdict
from autograder.grading.worlds import HANDOUT, for_practice
from autograder.sandbox.wire.messages import Answer
from autograder.sandbox.worker.cells import code_cells
from autograder.sandbox.worker.explaining import Origin
from autograder.sandbox.worker.loading import Loaded, compiled, load, prepare
from autograder.sandbox.worker.running import run_case

CHECK = "check.py"
USAGE = f"Usage: python {CHECK} FILE [QUESTION ...]"


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
    """What a case comes back with, in this process, on both grounds where it has two."""

    def ran(stand_ins: bool) -> Answer:
        world = bundle.world(case.name, HANDOUT)
        found = run_case(loaded, case.probe, world, through=(KeyboardInterrupt,), stand_ins=stand_ins)
        return Answer(case.name, found.status, payload=found.payload, message=found.message, draws=tuple(world.draws))

    own = ran(stand_ins=False)
    return replace(own, given=ran(stand_ins=True)) if case.given else own


def told(bundle: Bundle, question: str, loaded: Loaded) -> tuple[str, bool]:
    """The text about a question's public cases on a loaded submission, and whether all passed."""
    verdicts = examine(bundle, question, loaded)
    passed = sum(v.status.passed for v in verdicts)
    lines = [f"{question}: {passed} of {len(verdicts)} public cases pass"]
    for verdict in verdicts:
        fine = verdict.status.passed
        practice = "  (for practice)" if for_practice(bundle.cases.get(verdict.case)) else ""
        lines.append(f"  {'✓' if fine else '✗'} {verdict.case}{practice}")
        told = "" if fine and not verdict.message else explanation(verdict)
        lines += [f"      {line}" for line in told.splitlines()]
    return "\n".join(lines), passed == len(verdicts)


def known_questions(bundle: Bundle) -> tuple[str, ...]:
    """Questions with public cases, in their order."""
    return tuple(q.id for q in bundle.spec.graded() if bundle.cases.of(q.id, True))


@dataclass
class _Doing:
    """What goes on, for the line that Ctrl-C prints: in general, and where the student's code lies once it is known."""

    what: str
    origin: Origin | None = None


def main(arguments: Sequence[str]) -> int:
    """`python check.py FILE [QUESTION ...]`: prints each question's result as it comes.

    Returns 0 when all pass, 1 when not, 2 for wrong use; Ctrl-C ends the process with 130, whatever the code at work
    catches.
    """
    doing = _Doing("the public cases were loading")
    signal.signal(signal.SIGINT, functools.partial(_stop, doing))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a redirected output on Windows has few letters
    bundle = installed()
    known = known_questions(bundle)
    usage = f"{USAGE}\nFILE is your .py or .ipynb; questions with public cases: {', '.join(known)}"
    if {"-h", "--help"} & set(arguments):
        print(usage)
        return 0
    wrong = what_is_wrong(arguments, known)
    if wrong is not None:
        print(f"{wrong}\n{usage}" if wrong else usage)
        return 2
    file = Path(arguments[0]).resolve()
    print(f"loading {file.name} ...", flush=True)
    doing.what = f"{file.name} was loading"
    loaded, cells = prepare(str(file.parent), file.name, file.stem)
    doing.origin = loaded.origin
    load(loaded, compiled(loaded, cells), cells)
    for problem in loaded.problems:
        print(f"! {problem}", flush=True)
    good = True
    for question in arguments[1:] or known:
        doing.what = f"the public cases of `{question}` were running"
        text, fine = told(bundle, question, loaded)
        print(text, flush=True)
        good = good and fine
    return 0 if good else 1


def what_is_wrong(arguments: Sequence[str], known: Sequence[str]) -> str | None:
    """A sentence about a command line that cannot be followed, "" for an empty one; None where there is nothing."""
    if not arguments:
        return ""
    unknown = [q for q in arguments[1:] if q not in known]
    return wrong_file(Path(arguments[0])) or (
        f"there is no question `{unknown[0]}`; questions: {', '.join(known)}" if unknown else None
    )


def wrong_file(file: Path) -> str | None:
    """Why a file cannot be run, in a sentence; None if it can be tried."""
    if os.path.isdir(file):
        return f"{file} is a folder; a .py or .ipynb is expected"
    if not os.path.exists(file):
        return f"there is no file {file}"
    if file.suffix not in (".py", ".ipynb"):
        return f"a .py or .ipynb is expected, not {file.suffix or 'a file without an ending'}: {file}"
    try:
        data = file.read_bytes()
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
    try:
        if file.suffix == ".ipynb":
            code_cells(data)
        else:
            data.decode(tokenize.detect_encoding(io.BytesIO(data).readline)[0])
    except (UnicodeDecodeError, SyntaxError):
        where = "open it in Jupyter, save it" if file.suffix == ".ipynb" else "save it as UTF-8 in your editor"
        return f"{file} is damaged: it is not UTF-8 text; {where}"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return f"{file} is damaged: it is no Jupyter notebook (JSON); open it in Jupyter, save it"
    return None


def _stop(doing: _Doing, _signal: int, frame: types.FrameType | None) -> NoReturn:
    """End here. An exception would not do: code that catches everything in its loop would go on."""
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    line = f"stopped while {_running(doing.origin, frame) or doing.what}\n"
    line = f"\n{line}" if os.isatty(1) else line  # a terminal has written ^C
    with contextlib.suppress(OSError):
        os.write(1, line.encode(sys.__stdout__.encoding if sys.__stdout__ else "ascii", "replace"))
    os._exit(130)


def _running(origin: Origin | None, frame: types.FrameType | None) -> str:
    """The innermost function of the student's that is at work, or the top level; "" if none is."""
    ours = str(Path(__file__).parent) + os.sep
    while origin is not None and frame is not None:
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        label = "" if file.startswith(ours) or "site-packages" in file else origin.label(file)
        if label and name == "<module>" and label != CHECK:
            return f"the top level of {label} was running (line {frame.f_lineno})"
        if label and not name.startswith("<"):
            return f"`{name}` was running ({label}, line {frame.f_lineno})"
        frame = frame.f_back
    return ""


@functools.cache
def installed() -> Bundle:
    """The public bundle beside this module."""
    here = Path(__file__).parent
    folder = here / FOLDER
    files = {p.relative_to(here).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return from_files(files, str(folder))
