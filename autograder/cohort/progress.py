"""Progress of a run: a bar on a terminal, plain lines elsewhere; rate, time left, running totals."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from autograder.cohort.run import Silent, Totals, Watcher
from autograder.report.text import harmless, percent_text, seconds_text

LINE_EVERY = 10.0
NOTE_LETTERS = 600


def watcher_for(stream: TextIO, quiet: bool = False) -> Watcher:
    """A bar when `stream` is a terminal, else lines; nothing when `quiet`. A stream that fails ends no run."""
    console = Console(file=stream, quiet=quiet, highlight=False)
    return Unfailing(
        Bar(console)
        if console.is_terminal and not quiet
        else Lines(partial(console.print, soft_wrap=True, markup=False))
    )


class Unfailing:
    """A watcher that tells another one, until that cannot print any more."""

    def __init__(self, inner: Watcher) -> None:
        self.inner: Watcher = inner

    def begin(self, totals: Totals) -> None:
        """See `Watcher`."""
        self._try(lambda: self.inner.begin(totals))

    def step(self, totals: Totals, name: str) -> None:
        """See `Watcher`."""
        self._try(lambda: self.inner.step(totals, name))

    def note(self, text: str) -> None:
        """See `Watcher`."""
        self._try(lambda: self.inner.note(text))

    def end(self, totals: Totals, stopped: bool) -> None:
        """See `Watcher`."""
        self._try(lambda: self.inner.end(totals, stopped))

    def _try(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except (OSError, ValueError):  # a full disk, a pipe that nobody reads, a stream that is closed
            self.inner = Silent()


def rate_text(totals: Totals, seconds: float) -> str:
    """`12.3/s, 48 s left`; what was known before the run counts for neither."""
    worked = totals.done - totals.known
    if not worked or seconds <= 0:
        return "starting"
    rate = worked / seconds
    speed = f"{rate:.1f}/s" if rate >= 1 else f"{seconds_text(1 / rate)} each"
    left = totals.total - totals.done
    return f"{speed}, {seconds_text(left / rate)} left" if left else speed


def score_text(totals: Totals) -> str:
    """The mean so far, how many have cases that wait, and how many could not be graded."""
    parts = []
    if totals.graded:
        parts.append(f"mean {percent_text(totals.points, totals.max_points)}")
    if totals.waiting:
        parts.append(f"{totals.waiting} with cases that wait")
    if totals.out:
        parts.append(f"{totals.out} still out")
    if totals.not_graded:
        parts.append(f"{totals.not_graded} not graded")
    return ", ".join(parts)


class Bar:
    """A rich bar."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._started = clock, 0.0
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[score]}", style="dim"),
            console=console,
            transient=False,
        )
        self._task: TaskID | None = None

    def begin(self, totals: Totals) -> None:
        """See `Watcher`."""
        self._started = self._clock()
        self._bar.start()
        score = f"{totals.known} known" if totals.known else ""
        self._task = self._bar.add_task(
            "grading", total=totals.total, completed=totals.known, rate="starting", score=score
        )

    def step(self, totals: Totals, name: str) -> None:
        """See `Watcher`."""
        if self._task is not None:
            rate = rate_text(totals, self._clock() - self._started)
            self._bar.update(self._task, completed=totals.done, rate=rate, score=score_text(totals))

    def note(self, text: str) -> None:
        """See `Watcher`: a line above the bar."""
        self._bar.console.print(harmless(text, NOTE_LETTERS), markup=False, soft_wrap=True)

    def end(self, totals: Totals, stopped: bool) -> None:
        """See `Watcher`."""
        if self._task is not None:
            seconds = self._clock() - self._started
            self._bar.update(
                self._task, completed=totals.done, rate=f"{rate_text(totals, seconds)} in {seconds_text(seconds)}"
            )
        self._bar.stop()


class Lines:
    """A line at the start, one every ten seconds, one at the end."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._clock = say, clock
        self._started = self._told = 0.0

    def begin(self, totals: Totals) -> None:
        """See `Watcher`."""
        self._started = self._told = self._clock()
        known = f", {totals.known} of them known already" if totals.known else ""
        self._say(f"grading {totals.total} submission{'s' if totals.total != 1 else ''}{known}")

    def step(self, totals: Totals, name: str) -> None:
        """See `Watcher`."""
        moment = self._clock()
        if moment - self._told >= LINE_EVERY:
            self._told = moment
            rate = rate_text(totals, moment - self._started)
            self._say(f"{totals.done} of {totals.total}  {rate}  {score_text(totals)}  last: {harmless(name, 60)}")

    def note(self, text: str) -> None:
        """See `Watcher`."""
        self._say(harmless(text, NOTE_LETTERS))

    def end(self, totals: Totals, stopped: bool) -> None:
        """See `Watcher`."""
        seconds = self._clock() - self._started
        word = "stopped at" if stopped else "done:"
        self._say(f"{word} {totals.done} of {totals.total} in {seconds_text(seconds)}  {score_text(totals)}".rstrip())
