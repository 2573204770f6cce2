"""Other forms of the same formulas."""


def error_ratio(one, other, alpha, sigma):
    ratio = (alpha / sigma) ** 2
    weights = {"data": 1, "noise": ratio, "velocity": 1 + ratio}
    return Fraction(weights[one]) / weights[other]


def least_loss(kind, s):
    noise = 1 - 1 / (1 + s)
    return {"noise": noise, "data": s * noise, "velocity": noise + s * noise}[kind]


def spread_behind(loss):
    return 1 / (1 / loss - 1)


def derive_posterior(u, x, y, k, r):
    """Both squares at once, then one inner slope after the other."""
    first, second = (y - r * u) ** 2, (x - k * u) ** 2
    lines = [Derivative(-(first + second) / 2, u), -Derivative(first, u) / 2 - Derivative(second, u) / 2]
    lines.append(-(y - r * u) * Derivative(y - r * u, u) - (x - k * u) * Derivative(x - k * u, u))
    return [*lines, (y - r * u) * r + (x - k * u) * k]


def derive_velocity(t, c, x, e):
    lines = [Derivative(moving_point(t, c, x, e), t), x * Derivative(sympy.cos(c * t), t) + e * Derivative(sympy.sin(c * t), t)]
    lines.append(-x * sympy.sin(c * t) * Derivative(c * t, t) + e * sympy.cos(c * t) * Derivative(c * t, t))
    return [*lines, -c * x * sympy.sin(c * t) + c * e * sympy.cos(c * t)]


def derive_score(x, a, b, m, n):
    first, second = a - (x - m) ** 2 / 2, b - (x - n) ** 2 / 2
    p, q = sympy.exp(first), sympy.exp(second)
    total = p + q
    return [
        Derivative(sympy.log(total), x),
        (Derivative(p, x) + Derivative(q, x)) / total,
        p / total * Derivative(first, x) + q / total * Derivative(second, x),
        p / total * (m - x) + q / total * (n - x),
    ]


def derive_information(r, v):
    return [Derivative(sympy.log(1 + v * r) / 2, r), Derivative(v * r, r) / (2 + 2 * v * r), v / (2 + 2 * v * r)]


def exact_noises(shares, variance):
    """What is missing to the right variance after each step."""
    found = []
    for t in range(1, len(shares)):
        before, now = shares[t - 1], shares[t]
        moved = ancestral_variance([before, now], variance, [Fraction(0)])
        found.append(before * variance + 1 - before - moved)
    return found


def gaussian_mmse(snr, variance):
    return 1 / (1 / variance + snr)


def tilted(mu, s, tau, w):
    """As a quadratic exponent."""
    square, line = (1 + w) / s**2 - w / tau**2, (1 + w) * mu / s**2
    return (line / square, 1 / square) if square > 0 else None


def euler(z, m, s, steps):
    x, h = np.array(z, dtype=float), 1 / steps
    for t in np.arange(steps) * h:
        x += h * velocity(x, t, m, s)
    return x


def guided_samples(noise, mu, s, tau, w, steps):
    """By guided data alone; the noise follows from x."""
    x = np.array(noise, dtype=float)
    for k in range(steps, 0, -1):
        theta, after = math.pi / 2 * k / steps, math.pi / 2 * (k - 1) / steps
        a, b = math.cos(theta), math.sin(theta)
        clean = (1 + w) * (mu + a * s * s / (a * a * s * s + b * b) * (x - a * mu)) - w * a * tau * tau / (a * a * tau * tau + b * b) * x
        x = math.cos(after) * clean + math.sin(after) * (x - a * clean) / b
    return x


def word_chances(language, rounds):
    """Over subsets: which positions share a round, counted by how many rounds there are."""
    length = len(next(iter(language)))
    found = dict.fromkeys(language, 0)
    for plan in itertools.product(range(length), repeat=length):
        used = sorted(set(plan))
        if used != list(range(len(used))):
            continue
        ways = Fraction(math.comb(rounds, len(used)), rounds**length)
        for word in language:
            chance = ways
            for i in range(length):
                seen = [j for j in range(length) if plan[j] < plan[i]]
                total = sum(p for other, p in language.items() if all(other[j] == word[j] for j in seen))
                chance *= sum(p for other, p in language.items() if all(other[j] == word[j] for j in [*seen, i])) / total
            found[word] += chance
    return found
