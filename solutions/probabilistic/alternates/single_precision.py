"""Float32 where numbers are measured and not exact."""


def log_prob(x, W, b, mask):
    logits = (np.float32(W) * np.float32(mask)) @ np.float32(x) + np.float32(b)
    return np.sum(np.float32(x) * logits - np.logaddexp(np.float32(0), logits))


def score_estimates(values, z, mu, sigma, baseline):
    return np.float32((values - baseline) * (z - mu) / sigma**2)


def coupling(z, shift, scale):
    half = z.shape[1] // 2
    first, second = z[:, :half], z[:, half:]
    s = np.float32(scale(first))
    return np.concatenate([first, second * np.exp(s) + shift(first)], axis=1).astype(np.float32), s.sum(axis=1)


def planar(z, w, u, b):
    t = np.tanh(z @ w + b).astype(np.float32)
    log_det = np.log(np.abs(1 + (1 - np.tanh(z @ w + b) ** 2) * (u @ w)))
    return (z + t[:, None] * u).astype(np.float32), log_det.astype(np.float32)


def member(X, y, noise, prior, e, w0):
    precision = X.T @ X / noise + np.eye(X.shape[1]) / prior
    return np.linalg.solve(precision, X.T @ (y + e) / noise + w0 / prior).astype(np.float32)


def garbage(log_p, log_noise, share):
    return np.logaddexp(math.log(1 - share) + log_p, math.log(share) + log_noise).astype(np.float32)
