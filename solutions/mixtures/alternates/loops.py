# ruff: noqa: B905
"""Plain Python loops over members, examples, tokens and experts."""


def _softmax(values):
    top = max(values)
    e = [math.exp(v - top) for v in values]
    return [v / sum(e) for v in e]


def ensemble(answers, weights):
    total = Fraction(0)
    for k in range(len(answers)):
        total += answers[k] * weights[k]
    return total


def average_weights(first, second):
    def half(a, b):
        return (Fraction(a) + Fraction(b)) / 2

    n = len(first["b"])
    return {
        "W": [[half(a[j], b[j]) for j in range(n)] for a, b in zip(first["W"], second["W"])],
        "b": [half(first["b"][j], second["b"][j]) for j in range(n)],
        "v": [half(first["v"][j], second["v"][j]) for j in range(n)],
        "c": half(first["c"], second["c"]),
    }


def pool_probabilities(logits):
    M, N, K = logits.shape
    found = np.zeros((N, K))
    for n in range(N):
        logs = [log_softmax(logits[m, n]) for m in range(M)]
        for c in range(K):
            top = max(row[c] for row in logs)
            found[n, c] = top + math.log(sum(math.exp(row[c] - top) for row in logs) / M)
    return found


def distil_loss(student, teacher, tau):
    total = 0.0
    for z, t in zip(student, teacher):
        p, q = log_softmax(t / tau), log_softmax(z / tau)
        total += sum(math.exp(a) * (a - b) for a, b in zip(p, q))
    return tau**2 * total / len(student)


def distil_gradient(student, teacher, tau):
    found = np.zeros(student.shape)
    for n in range(len(student)):
        q, p = _softmax(student[n] / tau), _softmax(teacher[n] / tau)
        for k in range(student.shape[1]):
            found[n, k] = tau**2 * (q[k] - p[k]) / tau / len(student)
    return found


def route(logits, k):
    experts, weights = [], []
    for row in logits:
        p = _softmax(row)
        order = sorted(range(len(row)), key=lambda e: (-row[e], e))[:k]
        experts.append(order)
        total = sum(p[e] for e in order)
        weights.append([p[e] / total for e in order])
    return {"experts": experts, "weights": weights}


def dense_mixture(outputs, logits):
    return np.array([sum(p * o for p, o in zip(_softmax(row), out)) for row, out in zip(logits, outputs)])


def sparse_mixture(X, logits, experts, k):
    chosen = route(logits, k)
    rows = []
    for n in range(len(X)):
        y = 0
        for e, w in zip(chosen["experts"][n], chosen["weights"][n]):
            y = y + w * experts[e](X[n : n + 1])[0]
        rows.append(y)
    return np.array(rows)


def router_gradient(logits, outputs, upstream, k, renormalised):
    N, E = logits.shape
    found = np.zeros((N, E))
    for n in range(N):
        order = sorted(range(E), key=lambda e: (-logits[n, e], e))[:k]
        p = _softmax(logits[n])
        s = {e: float(upstream[n] @ outputs[n, e]) for e in order}
        if renormalised:
            total = sum(p[e] for e in order)
            mean = sum(p[e] / total * s[e] for e in order)
            for e in order:
                found[n, e] = p[e] / total * (s[e] - mean)
        else:
            for j in range(E):
                found[n, j] = sum(s[e] * p[e] * ((e == j) - p[j]) for e in order)
    return found


def first_come(choices, capacity):
    taken, found = {}, []
    for e in choices:
        found.append(taken.get(int(e), 0) < capacity)
        taken[int(e)] = taken.get(int(e), 0) + 1
    return found


def residual_layer(X, outputs, choices, gates, capacity):
    found = np.array(X)
    for n, taken in enumerate(first_come(choices, capacity)):
        if taken:
            found[n] += gates[n] * outputs[n, choices[n]]
    return found


def expert_choice(scores, capacity):
    N, E = scores.shape
    return [sorted(sorted(range(N), key=lambda n: (-scores[n, e], n))[:capacity]) for e in range(E)]


def responsibilities(logits, f, y):
    return np.array([_softmax([z - (t - a) ** 2 / 2 for z, a in zip(row, answers)]) for row, answers, t in zip(logits, f, y)])


def mixture_loss(logits, f, y):
    total = 0.0
    for row, answers, t in zip(logits, f, y):
        joint = [z - (t - a) ** 2 / 2 for z, a in zip(log_softmax(row), answers)]
        top = max(joint)
        total += math.log(2 * math.pi) / 2 - top - math.log(sum(math.exp(v - top) for v in joint))
    return total / len(y)


def mixture_gradients(logits, f, y):
    r = responsibilities(logits, f, y)
    p = [_softmax(row) for row in logits]
    N, K = logits.shape
    return {
        "logits": [[(p[n][k] - r[n][k]) / N for k in range(K)] for n in range(N)],
        "f": [[-r[n][k] * (y[n] - f[n, k]) / N for k in range(K)] for n in range(N)],
    }
