# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Attention: from similarity to a transformer
#
# Write the bodies of the functions below. `handout.md` has the theory, the shapes and the hints. Every array is a
# torch tensor; a sequence is stored as rows, so that `x[..., t, :]` is the vector of position `t`. The test cases use
# float64, but for the training of question 12, which is in float32. Never change an argument in place.

# %%
import math
from fractions import Fraction
from functools import reduce
from itertools import product

import attention_pictures
import sympy
import tiny_transformer
import torch
from torch import Tensor, nn

# %% [markdown]
# ## 1. Similarity and scale (`similarity`)
#
# Not to be used in this question: softmax, log-softmax, logsumexp and what is built on them (such as cross entropy) of
# any library.


# %%
def softmax(x: Tensor, dim: int) -> Tensor:
    """Softmax of `x` along `dim`; same shape as `x`.

    Finite for every finite input, however large. An entry of −inf gives exactly 0, as long as its slice has a finite
    entry.
    """
    # BEGIN SOLUTION
    exponentials = torch.exp(x - x.amax(dim, keepdim=True))
    return exponentials / exponentials.sum(dim, keepdim=True)
    # END SOLUTION


# %%
def dot_product_law(d: int) -> dict[int, Fraction]:
    """The exact distribution of q·k for independent q, k, uniform on {−1, +1}^d: value → probability.

    Only values of positive probability are keys. `d` is at most 5, so that all pairs can be enumerated.
    """
    # BEGIN SOLUTION
    signs = list(product((-1, 1), repeat=d))
    dots = [sum(a * b for a, b in zip(q, k, strict=True)) for q in signs for k in signs]
    return {value: Fraction(dots.count(value), len(dots)) for value in set(dots)}
    # END SOLUTION


# %%
def scaled_scores(queries: Tensor, keys: Tensor) -> Tensor:
    """Similarities (…, Tq, Tk) of queries (…, Tq, dk) and keys (…, Tk, dk), scaled to unit variance."""
    # BEGIN SOLUTION
    return queries @ keys.mT / math.sqrt(queries.shape[-1])
    # END SOLUTION


# %%
def attention_entropy(scores: Tensor) -> Tensor:
    """Entropy in nats, (…, Tq), of the softmax over keys of scores (…, Tq, Tk); 0·log 0 counts as 0."""
    # BEGIN SOLUTION
    return torch.special.entr(softmax(scores, -1)).sum(-1)
    # END SOLUTION


# %% [markdown]
# ## 2. Why scale the scores? (`why_scale`)
#
# Your answer:
#

# %% [markdown]
# ## 3. Scaled dot-product attention (`attention`)
#
# Not to be used in this question: attention of any library.


# %%
def causal_mask(n_queries: int, n_keys: int) -> Tensor:
    """bool (n_queries, n_keys): True where a query may look. The queries are the *last* positions of the keys' sequence."""
    # BEGIN SOLUTION
    positions = torch.arange(n_keys - n_queries, n_keys)
    return torch.arange(n_keys) <= positions[:, None]
    # END SOLUTION


# %%
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Scaled dot-product attention (Vaswani et al. 2017, equation 1).

    Args:
        queries: (…, Tq, dk).
        keys: (…, Tk, dk).
        values: (…, Tk, dv).
        mask: bool, broadcast to (…, Tq, Tk); True where the query may look at the key. None: everywhere.

    Returns:
        The output (…, Tq, dv) and the weights (…, Tq, Tk). A query that may look at nothing has weights 0 and output 0.
    """
    # BEGIN SOLUTION
    scores = scaled_scores(queries, keys)
    if mask is None:
        weights = softmax(scores, -1)
    else:
        weights = softmax(scores.masked_fill(~mask, -math.inf), -1).masked_fill(~mask, 0.0)
    return weights @ values, weights
    # END SOLUTION


# %% [markdown]
# ## 4. The gradient by hand (`attention_gradient`)
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`); numerical derivatives of
# any library.


# %%
def softmax_vjp(weights: Tensor, cotangent: Tensor) -> Tensor:
    """Gradient (…, n) of a loss with respect to scores s, given weights p = softmax(s) and ∂loss/∂p, both (…, n)."""
    # BEGIN SOLUTION
    return weights * (cotangent - (weights * cotangent).sum(-1, keepdim=True))
    # END SOLUTION


# %%
def attention_vjp(
    queries: Tensor, keys: Tensor, values: Tensor, cotangent: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients with respect to queries, keys and values, given the cotangent (…, Tq, dv) of the output."""
    # BEGIN SOLUTION
    _, weights = attention(queries, keys, values, mask)
    d_scores = softmax_vjp(weights, cotangent @ values.mT) / math.sqrt(queries.shape[-1])
    return d_scores @ keys, d_scores.mT @ queries, weights.mT @ cotangent
    # END SOLUTION


