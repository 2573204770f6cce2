"""Masks as torch's own modules take them: True = hidden, or a float added to the scores; library functions elsewhere."""


def attention(queries, keys, values, mask=None):
    scores = queries.matmul(keys.transpose(-1, -2)).div(math.sqrt(queries.size(-1)))
    if mask is not None:
        hidden = torch.logical_not(mask)
        scores = torch.where(hidden, torch.full_like(scores, -math.inf), scores)
        nothing = hidden.all(-1, keepdim=True)
        scores = torch.where(nothing, torch.zeros_like(scores), scores)
        weights = torch.where(nothing, torch.zeros_like(scores), torch.softmax(scores, -1))
    else:
        weights = torch.softmax(scores, -1)
    return weights.matmul(values), weights


def softmax_vjp(weights, cotangent):
    weighted = weights * cotangent
    return weighted - weights * weighted.sum(-1).unsqueeze(-1)


def attention_vjp(queries, keys, values, cotangent, mask=None):
    output, weights = attention(queries, keys, values, mask)
    row = (cotangent * output).sum(-1, keepdim=True)
    d_scores = weights * (cotangent @ values.mT - row)
    scale = 1 / math.sqrt(queries.shape[-1])
    return scale * (d_scores @ keys), scale * (d_scores.mT @ queries), weights.mT @ cotangent


def rotary(x, positions):
    turns = torch.repeat_interleave(angles(positions, x.shape[-1]), 2, -1)
    swapped = torch.stack((-x[..., 1::2], x[..., 0::2]), -1).flatten(-2)
    return x * turns.cos() + swapped * turns.sin()


def shift_matrix(shift, d):
    origin = angles(torch.tensor([shift]), d)[0]
    blocks = [torch.linalg.matrix_exp(a * torch.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)) for a in origin]
    return torch.block_diag(*blocks)


def model_parameters(d, L, M):
    feed_forward = d * 4 * d + 4 * d + 4 * d * d + d
    norms = 2 * (d + d)
    return L * (4 * d * d + feed_forward + norms) + M * d + (d + d) + d * M


def forward_flops(B, T, d, h, L, M):
    projections = 4 * 2 * B * T * d * d
    scores = h * 2 * B * T * T * (d / h)
    mixing = h * 2 * B * T * T * (d / h)
    feed_forward = 2 * B * T * d * 4 * d + 2 * B * T * 4 * d * d
    return L * (projections + scores + mixing + feed_forward) + 2 * B * T * d * M


def cache_bytes(B, T, d, h, L, groups, size):
    return size * L * B * groups * T * (d / h + d / h)


def decode_flops(B, T, d, L, M):
    return B * (24 * L * d**2 + 4 * L * T * d + 2 * d * M)


def crossover_length(d):
    T = sympy.Symbol("T", positive=True)
    return sympy.solve(sympy.Eq(4 * T**2 * d, 24 * T * d**2), T)[0]
