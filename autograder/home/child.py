"""A child process of check.py: one question on a fresh load of the file, under a watch; it answers and ends.

It is a separate process so that a loop, a crash or a changed global in one question touches no other. It is no sandbox:
the code is the student's own, on their own machine.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autograder.home.examining import answer, banned, judged
from autograder.home.facts import QuestionFacts, handout
from autograder.home.files import own_modules
from autograder.home.installed import NotHere, Public, installed
from autograder.home.places import HomeOrigin
from autograder.home.results import unwritten
from autograder.home.watching import Watch
from autograder.sandbox.wire.index import Index
from autograder.sandbox.wire.messages import Answer
from autograder.sandbox.worker.capture import Capture
from autograder.sandbox.worker.loading import Loaded, compiled, load, prepare, texts_of
from autograder.sandbox.worker.standins import Nothing, without_graders
from autograder.sandbox.worker.state import keep, restore
from autograder.sandbox.worker.uses import Text, index_of

LATE = "this did not finish within {:g} s"
LATE_LOADING = "loading the submission took longer than {:g} s"


@dataclass(frozen=True)
class Task:
    """What a child is to do.

    Attributes:
        cases: those to run; with none it only judges.
        before: answers of other cases of the question, from children that did not come back.
    """

    file: str
    question: str
    cases: tuple[str, ...]
    before: Mapping[str, Answer] = field(default_factory=dict)


class Line:
    """The way to the parent, for two threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._lock = connection, threading.Lock()

    def say(self, kind: str, *what: Any) -> None:
        """Send a message."""
        with self._lock:
            self._connection.send((kind, *what))

    def asked(self) -> bool:
        """Whether the parent wants us to stop, or is gone."""
        try:
            return self._connection.poll() and self._connection.recv() is not None
        except (EOFError, OSError):
            return True


def work(connection: Connection, task: Task) -> None:
    """The whole life of a child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C, and asks where we are
    line = Line(connection)
    try:
        _work(line, task)
    except NotHere as error:
        line.say("fault", str(error))
    except Exception:  # ours: what the student's code raises is an answer
        line.say(
            "fault", f"check.py itself failed; this says nothing about your work\n{traceback.format_exc(limit=-3)}"
        )
    connection.close()
    os._exit(0)  # whatever threads the student's code has started


def _work(line: Line, task: Task) -> None:
    watch = Watch(lambda told: line.say("late", told), line.asked, lambda place: line.say("stopped", place))
    watch.start()
    public = installed()
    question = public.facts.question(task.question)
    answers = dict(task.before)
    loaded: Loaded | None = None
    if task.cases:
        loaded, index = _loaded(public, Path(task.file), question, watch)
        line.say("loaded", tuple(loaded.problems), unwritten(question, loaded.module.__dict__, not loaded.problems))
        answers |= banned(public, question, index)
        left = [name for name in task.cases if name not in answers]
        answers |= _answers(public, question, left, loaded, line, watch)
    line.say("result", judged(public, question, answers, loaded))


def _loaded(public: Public, file: Path, question: QuestionFacts, watch: Watch) -> tuple[Loaded, Index | None]:
    """The file loaded as a worker loads it, and its text where the question forbids names."""
    facts = public.facts
    capture = Capture(64 * 1024)
    watch.begin(question.load_seconds, LATE_LOADING)
    loaded, cells = prepare(str(file.parent), file.name, facts.module)
    course = frozenset(Path(name).name for name in facts.files if name.endswith(".py")) - {file.name}
    loaded.origin = watch.origin = HomeOrigin(str(file.parent), loaded.origin.cells, course=course)
    if str(handout()) not in sys.path:
        sys.path.append(str(handout()))
    index = index_of(_texts(loaded, cells, file, public)) if question.forbidden else None
    _without_graders()
    load(loaded, compiled(loaded, cells), cells)
    watch.end()
    capture.restart()
    return loaded, index


def _texts(loaded: Loaded, cells: Sequence[Any], file: Path, public: Public) -> list[Text]:
    """The submission's own Python, as a worker reads it."""
    texts = [Text(label, text) for label, text in texts_of(loaded, list(cells))]
    if not cells and file.suffix == ".py":
        texts.append(Text(file.name, file.read_bytes()))
    for path in own_modules(file, public.facts):
        texts.append(Text(path.relative_to(file.parent).as_posix(), path.read_bytes()))
    return texts


def _without_graders() -> None:
    """Cells of a notebook that call a grader do nothing here: nothing is exported, and no check runs inside a check."""
    without_graders("otter")
    setattr(sys.modules[__name__.split(".")[0]], "Notebook", Nothing())  # noqa: B010  # the package itself is at work


def _answers(
    public: Public, question: QuestionFacts, cases: Sequence[str], loaded: Loaded, line: Line, watch: Watch
) -> dict[str, Answer]:
    state = keep()
    found = {}
    for case in cases:
        restore(state)
        line.say("at", case)
        watch.begin(question.seconds, LATE)
        found[case] = answer(public, question, case, loaded)
        watch.end()
        line.say("answer", found[case])
    return found
