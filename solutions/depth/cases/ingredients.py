"""What the cases of several questions of `depth` share."""

from itertools import pairwise


def _network(world, widths):
    """Random arrays (W, b): widths = inputs, hidden layers, outputs."""
    return [(world.normal((n, m)), world.normal((n,))) for m, n in pairwise(widths)]
