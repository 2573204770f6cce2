"""Plain loops, enumeration, and sums over fractions."""


def order_mask(order):
    n = len(order)
    mask = np.zeros((n, n), dtype=int)
    for i, variable in enumerate(order):
        for earlier in order[:i]:
            mask[variable, earlier] = 1
    return mask


def log_prob(x, W, b, mask):
    total = 0.0
    for i in range(len(b)):
        logit = b[i] + sum(W[i, j] * mask[i, j] * x[j] for j in range(len(b)))
        signed = logit if x[i] else -logit
        total += -math.log1p(math.exp(-signed)) if signed > 0 else signed - math.log1p(math.exp(signed))
    return total


def total_mass(W, b, mask):
    n = len(b)
    return sum(math.exp(log_prob([code >> i & 1 for i in range(n)], W, b, mask)) for code in range(2**n))


def made_masks(degrees, hidden):
    into = [[int(k >= d) for d in degrees] for k in hidden]
    out = [[int(d > k) for k in hidden] for d in degrees]
    return into, out


def kl_table(p, q):
    total = 0.0
    for a, b in zip(p, q):
        if a == 0:
            continue
        if b == 0:
            return float("inf")
        total += float(a) * (math.log(float(a)) - math.log(float(b)))
    return total


def elbo(q, prior, likelihood):
    """Reconstruction less the KL to the prior."""
    there = [(float(c), float(a), float(b)) for c, a, b in zip(q, prior, likelihood) if c]
    return sum(c * math.log(b) for c, _, b in there) - sum(c * math.log(c / a) for c, a, _ in there)


def gap(q, prior, likelihood):
    posterior = posterior_table(prior, likelihood)
    return sum(float(c) * math.log(float(c / r)) for c, r in zip(q, posterior) if c)


def iwae(q, prior, likelihood, K):
    """By how often each value is drawn."""
    weights = [float(a * b / c) for c, a, b in zip(q, prior, likelihood)]
    total = 0.0
    for i in range(K + 1):
        for j in range(K + 1 - i):
            k = K - i - j
            ways = math.factorial(K) / (math.factorial(i) * math.factorial(j) * math.factorial(k))
            chance = ways * float(q[0]) ** i * float(q[1]) ** j * float(q[2]) ** k
            total += chance * math.log((i * weights[0] + j * weights[1] + k * weights[2]) / K)
    return total


def log_mean_weight(log_weights):
    total = -math.inf
    for v in log_weights:
        total = float(np.logaddexp(total, v))
    return total - math.log(len(log_weights))


def gap_limit(q, prior, likelihood):
    total = evidence(prior, likelihood)
    return sum(c * (a * b / c - total) ** 2 for c, a, b in zip(q, prior, likelihood)) / total**2 / 2


def flow_log_prob(x, layers):
    """Layer by layer with the inverse for one half, after a swap for the odd ones."""
    half, total = x.shape[1] // 2, np.zeros(len(x))
    for i in reversed(range(len(layers))):
        if i % 2:
            x = np.hstack([x[:, half:], x[:, :half]])
        x, log_det = coupling_inverse(x, *layers[i])
        if i % 2:
            x = np.hstack([x[:, half:], x[:, :half]])
        total = total + log_det
    return total + np.sum(-(x**2) / 2 - math.log(2 * math.pi) / 2, axis=1)


def calibration_error(p, y, edges):
    bins = {}
    for a, b in zip(p, y):
        bins.setdefault(next(i for i in range(len(edges)) if a <= edges[i]), []).append((a, b))
    return sum(Fraction(len(v), len(p)) * abs(sum(a for a, _ in v) / len(v) - Fraction(sum(b for _, b in v), len(v))) for v in bins.values())


def gap_by_chance(n, p):
    """Over all strings for few, by a table of chances that grows one by one for many."""
    chances = [Fraction(1)]
    for _ in range(n):
        chances = [(chances[k] * (1 - p) if k < len(chances) else 0) + (chances[k - 1] * p if k else 0) for k in range(len(chances) + 1)]
    return sum(c * abs(Fraction(k, n) - p) for k, c in enumerate(chances))


def best_temperature(logits, labels):
    """By golden sections of the loss in log T."""

    def loss(u):
        z = logits / math.exp(u)
        z = z - z.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]))

    low, high, share = math.log(0.05), math.log(20), (math.sqrt(5) - 1) / 2
    for _ in range(70):
        a, b = high - share * (high - low), low + share * (high - low)
        low, high = (low, b) if loss(a) < loss(b) else (a, high)
    return math.exp((low + high) / 2)


def mixture_log_likelihood(data, weights, means, deviations):
    total = 0.0
    for x in data:
        logs = []
        for w, m, s in zip(weights, means, deviations):
            away = abs(float(x) - float(m)) / float(s)
            square = away * away if away < 1e150 else math.inf
            logs.append(math.log(w) - math.log(s) - math.log(2 * math.pi) / 2 - square / 2)
        most = max(logs)
        total += most + math.log(sum(math.exp(v - most) for v in logs))
    return total
