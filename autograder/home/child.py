"""A child process of check.py: one question on a fresh load of the file, under a watch; it answers and ends.

It is a separate process so that a loop, a crash or a changed global in one question touches no other. It is no sandbox:
the code is the student's own, on their own machine.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import traceback
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autograder.home.examining import LATE, answer, banned, judged
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

LATE_LOADING = "loading the submission took longer than {:g} s"


@dataclass(frozen=True)
class Task:
    """What a child is to do.

    Attributes:
        cases: those to run; with none it only judges.
        before: answers that are there, from other children.
        more: whether cases of other questions may be run where they decide what is said; not where no load ends.
    """

    file: str
    question: str
    cases: tuple[str, ...]
    before: Mapping[str, Answer] = field(default_factory=dict)
    more: bool = True


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
    at_work = _AtWork(public, public.facts.question(task.question), Path(task.file), line, watch, dict(task.before))
    answers = at_work.run(task.cases)
    line.say("result", judged(public, at_work.question, answers, at_work.loaded, at_work.more if task.more else None))


@dataclass
class _AtWork:
    """The file, loaded when the first case is to be run, and the answers so far."""

    public: Public
    question: QuestionFacts
    file: Path
    line: Line
    watch: Watch
    answers: dict[str, Answer]
    loaded: Loaded | None = None

    def more(self, cases: Collection[str]) -> Mapping[str, Answer]:
        """Run cases that another question has; the parent hears of them before."""
        self.line.say("more", tuple(cases))
        return self.run(cases)

    def run(self, cases: Collection[str]) -> Mapping[str, Answer]:
        """Run those that are not answered, and tell the parent each; all answers that there are."""
        left = [case for case in cases if case not in self.answers]
        if not left:
            return self.answers
        loaded, texts = self._loaded
        self.answers |= banned(self.public, left, self._index(left, texts))
        for case in left:
            if case not in self.answers:
                restore(self._state)
                self.line.say("at", case)
                self.watch.begin(self.public.question_of(case).seconds, LATE)
                self.answers[case] = answer(self.public, case, loaded)
                self.watch.end()
            self.line.say("answer", self.answers[case])
        return self.answers

    @functools.cached_property
    def _loaded(self) -> tuple[Loaded, list[Text]]:
        """The file loaded as a worker loads it, and its text; the parent is told what came of it."""
        question, file = self.question, self.file
        capture = Capture(64 * 1024)
        self.watch.begin(question.load_seconds, LATE_LOADING)
        loaded, cells = prepare(str(file.parent), file.name, self.public.facts.module)
        facts = self.public.facts
        course = frozenset(Path(name).name for name in facts.files if name.endswith(".py")) - {file.name}
        loaded.origin = self.watch.origin = HomeOrigin(str(file.parent), loaded.origin.cells, course=course)
        if str(handout()) not in sys.path:
            sys.path.append(str(handout()))
        texts = _texts(loaded, cells, file, self.public)
        _without_graders()
        load(loaded, compiled(loaded, cells), cells)
        self.watch.end()
        capture.restart()
        self.loaded = loaded
        self._state = keep()
        open_ones = unwritten(question, loaded.module.__dict__, not loaded.problems)
        self.line.say("loaded", tuple(loaded.problems), open_ones)
        return loaded, texts

    def _index(self, cases: Collection[str], texts: list[Text]) -> Index | None:
        return index_of(texts) if any(self.public.question_of(case).forbidden for case in cases) else None


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
