"""The children of check.py, from outside: start one for a question, hear it to the end, and replace one that is lost.

Where Python offers it (not on Windows), children are forked from a server that has imported the libraries, so that each
begins at once; elsewhere each imports them anew.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from autograder.home.facts import QuestionFacts, installed_facts

if TYPE_CHECKING:
    from autograder.home.child import Task
    from autograder.home.results import QuestionResult
    from autograder.sandbox.wire.messages import Answer

WAIT_FOR_A_PLACE = 1.5
SPARE = 30.0
"""Seconds after which a child that does not even say that its time is up is ended from here."""
HEAVY = f"{__name__.rpartition('.')[0]}.child"


class Fault(Exception):
    """The child itself could not work; the text says why."""


class Stopped(Exception):
    """Ctrl-C; the text says what was running, or is empty."""


def context(method: str = "") -> Any:
    """How children are started. `method` is one of multiprocessing's; by itself the fastest that this system has."""
    known = multiprocessing.get_all_start_methods()
    made = multiprocessing.get_context(method or ("forkserver" if "forkserver" in known else "spawn"))
    if made.get_start_method() == "forkserver":
        made.set_forkserver_preload([HEAVY])
    return made


@dataclass
class Heard:
    """What a child has said so far.

    Attributes:
        at: the case that runs, "" while the file is loading.
        over: the result, once it is there.
        more: cases of other questions that it is about to run.
        late: what it said when its time was up.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    at: str = ""
    problems: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()
    loaded: bool = False
    more: tuple[str, ...] = ()
    late: str = ""
    over: QuestionResult | None = None


def ask(
    made: Any, file: str, question: QuestionFacts, tell: Callable[[str], None], known: dict[str, Answer]
) -> tuple[QuestionResult, str]:
    """The result of a question, and why the file could not even be loaded ("" where it could).

    Args:
        made: what `context` gave.
        tell: told each case that begins.
        known: answers of cases of other questions, by the same file; grows.

    Raises:
        Stopped: Ctrl-C.
        Fault: a child could not work.
    """
    from autograder.home.child import Task

    answers = {name: answer for name, answer in known.items() if name not in {c.name for c in question.cases}}
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    held = ""
    left = [c.name for c in question.cases]
    while True:
        heard = _one(made, Task(file, question.id, tuple(left), dict(answers), not held), question, tell)
        answers |= heard.answers
        if heard.loaded:
            problems, missing = heard.problems, heard.unwritten
        if heard.over is not None:
            known |= answers
            return replace(heard.over, problems=problems, unwritten=missing), held
        left += [name for name in heard.more if name not in left]
        if not (left or heard.answers):
            raise Fault(f"check.py itself failed while it judged `{question.id}`; this says nothing about your work")
        if not heard.loaded and left:
            held = heard.late
            answers |= {name: _ending(heard, name) for name in left}
        elif heard.at:
            answers[heard.at] = _ending(heard, heard.at)
        left = [name for name in left if name not in answers]


def _one(made: Any, task: Task, question: QuestionFacts, tell: Callable[[str], None]) -> Heard:
    """What one child came to."""
    from autograder.home.child import work

    ours, theirs = made.Pipe()
    process = made.Process(target=work, args=(theirs, task), daemon=True)
    heard = Heard()
    try:
        process.start()
        theirs.close()
        _listen(ours, process, question, heard, tell)
    except KeyboardInterrupt:
        raise Stopped(_place(ours)) from None
    finally:
        if process.pid is not None:
            process.kill()
            process.join()
        ours.close()
    if heard.over is None and not heard.late:
        heard.late = f"{process.exitcode}"
    return heard


def _listen(ours: Connection, process: Any, question: QuestionFacts, heard: Heard, tell: Callable[[str], None]) -> None:
    from autograder.home.watching import brake_of

    seconds = [q.seconds for q in installed_facts().checked]  # cases of other questions may be among them
    limit = brake_of(max(*seconds, question.load_seconds)) + SPARE
    try:
        while ours.poll(limit):
            kind, *what = ours.recv()
            if kind == "at":
                heard.at = what[0]
                tell(what[0])
            elif kind == "answer":
                heard.answers[what[0].case] = what[0]
                heard.at = ""
            elif kind == "loaded":
                heard.loaded, (heard.problems, heard.unwritten) = True, what
            elif kind == "more":
                heard.more = what[0]
            elif kind == "late":
                heard.late = what[0]
            elif kind == "fault":
                raise Fault(what[0])
            elif kind == "result":
                heard.over = what[0]
                return
        heard.late = heard.late or f"this did not finish within {limit:g} s"
    except EOFError:
        process.join(5)


def _place(ours: Connection) -> str:
    """Where the child is, if it says so soon."""
    try:
        ours.send("where")
        while ours.poll(WAIT_FOR_A_PLACE):
            kind, *what = ours.recv()
            if kind == "stopped":
                return str(what[0])
    except (OSError, EOFError, KeyboardInterrupt):
        pass
    return ""


def _ending(heard: Heard, case: str) -> Answer:
    """The answer of a case that its child did not survive, in the words of grading."""
    from autograder.sandbox.wire.messages import Answer

    if not heard.late.lstrip("-").isdigit():
        return Answer(case, "timeout", message=heard.late)
    code = int(heard.late)
    when = "in this case" if heard.loaded else "while the submission was loaded"
    if code == -getattr(signal, "SIGKILL", 9):
        return Answer(
            case, "memory", message=f"the process was killed {when}, most likely because it took too much memory"
        )
    if code < 0:
        name = signal.strsignal(-code) or f"signal {-code}"
        return Answer(case, "crashed", message=f"the process crashed {when} ({name})")
    return Answer(case, "crashed", message=f"the process ended itself {when} (exit status {code})")
