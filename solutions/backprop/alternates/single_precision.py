"""The array questions in float32, as a student may who likes GPUs; the steps that need float64 keep it."""


def neuron(x, w, b, g):
    return g(np.dot(w.astype(np.float32), x.astype(np.float32)) + np.float32(b))


def dense_layer(X, W, b, g):
    return g(X.astype(np.float32) @ W.astype(np.float32) + b.astype(np.float32))


def relu(z):
    return np.maximum(z.astype(np.float32), 0)


def tanh_slope(a):
    return np.float32(1) - a.astype(np.float32) ** 2
