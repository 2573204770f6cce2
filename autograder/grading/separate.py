"""A judge in a process of its own: what an answer does to it, it does to nobody else.

The process is forked with the bundle in it (shared memory, a few milliseconds), has a memory limit, and answers in
frames. Judging is counted (values/counting.py, checks/evaluation.py), so that a hostile answer is `protocol` long
before a limit of this file is met. Where one is met all the same, or the process dies, a fresh one judges that case
once more, alone; if that fails too the case is `broken`: the grader's fault, which a person must see, and no student's
zero. What it remembers, it remembers until it dies.
Not covered: other systems than Linux, where the memory limit and the processor time may not be known.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from autograder.errors import MachineError
from autograder.grading.bundle import Bundle
from autograder.grading.caching import known_by
from autograder.grading.grade_form import outcome_of
from autograder.grading.judge_process import OUT_OF_MEMORY, serve
from autograder.grading.judging import EXPLAINING, case_ref
from autograder.grading.terms import case_points
from autograder.grading.verdict import CaseRef, Explanation, Observation, Outcome, Verdict
from autograder.grading.worlds import WorldRef, Worlds
from autograder.sandbox.wire.frames import TRUSTED, BadFrame, Channel, Closed, TimeUp
from autograder.sandbox.wire.messages import Answer

CHUNK = 64 * 2**20
MOST = 16_384
T = TypeVar("T")
_Found = dict[str, tuple[Outcome, Explanation]]
_Row = tuple[str, str, str, float, float | None, list[str]]
"""Case, status, credit, deviation, value for a board, and the words of the explanation or none."""


@dataclass(frozen=True)
class Limits:
    """What no honest judging comes near; counts end the others.

    Attributes:
        memory: bytes above what the process has when it starts.
        seconds: processor time for one case, or for the explanations of one submission.
        brake: wall time for the same, for a process that sleeps.
        given_up: cases of one submission that may fail before the others are given up too.
    """

    memory: int = 2 * 2**30
    seconds: float = 30.0
    brake: float = 600.0
    given_up: int = 3


class _Died(Exception):
    """The process ended, or was ended, over a case (or EXPLAINING, or None: before it began); the text says why."""

    def __init__(self, at: str | None, why: str) -> None:
        super().__init__(why)
        self.at = at


@dataclass(frozen=True)
class _Terms:
    """A case as its verdicts name it, and its points as text."""

    name: str
    ref: CaseRef
    full: str


class Separate:
    """See the module. One at a time: not for several threads."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.starts = 0
        self._bundles: dict[str, Bundle] = {}
        self._terms: dict[str, list[_Terms]] = {}
        # What was said before and need not be asked again: right answers, which need no explanation, one by one; the
        # others of a submission together, for an explanation hangs on all of them.
        self._passed: OrderedDict[tuple[object, ...], Outcome] = OrderedDict()
        self._others: OrderedDict[tuple[object, ...], _Found] = OrderedDict()
        self._pid = 0
        self._channel: Channel | None = None

    def __enter__(self) -> Separate:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next verdicts start another."""
        if self._channel is not None:
            self._channel.close()
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        self._channel = None

    def start(self, bundle: Bundle) -> None:
        """Have a process that knows this bundle."""
        if bundle.digest not in self._bundles:
            self.close()
            self._bundles[bundle.digest] = bundle
        if self._channel is None:
            self._fork()

    def verdicts(self, bundle: Bundle, answers: Mapping[str, Answer], worlds: Worlds) -> tuple[Verdict, ...]:
        """See `judging.Judge`.

        Raises:
            MachineError: no process can be started.
        """
        own = [terms for terms in self._terms_of(bundle) if terms.name in worlds]
        keys = {t.name: (bundle.digest, *known_by(t.name, answers.get(t.name), worlds[t.name])) for t in own}
        right = {name: self._passed[key] for name, key in keys.items() if key in self._passed}
        asked = {t.name: worlds[t.name] for t in own if t.name not in right}
        whole = (tuple(keys), *(keys[name] for name in asked))
        found = self._others.get(whole) or self._found(bundle, answers, asked, own)
        if all(outcome.status.scores for outcome, _ in found.values()):
            _note(self._others, whole, found)
        for name, (outcome, told) in found.items():
            if outcome.status.passed and told == _SILENT:
                _note(self._passed, keys[name], outcome)
        return tuple(
            Verdict(
                t.ref,
                *(found[t.name] if t.name in found else (right[t.name], _SILENT)),
                _seen(answers.get(t.name), worlds[t.name]),
            )
            for t in own
        )

    def _found(self, bundle: Bundle, answers: Mapping[str, Answer], asked: Worlds, own: Sequence[_Terms]) -> _Found:
        """What the process says of the cases in `asked`."""
        rows, given_up = self._rows(bundle, answers, asked, tuple(t.name for t in own)) if asked else ([], {})
        full = {t.name: t.full for t in own}
        found: _Found = {}
        for case, status, credit, deviation, board, words in rows:
            outcome = outcome_of(status, credit, full[case], deviation, board)
            found[case] = outcome, Explanation(*words) if words else _SILENT
        for case, why in given_up.items():
            told = Explanation(f"the grader could not judge this answer, twice: {why}")
            found[case] = outcome_of("broken", "0", full[case], 0.0), told
        return found

    def _rows(
        self, bundle: Bundle, answers: Mapping[str, Answer], worlds: Worlds, run: tuple[str, ...]
    ) -> tuple[list[_Row], dict[str, str]]:
        """Rows of the cases in `worlds`, and why there is none for those that were given up."""
        given_up: dict[str, str] = {}
        suspect: set[str | None] = set()
        explain = True
        while len(given_up) <= self.limits.given_up:
            open_cases = {c: w for c, w in worlds.items() if c not in given_up}
            try:
                return self._ask(bundle, answers, open_cases, run, explain), given_up
            except _Died as died:
                if died.at is None and died.at in suspect:
                    raise MachineError("the judge's process does not work", where="judge", found=str(died)) from None
                if died.at == EXPLAINING:
                    explain = EXPLAINING not in suspect
                elif died.at is not None and (died.at in suspect or not self._alone(bundle, answers, worlds, died.at)):
                    given_up[died.at] = str(died)
                suspect.add(died.at)
        why = f"{len(given_up)} other cases of this submission could not be judged"
        return [], {c: given_up.get(c, why) for c in worlds}

    def _alone(self, bundle: Bundle, answers: Mapping[str, Answer], worlds: Worlds, case: str) -> bool:
        """Whether a fresh process judges this case; it remembers the verdict."""
        try:
            self._ask(bundle, answers, {case: worlds[case]}, (), explain=False)
        except _Died:
            return False
        return True

    def _terms_of(self, bundle: Bundle) -> list[_Terms]:
        """Worked out once for a bundle."""
        if bundle.digest not in self._terms:
            self._terms[bundle.digest] = [
                _Terms(c.name, case_ref(c), str(case_points(bundle, c))) for c in bundle.cases.cases
            ]
        return self._terms[bundle.digest]

    def _ask(
        self,
        bundle: Bundle,
        answers: Mapping[str, Answer],
        worlds: Worlds,
        run: tuple[str, ...],
        explain: bool,
    ) -> list[_Row]:
        """Rows of the verdicts."""
        self.start(bundle)
        assert self._channel is not None
        clock = _Clock(self._pid, self.limits)
        self._channel.tick = clock.check
        at: str | None = None
        try:
            for chunk in _chunks([answers[c] for c in worlds if c in answers]):
                self._channel.send({"op": "answers", "answers": chunk})
            self._channel.send(
                {"op": "judge", "bundle": bundle.digest, "explain": explain, "run": list(run),
                 "worlds": {case: str(w) for case, w in worlds.items()}}
            )  # fmt: skip
            while True:
                reply = self._channel.receive(TRUSTED)
                if "at" not in reply:
                    found: list[_Row] = json.loads(reply["rows"])
                    return found
                at = reply["at"]
                clock.restart()
        except (Closed, TimeUp, BadFrame) as error:
            raise _Died(at, self._ended(error)) from None

    def _ended(self, error: Exception) -> str:
        """Why the process is gone; it is, after this."""
        assert self._channel is not None
        self._channel.close()
        self._channel = None
        if isinstance(error, Closed):
            status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            if status == OUT_OF_MEMORY:
                return "it took too much memory"
            return f"its process ended ({signal.Signals(-status).name if status < 0 else f'exit status {status}'})"
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        return str(error)

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        try:
            pid = os.fork()
        except OSError as error:
            raise MachineError("the judge cannot be started", where="judge", found=str(error)) from None
        if pid == 0:
            serve(theirs, self._bundles, self.limits.memory)  # never comes back
        theirs.close()
        self._pid, self._channel = pid, Channel(ours)
        self.starts += 1


class _Clock:
    """Processor time and wall time of a process since the last restart."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self.path, self.limits = Path(f"/proc/{pid}/stat"), limits
        self.restart()

    def restart(self) -> None:
        """Begin anew."""
        self.wall, self.start = time.monotonic(), -1.0

    def check(self) -> None:
        """Called some ten times a second while the other side is silent.

        Raises:
            TimeUp: it has been at work for too long.
        """
        used = self._used()
        if self.start < 0:
            self.start = used
        if used - self.start > self.limits.seconds:
            raise TimeUp(f"it took more than {self.limits.seconds:g} s of processor time")
        if time.monotonic() - self.wall > self.limits.brake:
            raise TimeUp(f"it took more than {self.limits.brake:g} s")

    def _used(self) -> float:
        try:
            fields = self.path.read_text().rpartition(")")[2].split()
        except OSError:  # not Linux, or gone: the other side will be heard
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _chunks(answers: list[Answer]) -> Iterator[list[list[Any]]]:
    """Answers as rows, in parts that fit into frames."""
    rows: list[list[Any]] = []
    size = 0
    for answer in answers:
        row: list[Any] = [answer.case]
        for one in (answer, answer.given) if answer.given is not None else (answer,):
            texts = [text.encode("utf-8", "surrogatepass") for text in (one.message, one.told)]
            row += [one.status, one.payload, *texts]
            size += len(one.payload) + sum(map(len, texts))
        rows.append(row)
        if size > CHUNK:
            yield rows
            rows, size = [], 0
    yield rows


def _note(memory: OrderedDict[tuple[object, ...], T], key: tuple[object, ...], value: T) -> None:
    memory[key] = value
    if len(memory) > MOST:
        memory.popitem(last=False)


def _seen(answer: Answer | None, world: WorldRef) -> Observation:
    return Observation() if answer is None else Observation.of(answer, world)


_SILENT = Explanation()
