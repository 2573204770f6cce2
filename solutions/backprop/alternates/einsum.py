"""Every product as an einsum, stable forms by case distinction and by shifting."""


def neuron(x, w, b, g):
    return g(np.einsum("i,i->", w, x) + b)


def dense_layer(X, W, b, g):
    return g(np.einsum("ij,jk->ik", X, W) + b[None, :])


def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z > 0, 1, small) / (1 + small)


def tanh(z):
    return np.sign(z) * (1 - np.exp(-2 * np.abs(z))) / (1 + np.exp(-2 * np.abs(z)))


def relu(z):
    return (z + np.abs(z)) / 2


def sigmoid_slope(a):
    return 0.25 - (a - 0.5) ** 2


def tanh_slope(a):
    return (1 - a) * (1 + a)


def relu_slope(z):
    return (z > 0).astype(float)


def log_sum_exp(z):
    top = np.max(z, axis=-1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.log(np.einsum("...k->...", np.exp(z - top))) + np.squeeze(top, -1)


def softmax_cross_entropy(Z, labels):
    one_hot = np.eye(Z.shape[1])[labels]
    return np.einsum("mk,mk->", one_hot, log_sum_exp(Z)[:, None] - Z) / len(Z)


def mean_squared_error(prediction, target):
    difference = (prediction - target).ravel()
    return difference @ difference / difference.size
