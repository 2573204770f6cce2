"""Runs to predict from, drawn from a power law."""

import numpy as np

LARGEST = (110_000, 1_200)
SIZES = tuple((n, d) for n in (5_000, 20_000, 60_000) for d in (75, 150, 300, 600))
ODD_SIZES = ((3_000, 40), (3_000, 700), (9_500, 55), (11_000, 410), (32_000, 90), (47_000, 230), (80_000, 60), (81_000, 800))


def lawful_runs(world, noise, sizes=SIZES):
    """Runs (parameters, batches, loss) that follow excess = c · N^−a · D^−b, with noise on the logarithm; the floor; and
    the excess of `LARGEST`."""
    floor, a, b = world.uniform(0.4, 0.6), world.uniform(0.3, 0.9), world.uniform(0.8, 1.6)
    c = 10 ** world.uniform(-4.0, -1.0) * 60_000**a * 600**b
    runs = [(n, d, floor + c * n**-a * d**-b * float(np.exp(noise * world.normal()))) for n, d in sizes]
    return np.array(runs), floor, c * LARGEST[0] ** -a * LARGEST[1] ** -b
