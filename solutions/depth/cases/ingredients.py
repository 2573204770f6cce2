"""What the cases of several questions of `depth` share."""

from itertools import pairwise

import numpy as np


def _network(world, widths):
    """Random arrays (W, b): widths = inputs, hidden layers, outputs."""
    return [(world.normal((n, m)), world.normal((n,))) for m, n in pairwise(widths)]


def _copy(network):
    """The same numbers in arrays of its own, so that no call sees what another did to them."""
    return [(np.array(W), np.array(b)) for W, b in network]