# %% [markdown]
# ## 5. Multi-head attention (`multi_head`)
#
# Not to be used in this question: attention of any library.


# %%
def split_heads(x: Tensor, heads: int) -> Tensor:
    """(B, T, d) → (B, heads, T, d/heads): head i takes columns i·d/heads … (i+1)·d/heads − 1 of every position."""
    # BEGIN SOLUTION
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads).transpose(1, 2)
    # END SOLUTION


# %%
def merge_heads(x: Tensor) -> Tensor:
    """(B, heads, T, d_head) → (B, T, heads·d_head): the inverse of `split_heads`."""
    # BEGIN SOLUTION
    return x.transpose(1, 2).flatten(2)
    # END SOLUTION


# %%
def multi_head_attention(
    x: Tensor, context: Tensor, weights: dict[str, Tensor], heads: int, mask: Tensor | None = None
) -> Tensor:
    """Multi-head attention of x (B, Tq, d) to context (B, Tk, d); self-attention when both are the same.

    `weights` has "query", "key", "value" and "output", (d, d) each, applied from the right: x @ weights["query"].
    `mask` broadcasts to (B, heads, Tq, Tk). Returns (B, Tq, d).
    """
    # BEGIN SOLUTION
    queries = split_heads(x @ weights["query"], heads)
    keys = split_heads(context @ weights["key"], heads)
    values = split_heads(context @ weights["value"], heads)
    mixed, _ = attention(queries, keys, values, mask)
    return merge_heads(mixed) @ weights["output"]
    # END SOLUTION


# %%
def multi_head_parameters(d_model: int, heads: int, d_key: int, d_value: int) -> int:
    """Number of parameters of multi-head attention without biases, for any head sizes (section 3.2.2 of the paper)."""
    # BEGIN SOLUTION
    return 2 * d_model * heads * (d_key + d_value)
    # END SOLUTION


# %% [markdown]
# ## 6. Positions (`positions`)


# %%
def angles(positions: Tensor, d: int) -> Tensor:
    """position · 10000^(−2i/d) for i = 0 … d/2 − 1: any integers (…, T) → (…, T, d/2), always float64."""
    # BEGIN SOLUTION
    return positions[..., None] * 10000.0 ** (torch.arange(0, d, 2, dtype=torch.float64) / -d)
    # END SOLUTION


# %%
def sinusoidal(positions: Tensor, d: int) -> Tensor:
    """The encoding (…, T, d), float64, of positions 0 ≤ t < 5000 (…, T): column 2i is the sine, 2i + 1 the cosine of angle i."""
    # BEGIN SOLUTION
    turns = angles(positions, d)
    return torch.stack((turns.sin(), turns.cos()), -1).flatten(-2)
    # END SOLUTION


# %%
if __name__ == "__main__":
    attention_pictures.draw_positions(sinusoidal(torch.arange(100), 32)).savefig("positions.png")


# %%
def shift_matrix(shift: int, d: int) -> Tensor:
    """The matrix R (d, d), float64, with PE(t + shift) = R PE(t) for every position t (PE as a column)."""
    # BEGIN SOLUTION
    turns = angles(torch.tensor(shift), d).tolist()
    return torch.block_diag(
        *(torch.tensor([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]], dtype=torch.float64) for a in turns)
    )
    # END SOLUTION


