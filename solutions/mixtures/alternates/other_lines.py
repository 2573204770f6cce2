"""Other derivations, other orders of the same sums, the same numbers in another way."""


def split(answers, weights, y):
    mean = sum(w * f for w, f in zip(weights, answers, strict=True))
    rows = []
    for w, f in zip(weights, answers, strict=True):
        first, last = w * (mean - f) ** 2, w * (y - mean) ** 2
        rows.append((first, w * (f - y) ** 2 - first - last, last))
    return rows


def errors(answers, weights, y):
    parts = split(answers, weights, y)
    return {"ambiguity": sum(row[0] for row in parts), "ensemble": sum(row[2] for row in parts), "members": sum(sum(row) for row in parts)}


def derive_pull(f1, f2, w, y):
    # the sum taken apart, and multiplied out in the end
    mean = f1 * w - w * f2 + f2
    return (
        Derivative((y - mean) ** 2, f1),
        -2 * (y - mean) * Derivative(mean, f1),
        2 * w**2 * f1 + 2 * w * (1 - w) * f2 - 2 * w * y,
    )


def majority_range(p):
    best = 3 * p / 2 if 3 * p <= 2 else Fraction(1)
    worst = 1 - (3 * (1 - p) / 2 if 3 * (1 - p) <= 2 else Fraction(1))
    return {"most": best, "least": worst}


def independent_majority(p, M):
    # voter after voter: the law of the number of right votes
    chances = [Fraction(1)]
    for _ in range(M):
        chances = [a * (1 - p) + b * p for a, b in zip([*chances, 0], [0, *chances], strict=True)]
    return sum(chances[M // 2 + 1 :])


def variance_of_mean(variance, rho, M):
    return (M * variance + M * (M - 1) * rho * variance) / (M * M)


def distinct_share(n):
    return Fraction(n**n - (n - 1) ** n, n**n)


def pool_gain(logits):
    logs = log_softmax(logits).mean(axis=0)
    top = logs.max(axis=-1)
    return -top - np.log(np.exp(logs - top[:, None]).sum(axis=-1))


def derive_distil(z1, z2, p, tau):
    # everything that needs one rule only is carried along to the end
    e1, e2 = sympy.exp(z1 / tau), sympy.exp(z2 / tau)
    rest = Derivative(p * z1 / tau, z1)
    return [
        Derivative(loss_of_two(z1, z2, p, tau), z1),
        tau**2 * (Derivative(sympy.log(e1 + e2), z1) - rest),
        tau**2 * (Derivative(e1 + e2, z1) / (e1 + e2) - rest),
        tau**2 * (Derivative(z1 / tau, z1) * e1 / (e1 + e2) - rest),
        tau * ((1 - p) * e1 - p * e2) / (e1 + e2),
    ]


def hot_gradient(student, teacher):
    N, K = student.shape
    own, other = (z - z.sum(axis=1, keepdims=True) / K for z in (student, teacher))
    return (own - other) / K / N


def derive_router(z1, z2, a, b):
    # the sum as it stands in the first form, by the quotient
    e = sympy.exp(-z1 + z2)
    return [
        Derivative((a - b) * (1 + e) ** -1 + b, z1),
        Derivative(1 / (1 + e), z1) * (a - b),
        (b - a) * Derivative(1 + e, z1) * (1 + e) ** -2,
        (a - b) * sympy.exp(z1) * sympy.exp(z2) / (sympy.exp(z1) + sympy.exp(z2)) ** 2,
    ]


def balance_loss(table, k=1):
    E, T = len(table[0]), len(table)
    counts = [0] * E
    for row in table:
        left = list(range(E))
        for _ in range(k):
            best = max(left, key=lambda e: row[e])
            left.remove(best)
            counts[best] += 1
    means = [sum(row[e] for row in table) / Fraction(T) for e in range(E)]
    return E * sum(Fraction(c, T * k) * P for c, P in zip(counts, means, strict=True))


def cheat_value(E, m):
    chosen = Fraction(1, m) * Fraction(1, E - m + 1)
    return E * sum(Fraction(1, m) * chosen for _ in range(m))


def derive_responsibility(a, b, g, y):
    # the density with the squares multiplied by a half outside
    e, other = sympy.exp(-((a - y) ** 2) / 2), sympy.exp(-((b - y) ** 2) / 2)
    whole = g * e + other - g * other
    return [
        -Derivative(sympy.log(whole), a),
        -1 / whole * Derivative(g * e, a),
        -(g / whole) * Derivative(e, a),
        g / whole * e * Derivative((a - y) ** 2, a) / 2,
        (a - y) / (1 + (1 - g) / g * other / e),
    ]


def slots(tokens, experts, k, factor):
    exact = factor * tokens * k
    return int(-(-exact // experts))


def em_step(p, f, y):
    joint = np.log(p) - (y[:, None] - f) ** 2 / 2
    r = np.exp(joint - joint.max(axis=1, keepdims=True))
    r = r / r.sum(axis=1, keepdims=True)
    return {"f": (r * y[:, None]).sum(axis=0) / r.sum(axis=0), "p": r.sum(axis=0) / len(y)}
