"""The same answers by other formulas."""


def bits_per_dimension(log_probability, n):
    return -log_probability * math.log2(math.e) / n


def kl_formula(m1, s1, m2, s2):
    ratio = (s1 / s2) ** 2
    return (ratio - 1 - sympy.log(ratio) + (m1 - m2) ** 2 / s2**2) / 2


def kl_gaussians(mean1, cov1, mean2, cov2):
    """By Cholesky factors."""
    one, two = np.linalg.cholesky(cov1), np.linalg.cholesky(cov2)
    M, v = np.linalg.solve(two, one), np.linalg.solve(two, mean1 - mean2)
    return float((np.sum(M**2) + v @ v - len(v)) / 2 - np.sum(np.log(np.diag(one))) + np.sum(np.log(np.diag(two))))


def forward_fit(weights, means, variances):
    mean = sum(w * m for w, m in zip(weights, means))
    return mean, sum(w * (v + m * m) for w, m, v in zip(weights, means, variances)) - mean * mean


def derive_evidence(w, v, x, p):
    """The humps kept as they are, with one more line at the end."""
    one, other = p * sympy.exp(-((x - w) ** 2) / 2), (1 - p) * sympy.exp(-((x - v) ** 2) / 2)
    inner = -((x - w) ** 2) / 2
    return [
        Derivative(log_evidence(w, v, x, p), w),
        Derivative(one + other, w) / (one + other),
        one * Derivative(inner, w) / (one + other),
        one * (x - w) * Derivative(w - x, w) / (one + other),
        (x - w) / (1 + other / one),
    ]


def gaussian_posterior(W, noise, x):
    """By the covariance of x."""
    k = W.shape[1]
    gain = W.T @ np.linalg.inv(W @ W.T + noise * np.eye(len(x)))
    return gain @ x, np.linalg.inv(np.eye(k) - gain @ W)


def best_diagonal(precision):
    variances = 1 / np.diag(precision)
    return list(variances), -float(np.log(np.linalg.det(precision * np.sqrt(np.outer(variances, variances))))) / 2


def score_variance(mu, sigma):
    moments = {0: 1, 2: 1, 4: 3, 6: 15}
    eps = sympy.Symbol("eps")
    square = sympy.Poly(sympy.expand(((mu + sigma * eps) ** 2 * eps / sigma) ** 2), eps)
    return sum(c * moments.get(n, 0) for (n,), c in square.terms()) - (2 * mu) ** 2


def variance_with_baseline(mu, sigma, c):
    best = mu**2 + 3 * sigma**2
    return score_variance(mu, sigma) - best**2 / sigma**2 + (c - best) ** 2 / sigma**2


def path_variance(mu, sigma):
    return (2 * sigma) ** 2


def derive_path(mu, s, y):
    up, down = mu + s, mu - s
    return [
        Derivative(mean_error(mu, s, y), s),
        Derivative((up**2 - y) ** 2, s) / 2 + Derivative((down**2 - y) ** 2, s) / 2,
        (up**2 - y) * Derivative(up**2, s) + (down**2 - y) * Derivative(down**2, s),
        (up**2 - y) * 2 * up - (down**2 - y) * 2 * down,
        4 * s * (3 * mu**2 + s**2 - y),
    ]


def score_estimates(values, z, mu, sigma, baseline):
    score = (z - mu) / sigma**2
    return values * score - baseline * score


def best_encoder(w, sigma2, beta):
    noise = sigma2 * beta
    v = 1 / (1 + w * w / noise)
    return v * w / noise, v


def derive_weight(w, s, lam):
    """The logarithm and the reciprocal on lines of their own."""
    v = w**2 + s
    return [
        Derivative(direction_loss(w, s, lam), w),
        Derivative(sympy.log(v), w) / 2 + lam * Derivative(1 / v, w) / 2,
        Derivative(v, w) / (2 * v) - lam * Derivative(v, w) / (2 * v**2),
        w / v - lam * w / v**2,
    ]


def best_weights(spectrum, sigma2, beta):
    return [lam - beta * sigma2 if lam > beta * sigma2 else Fraction(0) for lam in spectrum]


def active_latents(spectrum, sigma2, beta):
    return len([lam for lam in spectrum if lam / sigma2 > beta])


def best_bound(spectrum, sigma2):
    """By the model's variance with the best weight."""
    variances = [max(lam - sigma2, 0.0) + sigma2 for lam in spectrum]
    return -sum(math.log(2 * math.pi * v) + lam / v for lam, v in zip(spectrum, variances)) / 2


def planar(z, w, u, b):
    a = z @ w + b
    return z + np.outer(np.tanh(a), u), np.log(np.abs(1 + np.dot(w, u) / np.cosh(a) ** 2))


def brier_parts(p, y):
    n, base = len(p), Fraction(sum(y), len(y))
    shares = {a: Fraction(sum(v for u, v in zip(p, y) if u == a), p.count(a)) for a in p}
    score = sum((a - b) ** 2 for a, b in zip(p, y)) / n
    resolution = sum((shares[a] - base) ** 2 for a in p) / n
    return score + resolution - base * (1 - base), resolution, base - base**2


def best_report(truth, rule):
    if rule == "absolute":
        return Fraction(1) if 2 * truth > 1 else Fraction(0)
    return truth


def weights_posterior(X, y, noise, prior):
    """By the covariance of y."""
    gain = prior * X.T @ np.linalg.inv(prior * X @ X.T + noise * np.eye(len(y)))
    return gain @ y, prior * (np.eye(X.shape[1]) - gain @ X)


def member(X, y, noise, prior, e, w0):
    """As least squares on more rows."""
    rows = np.vstack([X / math.sqrt(noise), np.eye(X.shape[1]) / math.sqrt(prior)])
    return np.linalg.lstsq(rows, np.concatenate([(y + e) / math.sqrt(noise), w0 / math.sqrt(prior)]), rcond=None)[0]


def ensemble_covariance(X, noise, prior, perturbed):
    """By the two linear maps from e and from w0."""
    inverse = np.linalg.inv(X.T @ X / noise + np.eye(X.shape[1]) / prior)
    by_targets, by_prior = inverse @ X.T / noise, inverse / prior
    parts = {"targets": noise * by_targets @ by_targets.T, "prior": prior * by_prior @ by_prior.T}
    return sum(parts.values()) if perturbed == "both" else parts[perturbed]


def garbage(log_p, log_noise, share):
    one, other = log_p + math.log1p(-share), log_noise + math.log(share)
    return np.maximum(one, other) + np.log1p(np.exp(-np.abs(one - other)))


def dequantised_bound(x, mean, deviation):
    """By the mean and the variance of u."""
    square = (x + 0.5 - mean) ** 2 + 1 / 12
    return -math.log(2 * math.pi * deviation**2) / 2 - square / (2 * deviation**2)
