# ruff: noqa: B905
"""Weights as NumPy float64 arrays: all of them are exact in binary."""


def tent_network(k):
    W, b = np.array([[2.0, -4.0], [2.0, -4.0]]), np.array([0.0, -0.5])
    return [(np.ones((2, 1)), b)] + [(W, b) for _ in range(k - 1)] + [(W[:1], np.zeros(1))]


def square_network(m):
    layers = [(np.ones((3, 1)), np.array([0.0, -0.5, 0.0]))]
    for s in range(1, m + 1):
        tent = np.array([2.0, -4.0, 0.0])
        rest = np.array([0.0, 0.0, 1.0]) - tent / 4.0**s
        layers.append((np.stack([tent, tent, rest]), np.array([0.0, -0.5, 0.0])) if s < m else (rest[None], np.zeros(1)))
    return layers


def product_network(error, bound):
    m = max(1, math.ceil((math.log2(bound**2 / error) - 1) / 2 - 1e-12))
    squares = [(np.vectorize(Fraction)(W), [Fraction(c) for c in b]) for W, b in square_network(m)]
    inputs = np.array([[HALF, HALF], [1, 0], [0, 1]]) / bound
    eye = np.array([[Fraction(i == j) for j in range(3)] for i in range(3)])
    layers = [np.kron(inputs, np.ones((3, 1), dtype=int))]
    layers += [np.kron(eye, W) for W, _ in squares[1:-1]]
    layers.append(np.kron(np.array([[4 * HALF, -HALF, -HALF]]) * bound**2, squares[-1][0]))
    return [(W.tolist(), [Fraction(c) for c in (b * 3 if len(W) == 9 else [0])]) for W, (_, b) in zip(layers, squares)]


def convex_network(slopes, intercepts, low):
    a, c, u = np.array(slopes, dtype=float), np.array(intercepts, dtype=float), float(low)
    order = np.argsort(-a)
    a, c = a[order], c[order]
    layers = [(np.array([[1.0], [a[0] - a[1]]]), np.array([-u, c[0] - c[1]]))]
    for j in range(2, len(a)):
        layers.append((np.array([[1.0, 0.0], [a[j - 1] - a[j], 1.0]]), np.array([0.0, (a[j - 1] - a[j]) * u + c[j - 1] - c[j]])))
    return [*layers, (np.array([[a[-1], 1.0]]), np.array([a[-1] * u + c[-1]]))]
