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
    return np.array([math.tanh(v) for v in np.ravel(z)]).reshape(np.shape(z))


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
