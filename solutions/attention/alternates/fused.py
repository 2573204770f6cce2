"""One matrix for queries, keys and values; a cache that is written into a larger buffer; a fold instead of a reduction."""


def split_heads(x, heads):
    return x.unflatten(-1, (heads, -1)).permute(0, 2, 1, 3).contiguous()


def merge_heads(x):
    batch, heads, length, width = x.shape
    return x.permute(0, 2, 1, 3).reshape(batch, length, heads * width)


def multi_head_attention(x, context, weights, heads, mask=None):
    fused = torch.cat((weights["query"], weights["key"], weights["value"]), 1)
    width = x.shape[-1]
    queries = (x @ fused)[..., :width]
    keys, values = (context @ fused)[..., width:].split(width, -1)
    mixed, _ = attention(*(split_heads(part, heads) for part in (queries, keys, values)), mask)
    return merge_heads(mixed) @ weights["output"]


def _project(self, x):
    fused = torch.cat((self.query.weight, self.key.weight, self.value.weight))
    return tuple(split_heads(part, self.heads) for part in nn.functional.linear(self.norm_attention(x), fused).chunk(3, -1))


Block.project = _project


def _norm(self, x):
    spread, mean = torch.var_mean(x, -1, correction=0, keepdim=True)
    return torch.addcmul(self.bias, x - mean, torch.rsqrt(spread + self.eps) * self.gain)


LayerNorm.forward = _norm


def cached_forward(model, tokens, cache):
    batch, count = tokens.shape
    old = cache[0][0].shape[2]
    x = model.embedding(tokens) + sinusoidal(torch.arange(old + count), model.embedding.embedding_dim)[old:]
    longer = []
    for block, pair in zip(model.blocks, cache, strict=True):
        queries, *fresh = block.project(x)
        buffers = []
        for kept, new in zip(pair, fresh, strict=True):
            buffer = new.new_empty(batch, block.heads, old + count, new.shape[-1])
            buffer[:, :, :old], buffer[:, :, old:] = kept, new
            buffers.append(buffer)
        longer.append(tuple(buffers))
        mask = torch.ones(count, old + count, dtype=torch.bool).tril(old)
        x = block.combine(x, attention(queries, *buffers, mask)[0])
    return model.head(model.norm(x)), longer


def merge_states(first, second):
    logs = [state[0] + torch.log(state[1]) for state in (first, second)]
    peak = torch.maximum(first[0], second[0])
    total = sum(torch.exp(log - peak) for log in logs)
    return peak, total, sum(state[2] * torch.exp(state[0] - peak) for state in (first, second))


def blockwise_attention(queries, keys, values, block):
    count = keys.shape[-2]
    states = [
        block_state(queries, keys[..., i : i + block, :], values[..., i : i + block, :]) for i in range(0, count, block)
    ]
    while len(states) > 1:
        states = [merge_states(*states[i : i + 2]) if i + 1 < len(states) else states[i] for i in range(0, len(states), 2)]
    return states[0][2] / states[0][1]


def adam_step(parameter, gradient, first, second, step, lr, betas, eps):
    first = torch.lerp(gradient, first, betas[0])
    second = second + (1 - betas[1]) * (gradient * gradient - second)
    root = math.sqrt(1 - betas[1] ** step)
    return parameter - lr * root / (1 - betas[0] ** step) * first / (second.sqrt() + eps * root), first, second
