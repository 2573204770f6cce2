"""Progress: numbers that can be checked, and no control codes where there is no terminal."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest

from autograder.cohort.progress import Bar, Lines, rate_text, score_text, watcher_for
from autograder.cohort.run import Totals


def test_rate_and_time_left_do_not_count_what_was_known():
    totals = Totals(110, known=10, graded=50, points=Fraction(300), max_points=Fraction(500))
    assert rate_text(totals, 25.0) == "2.0/s, 25.0 s left"
    assert score_text(totals) == "mean 60 %"


def test_slow_runs_are_told_in_seconds_each():
    assert rate_text(Totals(10, graded=2), 8.0) == "4.0 s each, 32.0 s left"


def test_not_graded_is_named():
    assert score_text(Totals(3, not_graded=2)) == "2 not graded"


def test_lines_come_at_most_every_ten_seconds():
    said, clock = [], iter([0.0, 4.0, 11.0, 12.0, 30.0])
    lines = Lines(said.append, lambda: next(clock))
    lines.begin(Totals(3))
    for done in (1, 2, 3):
        lines.step(Totals(3, graded=done), f"s{done}")
    lines.end(Totals(3, graded=3), False)
    assert [line.split()[0] for line in said] == ["grading", "2", "done:"]
    assert "last: s2" in said[1]


def test_what_is_piped_has_no_control_codes():
    stream = io.StringIO()
    watcher = watcher_for(stream)
    assert isinstance(watcher.inner, Lines)
    watcher.begin(Totals(1))
    watcher.end(Totals(1, graded=1), False)
    assert "\x1b" not in stream.getvalue()
    assert "done: 1 of 1" in stream.getvalue()


def test_a_terminal_gets_a_bar():
    from rich.console import Console

    stream = io.StringIO()
    bar = Bar(Console(file=stream, force_terminal=True, width=100))
    bar.begin(Totals(4, known=1))
    bar.step(Totals(4, known=1, graded=2), "ada")
    bar.end(Totals(4, known=1, graded=3), False)
    assert "4/4" in stream.getvalue()


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), ValueError("I/O operation on closed file")])
def test_a_stream_that_fails_ends_no_run(fault):
    class Full(io.StringIO):
        def write(self, text):
            raise fault

    watcher = watcher_for(Full())
    watcher.begin(Totals(1))
    watcher.step(Totals(1, graded=1), "ada")
    watcher.end(Totals(1, graded=1), False)
