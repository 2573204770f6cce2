# ruff: noqa: B905
"""Plain Python loops over examples, steps and units."""


def embed(table, ids):
    rows = np.empty((*np.shape(ids), np.shape(table)[1]))
    for place in np.ndindex(*np.shape(ids)):
        rows[place] = table[ids[place]]
    return rows


def one_hot(ids, rows):
    found = np.zeros((*np.shape(ids), rows))
    for place in np.ndindex(*np.shape(ids)):
        found[(*place, ids[place])] = 1
    return found


def embedding_gradient(upstream, ids, rows, padding_id=None):
    gradient = np.zeros((rows, upstream.shape[-1]))
    for place in np.ndindex(*np.shape(ids)):
        if ids[place] != padding_id:
            gradient[ids[place]] += upstream[place]
    return gradient


def renumbered(table, ids, new_id):
    order = sorted(range(len(new_id)), key=lambda word: new_id[word])
    renamed = np.array([new_id[i] for i in np.ravel(ids)]).reshape(np.shape(ids))
    return np.array([table[word] for word in order]), renamed


def rnn(X, h0, Wx, Wh, b):
    N, T, d = X.shape
    n = len(b)
    states = np.zeros((N, T, n))
    for i in range(N):
        h = h0[i]
        for t in range(T):
            z = [b[k] + sum(X[i, t, j] * Wx[j, k] for j in range(d)) + sum(h[j] * Wh[j, k] for j in range(n)) for k in range(n)]
            h = [math.tanh(v) for v in z]
            states[i, t] = h
    return states


def rnn_gradient(X, h0, Wx, Wh, states, upstream, chunk=None):
    N, T, _ = X.shape
    found = {"X": np.zeros(X.shape), "h0": np.zeros(h0.shape), "Wx": np.zeros(Wx.shape), "Wh": np.zeros(Wh.shape), "b": np.zeros(len(Wh))}
    for i in range(N):
        carried = np.zeros(len(Wh))
        for t in range(T - 1, -1, -1):
            slope = [1 - h * h for h in states[i, t]]
            delta = (upstream[i, t] + carried) * slope
            past = states[i, t - 1] if t else h0[i]
            found["X"][i, t] = Wx @ delta
            found["Wx"] += np.outer(X[i, t], delta)
            found["Wh"] += np.outer(past, delta)
            found["b"] += delta
            carried = Wh @ delta
            if t == 0:
                found["h0"][i] = carried
            elif chunk is not None and t % chunk == 0:
                carried = np.zeros(len(Wh))
    return found


def clip(gradients, limit):
    total = 0.0
    for gradient in gradients:
        for value in np.ravel(gradient):
            total += float(value) ** 2
    if total <= limit**2:
        return list(gradients)
    return [gradient / (total**0.5 / limit) for gradient in gradients]


def last_states(states, lengths):
    return np.array([row[length - 1] for row, length in zip(states, lengths)])


def mean_loss(losses, lengths):
    tokens = [loss for row, length in zip(losses, lengths) for loss in row[:length]]
    return sum(tokens) / len(tokens)


def perplexity(losses, lengths):
    product = 1.0
    for row, length in zip(losses, lengths):
        for loss in row[:length]:
            product *= math.exp(loss / sum(lengths))
    return product


def reversed_in_time(X, lengths):
    return np.array([np.concatenate([row[:length][::-1], row[length:]]) for row, length in zip(X, lengths)])


def both_ways(X, lengths, forward, backward):
    N, T, _ = X.shape
    found = None
    for i in range(N):
        alone = X[i : i + 1, : lengths[i]]
        left, right = forward(alone), backward(alone[:, ::-1])[:, ::-1]
        if found is None:
            found = np.zeros((N, T, left.shape[-1] + right.shape[-1]))
        found[i, : lengths[i]] = np.concatenate([left[0], right[0]], axis=-1)
    return found


def next_token_batch(ids, starts, length):
    inputs = [[int(ids[s + j]) for j in range(length)] for s in starts]
    targets = [[int(ids[s + j + 1]) for j in range(length)] for s in starts]
    return inputs, targets


def tempered(logits, temperature):
    return np.array([1 / sum(math.exp(min((b - a) / temperature, 700.0)) for b in logits) for a in logits])


def pick(probabilities, u):
    total = 0.0
    for k, p in enumerate(probabilities):
        total += p
        if total > u:
            return k
    return len(probabilities) - 1
