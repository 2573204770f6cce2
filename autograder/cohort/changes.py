"""Changes: grades before and after a rejudging, by student and by question, and the table that shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.grading.totals import Grade
from autograder.report.text import harmless, points_text


@dataclass(frozen=True)
class Change:
    """One submission.

    Attributes:
        kept: questions whose new points would be fewer (or are the grader's own fault now) and keep the old verdicts.
        stale: questions that keep the old verdicts because the probe of a case changed and was not run again.
        told: whether anything changed at all, be it only a message.
    """

    name: str
    before: Grade
    after: Grade
    kept: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    told: bool = False

    def moved(self) -> dict[str, tuple[Fraction, Fraction]]:
        """Questions whose points changed: before and after."""
        old = {q.question: q.points for q in self.before.questions}
        new = {q.question: q.points for q in self.after.questions}
        nothing = Fraction(0)
        return {
            q: (old.get(q, nothing), new.get(q, nothing))
            for q in {**old, **new}
            if old.get(q, nothing) != new.get(q, nothing)
        }


@dataclass(frozen=True)
class Rejudged:
    """What a rejudging did, or would do.

    Attributes:
        needs_rerun: case → why its stored outputs do not answer today's question, and for how many submissions.
        impossible: submission → why it could not be run again.
        seconds: wall time.
    """

    changes: tuple[Change, ...]
    needs_rerun: Mapping[str, tuple[str, int]]
    impossible: Mapping[str, str]
    rerun: int
    applied: bool
    seconds: float

    @property
    def exit_status(self) -> int:
        """1 while something waits for a decision: a re-run, a lowered score, a submission that is not graded."""
        waits = self.needs_rerun or self.impossible or any(c.kept or not c.after.graded for c in self.changes)
        return 1 if waits else 0


def mean(grades: Sequence[Grade], question: str) -> Fraction:
    """Mean points of a question over the graded submissions that have it."""
    found = [q.points for g in grades if g.graded for q in g.questions if q.question == question]
    return sum(found, Fraction(0)) / len(found) if found else Fraction(0)


def changes_view(result: Rejudged) -> RenderableType:
    """Tables by question and by student, then what is left to do."""
    parts: list[RenderableType] = [_by_question(result)]
    moved = [c for c in result.changes if c.moved() or c.before.graded != c.after.graded]
    if moved:
        parts += [Text(), _by_student(moved)]
    told = sum(c.told for c in result.changes) - len(moved)
    verb = "changed" if result.applied else "would change"
    parts.append(
        Text(f"\n{len(moved)} of {len(result.changes)} scores {verb}; {max(told, 0)} more with other words only.")
    )
    parts += [Text(line) for line in _left_to_do(result)]
    return Group(*parts)


def _by_question(result: Rejudged) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for head in ("question", "mean before", "after", "up", "down", "kept"):
        table.add_column(head, justify="left" if head == "question" else "right", no_wrap=True)
    before, after = [c.before for c in result.changes], [c.after for c in result.changes]
    names = dict.fromkeys(q.question for g in (*after, *before) for q in g.questions)
    for name in names:
        pairs = [c.moved()[name] for c in result.changes if name in c.moved()]
        up, down = sum(new > old for old, new in pairs), sum(new < old for old, new in pairs)
        kept = sum(name in c.kept for c in result.changes)
        style = "bold" if pairs or kept else "dim"
        cells = (name, points_text(mean(before, name)), points_text(mean(after, name)), up, down, kept)
        table.add_row(*(str(c) if c != 0 else "–" for c in cells), style=style)
    return table


def _by_student(moved: Sequence[Change]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("submission", no_wrap=True, max_width=28, overflow="ellipsis")
    table.add_column("before", justify="right")
    table.add_column("after", justify="right")
    table.add_column("questions")
    for change in sorted(moved, key=lambda c: c.name):
        texts = [f"{q} {points_text(a)} → {points_text(b)}" for q, (a, b) in change.moved().items()]
        texts += [f"{q} kept" for q in change.kept]
        table.add_row(
            Text(harmless(change.name, 60)),
            _points_of(change.before),
            _points_of(change.after),
            ", ".join(texts),
        )
    return table


def _points_of(grade: Grade) -> str:
    if not grade.graded:
        return "not graded"
    return f"{points_text(grade.points)} so far" if grade.pending else points_text(grade.points)


def _left_to_do(result: Rejudged) -> list[str]:
    lines = []
    lowered = sum(bool(c.kept) for c in result.changes)
    if lowered:
        lines.append(f"{lowered} submissions would lose points and keep the old ones; --allow-lower takes them away.")
    for case, (why, count) in result.needs_rerun.items():
        lines.append(f"{case}: {why}; {count} submissions must be run again (--rerun).")
    for name, why in result.impossible.items():
        lines.append(f"{harmless(name, 60)} could not be run again: {why}")
    if not result.applied:
        lines.append("Nothing was written (--dry-run).")
    return lines


def changes_table(result: Rejudged) -> dict[str, object]:
    """The same for a program; points as exact text."""
    return {
        "applied": result.applied,
        "seconds": round(result.seconds, 3),
        "rerun": result.rerun,
        "needs_rerun": {case: {"why": why, "submissions": n} for case, (why, n) in sorted(result.needs_rerun.items())},
        "impossible": dict(sorted(result.impossible.items())),
        "changes": [
            {
                "submission": change.name,
                "before": str(change.before.points),
                "after": str(change.after.points),
                "questions": {q: [str(a), str(b)] for q, (a, b) in change.moved().items()},
                "kept": list(change.kept),
                "stale": list(change.stale),
            }
            for change in result.changes
            if change.moved() or change.kept or change.stale
        ],
    }
