"""Other correct derivations, constructions and exact algebra."""


def decision_line(w, b):
    at_zero, at_one = -b / w[1], -(w[0] + b) / w[1]
    return at_one - at_zero, at_zero


def by_hand():
    return {
        "slope": Fraction(6, 4),
        "intercept": 1 / Fraction(2),
        "z": Fraction(-6),
        "side": "Negative",
        "sigma": sympy.exp(-6) / (sympy.exp(-6) + 1),
    }


def collapse(layers):
    """Each layer as one matrix that acts on (x, 1): the product of those matrices holds W and b."""
    product = None
    for W, b in layers:
        extended = [[*row, Fraction(0)] for row in W] + [[*b, Fraction(1)]]
        product = extended if product is None else matmul(product, extended)
    return [row[:-1] for row in product[:-1]], product[-1][:-1]


def inseparable():
    """Three points on a line and a fourth anywhere: the + in the middle cannot be cut off."""
    return [(1, 1), (5, 0)], [(0, 0), (2, 2)]


def xor_network():
    """One unit for each corner that gives 1."""
    return [[1, -1], [-1, 1]], [0, 0], [1, 1], 0


def tanh(z):
    return 1 - 2 * sigmoid(-2 * z)


def derive_w2(w1, w2, examples):
    """The mean is written out, the sigmoid's slope as a − a², and one more line than asked for."""
    m = sympy.Integer(len(examples))
    J = sum((sigma(w2 * sigma(w1 * x)) - y) ** 2 for x, y in examples) / (2 * m)
    rows = [(sigma(w2 * sigma(w1 * x)), sigma(w1 * x), y) for x, y in examples]
    return [
        Derivative(J, w2),
        sum(Derivative((p - y) ** 2, w2) for p, _, y in rows) / (2 * m),
        sum((p - y) * Derivative(p, w2) for p, _, y in rows) / m,
        sum((p - y) * (p - p**2) * Derivative(w2 * a, w2) for p, a, y in rows) / m,
        sum((p - y) * (p - p**2) * a for p, a, y in rows) / m,
    ]


def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis in range(g.ndim):
        if shape[axis] < g.shape[axis]:
            g = g.sum(axis=axis, keepdims=True)
    return g


def op_matmul(A, B):
    def vjp(g):
        return unbroadcast(g @ np.swapaxes(B, -1, -2), A.shape), unbroadcast(np.swapaxes(A, -1, -2) @ g, B.shape)

    return np.matmul(A, B), vjp


def op_softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    p = e / np.sum(e, axis=-1, keepdims=True)
    return p, lambda g: [p * g - p * np.vecdot(p, g)[..., None]]


def backward(root, upstream=1):
    """Longest distance from the root by rounds, then level by level."""
    order, mark, stack = [], {}, [(root, iter(root.parents))]
    mark[root] = True
    while stack:
        node, parents = stack[-1]
        parent = next((p for p in parents if p not in mark), None)
        if parent is None:
            order.append(node)
            stack.pop()
        else:
            mark[parent] = True
            stack.append((parent, iter(parent.parents)))
    totals = {root: upstream}
    for node in reversed(order):
        node.grad = totals[node]
        for parent, part in zip(node.parents, node.vjp(node.grad), strict=True):
            totals[parent] = totals[parent] + part if parent in totals else part


def fool_first():
    x = np.array([0.3, -0.7, 0.1, 2.0])
    p = np.exp(x) / np.sum(np.exp(x))
    return x, 2 * (np.diag(p) - np.outer(p, p))


def fool_second():
    return [3e7, 1e7, -5e7], [0.0, 0.0, 0.0]


def fool_third():
    return np.array([1.0, 2.0, -3.0]), np.array([-3.0, 2.0, 1.0])


def descend(Z, y, rate, steps):
    """The bias as one more weight, whose input is always 1."""
    extended, v, losses = np.column_stack([Z, np.ones(len(Z))]), np.zeros(Z.shape[1] + 1), []
    for _ in range(steps):
        losses.append(float(binary_cross_entropy(extended @ v, y)))
        v = v + rate / len(y) * (y - sigmoid(extended @ v)) @ extended
    return v[:-1], float(v[-1]), losses


def train(X, y, steps):
    """Another learning rate, and the line translated back by its values at three points."""
    w, b, losses = descend(standardise(X, X)[0], y, 3.0, steps)
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    at = standardise(X, corners)[1] @ w + b
    return {"w": at[1:] - at[0], "b": at[0], "losses": losses}
