"""Plain Python loops in place of array operations."""

import math


def neuron(x, w, b, g):
    z = float(b)
    for weight, value in zip(w, x, strict=True):
        z += weight * value
    return g(z)


def dense_layer(X, W, b, g):
    return np.array([[neuron(x, W[:, j], b[j], g) for j in range(W.shape[1])] for x in X])


def sigmoid(z):
    def one(v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    return np.array([one(v) for v in np.ravel(z)]).reshape(np.shape(z))


def tanh(z):
    def one(v):
        u = math.exp(-2 * abs(v))
        return math.copysign((1 - u) / (1 + u), v)

    return np.array([one(v) for v in np.ravel(z)]).reshape(np.shape(z))


def relu(z):
    return np.array([v if v > 0 else 0.0 for v in np.ravel(z)]).reshape(np.shape(z))


def relu_slope(z):
    return np.array([1.0 if v > 0 else 0.0 for v in np.ravel(z)]).reshape(np.shape(z))


def log_sum_exp(z):
    if z.ndim > 1:
        return np.array([log_sum_exp(row) for row in z])
    top = max(z)
    if top == -math.inf:
        return top
    return top + math.log(math.fsum(math.exp(v - top) for v in z))


def binary_cross_entropy(z, y):
    total = 0.0
    for logit, label in zip(z, y, strict=True):
        wrong = -logit if label else logit
        total += max(wrong, 0) + math.log1p(math.exp(-abs(wrong)))
    return total / len(z)


def softmax_cross_entropy(Z, labels):
    return sum(log_sum_exp(row) - row[label] for row, label in zip(Z, labels, strict=True)) / len(labels)


def mean_squared_error(prediction, target):
    return sum((p - t) ** 2 for p, t in zip(np.ravel(prediction), np.ravel(target), strict=True)) / prediction.size


def two_layer_loss(X, Y, W1, b1, W2, b2):
    total = 0.0
    for x, y in zip(X, Y, strict=True):
        s = dense_layer(dense_layer(x[None], W1, b1, sigmoid), W2, b2, np.array)[0]
        total -= sum(wanted * (logit - log_sum_exp(s)) for wanted, logit in zip(y, s, strict=True))
    return total / len(X)


def two_layer_gradients(X, Y, W1, b1, W2, b2):
    """One example after the other, one neuron after the other."""
    m, n, k = len(X), len(b1), len(b2)
    shapes = {
        "S": (m, k),
        "W2": W2.shape,
        "b2": (k,),
        "H": (m, n),
        "Z": (m, n),
        "W1": W1.shape,
        "b1": (n,),
        "X": X.shape,
    }
    d = {name: np.zeros(shape) for name, shape in shapes.items()}
    for i in range(m):
        h = sigmoid(X[i] @ W1 + b1)
        s = h @ W2 + b2
        for c in range(k):
            d["S"][i, c] = (math.exp(s[c] - log_sum_exp(s)) - Y[i, c]) / m
            d["b2"][c] += d["S"][i, c]
            for j in range(n):
                d["W2"][j, c] += h[j] * d["S"][i, c]
                d["H"][i, j] += W2[j, c] * d["S"][i, c]
        for j in range(n):
            d["Z"][i, j] = d["H"][i, j] * h[j] * (1 - h[j])
            d["b1"][j] += d["Z"][i, j]
            for a in range(X.shape[1]):
                d["W1"][a, j] += X[i, a] * d["Z"][i, j]
                d["X"][i, a] += W1[a, j] * d["Z"][i, j]
    return d


def op_embedding(table, ids):
    def vjp(g):
        dtable = np.zeros(table.shape)
        for place in np.ndindex(ids.shape):
            dtable[ids[place]] = dtable[ids[place]] + g[place]
        return (dtable,)

    return np.array([table[i] for i in ids.ravel()]).reshape(*ids.shape, -1), vjp


def op_max(x):
    def vjp(g):
        dx = np.zeros(x.shape)
        for place in np.ndindex(x.shape[:-1]):
            winners = np.flatnonzero(x[place] == max(x[place]))
            dx[place][winners] = g[place] / len(winners)
        return (dx,)

    return np.array([max(row) for row in x.reshape(-1, x.shape[-1])]).reshape(x.shape[:-1]), vjp


def backward(root, upstream=1):
    """Counts the edges that lead to each node, and visits a node when the last of them has been walked."""
    edges, todo = {root: 0}, [root]
    while todo:
        for parent in todo.pop().parents:
            if parent not in edges:
                edges[parent] = 0
                parent.grad = None
                todo.append(parent)
            edges[parent] += 1
    root.grad, ready = upstream, [root]
    while ready:
        node = ready.pop()
        for parent, part in zip(node.parents, node.vjp(node.grad), strict=True):
            parent.grad = part if parent.grad is None else parent.grad + part
            edges[parent] -= 1
            if edges[parent] == 0:
                ready.append(parent)


def standardise(train, other):
    train, other = train.copy(), other.copy()
    for j in range(train.shape[1]):
        mean = sum(train[:, j]) / len(train)
        deviation = math.sqrt(sum((v - mean) ** 2 for v in train[:, j]) / len(train))
        train[:, j] = (train[:, j] - mean) / deviation
        other[:, j] = (other[:, j] - mean) / deviation
    return train, other
