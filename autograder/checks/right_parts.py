"""Which parts of an answer are right: what comes before the first wrong one need not be looked at.

Said of answers whose parts have names (a dict of gradients, say), some of them right and some wrong, where nothing is
known of the difference itself. What is not covered: parts without names, and answers of many parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from autograder.authoring.world import World
from autograder.checks.compare import compare_close
from autograder.checks.diagnosis import leaves, same_leaf
from autograder.checks.judgement import Check

MOST_PARTS = 12
_NAMED = re.compile(r"(\['[^']*'\])+")
_PLAIN = ("close", "exact", "equivalent")
_GIVEN = "_after']"
"""How the name of an argument ends that a probe looks at again after the call: that it is right helps nobody."""


def right_parts(check: Check, outputs: Any, expected: Any, world: World, tolerance: float) -> str:
    """The names of the right parts and of the wrong ones, as a clause; "" where that is no help.

    Args:
        outputs, expected: decoded.
        world: a fresh one.
        tolerance: of the case; what is off by more is not called right.
    """
    if check.kind not in _PLAIN:
        return ""
    parts = list(leaves(outputs, expected))
    if not 1 < len(parts) <= MOST_PARTS or not all(_NAMED.fullmatch(place) for _, _, place in parts):
        return ""
    same = {
        place: same_leaf(got, right, check, world)
        and (check.kind != "close" or compare_close(got, right, False, tolerance).deviation <= tolerance)
        for got, right, place in parts
    }
    fine = [place for place, one in same.items() if one and not place.endswith(_GIVEN)]
    wrong = [place for place, one in same.items() if not one]
    if not fine or not wrong:
        return ""
    return f"{_listed(fine)} right, {_listed(wrong)} not"


def _listed(places: Sequence[str]) -> str:
    names = [place.replace("['", "`").replace("']", "`").replace("``", "` of `") for place in places]
    return f"{names[0]} is" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} are"
