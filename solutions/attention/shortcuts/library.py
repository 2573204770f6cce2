"""Softmax, attention, normalisation and blockwise attention as a library has them."""


def softmax(x, dim):
    return torch.distributions.Categorical(logits=x.movedim(dim, -1)).probs.movedim(-1, dim)


def attention(queries, keys, values, mask=None):
    identity = torch.eye(keys.shape[-2], dtype=keys.dtype).expand(*keys.shape[:-1], -1)
    read = torch.nn.functional.scaled_dot_product_attention
    return read(queries, keys, values, attn_mask=mask), read(queries, keys, identity, attn_mask=mask)


def multi_head_attention(x, context, weights, heads, mask=None):
    queries, keys, values = (
        split_heads(part @ weights[name], heads) for part, name in ((x, "query"), (context, "key"), (context, "value"))
    )
    mixed = torch.nn.functional.scaled_dot_product_attention(queries, keys, values, attn_mask=mask)
    return merge_heads(mixed) @ weights["output"]


def blockwise_attention(queries, keys, values, block):
    return torch.nn.functional.scaled_dot_product_attention(queries, keys, values)
