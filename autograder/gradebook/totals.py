"""What every part counts of 100, and how a number is shown: exact, rounded once, half up; letters follow that."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.gradebook.policy import Policy
from autograder.spec.course import WHOLE, Course


@dataclass(frozen=True)
class Shares:
    """Percent that every part counts, if it is none of the dropped ones; and how many of each group are dropped."""

    of: Mapping[str, Fraction]
    drops: Mapping[str, int]


def shares_of(policy: Policy, parts: Sequence[str]) -> Shares:
    """The shares of these parts: what others would count goes to the rest of their group, then of the course."""
    course, present = policy.course, set(parts)
    own = {name: [p for p in policy.parts if p.group == name and p.id in present] for name in course.groups}
    whole = sum((course.groups[name].weight for name, found in own.items() if found), Fraction(0))
    of: dict[str, Fraction] = {}
    drops: dict[str, int] = {}
    for name, found in own.items():
        group = course.groups[name]
        if not found:
            continue
        droppable = sum(p.drop for p in found)
        drops[name] = min(group.drop_lowest, droppable, len(found) - 1)
        weights = {p.id: course.weight_of(p) for p in found}
        total = sum(weights.values(), Fraction(0)) * (len(found) - drops[name]) / len(found)
        for part in found:
            full = group.weight * weights[part.id] / total if total else Fraction(0)
            of[part.id] = full * WHOLE / whole if whole else Fraction(0)
    return Shares(of, {name: count for name, count in drops.items() if count})


def shown(percent: Fraction, decimals: int) -> str:
    """A number of percent, rounded once, half up.

    >>> shown(Fraction(89995, 1000), 2), shown(Fraction(200, 3), 2)
    ('90.00', '66.67')
    """
    sign = "-" if percent < 0 else ""
    rounded = math.floor(abs(percent) * 10**decimals + Fraction(1, 2))
    if not decimals:
        return f"{sign}{rounded}"
    return f"{sign}{rounded // 10**decimals}.{rounded % 10**decimals:0{decimals}d}"


def letter(percent: Fraction, course: Course) -> str:
    """The letter of a total, by the number that is shown; "" where the course has none, or it is below all."""
    value = Fraction(shown(percent, course.decimals))
    return next((name for name, limit in course.letters.items() if value >= limit), "")
