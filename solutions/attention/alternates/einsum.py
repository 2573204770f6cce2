"""Einsum for every product, the logarithm of the sum for every softmax, the full Jacobian, complex numbers for rotations."""


def softmax(x, dim):
    return torch.exp(x - _log_sum(x, dim))


def _log_sum(x, dim):
    peak = x.amax(dim, keepdim=True)
    return peak + torch.log(torch.exp(x - peak).sum(dim, keepdim=True))


def dot_product_law(d):
    return {2 * k - d: Fraction(math.comb(d, k), 2**d) for k in range(d + 1)}


def scaled_scores(queries, keys):
    return torch.einsum("...qd,...kd->...qk", queries, keys) * queries.shape[-1] ** -0.5


def attention_entropy(scores):
    logs = scores - _log_sum(scores, -1)
    return -torch.where(logs.isneginf(), 0.0, logs.exp() * logs).sum(-1)


def causal_mask(n_queries, n_keys):
    return torch.ones(n_queries, n_keys, dtype=torch.bool).tril(n_keys - n_queries)


def attention(queries, keys, values, mask=None):
    scores = scaled_scores(queries, keys)
    if mask is not None:
        scores = scores + torch.zeros(mask.shape, dtype=scores.dtype).masked_fill(mask.logical_not(), -math.inf)
    weights = torch.nan_to_num(softmax(scores, -1), nan=0.0)
    return torch.einsum("...qk,...kv->...qv", weights, values), weights


def softmax_vjp(weights, cotangent):
    jacobian = torch.diag_embed(weights) - torch.einsum("...i,...j->...ij", weights, weights)
    return torch.einsum("...ij,...j->...i", jacobian, cotangent)


def attention_vjp(queries, keys, values, cotangent, mask=None):
    weights = attention(queries, keys, values, mask)[1]
    d_weights = torch.einsum("...qv,...kv->...qk", cotangent, values)
    d_scores = softmax_vjp(weights, d_weights) * queries.shape[-1] ** -0.5
    return (
        torch.einsum("...qk,...kd->...qd", d_scores, keys),
        torch.einsum("...qk,...qd->...kd", d_scores, queries),
        torch.einsum("...qk,...qv->...kv", weights, cotangent),
    )


def multi_head_attention(x, context, weights, heads, mask=None):
    per_head = {name: w.unflatten(1, (heads, -1)) for name, w in weights.items() if name != "output"}
    queries = torch.einsum("btd,dhe->bhte", x, per_head["query"])
    keys, values = (torch.einsum("btd,dhe->bhte", context, per_head[name]) for name in ("key", "value"))
    mixed = attention(queries, keys, values, mask)[0]
    return torch.einsum("bhte,hed->btd", mixed, weights["output"].unflatten(0, (heads, -1)))


def sinusoidal(positions, d):
    spun = torch.exp(1j * angles(positions, d))
    return torch.view_as_real(spun).flip(-1).flatten(-2)


def shift_matrix(k, d):
    turns = angles(torch.tensor([k]), d)[0]
    rotation = torch.zeros(d, d, dtype=torch.float64)
    even = torch.arange(0, d, 2)
    rotation[even, even] = rotation[even + 1, even + 1] = turns.cos()
    rotation[even, even + 1] = turns.sin()
    rotation[even + 1, even] = -turns.sin()
    return rotation


def rotary(x, positions):
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(pairs * torch.exp(1j * angles(positions, x.shape[-1]))).flatten(-2)
