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
    raise NotImplementedError("write softmax")


# %%
def dot_product_law(d: int) -> dict[int, Fraction]:
    """The exact distribution of q·k for independent q, k, uniform on {−1, +1}^d: value → probability.

    Only values of positive probability are keys. `d` is at most 5, so that all pairs can be enumerated.
    """
    raise NotImplementedError("write dot_product_law")


# %%
def scaled_scores(queries: Tensor, keys: Tensor) -> Tensor:
    """Similarities (…, Tq, Tk) of queries (…, Tq, dk) and keys (…, Tk, dk), scaled to unit variance."""
    raise NotImplementedError("write scaled_scores")


# %%
def attention_entropy(scores: Tensor) -> Tensor:
    """Entropy in nats, (…, Tq), of the softmax over keys of scores (…, Tq, Tk); 0·log 0 counts as 0."""
    raise NotImplementedError("write attention_entropy")


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
    raise NotImplementedError("write causal_mask")


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
    raise NotImplementedError("write attention")


# %% [markdown]
# ## 4. The gradient by hand (`attention_gradient`)
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`); numerical derivatives of
# any library.


# %%
def softmax_vjp(weights: Tensor, cotangent: Tensor) -> Tensor:
    """Gradient (…, n) of a loss with respect to scores s, given weights p = softmax(s) and ∂loss/∂p, both (…, n)."""
    raise NotImplementedError("write softmax_vjp")


# %%
def attention_vjp(
    queries: Tensor, keys: Tensor, values: Tensor, cotangent: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients with respect to queries, keys and values, given the cotangent (…, Tq, dv) of the output."""
    raise NotImplementedError("write attention_vjp")


# %% [markdown]
# ## 5. Multi-head attention (`multi_head`)
#
# Not to be used in this question: attention of any library.


# %%
def split_heads(x: Tensor, heads: int) -> Tensor:
    """(B, T, d) → (B, heads, T, d/heads): head i takes columns i·d/heads … (i+1)·d/heads − 1 of every position."""
    raise NotImplementedError("write split_heads")


# %%
def merge_heads(x: Tensor) -> Tensor:
    """(B, heads, T, d_head) → (B, T, heads·d_head): the inverse of `split_heads`."""
    raise NotImplementedError("write merge_heads")


# %%
def multi_head_attention(
    x: Tensor, context: Tensor, weights: dict[str, Tensor], heads: int, mask: Tensor | None = None
) -> Tensor:
    """Multi-head attention of x (B, Tq, d) to context (B, Tk, d); self-attention when both are the same.

    `weights` has "query", "key", "value" and "output", (d, d) each, applied from the right: x @ weights["query"].
    `mask` broadcasts to (B, heads, Tq, Tk). Returns (B, Tq, d).
    """
    raise NotImplementedError("write multi_head_attention")


# %%
def multi_head_parameters(d_model: int, heads: int, d_key: int, d_value: int) -> int:
    """Number of parameters of multi-head attention without biases, for any head sizes (section 3.2.2 of the paper)."""
    raise NotImplementedError("write multi_head_parameters")


# %% [markdown]
# ## 6. Positions (`positions`)


# %%
def angles(positions: Tensor, d: int) -> Tensor:
    """position · 10000^(−2i/d) for i = 0 … d/2 − 1: any integers (…, T) → (…, T, d/2), always float64."""
    raise NotImplementedError("write angles")


# %%
def sinusoidal(positions: Tensor, d: int) -> Tensor:
    """The encoding (…, T, d), float64, of positions 0 ≤ t < 5000 (…, T): column 2i is the sine, 2i + 1 the cosine of angle i."""
    raise NotImplementedError("write sinusoidal")


# %%
if __name__ == "__main__":
    attention_pictures.draw_positions(sinusoidal(torch.arange(100), 32)).savefig("positions.png")


# %%
def shift_matrix(shift: int, d: int) -> Tensor:
    """The matrix R (d, d), float64, with PE(t + shift) = R PE(t) for every position t (PE as a column)."""
    raise NotImplementedError("write shift_matrix")


# %%
def rotary(x: Tensor, positions: Tensor) -> Tensor:
    """Rotary embedding of x (…, T, d): turns each pair (x[2i], x[2i + 1]) counter-clockwise by angle i of its position.

    `positions` are any integers, negative and very large ones too; their shape broadcasts to (…, T).
    """
    raise NotImplementedError("write rotary")


# %%
def rotary_attention(
    queries: Tensor, keys: Tensor, values: Tensor, query_positions: Tensor, key_positions: Tensor
) -> Tensor:
    """Attention without a mask, with rotary positions: queries (…, Tq, dk), keys (…, Tk, dk), values (…, Tk, dv) → (…, Tq, dv)."""
    raise NotImplementedError("write rotary_attention")


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
        raise NotImplementedError("write LayerNorm.forward")


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
        raise NotImplementedError("write Block.project")

    def combine(self, x: Tensor, mixed: Tensor) -> Tensor:
        """The block's output (B, T, width) from its input x and the heads' outputs `mixed` (B, heads, T, width/heads)."""
        raise NotImplementedError("write Block.combine")

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, T, width) → (B, T, width); `mask` as in `attention`."""
        raise NotImplementedError("write Block.forward")


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
        raise NotImplementedError("write LanguageModel.forward")


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
    raise NotImplementedError("write cached_forward")


# %% [markdown]
# ## 9. Online softmax (`online_softmax`)
#
# Not to be used in this question: attention of any library.


# %%
def block_state(queries: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What one block of keys contributes: (peak (…, Tq, 1), total (…, Tq, 1), weighted (…, Tq, dv)).

    peak = largest scaled score of each query, total = Σ exp(score − peak), weighted = Σ exp(score − peak) · value.
    """
    raise NotImplementedError("write block_state")


# %%
def merge_states(
    first: tuple[Tensor, Tensor, Tensor], second: tuple[Tensor, Tensor, Tensor]
) -> tuple[Tensor, Tensor, Tensor]:
    """The state of two blocks together, from the states of each."""
    raise NotImplementedError("write merge_states")


# %%
def blockwise_attention(queries: Tensor, keys: Tensor, values: Tensor, block: int) -> Tensor:
    """The output of `attention` without a mask, from blocks of `block` keys (the last may be shorter).

    No tensor of Tq·Tk entries is made.
    """
    raise NotImplementedError("write blockwise_attention")


# %% [markdown]
# ## 10. Program a transformer (`program`)
#
# Here you return *weights* of the attention-only transformer of `tiny_transformer.py`, not code. Strings over "abcd" of
# length 1 to 6 start with BOS, so there are 5 tokens and 7 positions. Try your weights with `tiny_transformer.answer`;
# the cell after the functions draws what every head looks at.


# %%
def previous_token_weights() -> dict:
    """Causal. At every symbol but the first, the largest logit is the symbol before it, by a margin of at least 1."""
    raise NotImplementedError("write previous_token_weights")


# %%
def induction_weights() -> dict:
    """Causal. Wherever the current symbol has occurred before, the largest logit is the symbol that followed its most
    recent earlier occurrence, by a margin of at least 1."""
    raise NotImplementedError("write induction_weights")


# %%
def sort_weights() -> dict:
    """Not causal. At place t of the string, the largest logit is its t-th smallest symbol, by a margin of at least 1."""
    raise NotImplementedError("write sort_weights")


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
    raise NotImplementedError("write model_parameters")


# %%
def forward_flops(B: sympy.Expr, T: sympy.Expr, d: sympy.Expr, h: sympy.Expr, L: sympy.Expr, M: sympy.Expr) -> sympy.Expr:
    """FLOPs of all matrix products of one forward pass over (B, T) tokens; a multiplication and an addition are 2 FLOPs."""
    raise NotImplementedError("write forward_flops")


# %%
def weight_entries(B: sympy.Expr, T: sympy.Expr, d: sympy.Expr, h: sympy.Expr, L: sympy.Expr) -> sympy.Expr:
    """Number of attention weights (entries of softmax matrices) of one forward pass."""
    raise NotImplementedError("write weight_entries")


# %%
def cache_bytes(
    B: sympy.Expr, T: sympy.Expr, d: sympy.Expr, h: sympy.Expr, L: sympy.Expr, groups: sympy.Expr, size: sympy.Expr
) -> sympy.Expr:
    """Bytes of the KV cache of T tokens with `size` bytes per number, when the h query heads share `groups` key-value heads."""
    raise NotImplementedError("write cache_bytes")


# %%
def decode_flops(B: sympy.Expr, T: sympy.Expr, d: sympy.Expr, L: sympy.Expr, M: sympy.Expr) -> sympy.Expr:
    """FLOPs of the matrix products that make one more token for each sequence, when it attends to T keys (itself included)."""
    raise NotImplementedError("write decode_flops")


# %%
def crossover_length(d: sympy.Expr) -> sympy.Expr:
    """The length T at which the products with a T² take as many FLOPs as all other matrix products of the blocks."""
    raise NotImplementedError("write crossover_length")


# %% [markdown]
# ## 12. Learn to copy (`learn_to_copy`)


# %%
def next_token_loss(logits: Tensor, tokens: Tensor) -> Tensor:
    """Mean cross-entropy in nats of predicting tokens[:, t + 1] from logits[:, t]; logits (B, T, M), tokens (B, T)."""
    raise NotImplementedError("write next_token_loss")


# %%
def adam_step(
    parameter: Tensor, gradient: Tensor, first: Tensor, second: Tensor, step: int, lr: float, betas: tuple[float, float],
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """One step of Adam (Kingma & Ba 2015, algorithm 1): the new parameter, first and second moment.

    `step` is 1 for the first step. No argument is changed.
    """
    raise NotImplementedError("write adam_step")


# %%
def train_copier(weights: dict, batches: list[Tensor]) -> dict:
    """Trains `tiny_transformer` weights, one step per batch, and returns weights of the same form.

    Args:
        weights: of `tiny_transformer.initial_weights`, float32, without gradients.
        batches: int64 tensors (64, 20) from `tiny_transformer.draw_sequences`; the budget: each is used for one step.
    """
    raise NotImplementedError("write train_copier")


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
