# ruff: noqa: B905
"""Other networks with the same properties: units that look left, scaled units, shifted and mirrored constructions."""


def tent_network(k):
    # T = 1 − σ(1 − 2x) − σ(2x − 1): one unit looks to the left
    first = ([[-2], [2]], [1, -1])
    middle = ([[2, 2], [-2, -2]], [-1, 1])
    return [first] + [middle] * (k - 1) + [([[-1, -1]], [1])]


def shallow_network(places, jumps):
    signs = [1 if i == 0 or i % 2 else 3 for i in range(len(places))]
    return [([[s] for s in signs], [-s * t for s, t in zip(signs, places)]), ([[j / s for j, s in zip(jumps, signs)]], [Fraction(0)])]


def product_network(error, bound):
    # two squares: x y = ((x + y)/2)² − ((x − y)/2)², the second one of |x − y| by two more units in the first layer
    m = 1
    while bound**2 * Fraction(1, 2 ** (2 * m + 1)) > error:
        m += 1
    tent, rest = [2, -4, 0], lambda s: [-Fraction(2, 4**s), Fraction(4, 4**s), 1]
    half = HALF / bound
    # the tent of t = |x − y|/(2 bound) from four units: t is σ(d) + σ(−d), and (t − 1/2)₊ is σ(d − 1/2) + σ(−d − 1/2)
    layers = [([[half, half]] * 3 + [[half, -half], [-half, half], [half, -half], [-half, half]], [0, -HALF, 0, 0, 0, -HALF, -HALF])]
    first_b = {"tent": [2, 2, -4, -4], "rest": [1 - Fraction(2, 4), 1 - Fraction(2, 4), Fraction(4, 4), Fraction(4, 4)]}
    if m == 1:
        out = [bound**2 * v for v in rest(1)] + [-(bound**2) * v for v in first_b["rest"]]
        return [*layers, ([out], [0])]
    zero3, zero4 = [0] * 3, [0] * 4
    W = [tent + zero4, tent + zero4, rest(1) + zero4, zero3 + first_b["tent"], zero3 + first_b["tent"], zero3 + first_b["rest"]]
    layers.append((W, [0, -HALF, 0] * 2))
    for s in range(2, m):
        W = [row + zero3 for row in (tent, tent, rest(s))] + [zero3 + row for row in (tent, tent, rest(s))]
        layers.append((W, [0, -HALF, 0] * 2))
    return [*layers, ([[bound**2 * v for v in rest(m)] + [-(bound**2) * v for v in rest(m)]], [0])]


def convex_network(slopes, intercepts, low):
    # the lines in reverse order, the carried input scaled by 4
    slopes, intercepts = slopes[::-1], intercepts[::-1]
    at_low = [a * low + c for a, c in zip(slopes, intercepts)]
    layers = [([[4], [slopes[0] - slopes[1]]], [-4 * low, intercepts[0] - intercepts[1]])]
    for j in range(2, len(slopes)):
        layers.append(([[1, 0], [(slopes[j - 1] - slopes[j]) / 4, 1]], [0, at_low[j - 1] - at_low[j]]))
    return [*layers, ([[slopes[-1] / 4, 1]], [at_low[-1]])]


def interpolant(nodes, values):
    # all units look left, from the last value on
    slopes = [(b - a) / (y - x) for (x, a), (y, b) in pairwise(zip(nodes, values))]
    jumps = [before - after for before, after in pairwise([*slopes, Fraction(0)])]
    return [([[-1]] * len(jumps), list(nodes[1:])), ([[-j for j in jumps]], [values[-1]])]


def worst_function(n, lipschitz):
    # one tent in the last cell, pointing down
    h = Fraction(1, n)
    return [*([(Fraction(0), Fraction(2))] if n > 1 else []), (1 - h, Fraction(2)), (1 - h / 2, 2 - lipschitz * h / 2), (Fraction(1), Fraction(2))]


def record_network(units):
    # the zigzag of the reference, scaled by 5 between layers
    return [([[5 * w for w in row] for row in W], [5 * c for c in b]) if i == 0 else (W if i > 1 else [[Fraction(w) / 5 for w in row] for row in W], b)
            for i, (W, b) in enumerate(_zigzags(units))]


def _zigzags(units):
    parts = {1: ([-2], [1], [[1]], 0), 2: ([3, -3], [-1, 2], [[1, 1]], 0), 3: ([6, 3, -3], [-1, -1, 2], [[2, -3, 2]], -3)}
    widths = [3] * (units // 3) + ([units % 3] if units % 3 else [])
    out, shift, layers = [[1]], 0, []
    for width in widths:
        a, c, readout, constant = parts[width]
        layers.append(([[s * w for w in out[0]] for s in a], [s * shift + r for s, r in zip(a, c)]))
        out, shift = readout, constant
    return [*layers, (out, [shift])]
