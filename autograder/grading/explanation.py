"""What a student reads about one case, in parts and as plain text: the same words at home as in grading."""

from __future__ import annotations

from autograder.grading.verdict import Verdict

MOST_CALLS = 3


def asked(verdict: Verdict) -> str:
    """What the case asks for: the first line of its docstring."""
    return verdict.doc.strip().split("\n")[0]


def called(verdict: Verdict) -> str:
    """The first calls of the student's functions."""
    return "; ".join(verdict.trace[:MOST_CALLS]) + ("; …" if len(verdict.trace) > MOST_CALLS else "")


def rows(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """Label and value of what was called, what came back, what was expected, and the place; those that are known."""
    every = (
        ("called", called(verdict)),
        ("got", verdict.got),
        ("expected", verdict.expected),
        ("where", verdict.where),
    )
    return tuple((label, value) for label, value in every if value)


def behind(verdict: Verdict) -> str:
    """What may be behind it: a known mistake, or the kind of difference; "" where nobody knows."""
    return verdict.feedback or verdict.diagnosis


def explanation(verdict: Verdict) -> str:
    """What was asked, what is wrong, the calls, both values and the place, and what may be behind it; one line each."""
    lines = [asked(verdict), verdict.message.strip()]
    lines += [f"{label + ':':<10}{value}" for label, value in rows(verdict)]
    lines.append(f"→ {behind(verdict)}" if behind(verdict) else "")
    return "\n".join(line for line in lines if line)
