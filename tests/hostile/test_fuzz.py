"""Hostile hand-ins made by chance beside one honest neighbour: it gets its grade, and the grader stays itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.hostile.fuzzing.cohorts import Cohort, archive, run, summary
from tests.hostile.fuzzing.kinds import KINDS, hand_in

MOST_MIB = 1500.0
SHORT, LONG, BATCH = 96, 2016, 252


def faults(cohorts: Sequence[Cohort], alone: bytes) -> list[str]:
    """What is not as it must be."""
    found = []
    for number, cohort in enumerate(cohorts):
        if cohort.status not in (0, 1) or "Traceback" in cohort.told:
            found.append(f"cohort {number}: the command ended with {cohort.status}: {cohort.told[-2000:]}")
        if cohort.neighbour != alone:
            found.append(f"cohort {number}: the neighbour's grade differs")
        if cohort.silent:
            found.append(f"cohort {number}: {cohort.silent} hand-ins have neither a row nor a word")
        if cohort.statuses["broken"]:
            found.append(f"cohort {number}: {cohort.statuses['broken']} cases broken")
        found += [f"cohort {number}: {name} took {mib:.0f} MiB" for name, mib in cohort.peaks.items() if mib > MOST_MIB]
    return found


def fuzz(tmp_path, count):
    zip_path = archive(tmp_path)
    alone = run(zip_path, tmp_path / "alone", [])
    assert b'"points": "40"' in alone.neighbour
    cohorts = [
        run(zip_path, tmp_path / f"from_{start}", map(hand_in, range(start, start + min(BATCH, count - start))))
        for start in range(0, count, BATCH)
    ]
    print(summary(cohorts, count))
    assert faults(cohorts, alone.neighbour) == []
    assert sum(cohort.rows for cohort in cohorts) > 0.6 * count


def test_a_hundred_beside_one_honest_neighbour(tmp_path):
    fuzz(tmp_path, SHORT)


@pytest.mark.slow
def test_two_thousand_beside_one_honest_neighbour(tmp_path):
    fuzz(tmp_path, LONG)


def test_the_same_number_makes_the_same_hand_in():
    for number in range(3 * len(KINDS)):
        assert hand_in(number) == hand_in(number)
    assert {hand_in(number).kind for number in range(len(KINDS))} == set(KINDS)


def test_a_fault_is_told():
    good = b"grade"
    bad = Cohort(2, 1.0, b"other", Counter(broken=2), 1, 3, "Traceback", {"worker": 9999.0})
    assert len(faults([bad], good)) == 5
