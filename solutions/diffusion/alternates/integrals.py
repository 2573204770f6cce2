"""Sums over fine grids and differential equations, where the reference has closed forms; and the other way round."""


def least_flow_loss(s):
    t = (np.arange(20_000) + 0.5) / 20_000
    return float(np.mean(s**2 / ((1 - t) ** 2 + t**2 * s**2)))


def guided_mean(mu, s, tau, w):
    """The equation for the mean, by the classical Runge-Kutta method in c = cos θ: dm/dc, from c = 0 to 1."""

    def slope(c, m):
        of_class, of_all = 1 + (s**2 - 1) * c * c, 1 + (tau**2 - 1) * c * c
        return -((1 + w) * (1 - s**2) * c / of_class - w * (1 - tau**2) * c / of_all) * m + (1 + w) * mu / of_class

    m, steps = 0.0, 2000
    for k in range(steps):
        c, h = k / steps, 1 / steps
        a = slope(c, m)
        b = slope(c + h / 2, m + h / 2 * a)
        d = slope(c + h / 2, m + h / 2 * b)
        m += h / 6 * (a + 2 * b + 2 * d + slope(c + h, m + h * d))
    return m


def guided_std(s, tau, w):
    """The slope of the logarithm, integrated."""
    c = (np.arange(40_000) + 0.5) / 40_000
    slope = (1 + w) * (s**2 - 1) * c / (1 + (s**2 - 1) * c**2) - w * (tau**2 - 1) * c / (1 + (tau**2 - 1) * c**2)
    return math.exp(float(np.mean(slope)))


def half_area(values, chances, limit):
    """Not as an area: what y tells about x at the limit, H(x) less what is left when y is known."""
    x, p = np.array(values), np.array(chances)
    y = np.linspace(math.sqrt(limit) * x.min() - 9, math.sqrt(limit) * x.max() + 9, 60_001)
    joint = p * np.exp(-((y[:, None] - math.sqrt(limit) * x) ** 2) / 2) / math.sqrt(2 * math.pi)
    total = joint.sum(axis=1)
    inner = total > 0
    own = -float(np.sum(total[inner] * np.log(total[inner])) * (y[1] - y[0]))
    return own - math.log(2 * math.pi * math.e) / 2


def mmse(values, chances, snr):
    """On a grid of y: the second moment less that of the guess."""
    x, p = np.array(values), np.array(chances)
    y = np.linspace(math.sqrt(snr) * x.min() - 10, math.sqrt(snr) * x.max() + 10, 4001)
    joint = p * np.exp(-((y[:, None] - math.sqrt(snr) * x) ** 2) / 2) / math.sqrt(2 * math.pi)
    total = joint.sum(axis=1)
    return float(p @ x**2 - np.sum((joint @ x)[total > 0] ** 2 / total[total > 0]) * (y[1] - y[0]))


def least_noise_loss(weights, means, stds):
    """The mean of (ε − ε̂)² over a grid of the components' own coordinates."""
    n = np.linspace(-8, 8, 401)
    density = np.exp(-(n**2) / 2) / math.sqrt(2 * math.pi) * (n[1] - n[0])
    total, angles = 0.0, (np.arange(150) + 0.5) / 150 * math.pi / 2
    for theta in angles:
        for w, m, s in zip(weights, means, stds):
            x = math.cos(theta) * m + math.sqrt(math.cos(theta) ** 2 * s**2 + math.sin(theta) ** 2) * n
            total += w * float(density @ bayes_noise(x, theta, weights, means, stds) ** 2)
    return 1 - total / len(angles)


def score(x, theta, weights, means, stds):
    """p′/p in logarithms."""
    v = (math.cos(theta) * np.array(stds)) ** 2 + math.sin(theta) ** 2
    gaps = np.asarray(x)[:, None] - math.cos(theta) * np.array(means)
    logs = np.log(weights) - np.log(v) / 2 - gaps**2 / (2 * v)
    top = logs.max(axis=1, keepdims=True)
    return -(np.exp(logs - top) * gaps / v).sum(axis=1) / np.exp(logs - top).sum(axis=1)


def ddim_variance(angles, variance):
    """Two samples at a distance of one deviation, moved."""
    first, second = 0.0, math.sqrt(math.cos(angles[0]) ** 2 * variance + math.sin(angles[0]) ** 2)
    for theta, after in zip(angles[:-1], angles[1:]):
        clean = second * math.cos(theta) * variance / (math.cos(theta) ** 2 * variance + math.sin(theta) ** 2)
        noise = (second - math.cos(theta) * clean) / math.sin(theta)
        second = math.cos(after) * clean + math.sin(after) * noise
    return (second - first) ** 2


def posterior(betas, t):
    """By completing the square: precisions add."""
    before = math.prod((1 - beta for beta in betas[: t - 1]), start=Fraction(1))
    beta = betas[t - 1]
    if before == 1:
        return [1.0, 0.0, 0.0]
    precision = (1 - beta) / beta + 1 / (1 - before)
    return [math.sqrt(before) / float((1 - before) * precision), math.sqrt(1 - beta) / float(beta * precision), float(1 / precision)]
