"""Plain loops over fractions, enumeration of every case, and tables of sums."""

import itertools


def descend(A, b, x0, rate, steps):
    path = [tuple(x0)]
    for _ in range(steps):
        x = path[-1]
        slope = [sum((a * v for a, v in zip(row, x)), Fraction(0)) - c for row, c in zip(A, b)]
        path.append(tuple(v - rate * s for v, s in zip(x, slope)))
    return path


def batch_variance(g, size):
    mean = sum(g) / len(g)
    batches = list(itertools.combinations(g, size))
    return sum((sum(batch) / size - mean) ** 2 for batch in batches) / len(batches)


def pair_chance(n, size):
    return Fraction(math.comb(n - 2, size - 2), math.comb(n, size)) if size > 1 else Fraction(0)


def mean_square(rate, curvature, noise, x0, steps):
    total = Fraction(0)
    for signs in itertools.product((-1, 1), repeat=steps):
        x = x0
        for sign in signs:
            x = x - rate * (curvature * x + sign * noise)
        total += x * x
    return total / 2**steps


def expected_loss(X, y, w, keep):
    total = Fraction(0)
    for mask in itertools.product((0, 1), repeat=len(w)):
        chance = math.prod(keep if m else 1 - keep for m in mask)
        total += chance * sum((t - sum(v * m * u / keep for v, m, u in zip(row, mask, w))) ** 2 for row, t in zip(X, y))
    return total


def geometric_mean(W, x, keep):
    logs = 0
    for mask in itertools.product((0.0, 1.0), repeat=len(x)):
        z = np.array(mask) * x / keep @ W
        z = z - z.max()
        chance = math.prod(keep if m else 1 - keep for m in mask)
        logs = logs + chance * (z - math.log(np.exp(z).sum()))
    p = np.exp(logs - logs.max())
    return p / p.sum()


def relu_over_masks(w, x, keep):
    mean = Fraction(0)
    for mask in itertools.product((0, 1), repeat=len(w)):
        chance = math.prod(keep if m else 1 - keep for m in mask)
        mean += chance * max(Fraction(0), sum(m * a * b / keep for m, a, b in zip(mask, w, x)))
    return mean, max(Fraction(0), sum(a * b for a, b in zip(w, x)))


def different_units(W, b, v):
    units = []
    for j in range(len(b)):
        unit = [row[j] for row in W] + [b[j], v[j]]
        if unit not in units:
            units.append(unit)
    return len(units)


def resting_point(noise, chances, limit):
    low, high = -max(noise) - limit, -min(noise) + limit
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_clipped(middle, noise, chances, limit) < 0 else (low, middle)
    return float(low)


def clip_by_global_norm(grads, limit):
    norm = math.sqrt(sum(float(v) ** 2 for g in grads if g is not None for v in g.ravel()))
    return [g if g is None or norm <= limit else g * (limit / norm) for g in grads], norm
