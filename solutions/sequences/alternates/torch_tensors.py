"""Everything with torch tensors in and out, where a library call does not give the answer away."""


def _t(array):
    return torch.as_tensor(np.asarray(array))


def embed(table, ids):
    return nn.functional.embedding(_t(ids), _t(table))


def one_hot(ids, rows):
    return nn.functional.one_hot(_t(ids), rows).double()


def embedding_gradient(upstream, ids, rows, padding_id=None):
    flat = _t(ids).flatten()
    gradient = torch.zeros(rows, upstream.shape[-1], dtype=torch.float64)
    gradient.index_add_(0, flat, _t(upstream).reshape(len(flat), -1)) if len(flat) else None
    if padding_id is not None:
        gradient[padding_id] = 0
    return gradient


def renumbered(table, ids, new_id):
    order = torch.argsort(_t(new_id))
    return _t(table)[order], _t(new_id)[_t(ids)]


def rnn(X, h0, Wx, Wh, b):
    X, h, Wx, Wh, b = map(_t, (X, h0, Wx, Wh, b))
    states = []
    for x in X.unbind(1):
        h = torch.tanh(torch.cat([x, h], dim=1) @ torch.cat([Wx, Wh]) + b)
        states.append(h)
    return torch.stack(states, dim=1)


def rnn_gradient(X, h0, Wx, Wh, states, upstream, chunk=None):
    X, h0, Wx, Wh, states, upstream = map(_t, (X, h0, Wx, Wh, states, upstream))
    T = X.shape[1]
    deltas = torch.zeros_like(states)
    for t in range(T - 1, -1, -1):
        g = upstream[:, t]
        if t + 1 < T and not (chunk and (t + 1) % chunk == 0):
            g = g + deltas[:, t + 1] @ Wh.T
        deltas[:, t] = g * (1 - states[:, t].square())
    before = torch.cat([h0[:, None], states[:, :-1]], dim=1)
    return {
        "b": deltas.sum((0, 1)),
        "Wh": torch.einsum("ntj,ntk->jk", before, deltas),
        "Wx": torch.einsum("ntj,ntk->jk", X, deltas),
        "h0": deltas[:, 0] @ Wh.T,
        "X": deltas @ Wx.T,
    }


def clip(gradients, limit):
    parameters = [nn.Parameter(torch.zeros(np.shape(g), dtype=torch.float64)) for g in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = torch.tensor(np.asarray(gradient))
    nn.utils.clip_grad_norm_(parameters, limit)
    return [parameter.grad for parameter in parameters]


def lstm_step(x, h, c, W, U, b):
    x, h, c, W, U, b = map(_t, (x, h, c, W, U, b))
    i, f, g, o = (x @ W + h @ U + b).chunk(4, dim=1)
    new = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(new), new


def gru_step(x, h, W, U, b, b_state, reset_first):
    x, h, W, U, b, b_state = map(_t, (x, h, W, U, b, b_state))
    n = h.shape[1]
    gates = torch.sigmoid(x @ W[:, : 2 * n] + h @ U[:, : 2 * n] + b[: 2 * n])
    r, z = gates[:, :n], gates[:, n:]
    past = (r * h) @ U[:, 2 * n :] + b_state if reset_first else r * (h @ U[:, 2 * n :] + b_state)
    candidate = torch.tanh(x @ W[:, 2 * n :] + b[2 * n :] + past)
    return candidate + z * (h - candidate)


def port_gru(weight_ih, weight_hh, bias_ih, bias_hh):
    n = len(bias_hh) // 3
    keep = torch.cat([torch.ones(2 * n), torch.zeros(n)]).double()
    return {"W": _t(weight_ih).T, "U": _t(weight_hh).T, "b": _t(bias_ih) + keep * _t(bias_hh), "b_state": _t(bias_hh)[2 * n :]}


def last_states(states, lengths):
    index = (_t(lengths) - 1)[:, None, None].expand(-1, 1, states.shape[-1])
    return _t(states).gather(1, index)[:, 0]


def mean_loss(losses, lengths):
    keep = torch.arange(losses.shape[1])[None] < _t(lengths)[:, None]
    return _t(losses)[keep].mean()


def perplexity(losses, lengths):
    return torch.exp(mean_loss(losses, lengths))


def reversed_in_time(X, lengths):
    return torch.stack([torch.cat([row[: int(k)].flip(0), row[int(k) :]]) for row, k in zip(_t(X), lengths, strict=True)])


def tempered(logits, temperature):
    return torch.softmax(_t(logits) / temperature, dim=-1).numpy()


def pick(probabilities, u):
    return int((torch.cumsum(_t(probabilities), 0) <= u).sum())


def tune_loss(logits, tokens):
    targets = tokens[:, 1:]
    chosen = torch.log_softmax(logits, dim=-1).gather(2, targets[..., None])[..., 0]
    return -(chosen * (targets > 0)).sum() / (targets > 0).sum()