# %%
def rotary(x: Tensor, positions: Tensor) -> Tensor:
    """Rotary embedding of x (…, T, d): turns each pair (x[2i], x[2i + 1]) counter-clockwise by angle i of its position.

    `positions` are any integers, negative and very large ones too; their shape broadcasts to (…, T).
    """
    # BEGIN SOLUTION
    turns = angles(positions, x.shape[-1])
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = (even * turns.cos() - odd * turns.sin(), even * turns.sin() + odd * turns.cos())
    return torch.stack(turned, -1).flatten(-2)
    # END SOLUTION


# %%
def rotary_attention(
    queries: Tensor, keys: Tensor, values: Tensor, query_positions: Tensor, key_positions: Tensor
) -> Tensor:
    """Attention without a mask, with rotary positions: queries (…, Tq, dk), keys (…, Tk, dk), values (…, Tk, dv) → (…, Tq, dv)."""
    # BEGIN SOLUTION
    return attention(rotary(queries, query_positions), rotary(keys, key_positions), values)[0]
    # END SOLUTION


# %% [markdown]
# ## 7. Normalisation, feed-forward layer, transformer block (`block`)
#
# The layers and their names are given: the test cases load weights into them. Write the computations.
#
# Not to be used in this question: normalisation layers of any library; attention of any library.


