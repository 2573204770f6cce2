"""What a student reads about one case, as plain text: the same words in the notebook as in grading."""

from __future__ import annotations

from autograder.grading.verdict import Verdict


def explanation(verdict: Verdict) -> str:
    """What was asked, what is wrong, both values and the place, and what may be behind it; one line each."""
    lines = [verdict.doc.strip().split("\n")[0], verdict.message.strip()]
    rows = (("got:", verdict.got), ("expected:", verdict.expected), ("where:", verdict.where))
    lines += [f"{label:<10}{value}" for label, value in rows if value]
    told = verdict.feedback or verdict.diagnosis
    lines.append(f"→ {told}" if told else "")
    return "\n".join(line for line in lines if line)
