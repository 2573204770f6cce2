"""A term as a sample: people, teams, hand-ins on time and late, points, and what staff granted; drawn from a seed.

Nobody of it exists. It has one of everything that the rules speak of, so that a table of it shows what they do.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from autograder.gradebook.events import (
    Adjusted,
    Dropped,
    Enrolled,
    Event,
    Excused,
    Extended,
    Graded,
    Joined,
    Left,
    Submitted,
    Voided,
    Waived,
)
from autograder.gradebook.policy import Policy
from autograder.spec.course import Part

_FIRST = ("Ada", "Béla", "Chen", "Dora", "Emmy", "Felix", "Grace", "Hugo", "Ines", "Jun", "Kira", "Luis")
_LAST = ("Adler", "Brandt", "Costa", "Dietz", "Eriksen")
STAFF = "staff"


def sample_people(count: int) -> list[Enrolled]:
    """So many people, in two sections, who do not exist; `at` is for the caller to set."""
    pairs = [(first, last) for last in _LAST for first in _FIRST][:count]
    return [
        Enrolled(
            at=datetime.min, who=f"{first.lower()}.{last.lower()}", name=f"{last}, {first}", sis_id=f"S{1000 + n}",
            login=f"{first.lower()}.{last.lower()}@uni.example", canvas_id=str(n), section="AB"[n % 2],
        )
        for n, (first, last) in enumerate(pairs, 1)
    ]  # fmt: skip


def sample_term(policy: Policy, count: int = 60, seed: int = 1) -> list[Event]:
    """The events of a whole term of a course whose parts are those of the sample."""
    draw, clock = random.Random(seed), policy.clock()
    start = clock.at(policy.parts[0].due) - timedelta(days=20)
    people = [p.who for p in sample_people(count)]
    events: list[Event] = [
        Enrolled(at=start, by=STAFF, who=p.who, name=p.name, sis_id=p.sis_id, login=p.login, canvas_id=p.canvas_id,
                 section=p.section) for p in sample_people(count)
    ]  # fmt: skip
    teams = _teams(people)
    formed = start + timedelta(days=40)
    events += [
        Joined(at=formed, by=STAFF, who=who, team=f"t{n:02d}") for n, team in enumerate(teams, 1) for who in team
    ]
    skill = {who: draw.gauss(0.82, 0.12) for who in people}
    for part in policy.parts:
        due = clock.at(part.due)
        for group in teams if part.team else [[who] for who in people]:
            level = max(skill[who] for who in group)
            events += _work(policy, part, draw.choice(group), due, level, draw)
    return events + _granted(policy, people, teams, events)


def _teams(people: Sequence[str]) -> list[list[str]]:
    """Teams of three, and of two at the end."""
    whole = [list(people[n : n + 3]) for n in range(0, len(people), 3)]
    if len(whole) > 1 and len(whole[-1]) == 1:
        whole[-1].append(whole[-2].pop())
    return whole


def _work(policy: Policy, part: Part, who: str, due: datetime, level: float, draw: random.Random) -> list[Event]:
    """One to three versions, better each time; some come late, some never."""
    if draw.random() < 0.03:
        return []
    late = draw.random()
    hours = draw.uniform(-40, -0.2) if late < 0.75 else draw.uniform(1, 70) if late < 0.97 else draw.uniform(75, 110)
    found: list[Event] = []
    versions = draw.choice((1, 2, 2, 3))
    for number in range(1, versions + 1):
        at = due + timedelta(hours=hours - 14 * (versions - number))
        version = hashlib.sha256(f"{part.id} {who} {number}".encode()).hexdigest()
        share = min(1.0, max(0.0, level + draw.gauss(0.03, 0.05) - 0.08 * (versions - number)))
        found.append(Submitted(at=at, part=part.id, who=who, version=version, number=str(number), file=f"{part.id}.py"))
        scores = tuple(
            sorted((q, Fraction(round(2 * share * float(most)), 2)) for q, most in policy.needs[part.id].items())
        )
        by = "autograder" if part.rubric is None else STAFF
        found.append(Graded(at=at + timedelta(hours=1), by=by, part=part.id, who=who, version=version, scores=scores,
                            bundle="sample"))  # fmt: skip
    return found


def _granted(
    policy: Policy, people: Sequence[str], teams: Sequence[Sequence[str]], known: Sequence[Event]
) -> list[Event]:
    """One of everything that staff may grant or correct, and a hand-in that the grader could not grade."""
    parts, clock = policy.parts, policy.clock()
    when = {p.id: clock.at(p.due) for p in parts}
    first, second, third = parts[0], parts[1], parts[2]
    final = parts[-1]
    handed = [e for e in known if isinstance(e, Submitted)]
    wrong = next(e for e in handed if e.who == people[7])
    broken = [e for e in handed if e.who == people[9] and e.part == third.id][-1:]
    mover, day = teams[1][0], timedelta(days=1)
    return [
        Extended(at=when[first.id] - day, by=STAFF, part=first.id, who=people[2], until=first.due + 4 * day,
                 reason="flu"),
        Extended(at=when[final.id] - day, by=STAFF, part=final.id, team="t03", days=2, reason="the cluster was down"),
        Waived(at=when[second.id] + day, by=STAFF, part=second.id, who=people[4], days=1, reason="fire alarm"),
        Excused(at=when[second.id] + day, by=STAFF, part=second.id, who=people[5], reason="in hospital"),
        Adjusted(at=when[third.id] + 3 * day, by=STAFF, part=third.id, who=people[6], points=Fraction(-10),
                 reason="see the letter"),
        Voided(at=wrong.at + day, by=STAFF, version=wrong.version, who=wrong.who, reason="the wrong file"),
        Left(at=when["midway"] + day, by=STAFF, who=mover),
        Joined(at=when["midway"] + 2 * day, by=STAFF, who=mover, team="t03"),
        Dropped(at=when[second.id], by=STAFF, who=people[-1], reason="left the course"),
        *(Graded(at=e.at + day, by="autograder", part=e.part, who=e.who, version=e.version, broken="the disk was full",
                 bundle="sample") for e in broken),
    ]  # fmt: skip