# %%
class LayerNorm(nn.Module):
    """Layer normalisation over the last axis (Ba et al. 2016)."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """gain · (x − mean) / √(variance + eps) + bias, with the variance that divides by the width. x: (…, width)."""
        # BEGIN SOLUTION
        centred = x - x.mean(-1, keepdim=True)
        variance = (centred * centred).mean(-1, keepdim=True)
        return self.gain * centred / torch.sqrt(variance + self.eps) + self.bias
        # END SOLUTION


# %%
class Block(nn.Module):
    """A pre-norm transformer block: attention and a ReLU feed-forward layer, each normalised before, each with a residual."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention = LayerNorm(width)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.output = nn.Linear(width, width, bias=False)
        self.norm_feed = LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def project(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values (B, heads, T, width/heads) that this block computes from its input x (B, T, width)."""
        # BEGIN SOLUTION
        normed = self.norm_attention(x)
        return (
            split_heads(self.query(normed), self.heads),
            split_heads(self.key(normed), self.heads),
            split_heads(self.value(normed), self.heads),
        )
        # END SOLUTION

    def combine(self, x: Tensor, mixed: Tensor) -> Tensor:
        """The block's output (B, T, width) from its input x and the heads' outputs `mixed` (B, heads, T, width/heads)."""
        # BEGIN SOLUTION
        x = x + self.output(merge_heads(mixed))
        return x + self.down(torch.relu(self.up(self.norm_feed(x))))
        # END SOLUTION

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, T, width) → (B, T, width); `mask` as in `attention`."""
        # BEGIN SOLUTION
        mixed, _ = attention(*self.project(x), mask)
        return self.combine(x, mixed)
        # END SOLUTION


# %%
class LanguageModel(nn.Module):
    """Token embedding plus sinusoidal positions 0 … T−1, causal blocks, a last norm, and a linear head."""

    def __init__(self, vocabulary: int, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits (B, T, vocabulary) of tokens (B, T); position t sees tokens 0 … t."""
        # BEGIN SOLUTION
        length, width = tokens.shape[1], self.embedding.embedding_dim
        x = self.embedding(tokens) + sinusoidal(torch.arange(length), width).to(self.embedding.weight.dtype)
        for block in self.blocks:
            x = block(x, causal_mask(length, length))
        return self.head(self.norm(x))
        # END SOLUTION


# %% [markdown]
# ## 8. The KV cache (`kv_cache`)


# %%
def empty_cache(model: LanguageModel, batch: int) -> list[tuple[Tensor, Tensor]]:
    """The cache before the first token: for every block, keys and values of shape (batch, heads, 0, width/heads)."""
    width = model.embedding.embedding_dim
    empty = [model.embedding.weight.new_zeros(batch, block.heads, 0, width // block.heads) for block in model.blocks]
    return [(zeros, zeros) for zeros in empty]


# %%
def cached_forward(
    model: LanguageModel, tokens: Tensor, cache: list[tuple[Tensor, Tensor]]
) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
    """The logits (B, n, vocabulary) of n new tokens (B, n) that follow the cached ones, and the longer cache.

    The cache holds, for every block, the keys and values (B, heads, t, width/heads) of the t tokens so far; the
    returned one has t + n. The argument is not changed. The cost must not contain the old tokens' projections.
    """
    # BEGIN SOLUTION
    count, width = tokens.shape[1], model.embedding.embedding_dim
    total = cache[0][0].shape[2] + count
    x = model.embedding(tokens) + sinusoidal(torch.arange(total - count, total), width).to(model.head.weight.dtype)
    longer = []
    for block, (old_keys, old_values) in zip(model.blocks, cache, strict=True):
        queries, keys, values = block.project(x)
        longer.append((torch.cat((old_keys, keys), 2), torch.cat((old_values, values), 2)))
        x = block.combine(x, attention(queries, *longer[-1], causal_mask(count, total))[0])
    return model.head(model.norm(x)), longer
    # END SOLUTION


# %% [markdown]
# ## 9. Online softmax (`online_softmax`)
#
# Not to be used in this question: attention of any library.


# %%
def block_state(queries: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What one block of keys contributes: (peak (…, Tq, 1), total (…, Tq, 1), weighted (…, Tq, dv)).

    peak = largest scaled score of each query, total = Σ exp(score − peak), weighted = Σ exp(score − peak) · value.
    """
    # BEGIN SOLUTION
    scores = scaled_scores(queries, keys)
    peak = scores.amax(-1, keepdim=True)
    exponentials = torch.exp(scores - peak)
    return peak, exponentials.sum(-1, keepdim=True), exponentials @ values
    # END SOLUTION


# %%
def merge_states(
    first: tuple[Tensor, Tensor, Tensor], second: tuple[Tensor, Tensor, Tensor]
) -> tuple[Tensor, Tensor, Tensor]:
    """The state of two blocks together, from the states of each."""
    # BEGIN SOLUTION
    peak = torch.maximum(first[0], second[0])
    shrink_first, shrink_second = torch.exp(first[0] - peak), torch.exp(second[0] - peak)
    total = shrink_first * first[1] + shrink_second * second[1]
    return peak, total, shrink_first * first[2] + shrink_second * second[2]
    # END SOLUTION


# %%
def blockwise_attention(queries: Tensor, keys: Tensor, values: Tensor, block: int) -> Tensor:
    """The output of `attention` without a mask, from blocks of `block` keys (the last may be shorter).

    No tensor of Tq·Tk entries is made.
    """
    # BEGIN SOLUTION
    pieces = zip(keys.split(block, -2), values.split(block, -2), strict=True)
    _, total, weighted = reduce(merge_states, (block_state(queries, k, v) for k, v in pieces))
    return weighted / total
    # END SOLUTION


# %% [markdown]
# ## 10. Program a transformer (`program`)
#
# Here you return *weights* of the attention-only transformer of `tiny_transformer.py`, not code. Strings over "abcd" of
# length 1 to 6 start with BOS, so there are 5 tokens and 7 positions. Try your weights with `tiny_transformer.answer`;
# the cell after the functions draws what every head looks at.


# %%
def previous_token_weights() -> dict:
    """Causal. At every symbol but the first, the largest logit is the symbol before it, by a margin of at least 1."""
    # BEGIN SOLUTION
    basis = torch.eye(16, dtype=torch.float64)
    token, place, out = basis[0:5], basis[5:12], basis[12:16]
    head = {"qk": 20.0 * place[1:].T @ place[:-1], "ov": 2.0 * token[:4].T @ out}
    return {"embed": token, "position": place, "layers": [[head]], "unembed": out.T}
    # END SOLUTION


# %%
def induction_weights() -> dict:
    """Causal. Wherever the current symbol has occurred before, the largest logit is the symbol that followed its most
    recent earlier occurrence, by a margin of at least 1."""
    # BEGIN SOLUTION
    basis = torch.eye(21, dtype=torch.float64)
    token, place, before, out = basis[0:5], basis[5:12], basis[12:17], basis[17:21]
    look_back = {"qk": 20.0 * place[1:].T @ place[:-1], "ov": token.T @ before}
    recent = place.sum(0)[:, None] * (place.T @ torch.arange(7.0, dtype=torch.float64))
    match = {"qk": 99.0 * token.T @ before + 9.0 * recent, "ov": 2.0 * token[:4].T @ out}
    return {"embed": token, "position": place, "layers": [[look_back], [match]], "unembed": out.T}
    # END SOLUTION


# %%
def sort_weights() -> dict:
    """Not causal. At place t of the string, the largest logit is its t-th smallest symbol, by a margin of at least 1."""
    # BEGIN SOLUTION
    basis = torch.eye(15, dtype=torch.float64)
    token, place, above = basis[0:5], basis[5:12], basis[12:15]
    slots = torch.log(torch.arange(1.0, 7.0, dtype=torch.float64) - 0.5)
    at_most = torch.ones(4, 3, dtype=torch.float64).triu()
    head = {
        "qk": (slots @ place[1:])[:, None] * token[4],
        "ov": token[4][:, None] * above.sum(0) - token[:4].T @ at_most @ above,
    }
    steps = 30.0 * torch.ones(3, 4, dtype=torch.float64).triu(1)
    return {"embed": token, "position": place, "layers": [[head]], "unembed": above.T @ steps}
    # END SOLUTION


# %%
if __name__ == "__main__":
    drawn = tiny_transformer.run(induction_weights(), tiny_transformer.encode("abcab"))[1]
    attention_pictures.draw_patterns([pattern[0][0] for pattern in drawn], "^abcab").savefig("induction.png")

# %% [markdown]
# ## 11. What does it cost? (`costs`)
#
# The arguments are sympy symbols (or numbers: try it with both). Return an expression in them.


# %%
def model_parameters(d: sympy.Expr, L: sympy.Expr, M: sympy.Expr) -> sympy.Expr:
    """Number of parameters of `LanguageModel(M, d, h, L)`: blocks, embedding, last norm and head, biases included."""
    # BEGIN SOLUTION
    return L * (12 * d**2 + 9 * d) + 2 * d * M + 2 * d
    # END SOLUTION


# %%
def forward_flops(B: sympy.Expr, T: sympy.Expr, d: sympy.Expr, h: sympy.Expr, L: sympy.Expr, M: sympy.Expr) -> sympy.Expr:
    """FLOPs of all matrix products of one forward pass over (B, T) tokens; a multiplication and an addition are 2 FLOPs."""
    # BEGIN SOLUTION
    return 2 * B * T * (L * (12 * d**2 + 2 * T * d) + d * M)
    # END SOLUTION


# %%
def weight_entries(B: sympy.Expr, T: sympy.Expr, d: sympy.Expr, h: sympy.Expr, L: sympy.Expr) -> sympy.Expr:
    """Number of attention weights (entries of softmax matrices) of one forward pass."""
    # BEGIN SOLUTION
    return B * L * h * T**2
    # END SOLUTION


# %%
def cache_bytes(
    B: sympy.Expr, T: sympy.Expr, d: sympy.Expr, h: sympy.Expr, L: sympy.Expr, groups: sympy.Expr, size: sympy.Expr
) -> sympy.Expr:
    """Bytes of the KV cache of T tokens with `size` bytes per number, when the h query heads share `groups` key-value heads."""
    # BEGIN SOLUTION
    return 2 * B * T * L * groups * d / h * size
    # END SOLUTION


# %%
def decode_flops(B: sympy.Expr, T: sympy.Expr, d: sympy.Expr, L: sympy.Expr, M: sympy.Expr) -> sympy.Expr:
    """FLOPs of the matrix products that make one more token for each sequence, when it attends to T keys (itself included)."""
    # BEGIN SOLUTION
    return 2 * B * (L * (12 * d**2 + 2 * T * d) + d * M)
    # END SOLUTION


# %%
def crossover_length(d: sympy.Expr) -> sympy.Expr:
    """The length T at which the products with a T² take as many FLOPs as all other matrix products of the blocks."""
    # BEGIN SOLUTION
    return 6 * d
    # END SOLUTION


# %% [markdown]
# ## 12. Learn to copy (`learn_to_copy`)


# %%
def next_token_loss(logits: Tensor, tokens: Tensor) -> Tensor:
    """Mean cross-entropy in nats of predicting tokens[:, t + 1] from logits[:, t]; logits (B, T, M), tokens (B, T)."""
    # BEGIN SOLUTION
    return nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), tokens[:, 1:].flatten())
    # END SOLUTION


