"""The same answers by other formulas."""

import itertools


def best_rate(eigenvalues):
    condition = max(eigenvalues) / min(eigenvalues)
    return 2 / (min(eigenvalues) * (1 + condition)), (condition - 1) / (condition + 1)


def safe_start(rate):
    return (2 / rate) ** 0.5


def rate_that_escapes(tilt, start):
    return 0.65


def recurrence(rate, curvature, beta):
    step = np.array([[1 - rate * curvature, 0], [1, 0]])
    return step + beta * np.array([[1, -1], [0, 0]])


def best_momentum(low, high):
    root = math.sqrt(high / low)
    return 4 / (low * (1 + root) ** 2), 1 - 4 * root / (root + 1) ** 2


def batch_variance(g, size):
    """By pairs: E[s_i s_j] with i ≠ j."""
    n, mean = len(g), sum(g) / len(g)
    d = [x - mean for x in g]
    total = sum(v * v for v in d) * Fraction(size, n)
    total += sum(a * b for i, a in enumerate(d) for j, b in enumerate(d) if i != j) * pair_chance(n, size)
    return total / size**2


def mean_square(rate, curvature, noise, x0, steps):
    r = (1 - rate * curvature) ** 2
    return r**steps * x0**2 + rate**2 * noise**2 * sum(r**k for k in range(steps))


def floor_of(rate, curvature, noise):
    return rate**2 * noise**2 / (1 - (1 - rate * curvature) ** 2)


def largest_sgd_rate(curvatures):
    n = len(curvatures)
    return 2 * (sum(curvatures) / n) / (sum(c * c for c in curvatures) / n)


def derive_rate(eta, x, lam, sigma):
    """The squares written out, with one more line at the end."""
    up, down = x - eta * (lam * x + sigma), x - eta * (lam * x - sigma)
    return [
        Derivative(next_square(eta, x, lam, sigma), eta),
        Derivative(up**2, eta) / 2 + Derivative(down**2, eta) / 2,
        up * Derivative(up, eta) + down * Derivative(down, eta),
        -up * (lam * x + sigma) - down * (lam * x - sigma),
        2 * eta * (lam**2 * x**2 + sigma**2) - 2 * lam * x**2,
    ]


def two_rate_factor(low, high):
    return (high - low) ** 2 / (low**2 + 6 * low * high + high**2)


def best_rates(low, high, steps):
    """In another order."""
    middle, half = (high + low) / 2, (high - low) / 2
    return [1 / (middle - half * math.cos(math.pi * (2 * k + 1) / (2 * steps))) for k in range(steps)][::-1]


def worst_factor(rates, low, high):
    """At the ends, and between any two neighbouring zeros by golden sections."""
    zeros = sorted(1 / r for r in rates)
    best = max(abs(math.prod(1 - r * place for r in rates)) for place in (low, high))
    for left, right in itertools.pairwise(zeros):
        a, b = max(left, low), min(right, high)
        for _ in range(120):
            c, d = b - (b - a) * 0.6180339887498949, a + (b - a) * 0.6180339887498949
            if abs(math.prod(1 - r * c for r in rates)) > abs(math.prod(1 - r * d for r in rates)):
                b = d
            else:
                a = c
        if low <= a <= high:
            best = max(best, abs(math.prod(1 - r * a for r in rates)))
    return best


def warmup_cosine(step, warmup, total, peak, final):
    if step < warmup:
        return (step + 1) * (peak / warmup)
    if step >= total:
        return final
    return final + (peak - final) * math.cos(math.pi / 2 * (step - warmup) / (total - warmup)) ** 2


def filter_factors(eigenvalues, rate, steps):
    return [rate * c * sum((1 - rate * c) ** k for k in range(steps)) for c in eigenvalues]


def matching_ridge(eigenvalue, rate, steps):
    share = 1 - (1 - rate * eigenvalue) ** steps
    return eigenvalue / share - eigenvalue


def ridge(X, y, strength):
    """As least squares on more rows."""
    d = X.shape[1]
    return np.linalg.lstsq(np.vstack([X, math.sqrt(strength) * np.eye(d)]), np.concatenate([y, np.zeros(d)]))[0]


def derive_dropout(w1, w2, x1, x2, y, q):
    """The four squares one by one."""
    masks = [(1, 1, q * q), (1, 0, q * (1 - q)), (0, 1, q * (1 - q)), (0, 0, (1 - q) ** 2)]
    errors = [(y - (a * w1 * x1 + b * w2 * x2) / q, a, chance) for a, b, chance in masks]
    return [
        Derivative(dropout_loss(w1, w2, x1, x2, y, q), w1),
        sum(2 * chance * error * Derivative(error, w1) for error, a, chance in errors if a),
        sum(-2 * chance * error * x1 / q for error, a, chance in errors if a),
    ]


def fool_adam(beta2):
    return [-1.0] * 250 + [255.0]
