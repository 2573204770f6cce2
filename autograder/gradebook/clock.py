"""Due times as instants, and how many of them have passed: wall clocks of the course's zone, never hours counted.

due 2026-10-31 23:59, clocks go back on 1 November: one day later is 23:59 on 1 November, 25 hours after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from autograder.spec.course import FIRST_YEAR, LAST_YEAR

_LEAP = re.compile(r"^(.*[T ]\d\d:\d\d):60(?:[.,]\d+)?(.*)$")
MOST_DAYS_LATE = 400
"""Nobody asks how many days after that."""


def instant(text: str) -> datetime:
    """An instant in UTC, from ISO 8601 with its offset; a leap second is the end of the second before.

    Raises:
        ValueError: it is none, or says no offset.

    >>> instant("2026-09-22T05:59:59+02:00").isoformat()
    '2026-09-22T03:59:59+00:00'
    """
    leap = _LEAP.match(text.strip())
    moment = datetime.fromisoformat(f"{leap[1]}:59.999999{leap[2]}" if leap else text.strip())
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} does not say its offset from UTC, such as Z or +02:00")
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise ValueError(f"the year {moment.year} is none of a course: expected {FIRST_YEAR} to {LAST_YEAR}")
    return moment.astimezone(UTC)


@dataclass(frozen=True)
class Clock:
    """Due times of a zone, each with a grace of `grace` after it."""

    zone: str
    grace: timedelta = timedelta(0)
    _known: dict[tuple[datetime, int], datetime] = field(default_factory=dict, compare=False, repr=False)

    @property
    def tz(self) -> ZoneInfo:
        """The zone itself."""
        return ZoneInfo(self.zone)

    def at(self, wall: datetime) -> datetime:
        """The instant of a wall clock: of an hour that is there twice the later, of one that is not there moved on."""
        zone = ZoneInfo(self.zone)
        return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))

    def odd(self, wall: datetime) -> str:
        """What to say of a wall clock that is there twice or not at all; "" for others."""
        zone = ZoneInfo(self.zone)
        first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if first == second:
            return ""
        if first.astimezone(zone).replace(tzinfo=None) != wall:
            there = self.at(wall).astimezone(zone)
            return f"is not there: the clocks go forward; it counts as {there:%H:%M %Z}"
        return f"is there twice: the clocks go back; the later counts, {self.at(wall):%H:%M} UTC"

    def end(self, wall: datetime, days: int = 0) -> datetime:
        """The first instant that is too late for `wall` and so many calendar days: a due minute counts to its end."""
        key = (wall, days)
        found = self._known.get(key)
        if found is None:
            unit = timedelta(seconds=1) if wall.second else timedelta(minutes=1)
            found = self._known[key] = self.at(wall + timedelta(days=days)) + unit + self.grace
        return found

    def days_late(self, wall: datetime, at: datetime) -> int:
        """How many of the times wall, wall + 1 day, … had passed at `at`, each with the grace."""
        for days in range(MOST_DAYS_LATE):
            if at < self.end(wall, days):
                return days
        return MOST_DAYS_LATE

    def short(self, at: datetime) -> str:
        """The same without year, seconds and zone, where space is dear."""
        return f"{at.astimezone(ZoneInfo(self.zone)):%a %d %b %H:%M}"

    def shown(self, at: datetime) -> str:
        """An instant as people of the course read it.

        >>> Clock("America/New_York").shown(instant("2026-09-22T03:59:00Z"))
        'Mon 21 Sep 2026 23:59:00 EDT'
        """
        return f"{at.astimezone(ZoneInfo(self.zone)):%a %d %b %Y %H:%M:%S %Z}"