# %%
def adam_step(
    parameter: Tensor, gradient: Tensor, first: Tensor, second: Tensor, step: int, lr: float, betas: tuple[float, float],
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """One step of Adam (Kingma & Ba 2015, algorithm 1): the new parameter, first and second moment.

    `step` is 1 for the first step. No argument is changed.
    """
    # BEGIN SOLUTION
    first = betas[0] * first + (1 - betas[0]) * gradient
    second = betas[1] * second + (1 - betas[1]) * gradient**2
    unbiased_first, unbiased_second = first / (1 - betas[0] ** step), second / (1 - betas[1] ** step)
    return parameter - lr * unbiased_first / (torch.sqrt(unbiased_second) + eps), first, second
    # END SOLUTION


# %%
def train_copier(weights: dict, batches: list[Tensor]) -> dict:
    """Trains `tiny_transformer` weights, one step per batch, and returns weights of the same form.

    Args:
        weights: of `tiny_transformer.initial_weights`, float32, without gradients.
        batches: int64 tensors (64, 20) from `tiny_transformer.draw_sequences`; the budget: each is used for one step.
    """
    # BEGIN SOLUTION
    tensors = tiny_transformer.parameters(weights)
    moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in tensors]
    for step, batch in enumerate(batches, 1):
        tensors = [p.detach().requires_grad_() for p in tensors]
        logits = tiny_transformer.forward(tiny_transformer.with_parameters(weights, tensors), batch)
        gradients = torch.autograd.grad(next_token_loss(logits, batch), tensors)
        lr = 0.02 * min(1.0, 2 - 2 * step / len(batches))
        with torch.no_grad():
            updates = [
                adam_step(p, g, m, v, step, lr, (0.9, 0.99), 1e-8)
                for p, g, (m, v) in zip(tensors, gradients, moments, strict=True)
            ]
        tensors, moments = [u[0] for u in updates], [u[1:] for u in updates]
    return tiny_transformer.with_parameters(weights, tensors)
    # END SOLUTION


# %%
if __name__ == "__main__":
    dice = torch.Generator().manual_seed(0)
    start = tiny_transformer.initial_weights(dice)
    trained = train_copier(start, [tiny_transformer.draw_sequences(64, dice) for turn in range(400)])
    fresh = tiny_transformer.draw_sequences(1, dice)
    seen = tiny_transformer.run(trained, fresh)[1]
    marks = [str(int(symbol)) for symbol in fresh[0]]
    heads = [pattern[0][0] for pattern in seen]
    attention_pictures.draw_patterns(heads, marks).savefig("trained.png")
    print(attention_pictures.in_words(heads, marks))

# %% [markdown]
# ## 13. What did the heads learn? (`what_heads_learn`)
#
# Your answer:
#
