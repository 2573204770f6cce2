"""A big book: a term of 500 people, 10 parts and 10 versions of each, worked out anew from its events."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from autograder.gradebook.book import book
from autograder.gradebook.events import Event, Graded, Submitted
from autograder.gradebook.policy import Policy, policy_from_text

PEOPLE, PARTS, VERSIONS, ROUNDS = 500, 10, 10, 5
END = datetime(2027, 6, 1, tzinfo=UTC)


def big_policy(parts: int = PARTS) -> Policy:
    """Parts ten days apart, two pools, the lowest dropped: every day and every part hangs on the others."""
    dues = [datetime(2026, 9, 10, 23, 59) + timedelta(days=10 * n) for n in range(parts)]
    rows = [
        f'[[part]]\nid = "a{n}"\ngroup = "all"\ndue = "{due:%Y-%m-%dT%H:%M}"\n'
        f'pool = "{"homework" if 3 * n < 2 * parts else "project"}"\nmost_days = 3\npoints = 100\n'
        for n, due in enumerate(dues)
    ]
    head = 'title = "Big"\nzone = "America/New_York"\ngrace_minutes = 15\n[late.pools]\nhomework = 5\nproject = 3\n'
    groups = "[groups]\nall = { weight = 100, drop_lowest = 1 }\n"
    return policy_from_text(head + "".join(rows) + groups, Path("big"))


def big_term(policy: Policy, people: int = PEOPLE, versions: int = VERSIONS, seed: int = 1) -> list[Event]:
    """Hand-ins from 60 hours before the due time to 90 after it, in quarters of a point."""
    draw, clock, events = random.Random(seed), policy.clock(), list[Event]()
    for person in range(people):
        for part in policy.parts:
            due = clock.at(part.due)
            for number in range(versions):
                at, version = due + timedelta(hours=draw.uniform(-60, 90)), f"{person}-{part.id}-{number}"
                events.append(Submitted(at=at, part=part.id, who=f"s{person}", version=version, number=str(number)))
                scores = ((part.id, Fraction(draw.randrange(400), 4)),)
                events.append(Graded(at=at, part=part.id, version=version, scores=scores, bundle="b"))
    return events


def big_book(rounds: int = ROUNDS) -> dict[str, Any]:
    """Seconds of processor and wall for the whole book: the median of the rounds, and the best of the processor's."""
    policy = big_policy()
    events = big_term(policy)
    walls, processors = [], []
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        rows = book(policy, events, END).rows
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return {
        "of": f"{len(rows)} people, {PARTS} parts, {VERSIONS} versions of each", "events": len(events),
        "wall": median(walls), "processor": median(processors), "best": min(processors), "rounds": rounds,
        "days": sum(sum(row.days_used.values()) for row in rows.values()),
    }  # fmt: skip
