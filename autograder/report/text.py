"""Texts for people: points, shares, times, and a stranger's text made harmless for a terminal."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction

from autograder.grading.status import Status
from autograder.grading.verdict import Verdict
from autograder.spec.models import Assignment

STATUS_WORDS: Mapping[Status, str] = {
    Status.PASSED: "passed",
    Status.FAILED: "wrong",
    Status.ERROR: "error",
    Status.TIMEOUT: "too slow",
    Status.CRASHED: "crashed",
    Status.MEMORY: "out of memory",
    Status.FORBIDDEN: "forbidden",
    Status.PROTOCOL: "unreadable values",
    Status.SKIPPED: "skipped",
    Status.WAITING: "not yet",
    Status.BROKEN: "not graded",
}
_EQUAL = 3
_LINES = str.maketrans("", "", "\n\t")


def points_text(points: Fraction) -> str:
    """Points as a person writes them: `7`, `7.5`, `3.33`."""
    if points.denominator == 1:
        return str(points.numerator)
    text = f"{float(points):.2f}".rstrip("0").rstrip(".")
    return text


def wait_text(points: Fraction) -> str:
    """Points that a later run will decide: `1 point waits`, `7.5 points wait`."""
    return "1 point waits" if points == 1 else f"{points_text(points)} points wait"


def percent_text(part: Fraction | float, whole: Fraction | float = 1) -> str:
    """`part` of `whole` in whole per cent; a share that is not quite 100 or 0 is never shown as such."""
    if not whole:
        return "–"
    share = 100 * (float(part) / float(whole))  # in this order all of it is 100, exactly
    rounded = round(share)
    if (rounded == 100 and share < 100) or (rounded == 0 and share > 0):
        return f"{share:.1f} %" if 0.05 <= share < 99.95 else ("> 99.9 %" if share > 50 else "< 0.1 %")
    return f"{rounded} %"


def shortened(lines: Sequence[str]) -> list[str]:
    """Lines, of which many equal ones in a row are the first of them and how many follow.

    >>> shortened(["f(x)"] * 48 + ["g(x)"])
    ['f(x)', '… and 47 more', 'g(x)']
    """
    found: list[str] = []
    for line, several in itertools.groupby(lines):
        count = len(list(several))
        found += [line] * count if count <= _EQUAL else [line, f"… and {count - 1} more"]
    return found


def seconds_text(seconds: float) -> str:
    """A duration: `4 ms`, `1.3 s`, `2 min 05 s`, `1 h 12 min`."""
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def located_text(verdict: Verdict) -> str:
    """Which functions are wrong, as a sentence; "" where that was not looked for, or not found."""
    names = [name for name in verdict.located.split(", ") if name]
    if not names:
        return ""
    ticks = " and ".join(f"`{name}`" for name in names)
    if any(call.startswith(f"{name}(") for call in verdict.trace for name in names):
        places = "its place" if len(names) == 1 else "their places"
        return f"What is wrong is {ticks}: with the course's in {places} this case passes."
    verb, from_ = ("is", "it") if len(names) == 1 else ("are", "them")
    return f"Your {ticks} {verb} wrong, and what this case shows was computed from {from_}: mend {from_} first."


def harmless(text: str, limit: int = 4000) -> str:
    """`text` without characters that command a terminal or turn the direction of writing; capped.

    Tabs and line ends stay. Every other control or format character becomes U+FFFD, so that nothing is hidden.
    """
    clean = text
    if not text.translate(_LINES).isprintable():  # most texts are, and asking for all characters at once is fast
        clean = "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "�" for c in text)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def numbers_of(spec: Assignment) -> dict[str, int]:
    """Question id → its number in the handout, written questions included: reports count as students read."""
    return {question.id: number for number, question in enumerate(spec.questions, 1)}
