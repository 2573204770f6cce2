"""Results as plain text, for a terminal and for whoever has the notebook read to them."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.grading.explanation import explanation
from autograder.grading.status import Status
from autograder.grading.verdict import Verdict
from autograder.home.results import QuestionResult, Total
from autograder.report.text import harmless, percent_text, points_text

MOST_PRINTED = 12


def covers(result: QuestionResult) -> str:
    """What a result speaks of: `1 of 3 public cases pass, 0.75 of 2.25 points; 5 hidden cases wait (3.75 points)`."""
    facts = result.facts
    text = f"{result.passed} of {len(facts.cases)} public cases pass"
    if facts.public_points:
        text += f", {points_text(result.points)} of {points_text(facts.public_points)} points"
    if facts.hidden:
        wait = "waits" if facts.hidden == 1 else "wait"
        text += f"; {counted(facts.hidden, 'hidden case')} {wait} ({points_text(facts.hidden_points)} points)"
    return text


def counted(number: int, thing: str) -> str:
    """`1 case`, `2 cases`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def left_open(result: QuestionResult) -> str:
    """What is still to be written, in a sentence; "" where nothing is."""
    names = result.unwritten
    if not names:
        return ""
    listed = ", ".join(f"`{name}`" for name in names[:8]) + (", …" if len(names) > 8 else "")
    return f"still to be written: {listed}"


def question_lines(result: QuestionResult) -> list[str]:
    """A question's result, line by line; a failure that is told already is not told again."""
    lines = [f"{result.facts.id}: {covers(result)}"]
    told: dict[str, str] = {}
    for verdict in result.verdicts:
        lines += case_lines(verdict, told)
    if left_open(result):
        lines.append(f"  ! {left_open(result)}")
    return lines


def case_lines(verdict: Verdict, told: dict[str, str] | None = None) -> list[str]:
    """One case.

    Args:
        told: messages of cases that stand above, and which; grows.
    """
    fine = verdict.status.passed
    practice = "  (for practice)" if verdict.for_practice else ""
    lines = [f"  {'✓' if fine else '✗'} {verdict.case}{practice}"]
    if not fine:
        before = told.get(verdict.message) if told is not None and not verdict.got else None
        if told is not None and verdict.message:
            told.setdefault(verdict.message, verdict.case)
        text = f"as in {before}: {_short(verdict.message)}" if before else explanation(verdict)
        lines += [f"      {line}" for line in harmless(text).splitlines()]
        lines += printed_lines(verdict)
    elif verdict.message:
        lines += [f"      {line}" for line in harmless(verdict.message).splitlines()]
    return lines


def to_write(verdict: Verdict) -> bool:
    """Whether a case failed because a function is as the stub has it."""
    return verdict.status is Status.ERROR and " is still to be written" in verdict.message


def printed_lines(verdict: Verdict) -> list[str]:
    """What the code printed during a case, its first lines."""
    if not verdict.stdout.strip():
        return []
    lines = harmless(verdict.stdout).rstrip().splitlines()
    cut = [f"      | … {len(lines) - MOST_PRINTED} more lines"] if len(lines) > MOST_PRINTED else []
    return ["      your code printed:", *(f"      | {line[:200]}" for line in lines[:MOST_PRINTED]), *cut]


def _short(text: str) -> str:
    first = text.split("\n")[0]
    return first if len(first) <= 100 else first[:99] + "…"


def total_lines(total: Total, questions: Sequence[QuestionResult], asked: int) -> list[str]:
    """What it all came to, a line for each question where there are several; and what this does not cover.

    Args:
        asked: how many questions were asked for; more than there are results where somebody stopped.
    """
    lines = []
    if asked > 1:
        width = max((len(r.facts.id) for r in questions), default=0)
        for r in questions:
            points = f"{points_text(r.points):>6} of {points_text(r.facts.public_points)}"
            mark = "✓" if r.good else "✗" if r.passed < len(r.facts.cases) else "!"
            lines.append(f"  {mark} {r.facts.id:<{width}}  {r.passed} of {len(r.facts.cases)} public cases  {points}")
    lines.append(headline(total))
    lines.append(beyond(total))
    return [line for line in lines if line]


def headline(total: Total) -> str:
    """`public part: 12.5 of 27.25 points (46 %), 20 of 31 cases`."""
    if not total.most:
        return f"public part: {total.passed} of {counted(total.cases, 'case')}"
    share = percent_text(total.points, total.most)
    points = f"{points_text(total.points)} of {points_text(total.most)} points ({share})"
    return f"public part: {points}, {total.passed} of {counted(total.cases, 'case')}"


def beyond(total: Total) -> str:
    """What the public part says nothing of."""
    parts = []
    if total.hidden:
        verb = "decides" if total.hidden == 1 else "decide"
        parts.append(
            f"{counted(total.hidden, 'hidden case')} {verb} about {points_text(total.hidden_points)} more points"
        )
    if total.written:
        parts.append(f"a person reads the written answers ({points_text(total.written)} points)")
    return "not covered here: " + "; ".join(parts) if parts else ""
