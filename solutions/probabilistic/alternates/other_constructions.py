"""Other right constructions."""


def reverse_fit(weights, means, deviations):
    """A little to the side: within the allowed distance."""
    k = int(np.argmax(weights))
    return means[k] + 0.01 * deviations[k], 1.01 * deviations[k]


def planar_fold(w, u, b):
    """Another pair on another line along u: on this one tanh is not odd around the middle."""
    c = float(w @ u)
    crease = -b * w / (w @ w)

    def image(t):
        return t + math.tanh(c * t)

    turn = math.acosh(math.sqrt(-c)) / -c  # where the image stops falling, on the right of 0
    t = turn / 2
    low, high = turn, 2.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if image(middle) < image(t) else (low, middle)
    return crease + t * u, crease + low * u


def beyond_one_layer():
    return [[3, 0], [0, 4]]


def two_layers(cov):
    """The first layer shifts, too."""
    second = cov[1, 1]
    t0 = 0.3 * math.sqrt(second - cov[0, 1] ** 2 / cov[0, 0])
    s0 = math.log(second - t0**2) / 2
    # x1 = e^{s1} z1 + t1 x2 with cov(x1, x2) = e^{s1} t0 + t1·second and var(x1) = e^{2 s1}(1 − t0²/second) + cov²/second
    size = math.sqrt((cov[0, 0] - cov[0, 1] ** 2 / second) / (1 - t0**2 / second))
    return s0, t0, math.log(size), (cov[0, 1] - size * t0) / second


def disguise(low, high, truths):
    """In other numbers of the same value."""
    return sum(truths) - truths[0], sum(truths) - truths[1]


def infinite_likelihood(data, bound):
    """Spikes on all different examples."""
    places = sorted(set(data))
    return [1 / len(places)] * len(places), places, [1e-280] * len(places)


def best_temperature(logits, labels):
    """Newton's method in 1/T, held inside a bracket."""
    low, high, cold = 1 / 20, 1 / 0.05, 1.0
    for _ in range(200):
        z = cold * (logits - logits.max(axis=1, keepdims=True))
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        mean = (p * logits).sum(axis=1)
        slope = float(np.mean(mean - logits[np.arange(len(labels)), labels]))
        bend = float(np.mean((p * logits**2).sum(axis=1) - mean**2))
        low, high = (cold, high) if slope < 0 else (low, cold)
        step = cold - slope / max(bend, 1e-12)
        cold = step if low < step < high else (low + high) / 2
    return 1 / cold
