"""The record board: proven caps on the number of pieces, and how a submitted network is rated.

The cap. Follow x along ℝ. A piece is *live* after layer l when h_l is not constant on it. Let live_0 = 1 and let z_l be the most
zeros that one pre-activation of layer l + 1 can have, z_0 = 1. Layer l adds at most n_l z_{l−1} kinks. On a live piece (h_{l−1} is
affine there) a layer of one unit leaves at most one live part, so live_l ≤ live_{l−1} if n_l = 1, and live_l ≤ live_{l−1} + n_l z_{l−1}
otherwise. A pre-activation of layer l + 1 has at most one zero on each live part; on one live piece of layer l − 1 that is at
most n_l + 1 of them, 1 if n_l = 1, and 2 if n_l = 2: three zeros need slopes of alternating sign, but two ReLU units on a line give the
slopes 0, a, a + b, or −a, 0, b, or −a, b − a, b (from left to right), and none of them alternates. If the last layer is a single unit with Z zeros, every
dead stretch between two zeros hides at least one older kink, so it adds at most Z − ⌊(Z − 1)/2⌋ = ⌊Z/2⌋ + 1 visible ones. The
pieces are at most one more than the kinks. For all widths ≥ 3 this is the product of (n_l + 1), which Serra, Tjandraatmadja and
Ramalingam (2018) show to be attained.
"""

from __future__ import annotations

from functools import cache


def cap_of_widths(widths: tuple[int, ...]) -> int:
    """Proven cap on the pieces on ℝ of a network ℝ → ℝ with these hidden widths."""
    kinks, live, zeros = 0, 1, 1
    for index, width in enumerate(widths):
        if width == 1 and index == len(widths) - 1:
            return kinks + zeros // 2 + 2
        new = width * zeros
        kinks += new
        before, live = live, live if width == 1 else live + new
        zeros = min(live, before * (width if width < 3 else width + 1))
    return kinks + 1


@cache
def cap_of_units(units: int) -> int:
    """Proven cap on the pieces of a network with at most `units` hidden units, in any arrangement (units up to 16)."""
    return max((cap_of_widths(widths) for total in range(units + 1) for widths in arrangements(total)), default=1)


def arrangements(units: int) -> list[tuple[int, ...]]:
    """All tuples of positive widths with this sum; 2^(units − 1) of them."""
    if units == 0:
        return [()]
    return [(first, *rest) for first in range(1, units + 1) for rest in arrangements(units - first)]
