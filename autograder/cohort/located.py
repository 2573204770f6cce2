"""The wrong functions of a whole class: looked for submission by submission, after everything else.

What is found stands in the grade of each, as a new event; what was looked through once is not looked through again. The
evidence stays what it was: of the runs with the reference's functions nothing is kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from autograder import __version__
from autograder.cohort.engine import login
from autograder.cohort.locating import Ground, located
from autograder.cohort.rejudge import as_event
from autograder.cohort.spool import Result
from autograder.cohort.store import Store
from autograder.cohort.tables import Event
from autograder.cohort.tasks import hand_in_of
from autograder.errors import MachineError, StoredError
from autograder.grading.bundle import Bundle
from autograder.grading.judging import Judge
from autograder.grading.separate import Separate
from autograder.grading.source import AssignmentSource
from autograder.grading.totals import Grade
from autograder.grading.verdict import Verdict
from autograder.grading.worlds import Worlds
from autograder.intake.opening import open_hand_in
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer

KIND = "located"


@dataclass(frozen=True)
class Tally:
    """What came of it: submissions looked through, their failing cases, those with a function found, wall time."""

    submissions: int = 0
    cases: int = 0
    found: int = 0
    seconds: float = 0.0
    impossible: dict[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        """What a terminal says."""
        each = self.seconds / self.submissions if self.submissions else 0.0
        return (
            f"the wrong function is found in {self.found} of {self.cases} failing cases of {self.submissions} "
            f"submissions ({each:.1f} s each)"
        )


class _OneAtATime:
    """A judge for several threads."""

    def __init__(self, inner: Judge) -> None:
        self.inner, self.lock = inner, threading.Lock()

    def verdicts(self, bundle: Bundle, answers: Mapping[str, Answer], worlds: Worlds) -> tuple[Verdict, ...]:
        """See `judging.Judge`."""
        with self.lock:
            return self.inner.verdicts(bundle, answers, worlds)


def locate_all(
    store: Store, source: AssignmentSource, sandbox: Sandbox, *, jobs: int = 1, who: str = "",
    tell: Callable[[int, int], None] | None = None,
) -> Tally:  # fmt: skip
    """Look for the wrong functions of every current submission that fails a case and was not looked through yet.

    Args:
        source: of the assignment, as it is now.
        jobs: submissions at a time.
        who: for the history; the user's login name by default.
        tell: is told how many of how many are done.

    Raises:
        MachineError: the sandbox is gone.
    """
    started, ground = time.monotonic(), Ground(source)
    events = [e for e in store.current() if e.kind != KIND and e.graded and e.evidence]
    done: list[tuple[Event, Grade, Grade]] = []
    impossible: dict[str, str] = {}
    with Separate() as process, ThreadPoolExecutor(max(1, jobs)) as pool:
        judge = _OneAtATime(process)
        for digest in sorted({e.bundle for e in events}):
            process.start(store.bundle(digest))  # forks, so before there are threads
        futures = {pool.submit(_one, store, ground, sandbox, judge, event): event for event in events}
        for number, future in enumerate(as_completed(futures), 1):
            event = futures[future]
            try:
                before, after = future.result()
            except StoredError as error:
                impossible[event.who] = error.what
            else:
                done.append((event, before, after))
            if tell is not None:
                tell(number, len(events))
    done = [row for row in done if any(not v.status.passed for v in row[1].verdicts)]
    _write(store, sorted(done, key=lambda row: row[0].who), who or login())
    failing = [v for _, _, grade in done for v in grade.verdicts if v.status.explained]
    found = sum(bool(v.located) for v in failing)
    return Tally(len(done), len(failing), found, time.monotonic() - started, impossible)


def _one(store: Store, ground: Ground, sandbox: Sandbox, judge: Judge, event: Event) -> tuple[Grade, Grade]:
    """The grade of a submission before and after.

    Raises:
        StoredError: grade, evidence or file is damaged, gone, or another now.
    """
    before, evidence, bundle = store.grade(event), store.evidence(event), store.bundle(event.bundle)
    if evidence is None or all(v.status.passed for v in before.verdicts):
        return before, before
    opened = open_hand_in(hand_in_of(event.handed), bundle.spec.submission)
    if opened.submission is None or opened.digest != event.digest:
        raise StoredError("its file is not there or has changed", where=event.who)
    try:
        return before, located(sandbox, ground, bundle, opened.submission, before, evidence, judge)
    except MachineError as error:
        raise StoredError(error.what, where=event.who) from None


def _write(store: Store, done: list[tuple[Event, Grade, Grade]], who: str) -> None:
    if not done:
        return
    run = store.add_run(who, "locate", store.bundle(done[0][0].bundle), __version__, {})
    results: list[Result] = [as_event(store, event, after) for event, _, after in done]
    store.add(run, KIND, results)
