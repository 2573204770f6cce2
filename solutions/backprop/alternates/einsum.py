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


def two_layer_loss(X, Y, W1, b1, W2, b2):
    S = np.einsum("mn,nk->mk", sigmoid(np.einsum("md,dn->mn", X, W1) + b1), W2) + b2
    return np.einsum("mk,mk->", Y, log_sum_exp(S)[:, None] - S) / X.shape[0]


def two_layer_gradients(X, Y, W1, b1, W2, b2):
    H = sigmoid(np.einsum("md,dn->mn", X, W1) + b1)
    S = np.einsum("mn,nk->mk", H, W2) + b2
    e = np.exp(S - S.max(axis=1, keepdims=True))
    dS = (e / e.sum(axis=1, keepdims=True) - Y) / X.shape[0]
    dH = np.einsum("mk,nk->mn", dS, W2)
    dZ = np.einsum("mn,mn,mn->mn", dH, H, 1 - H)
    return {
        "X": np.einsum("mn,dn->md", dZ, W1),
        "S": dS,
        "W2": np.einsum("mn,mk->nk", H, dS),
        "b2": np.einsum("mk->k", dS),
        "H": dH,
        "Z": dZ,
        "W1": np.einsum("md,mn->dn", X, dZ),
        "b1": np.einsum("mn->n", dZ),
    }


def op_softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    jacobian = np.einsum("...i,ij->...ij", p, np.eye(z.shape[-1])) - np.einsum("...i,...j->...ij", p, p)
    return p, lambda g: (np.einsum("...i,...ij->...j", g, jacobian),)


def op_layer_norm(x, gamma, beta, eps):
    """By the full Jacobian of the normalisation: (I − 1/k − n nᵀ/k) / root."""
    k = x.shape[-1]
    root = np.sqrt(x.var(axis=-1) + eps)
    n = (x - x.mean(axis=-1, keepdims=True)) / root[..., None]
    jacobian = (np.eye(k) - 1 / k - np.einsum("...i,...j->...ij", n, n) / k) / root[..., None, None]

    def vjp(g):
        dx = np.einsum("...i,i,...ij->...j", g, gamma, jacobian)
        rows, normal = g.reshape(-1, k), n.reshape(-1, k)
        return dx, np.einsum("ri,ri->i", rows, normal), np.einsum("ri->i", rows)

    return n * gamma + beta, vjp


def op_embedding(table, ids):
    one_hot = np.eye(len(table))[ids.ravel()]

    def vjp(g):
        return (np.einsum("rv,rd->vd", one_hot, g.reshape(len(one_hot), -1)),)

    return np.einsum("rv,vd->rd", one_hot, table).reshape(*ids.shape, -1), vjp


def gradient_error(f, vjp, x, cotangent, step=1e-5):
    units = np.eye(x.size).reshape(x.size, *x.shape) * step
    slopes = [np.vdot(cotangent, f(x + e)) - np.vdot(cotangent, f(x - e)) for e in units]
    numeric = np.array(slopes).reshape(x.shape) / (2 * step)
    return float(abs(vjp(x, cotangent) - numeric).max() / (abs(numeric).max() + 1e-8))
