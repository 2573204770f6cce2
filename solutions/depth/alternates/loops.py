# ruff: noqa: B905
"""Plain Python loops, no matrix product; kinks by values at the cuts instead of lines."""


def embeddings(network, x):
    found = []
    rows = [list(row) for row in x]
    for W, b in network[:-1]:
        rows = [[max(0.0, sum(w * v for w, v in zip(weights, row)) + c) for weights, c in zip(W, b)] for row in rows]
        found.append(np.array(rows))
    return found


def forward(network, x):
    W, b = network[-1]
    rows = embeddings(network, x)[-1] if len(network) > 1 else x
    return np.array([[sum(w * v for w, v in zip(weights, row)) + c for weights, c in zip(W, b)] for row in rows])


def parameter_count(d, n, L, m):
    return d * n + n + (L - 1) * (n * n + n) + n * m + m


def _values(layers, x):
    h = [x]
    for W, b in layers[:-1]:
        h = [max(Fraction(0), sum(w * v for w, v in zip(row, h)) + c) for row, c in zip(W, b)]
    W, b = layers[-1]
    return [sum(w * v for w, v in zip(row, h)) + c for row, c in zip(W, b)]


def kinks(network, low, high):
    cuts = [low, high]
    for depth in range(1, len(network)):
        rows = [_values(network[:depth], x) for x in cuts]
        new = set(cuts)
        for (x0, z0), (x1, z1) in pairwise(zip(cuts, rows)):
            for a, b in zip(z0, z1):
                if a * b < 0:
                    new.add(x0 + (x1 - x0) * a / (a - b))
        cuts = sorted(new)
    values = [_values(network, x)[0] for x in cuts]
    slopes = [(v1 - v0) / (x1 - x0) for (x0, v0), (x1, v1) in pairwise(zip(cuts, values))]
    return [x for x, (s, t) in zip(cuts[1:], pairwise(slopes)) if s != t]


def least_errors(n, pieces):
    intervals = pieces + 1
    return 0 if intervals >= n else -((intervals - n) // 2)


def pieces_needed(error):
    low, high = 0, 1
    while 8 * high * high * error < 1:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if 8 * middle * middle * error >= 1 else (middle, high)
    return high
