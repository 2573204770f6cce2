"""Versions as one person's book sees them: how late, worth how much, and whether they can count at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from autograder.gradebook.clock import Clock
from autograder.gradebook.events import Submitted
from autograder.gradebook.facts import Facts, Marks
from autograder.gradebook.policy import Needs, Policy
from autograder.grading.totals import added
from autograder.intake.layouts.versions import version_order
from autograder.spec.course import Part

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one person's work.

    Attributes:
        submitted: what was handed in; None for points that staff entered without a hand-in.
        late: so many due times had passed, waived days not counted.
        points: of the part; None while something is not graded.
        missing: questions that have no points yet.
        barred: why it cannot count; "" where it can.
    """

    submitted: Submitted | None
    late: int
    points: Fraction | None
    missing: tuple[str, ...] = ()
    broken: str = ""
    barred: str = ""

    @property
    def id(self) -> str:
        """The digest of what was handed in, or ""."""
        return self.submitted.version if self.submitted else ""

    @property
    def order(self) -> tuple[datetime, tuple[tuple[int, int, str], ...], str]:
        """By which the newer of two is told: time, the course system's number, digest."""
        one = self.submitted
        assert one is not None
        return one.at, version_order(one.number), one.version


@dataclass(frozen=True)
class Due:
    """When a part is due for one person.

    Attributes:
        wall: of the part or its section, or the latest of the extensions.
        days: so many days may be paid after it.
        closes: the first instant at which nothing can be handed in any more that would count.
    """

    wall: datetime
    extended: bool
    waived: int
    days: int
    closes: datetime


def due_for(policy: Policy, facts: Facts, clock: Clock, part: Part, who: str) -> Due:
    """The due time of a part for a person; an extension never makes it earlier."""
    wall = base = part.sections.get(facts.section(who), part.due)
    for event in facts.extended.get((part.id, who), ()):
        wall = max(wall, event.until or base + timedelta(days=event.days), key=clock.end)
    days, penalty = policy.course.most_days_of(part), policy.course.late.after
    waived = facts.waived.get((part.id, who), 0)
    most = days + (penalty.most_days if penalty else 0) + waived
    return Due(wall, wall != base, waived, days, clock.end(wall, max(0, most)))


def versions_of(policy: Policy, facts: Facts, clock: Clock, part: Part, who: str, due: Due) -> list[Version]:
    """All versions of a person's work in a part, oldest first."""
    needs, own = policy.needs[part.id], facts.own_marks.get((part.id, who))
    handed = facts.handed.get((part.id, who), ())
    if not handed and own is not None:
        points, missing = _points(needs, None, own)
        return [Version(None, 0, points, missing)]
    penalty = policy.course.late.after
    most = due.days + (penalty.most_days if penalty else 0)
    found = []
    for one in handed:
        late = max(0, clock.days_late(due.wall, one.at) - due.waived)
        marks = facts.marks.get((part.id, one.version, one.who)) or facts.marks.get((part.id, one.version, ""))
        points, missing = _points(needs, marks, own)
        barred = f"{_days(late)} late; at most {most} can count" if late > most else ""
        found.append(Version(one, late, points, missing, marks.broken if marks else "", barred))
    times = [one.at for one in handed]  # in order already, but for those of one moment
    return sorted(found, key=lambda v: v.order) if len({*times}) < len(times) else found


def _points(needs: Needs, marks: Marks | None, own: Marks | None) -> tuple[Fraction | None, tuple[str, ...]]:
    """The sum over what is asked for, and what has no points yet; a version's own points go before a person's."""
    if marks is not None and marks.broken:
        return None, ()
    values, missing = [], []
    for question in needs:
        value = marks.scores.get(question) if marks else None
        if value is None and own is not None:
            value = own.scores.get(question)
        if value is None:
            missing.append(question)
        else:
            values.append(value)
    if missing:
        return None, tuple(missing)
    return values[0] if len(values) == 1 else added(values), ()


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


@dataclass(frozen=True, slots=True)
class Option:
    """A version that could count, with so many days paid for it and `over` days not paid; or none (version None)."""

    value: Fraction
    days: int
    over: int
    version: Version | None
    rank: int


def options(policy: Policy, versions: Sequence[Version], most_days: int, adjusted: Fraction) -> list[Option]:
    """What could count: nothing, or a graded version; of each number of days the best, a day only where it helps."""
    best: dict[int, Option] = {0: Option(max(NOTHING, adjusted), 0, 0, None, 0)}
    for rank, version in enumerate(versions, 1):
        if version.points is None or version.barred:
            continue
        for days, over, share in ways(policy, version.late, most_days):
            value = version.points if share == 1 and not adjusted else version.points * share + adjusted
            value = max(NOTHING, value) if value.numerator < 0 else value
            known = best.get(days)
            if known is None or value >= known.value:  # of equals the newest
                best[days] = Option(value, days, over, version, rank)
    found: list[Option] = []
    for days in sorted(best):
        if not found or best[days].value > max(o.value for o in found):
            found.append(best[days])
    return found


def ways(policy: Policy, late: int, most_days: int) -> Iterator[tuple[int, int, Fraction]]:
    """How a version that is so many days late can count: days paid, days not paid, and the share of its points."""
    penalty = policy.course.late.after
    if penalty is None:
        if late <= most_days:
            yield late, 0, Fraction(1)
        return
    for days in range(min(late, most_days), -1, -1):
        over = late - days
        if over <= penalty.most_days:
            yield days, over, max(NOTHING, 1 - over * penalty.percent_per_day / 100)
