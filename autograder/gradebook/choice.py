"""The choice: which version of every part counts for one person, so that the total is largest and the days suffice.

Among equal totals the one with the fewest days, then the newest versions, in the order of the parts. Exact: values are
brought to one denominator and compared as integers. Parts that share no pool and no group with dropped parts are
chosen apart; within a knot of parts the search keeps, for every number of days left, only the best beginning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from autograder.gradebook.versions import Option


@dataclass(frozen=True)
class Ask:
    """A part to choose for.

    Attributes:
        factor: what a point counts in the total.
        pool: budget of days; "" where none is needed.
        group: where some of the group are dropped, its name; else "".
        may_drop: whether this one may be dropped.
    """

    part: str
    factor: Fraction
    options: Sequence[Option]
    pool: str = ""
    group: str = ""
    may_drop: bool = False


@dataclass(frozen=True)
class _State:
    """The best beginning that leaves so many days and drops: value, days as a negative number, and what was taken."""

    value: int
    spare: int
    ranks: tuple[int, ...]
    taken: tuple[Option | None, ...]

    @property
    def rank(self) -> tuple[int, int, tuple[int, ...]]:
        return self.value, self.spare, self.ranks


def best_choice(asks: Sequence[Ask], budgets: Mapping[str, int], drops: Mapping[str, int]) -> dict[str, Option | None]:
    """Part -> the option that counts, None where the part is dropped.

    Args:
        budgets: pool -> days.
        drops: group -> how many of its parts are dropped, exactly.
    """
    found: dict[str, Option | None] = {}
    for knot in _knots(asks, drops):
        found |= _best_of(knot, budgets, drops)
    return found


def in_order(asks: Sequence[Ask], budgets: Mapping[str, int]) -> dict[str, Option]:
    """Part -> the newest version for which days are left, in the order of the parts."""
    left = dict(budgets)
    found = {}
    for ask in asks:
        able = [o for o in ask.options if o.days <= left.get(ask.pool, 0)]
        pick = max(able, key=lambda o: (o.rank, o.value, -o.days))
        if pick.days:
            left[ask.pool] -= pick.days
        found[ask.part] = pick
    return found


def _knots(asks: Sequence[Ask], drops: Mapping[str, int]) -> list[list[Ask]]:
    """Parts that hang together through a pool or a group with drops, in their order."""
    knots: list[tuple[set[str], list[Ask]]] = []
    for ask in asks:
        ties = set()
        if any(o.days for o in ask.options):
            ties.add(f"pool {ask.pool}")
        if drops.get(ask.group):
            ties.add(f"group {ask.group}")
        joined = [ask]
        for other in [k for k in knots if k[0] & ties]:
            knots.remove(other)
            ties |= other[0]
            joined = other[1] + joined
        knots.append((ties, joined))
    order = {ask.part: i for i, ask in enumerate(asks)}
    return [sorted(knot, key=lambda a: order[a.part]) for _, knot in knots]


def _best_of(asks: Sequence[Ask], budgets: Mapping[str, int], drops: Mapping[str, int]) -> dict[str, Option | None]:
    if len(asks) == 1 and not drops.get(asks[0].group):
        fits = [o for o in asks[0].options if o.days <= budgets.get(asks[0].pool, 0)]
        return {asks[0].part: max(fits, key=lambda o: (o.value, -o.days, o.rank))}
    pools = sorted({a.pool for a in asks if a.pool})
    groups = sorted({a.group for a in asks if drops.get(a.group)})
    start = (*(budgets[p] for p in pools), *(drops[g] for g in groups))
    scale = lcm(*(v.denominator for a in asks for v in (a.factor * o.value for o in a.options)))
    states = {start: _State(0, 0, (), ())}
    for ask in asks:
        pool = pools.index(ask.pool) if ask.pool else -1
        group = len(pools) + groups.index(ask.group) if ask.group in groups else -1
        priced = [(int(ask.factor * o.value * scale), o) for o in ask.options]
        states = _step(states, priced, pool, group if ask.may_drop else -1)
    none_left = {left: s for left, s in states.items() if not any(left[len(pools) :])}
    best = max(none_left.values(), key=lambda s: s.rank)
    return {ask.part: option for ask, option in zip(asks, best.taken, strict=True)}


def _step(
    states: Mapping[tuple[int, ...], _State], priced: Sequence[tuple[int, Option]], pool: int, group: int
) -> dict[tuple[int, ...], _State]:
    """All states after one more part."""
    found: dict[tuple[int, ...], _State] = {}
    for left, state in states.items():
        ends: list[tuple[tuple[int, ...], _State]] = []
        for value, option in priced:
            if option.days == 0:
                rest = left
            elif pool >= 0 and option.days <= left[pool]:
                rest = (*left[:pool], left[pool] - option.days, *left[pool + 1 :])
            else:
                continue
            taken = (*state.taken, option)
            ends.append(
                (rest, _State(state.value + value, state.spare - option.days, (*state.ranks, option.rank), taken))
            )
        if group >= 0 and left[group]:
            rest = (*left[:group], left[group] - 1, *left[group + 1 :])
            ends.append((rest, _State(state.value, state.spare, (*state.ranks, -1), (*state.taken, None))))
        for rest, end in ends:
            known = found.get(rest)
            if known is None or end.rank > known.rank:
                found[rest] = end
    return found
