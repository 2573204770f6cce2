"""Everything with torch tensors in and out."""


def _t(array):
    return torch.as_tensor(np.asarray(array))


def pool_probabilities(logits):
    z = torch.log_softmax(_t(logits), dim=-1)
    return torch.logsumexp(z, dim=0) - math.log(len(z))


def pool_logits(logits):
    return torch.log_softmax(_t(logits).mean(0), dim=-1)


def pool_gain(logits):
    return -torch.logsumexp(torch.log_softmax(_t(logits), dim=-1).mean(0), dim=-1)


def distil_loss(student, teacher, tau):
    kl = torch.nn.functional.kl_div
    q, p = (torch.log_softmax(_t(z) / tau, dim=1) for z in (student, teacher))
    return tau**2 * kl(q, p, reduction="batchmean", log_target=True)


def distil_gradient(student, teacher, tau):
    q, p = (torch.softmax(_t(z) / tau, dim=1) for z in (student, teacher))
    return tau * (q - p) / len(q)


def hot_gradient(student, teacher):
    apart = _t(student) - _t(teacher)
    return (apart - apart.mean(1, keepdim=True)) / apart.numel()


def recover(X, P):
    X, logs = _t(X), torch.log(_t(P))
    A = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    found = torch.linalg.lstsq(A, logs - logs.mean(1, keepdim=True)).solution
    return {"W": found[:-1], "b": found[-1]}


def route(logits, k):
    values, experts = torch.sort(_t(logits), dim=1, descending=True, stable=True)
    return {"experts": experts[:, :k], "weights": torch.softmax(values[:, :k], dim=1)}


def dense_mixture(outputs, logits):
    return (torch.softmax(_t(logits), dim=1)[:, None, :] @ _t(outputs))[:, 0]


def sparse_mixture(X, logits, experts, k):
    chosen = route(logits, k)
    y = None
    for e, expert in enumerate(experts):
        mine = chosen["experts"] == e
        tokens = torch.nonzero(mine.any(1))[:, 0]
        if len(tokens):
            out = _t(expert(X[tokens.numpy()])) * chosen["weights"][mine][:, None]
            y = torch.zeros(len(X), out.shape[1], dtype=out.dtype) if y is None else y
            y = y.index_add(0, tokens, out)
    return y


def router_gradient(logits, outputs, upstream, k, renormalised):
    z, o, g = _t(logits), _t(outputs), _t(upstream)
    top = torch.sort(z, dim=1, descending=True, stable=True)[1][:, :k]
    p = torch.softmax(z, dim=1)
    chosen = torch.zeros_like(z).scatter(1, top, 1.0)
    w = p * chosen
    if renormalised:
        w = w / w.sum(1, keepdim=True)
        p = w
    s = (o * g[:, None]).sum(2)
    return w * s - p * (w * s).sum(1, keepdim=True)


def first_come(choices, capacity):
    hot = torch.nn.functional.one_hot(_t(choices))
    place = (hot.cumsum(0) * hot).sum(1)
    return place <= capacity


def residual_layer(X, outputs, choices, gates, capacity):
    kept = first_come(choices, capacity)
    out = _t(outputs)[torch.arange(len(X)), _t(choices)] * _t(gates)[:, None]
    return torch.where(kept[:, None], _t(X) + out, _t(X))


def expert_choice(scores, capacity):
    order = torch.sort(_t(scores), dim=0, descending=True, stable=True)[1][:capacity]
    return [sorted(column.tolist()) for column in order.T]


def responsibilities(logits, f, y):
    return torch.softmax(_t(logits) - (_t(y)[:, None] - _t(f)) ** 2 / 2, dim=1)


def mixture_loss(logits, f, y):
    normal = torch.distributions.Normal(_t(f), 1.0)
    return -torch.logsumexp(torch.log_softmax(_t(logits), dim=1) + normal.log_prob(_t(y)[:, None]), dim=1).mean()


def mixture_gradients(logits, f, y):
    r, p = responsibilities(logits, f, y), torch.softmax(_t(logits), dim=1)
    return {"f": r * (_t(f) - _t(y)[:, None]) / len(r), "logits": (p - r) / len(r)}


def em_step(p, f, y):
    r = torch.softmax(torch.log(_t(p)) - (_t(y)[:, None] - _t(f)) ** 2 / 2, dim=1)
    return {"p": r.mean(0), "f": (r * _t(y)[:, None]).sum(0) / r.sum(0)}
