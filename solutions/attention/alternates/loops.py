"""Python loops over queries, heads, pairs and tokens."""


def softmax(x, dim):
    rows = x.movedim(dim, -1)
    out = torch.empty_like(rows)
    for index in product(*(range(n) for n in rows.shape[:-1])):
        row = rows[index]
        powers = [math.exp(value - max(row.tolist())) for value in row.tolist()]
        out[index] = torch.tensor([power / math.fsum(powers) for power in powers], dtype=x.dtype)
    return out.movedim(-1, dim)


def attention_entropy(scores):
    weights = softmax(scores, -1)
    entropy = torch.zeros(scores.shape[:-1], dtype=scores.dtype)
    for index in product(*(range(n) for n in scores.shape[:-1])):
        entropy[index] = -sum(p * math.log(p) for p in weights[index].tolist() if p > 0)
    return entropy


def causal_mask(n_queries, n_keys):
    return torch.tensor([[j <= n_keys - n_queries + i for j in range(n_keys)] for i in range(n_queries)])


def attention(queries, keys, values, mask=None):
    scores = scaled_scores(queries, keys)
    seen = torch.ones_like(scores, dtype=torch.bool) if mask is None else mask.expand(scores.shape)
    weights = torch.zeros_like(scores)
    for index in product(*(range(n) for n in scores.shape[:-1])):
        if seen[index].any():
            weights[index][seen[index]] = torch.softmax(scores[index][seen[index]], 0)
    return weights @ values, weights


def softmax_vjp(weights, cotangent):
    out = torch.zeros_like(weights)
    for i in range(weights.shape[-1]):
        for j in range(weights.shape[-1]):
            slope = weights[..., j] * ((1.0 if i == j else 0.0) - weights[..., i])
            out[..., i] += slope * cotangent[..., j]
    return out


def split_heads(x, heads):
    return torch.stack(x.chunk(heads, -1), 1)


def merge_heads(x):
    return torch.cat([x[:, i] for i in range(x.shape[1])], -1)


def multi_head_attention(x, context, weights, heads, mask=None):
    queries, keys, values = x @ weights["query"], context @ weights["key"], context @ weights["value"]
    width = x.shape[-1] // heads
    out = torch.zeros_like(x)
    for head in range(heads):
        own = slice(head * width, (head + 1) * width)
        seen = None
        if mask is not None:
            seen = mask[:, min(head, mask.shape[1] - 1)] if mask.ndim == 4 else mask
        out = out + attention(queries[..., own], keys[..., own], values[..., own], seen)[0] @ weights["output"][own]
    return out


def multi_head_parameters(d_model, heads, d_key, d_value):
    count = 0
    for _ in range(heads):
        count += d_model * d_key + d_model * d_key + d_model * d_value
    return count + heads * d_value * d_model


def sinusoidal(positions, d):
    columns = []
    for i in range(d // 2):
        angle = positions.double() / 10000.0 ** (2 * i / d)
        columns += [torch.sin(angle), torch.cos(angle)]
    return torch.stack(columns, -1)


def rotary(x, positions):
    out = torch.empty_like(x)
    for i in range(x.shape[-1] // 2):
        angle = positions.double() * 10000.0 ** (-2 * i / x.shape[-1])
        out[..., 2 * i] = x[..., 2 * i] * angle.cos() - x[..., 2 * i + 1] * angle.sin()
        out[..., 2 * i + 1] = x[..., 2 * i] * angle.sin() + x[..., 2 * i + 1] * angle.cos()
    return out


def cached_forward(model, tokens, cache):
    logits = []
    for token in tokens.T:
        position = torch.tensor([cache[0][0].shape[2]])
        x = model.embedding(token)[:, None] + sinusoidal(position, model.embedding.embedding_dim)
        longer = []
        for block, kept in zip(model.blocks, cache, strict=True):
            queries, *fresh = block.project(x)
            longer.append(tuple(torch.cat(pair, 2) for pair in zip(kept, fresh, strict=True)))
            x = block.combine(x, attention(queries, *longer[-1])[0])
        cache = longer
        logits.append(model.head(model.norm(x)))
    return torch.cat(logits, 1), cache


def blockwise_attention(queries, keys, values, block):
    peak = torch.full((*queries.shape[:-1], 1), -math.inf, dtype=queries.dtype)
    total, weighted = torch.zeros_like(peak), 0.0
    for start in range(0, keys.shape[-2], block):
        scores = scaled_scores(queries, keys[..., start : start + block, :])
        higher = torch.maximum(peak, scores.amax(-1, keepdim=True))
        shrink, exponentials = torch.exp(peak - higher), torch.exp(scores - higher)
        total = total * shrink + exponentials.sum(-1, keepdim=True)
        weighted = weighted * shrink + exponentials @ values[..., start : start + block, :]
        peak = higher
    return weighted / total


def next_token_loss(logits, tokens):
    losses = []
    for row, symbols in zip(logits, tokens.tolist(), strict=True):
        for place, symbol in enumerate(symbols[1:]):
            losses.append(torch.logsumexp(row[place], 0) - row[place, symbol])
    return sum(losses) / len(losses)


def train_copier(weights, batches):
    tensors = [p.clone().requires_grad_() for p in tiny_transformer.parameters(weights)]
    optimiser = torch.optim.Adam(tensors, lr=0.02, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, 2 - 2 * step / len(batches)))
    for batch in batches:
        logits = tiny_transformer.forward(tiny_transformer.with_parameters(weights, tensors), batch)
        loss = -torch.log_softmax(logits[:, :-1], -1).gather(2, batch[:, 1:, None]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return tiny_transformer.with_parameters(weights, tensors)
