"""The test cases of "Attention": what is called, and how the answers are judged."""

import attention_judges as judges
import attention_oracle as oracle
import numpy as np
import sympy
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from autograder.authoring import case
from autograder.checks import close, equivalent, exact, positive, satisfies

INFINITY = float("inf")


def tensor(array):
    """A float64 or int64 tensor of the world's numbers."""
    return torch.from_numpy(np.array(array))


def normals(world, *shapes):
    """One tensor per shape."""
    return [tensor(world.normal(shape)) for shape in shapes]


# ---------------------------------------------------------------------------------------------- similarity


@case("similarity", public=True)
def softmax_of_a_small_matrix(student, world):
    """Softmax of a 2×3 matrix, along the rows (dim=1) and along the columns (dim=0)."""
    x = tensor(world.normal((2, 3)))
    return {"dim 0": student.softmax(x, 0), "dim 1": student.softmax(x, 1)}


@case("similarity", public=True, check=exact(), worlds=1)
def law_in_two_dimensions(student, world):
    """The distribution of q·k for ±1 vectors with one and two entries."""
    return [student.dot_product_law(1), student.dot_product_law(2)]


@case("similarity", public=True)
def entropy_falls_with_the_scale(student, world):
    """Entropy of attention over four keys when the same scores are multiplied by 0, 0.1, 1 and 10."""
    scores = tensor(world.normal((2, 4)))
    return [student.attention_entropy(scores * scale) for scale in (0.0, 0.1, 1.0, 10.0)]


@case("similarity")
def softmax_along_every_axis(student, world):
    """Softmax of a (3, 5, 7) array along each of its axes, counted from both ends."""
    x = tensor(world.normal((3, 5, 7), scale=3.0))
    return {"out": [student.softmax(x, dim) for dim in (0, 1, 2, -1, -2, -3)], "x": x}


@case("similarity", check=close(elementwise=True))
def softmax_of_very_different_rows(student, world):
    """Rows whose levels differ by 10⁴, with −inf entries: every slice still sums to one."""
    x = tensor(world.normal((4, 6)) + np.array([[-1e4], [0.0], [1e4], [300.0]]))
    x[1, 2] = x[3, 0] = x[3, 5] = -INFINITY
    return {"rows": student.softmax(x, 1), "columns": student.softmax(x.T.clone(), 0)}


@case("similarity", check=exact(), worlds=1)
def law_in_more_dimensions(student, world):
    """The exact distribution of q·k for ±1 vectors with three and five entries."""
    return [student.dot_product_law(3), student.dot_product_law(5)]


@case("similarity")
def scores_of_batches(student, world):
    """Scaled scores where the number of queries, of keys, of heads and the width all differ."""
    queries, keys = normals(world, (2, 3, 5, 11), (2, 3, 7, 11))
    wide = normals(world, (3, 64), (4, 64))
    return [student.scaled_scores(queries, keys), student.scaled_scores(*wide)]


@case("similarity")
def entropy_of_certain_attention(student, world):
    """Entropy when one key has all the weight (scores of ±10⁴, and −inf), beside ordinary rows."""
    scores = tensor(world.normal((2, 3, 5), scale=2.0))
    scores[0, 0] *= 1e4
    scores[1, 2, 1:3] = -INFINITY
    return student.attention_entropy(scores)


# ----------------------------------------------------------------------------------------------- attention


@case("attention", public=True)
def attention_of_one_query(student, world):
    """One query, three keys of width 2, values of width 4, no mask: output and weights."""
    return list(student.attention(*normals(world, (1, 2), (3, 2), (3, 4))))


@case("attention", public=True, check=exact(), worlds=1)
def mask_of_a_square(student, world):
    """The causal mask of four queries and four keys, and of the last two queries of four keys."""
    return [student.causal_mask(4, 4), student.causal_mask(2, 4)]


@case("attention", public=True)
def masked_attention_of_two_queries(student, world):
    """Two queries, three keys; the first query may not look at the last key."""
    mask = torch.tensor([[True, True, False], [True, True, True]])
    return list(student.attention(*normals(world, (2, 2), (3, 2), (3, 4)), mask))


@case("attention", check=exact())
def mask_of_any_shape(student, world):
    """Causal masks for random numbers of queries and keys, never more queries than keys."""
    queries = [world.integers(1, high=5) for _ in range(4)]
    return [student.causal_mask(n, n + extra) for n, extra in zip(queries, (0, 1, 3, 6), strict=True)]


@case("attention")
def batched_attention(student, world):
    """Five queries, seven keys, two batches and three heads; without a mask and with a mask per batch."""
    queries, keys, values = normals(world, (2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 6))
    mask = tensor(world.uniform(0.0, 1.0, (2, 1, 5, 7)) < 0.6)
    mask[..., 3] = True
    plain = student.attention(queries, keys, values)
    masked = student.attention(queries, keys, values, mask)
    return {"plain": list(plain), "masked": list(masked), "arguments": [queries, keys, values, mask]}


@case("attention")
def query_that_sees_nothing(student, world):
    """Rows of the mask without a single True: weights and output are 0 there, and nothing else changes."""
    queries, keys, values = normals(world, (2, 4, 3), (2, 5, 3), (2, 5, 2))
    mask = tensor(world.uniform(0.0, 1.0, (2, 4, 5)) < 0.5)
    mask[0, 1] = mask[1, 3] = False
    mask[0, 2, 1] = True
    return list(student.attention(queries, keys, values, mask))


@case("attention")
def hidden_keys_with_huge_scores(student, world):
    """Scores of ±10⁵ where the hidden keys have the largest ones."""
    keys, values = normals(world, (6, 4), (6, 3))
    direction = tensor(np.sign(world.normal((4,))))
    keys = keys + direction * tensor([[5e4], [-5e4], [5e4], [-5e4], [-5e4], [5e4]])
    queries = 1.0 + tensor(world.uniform(0.0, 0.2, (3, 4)))
    mask = torch.tensor([[False, True, False, True, True, False]] * 3)
    return list(student.attention(queries * direction, keys, values, mask))


def causal_inputs(world):
    """Queries, keys, values (2, 6, 4), and the change of positions 3, 4, 5."""
    arrays = [world.normal((2, 6, 4)) for _ in range(3)]
    changes = [world.normal((2, 6, 4), scale=1e3) * (np.arange(6) >= 3)[:, None] for _ in range(3)]
    return arrays, changes


def past_is_untouched(outputs, world):
    """Bit-identical before position 3, and right."""
    arrays, _ = causal_inputs(world)
    truth = oracle.dense_attention(*arrays, np.tril(np.ones((6, 6), bool)))
    return judges.blind_to_the_future(outputs, truth, 1, 3)


@case("attention", check=satisfies(past_is_untouched, tolerance=1e-9))
def the_past_does_not_see_the_future(student, world):
    """With a causal mask, changing positions 3, 4 and 5 leaves the outputs of 0, 1 and 2 as they are, bit for bit."""
    arrays, changes = causal_inputs(world)
    mask = torch.arange(6) <= torch.arange(6)[:, None]
    before, _ = student.attention(*[tensor(a) for a in arrays], mask)
    after, _ = student.attention(*[tensor(a + c) for a, c in zip(arrays, changes, strict=True)], mask)
    return {"before": before, "after": [after]}


@case("attention")
def order_of_the_keys(student, world):
    """Keys and values in another order give the same outputs, and weights in that order."""
    queries, keys, values = normals(world, (4, 3), (6, 3), (6, 5))
    order = tensor(world.permutation(6))
    return [list(student.attention(queries, k, v)) for k, v in ((keys, values), (keys[order], values[order]))]


# -------------------------------------------------------------------------------------- attention_gradient


@case("attention_gradient", public=True)
def softmax_gradient_of_one_row(student, world):
    """The gradient with respect to three scores."""
    return student.softmax_vjp(torch.softmax(tensor(world.normal((1, 3))), -1), tensor(world.normal((1, 3))))


@case("attention_gradient", public=True)
def gradients_of_one_query(student, world):
    """dQ, dK and dV for one query and two keys of width 3."""
    return list(student.attention_vjp(*normals(world, (1, 3), (2, 3), (2, 3), (1, 3))))


@case("attention_gradient")
def softmax_gradient_of_batches(student, world):
    """The gradient of a (3, 5, 7) batch of softmax rows, and of rows with weights 0 and 1."""
    weights = torch.softmax(tensor(world.normal((3, 5, 7))), -1)
    weights[0, 0] = torch.eye(7, dtype=torch.float64)[2]
    return student.softmax_vjp(weights, tensor(world.normal((3, 5, 7))))


@case("attention_gradient")
def gradients_of_batches(student, world):
    """dQ, dK and dV where all sizes differ; no argument is changed."""
    arguments = normals(world, (2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 6), (2, 3, 5, 6))
    return {"out": list(student.attention_vjp(*arguments)), "arguments": arguments}


@case("attention_gradient")
def gradients_through_a_mask(student, world):
    """dQ, dK and dV with a mask that hides one key from all and everything from one query."""
    arguments = normals(world, (5, 4), (7, 4), (7, 3), (5, 3))
    mask = tensor(world.uniform(0.0, 1.0, (5, 7)) < 0.6)
    mask[:, 0] = True
    mask[:, 6] = False
    mask[2] = False
    return list(student.attention_vjp(*arguments, mask))


# ---------------------------------------------------------------------------------------------- multi_head


@case("multi_head", public=True, check=exact(), worlds=1)
def heads_of_a_counting_tensor(student, world):
    """0 … 11 as two positions of width 6, split into three heads, and merged again."""
    heads = student.split_heads(torch.arange(12).reshape(1, 2, 6), 3)
    return [heads, student.merge_heads(heads)]


@case("multi_head", public=True, check=exact(), worlds=1)
def parameters_of_the_base_model(student, world):
    """One attention layer of the paper's base model: d_model 512, 8 heads, d_k = d_v = 64."""
    return student.multi_head_parameters(512, 8, 64, 64)


@case("multi_head", public=True)
def two_heads_look_at_themselves(student, world):
    """Self-attention with two heads over three positions of width 4."""
    x = tensor(world.normal((1, 3, 4)))
    return student.multi_head_attention(x, x, projections(world, 4), 2)


def projections(world, width):
    """The four matrices of multi-head attention."""
    return {name: tensor(world.normal((width, width)) / width**0.5) for name in ("query", "key", "value", "output")}


@case("multi_head", check=exact())
def split_and_merge(student, world):
    """Splitting (2, 5, 12) into 3 and 4 heads, and merging random (2, 3, 5, 4) heads."""
    x, heads = normals(world, (2, 5, 12), (2, 3, 5, 4))
    return [student.split_heads(x, 3), student.split_heads(x, 4), student.merge_heads(heads)]


@case("multi_head")
def causal_self_attention(student, world):
    """Three heads, causal, two batches of five positions of width 12."""
    x = tensor(world.normal((2, 5, 12)))
    mask = torch.ones(5, 5, dtype=torch.bool).tril()
    weights = projections(world, 12)
    return {"out": student.multi_head_attention(x, x, weights, 3, mask), "x": x, "weights": weights}


@case("multi_head")
def attention_to_a_context(student, world):
    """Four positions attend to a context of seven, with a padding mask of shape (B, 1, 1, 7)."""
    x, context = normals(world, (2, 4, 12), (2, 7, 12))
    mask = torch.arange(7) < tensor([7, 4])[:, None, None, None]
    return student.multi_head_attention(x, context, projections(world, 12), 2, mask)


@case("multi_head", check=exact())
def parameters_of_any_model(student, world):
    """Parameter counts for random sizes, also with heads·d_key ≠ d_model."""
    sizes = [[world.integers(2, high=90) for _ in range(4)] for _ in range(4)]
    return [student.multi_head_parameters(*s) for s in sizes]


# ----------------------------------------------------------------------------------------------- positions


@case("positions", public=True)
def encoding_of_two_positions(student, world):
    """Angles and encoding of position 0 and of another one, width 4."""
    positions = tensor([0, world.integers(1, high=1000)])
    return {"angles": student.angles(positions, 4), "encoding": student.sinusoidal(positions, 4)}


@case("positions", public=True)
def rotation_of_one_vector(student, world):
    """Rotary embedding of one vector of width 4 at positions 0 and 1."""
    x = tensor(world.normal((1, 4)))
    return [student.rotary(x, tensor([0])), student.rotary(x, tensor([1]))]


def places(world, *shape):
    """Position ids that are not 0, 1, 2, …."""
    return tensor(world.integers(0, shape, high=2000))


@case("positions")
def encoding_of_arbitrary_positions(student, world):
    """Angles and encodings of position ids in any order, with gaps and in batches."""
    ids = places(world, 2, 5)
    return {"angles": student.angles(ids, 10), "encoding": student.sinusoidal(ids, 10)}


@case("positions")
def shift_as_a_rotation(student, world):
    """The matrix R with PE(p + k) = R PE(p), for positive and negative shifts k."""
    shifts = world.integers(1, high=200), -world.integers(1, high=200)
    return [student.shift_matrix(k, d) for k, d in zip(shifts, (6, 10), strict=True)]


@case("positions")
def rotary_with_arbitrary_positions(student, world):
    """Rotary embedding of (2, 3, 5, 8) with position ids per batch, and of (5, 8) with ids in any order."""
    x, single = normals(world, (2, 3, 5, 8), (5, 8))
    return {"out": [student.rotary(x, places(world, 2, 1, 5)), student.rotary(single, places(world, 5))], "x": x}


@case("positions")
def only_the_distance_counts(student, world):
    """Rotary attention of five queries to seven keys, and again with all positions moved by the same amount."""
    queries, keys, values = normals(world, (2, 5, 8), (2, 7, 8), (2, 7, 4))
    p, k, shift = places(world, 5), places(world, 7), world.integers(1, high=500)
    return [student.rotary_attention(queries, keys, values, p + s, k + s) for s in (0, shift)]


# --------------------------------------------------------------------------------------------------- block


def block_shapes(width, prefix=""):
    """Names and shapes of a block's parameters."""
    square = {f"{name}.weight": (width, width) for name in ("query", "key", "value", "output")}
    norms = {f"{norm}.{part}": (width,) for norm in ("norm_attention", "norm_feed") for part in ("gain", "bias")}
    feed = {"up.weight": (4 * width, width), "up.bias": (4 * width,), "down.weight": (width, 4 * width), "down.bias": (width,)}
    return {prefix + name: shape for name, shape in {**square, **norms, **feed}.items()}


def model_shapes(vocabulary, width, layers):
    """Names and shapes of a language model's parameters."""
    shapes = {"embedding.weight": (vocabulary, width), "head.weight": (vocabulary, width)}
    for i in range(layers):
        shapes.update(block_shapes(width, f"blocks.{i}."))
    return {**shapes, "norm.gain": (width,), "norm.bias": (width,)}


def random_weights(world, shapes):
    """Arrays for named shapes; matrices keep the size of their inputs."""
    return {name: world.normal(shape, scale=shape[-1] ** -0.5 if len(shape) == 2 else 1.0) for name, shape in shapes.items()}


def filled(module, weights):
    """The module in float64 with these weights; every name and shape must fit."""
    module = module.double()
    module.load_state_dict({name: tensor(array) for name, array in weights.items()})
    return module


@case("block", public=True)
def norm_of_one_row(student, world):
    """Layer norm of one row of four numbers, with gain 1 and bias 0."""
    return student.LayerNorm(4).double()(tensor(world.normal((1, 4), mean=3.0)))


@case("block", public=True)
def block_on_one_position(student, world):
    """A block with two heads on a single position of width 6."""
    block = filled(student.Block(6, 2), random_weights(world, block_shapes(6)))
    return block(tensor(world.normal((1, 1, 6))))


@case("block")
def norm_with_gain_and_bias(student, world):
    """Layer norm of (2, 3, 7) with random gain and bias; eps 10⁻⁵ on tiny rows, and eps 0.3."""
    x, gain, bias = normals(world, (2, 3, 7), (7,), (7,))
    x[0, 0] *= 1e-3
    x[1, 1] = 5.0
    out = []
    for layer in (student.LayerNorm(7), student.LayerNorm(7, eps=0.3)):
        out.append(filled(layer, {"gain": gain, "bias": bias})(x))
    return {"out": out, "x": x}


@case("block")
def parts_of_a_block(student, world):
    """`project` and `combine` of a block with three heads, with given weights."""
    block = filled(student.Block(12, 3), random_weights(world, block_shapes(12)))
    x, mixed = normals(world, (2, 5, 12), (2, 3, 5, 4))
    return {"project": list(block.project(x)), "combine": block.combine(x, mixed), "x": x, "mixed": mixed}


@case("block")
def whole_block(student, world):
    """A block with given weights, with a causal mask and without one."""
    block = filled(student.Block(12, 2), random_weights(world, block_shapes(12)))
    x = tensor(world.normal((2, 5, 12), mean=1.0))
    return [block(x, torch.ones(5, 5, dtype=torch.bool).tril()), block(x)]


@case("block")
def logits_of_the_language_model(student, world):
    """Logits of a two-layer language model with given weights, for two sequences with repeated tokens."""
    model = filled(student.LanguageModel(11, 12, 3, 2), random_weights(world, model_shapes(11, 12, 2)))
    return model(tensor(world.integers(11, (2, 7))))


CHANGES = 40  # so many that the largest score of all surely moves: a maximum over everything shows too


def story(world):
    """Weights of a small language model, tokens (2, 7), and (40, 2, 7) with other tokens at the last three places."""
    weights = random_weights(world, model_shapes(11, 8, 2))
    tokens = world.integers(11, (2, 7))
    others = (tokens + 1 + world.integers(10, (CHANGES, 2, 7))) % 11
    return weights, tokens, np.where(np.arange(7) < 4, tokens, others)


def model_is_causal(outputs, world):
    """Bit-identical before position 4, and right."""
    weights, tokens, _ = story(world)
    return judges.blind_to_the_future(outputs, oracle.language_model_logits(weights, tokens, 2, 2), 1, 4)


@case("block", check=satisfies(model_is_causal, tolerance=1e-9))
def the_model_does_not_see_its_target(student, world):
    """Replacing tokens 4, 5 and 6 leaves the logits of positions 0 to 3 as they are, bit for bit."""
    weights, tokens, others = story(world)
    model = filled(student.LanguageModel(11, 8, 2, 2), weights)
    with torch.no_grad():
        return {"before": model(tensor(tokens)), "after": [model(tensor(other)) for other in others]}


# ------------------------------------------------------------------------------------------------ kv_cache


def cached_model(student, world, layers=2):
    """A language model with two heads and random weights."""
    return filled(student.LanguageModel(9, 8, 2, layers), random_weights(world, model_shapes(9, 8, layers)))


@case("kv_cache", public=True)
def one_more_token(student, world):
    """Two tokens, then a third one with the cache: its logits."""
    model, tokens = cached_model(student, world), tensor(world.integers(9, (1, 3)))
    _, cache = student.cached_forward(model, tokens[:, :2], student.empty_cache(model, 1))
    return student.cached_forward(model, tokens[:, 2:], cache)[0]


@case("kv_cache", public=True)
def first_cache(student, world):
    """The cache after the first two tokens: keys and values of both blocks."""
    model, tokens = cached_model(student, world), tensor(world.integers(9, (1, 2)))
    _, cache = student.cached_forward(model, tokens, student.empty_cache(model, 1))
    return [list(pair) for pair in cache]


def in_chunks(student, model, tokens, ends):
    """Logits of all tokens, fed in chunks that end at `ends`, and the last cache."""
    cache, logits, start = student.empty_cache(model, len(tokens)), [], 0
    for end in ends:
        out, cache = student.cached_forward(model, tokens[:, start:end], cache)
        logits.append(out)
        start = end
    return torch.cat(logits, 1), [list(pair) for pair in cache]


@case("kv_cache")
def every_split(student, world):
    """Six tokens in two chunks, split at every place, and all at once: the same logits."""
    model, tokens = cached_model(student, world), tensor(world.integers(9, (3, 6)))
    return [in_chunks(student, model, tokens, (k, 6))[0] for k in range(1, 6)] + [in_chunks(student, model, tokens, (6,))[0]]


@case("kv_cache")
def one_token_at_a_time(student, world):
    """Five tokens one by one through a model with a single block: all logits and the final cache."""
    model, tokens = cached_model(student, world, 1), tensor(world.integers(9, (2, 5)))
    return list(in_chunks(student, model, tokens, range(1, 6)))


@case("kv_cache")
def two_continuations_of_one_cache(student, world):
    """The same cache continued in two ways: the second does not see the first, and the cache is as before."""
    model, tokens = cached_model(student, world), tensor(world.integers(9, (3, 2, 3)))
    _, cache = student.cached_forward(model, tokens[0], student.empty_cache(model, 2))
    kept = [[t.clone() for t in pair] for pair in cache]
    ways = [student.cached_forward(model, t, cache) for t in tokens[1:]]
    return {"logits": [w[0] for w in ways], "caches": [[list(pair) for pair in w[1]] for w in ways], "kept": kept,
            "cache": [list(pair) for pair in cache]}  # fmt: skip


class Meter(TorchDispatchMode):
    """Counts the entries of every tensor that torch makes: the largest one, and all together."""

    def __init__(self):
        super().__init__()
        self.largest, self.total = 0, 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        for one in made if isinstance(made, (list, tuple)) else [made]:
            if isinstance(one, torch.Tensor):
                self.largest = max(self.largest, one.numel())
                self.total += one.numel()
        return made


PREFIX = 96
DECODE_BUDGET = 40_000


def decoding_is_cheap(outputs, world):
    """The logits of the last token, at the price of one token."""
    weights = random_weights(world, model_shapes(9, 8, 2))
    tokens = world.integers(9, (1, PREFIX + 1))
    truth = oracle.language_model_logits(weights, tokens, 2, 2)[:, -1:]
    why = "The old tokens went through the layers again: keep their keys and values."
    return judges.within_budget(outputs, truth, "numbers computed", DECODE_BUDGET, why)


@case("kv_cache", check=satisfies(decoding_is_cheap, tolerance=1e-9))
def old_tokens_are_not_computed_again(student, world):
    """One token after a prefix of 96: its logits, and how many numbers were computed for them."""
    model, tokens = cached_model(student, world), tensor(world.integers(9, (1, PREFIX + 1)))
    _, cache = student.cached_forward(model, tokens[:, :-1], student.empty_cache(model, 1))
    with torch.no_grad(), Meter() as meter:
        logits, _ = student.cached_forward(model, tokens[:, -1:], cache)
    return {"out": logits, "numbers computed": meter.total}


# ------------------------------------------------------------------------------------------ online_softmax


@case("online_softmax", public=True)
def state_of_a_small_block(student, world):
    """Peak, total and weighted sum of two queries and three keys."""
    return list(student.block_state(*normals(world, (2, 4), (3, 4), (3, 2))))


@case("online_softmax", public=True)
def two_states_merged(student, world):
    """The merged state of two blocks, in both orders."""
    first, second = states(world)
    return [list(student.merge_states(first, second)), list(student.merge_states(second, first))]


def states(world, scale=1.0):
    """Two states of three queries and values of width 2."""
    peaks, weighted = normals(world, (2, 3, 1), (2, 3, 2))
    totals = 1.0 + tensor(world.uniform(0.0, 4.0, (2, 3, 1)))
    return [(scale * p, t, w) for p, t, w in zip(peaks, totals, weighted, strict=True)]


@case("online_softmax")
def states_with_far_peaks(student, world):
    """Block states with scores of ±10⁴, of batches, and merged states whose peaks are up to 10⁴ apart."""
    queries, keys, values = normals(world, (2, 4, 8), (2, 5, 8), (2, 5, 3))
    first, second = states(world, 1e4)
    return [list(student.block_state(100.0 * queries, 100.0 * keys, values)), list(student.merge_states(first, second))]


@case("online_softmax")
def blocks_of_any_size(student, world):
    """Attention from blocks of 1, 3, 4, 7 and 100 keys, where scores reach ±10⁴."""
    queries, keys, values = normals(world, (2, 3, 5, 8), (2, 3, 7, 8), (2, 3, 7, 4))
    sharp = 60.0 * queries, 60.0 * keys, values
    return [student.blockwise_attention(*sharp, block) for block in (1, 3, 7)] + [
        student.blockwise_attention(queries, keys, values, block) for block in (2, 4, 100)
    ]  # fmt: skip


@case("online_softmax")
def blocks_in_any_order(student, world):
    """Keys and values in another order, so that the largest score comes first, last or in between."""
    queries, keys, values = normals(world, (4, 6), (9, 6), (9, 3))
    keys = keys * torch.linspace(1.0, 30.0, 9, dtype=torch.float64)[:, None]
    orders = [torch.arange(9), torch.arange(8, -1, -1), tensor(world.permutation(9))]
    return [student.blockwise_attention(queries, keys[o], values[o], 2) for o in orders]


def long_inputs(world):
    """Queries (192, 8), keys (160, 8), values (160, 4)."""
    return [world.normal((192, 8)), world.normal((160, 8)), world.normal((160, 4))]


def memory_stays_small(outputs, world):
    """Right, and no tensor larger than 192 × 32 entries, where the whole matrix has 192 × 160 (the reference: 192 × 16)."""
    why = "The matrix of all scores has 30,720 entries; blocks of 16 keys need no more than 192 × 16."
    return judges.within_budget(outputs, oracle.dense_attention(*long_inputs(world)), "entries of the largest tensor",
                                192 * 32, why)  # fmt: skip


@case("online_softmax", check=satisfies(memory_stays_small, tolerance=1e-9))
def no_square_matrix(student, world):
    """192 queries and 160 keys in blocks of 16: the output, and the number of entries of the largest tensor made."""
    queries, keys, values = [tensor(a) for a in long_inputs(world)]
    with Meter() as meter:
        out = student.blockwise_attention(queries, keys, values, 16)
    return {"out": out, "entries of the largest tensor": meter.largest}


# ------------------------------------------------------------------------------------------------- program

SHORT, ALL = range(1, 4), range(1, 7)


@case("program", public=True, check=satisfies(judges.programmed(oracle.previous_targets, SHORT, True)), worlds=1)
def previous_symbol_of_short_strings(student, world):
    """The previous-symbol weights on all strings of up to three symbols."""
    return student.previous_token_weights()


@case("program", public=True, check=satisfies(judges.programmed(oracle.induction_targets, SHORT, True)), worlds=1)
def induction_on_short_strings(student, world):
    """The induction weights on all strings of up to three symbols."""
    return student.induction_weights()


@case("program", public=True, check=satisfies(judges.programmed(oracle.sorted_targets, SHORT, False)), worlds=1)
def sorting_short_strings(student, world):
    """The sorting weights on all strings of up to three symbols."""
    return student.sort_weights()


@case("program", check=satisfies(judges.programmed(oracle.previous_targets, ALL, True)), worlds=1)
def previous_symbol_of_all_strings(student, world):
    """The previous-symbol weights on all 5,460 strings of up to six symbols."""
    return student.previous_token_weights()


@case("program", check=satisfies(judges.programmed(oracle.induction_targets, ALL, True)), worlds=1)
def induction_on_all_strings(student, world):
    """The induction weights on all 5,460 strings of up to six symbols, repeats included."""
    return student.induction_weights()


@case("program", check=satisfies(judges.programmed(oracle.sorted_targets, ALL, False)), worlds=1)
def sorting_all_strings(student, world):
    """The sorting weights on all 5,460 strings of up to six symbols."""
    return student.sort_weights()


# --------------------------------------------------------------------------------------------------- costs

SIZES = dict.fromkeys("BTdhLVgs", positive(9.0))


def symbols(names):
    """Positive sympy symbols."""
    return sympy.symbols(names, positive=True)


@case("costs", public=True, check=equivalent(domains=SIZES), worlds=1)
def entries_of_attention(student, world):
    """The number of attention weights, as an expression in B, T, d, h and L."""
    return student.weight_entries(*symbols("B T d h L"))


@case("costs", public=True, check=exact())
def parameters_in_numbers(student, world):
    """The parameters of one model with random sizes."""
    return int(student.model_parameters(*(world.integers(2, high=60) for _ in range(3))))


@case("costs", check=exact())
def entries_in_numbers(student, world):
    """The number of attention weights of a model with random sizes."""
    return int(student.weight_entries(*(world.integers(2, high=60) for _ in range(5))))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def parameters_of_the_model(student, world):
    """The number of parameters as an expression in d, L and V."""
    return student.model_parameters(*symbols("d L V"))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def flops_of_a_forward_pass(student, world):
    """The FLOPs of a forward pass as an expression in B, T, d, h, L and V."""
    return student.forward_flops(*symbols("B T d h L V"))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def bytes_of_the_cache(student, world):
    """The bytes of a KV cache with grouped heads, as an expression."""
    return student.cache_bytes(*symbols("B T d h L g s"))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def flops_of_one_more_token(student, world):
    """The FLOPs of one decoding step as an expression in B, T, d, L and V."""
    return student.decode_flops(*symbols("B T d L V"))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def length_where_attention_dominates(student, world):
    """The length at which the T² products cost as much as the rest, as an expression in d."""
    return student.crossover_length(symbols("d"))


# ------------------------------------------------------------------------------------------- learn_to_copy


@case("learn_to_copy", public=True)
def loss_of_three_symbols(student, world):
    """The loss of one sequence of three symbols out of four."""
    return student.next_token_loss(tensor(world.normal((1, 3, 4))), tensor(world.integers(4, (1, 3))))


@case("learn_to_copy", public=True)
def first_step_of_adam(student, world):
    """The first step from zero moments, with the usual settings."""
    parameter, gradient = normals(world, (3,), (3,))
    zeros = torch.zeros(3, dtype=torch.float64)
    return list(student.adam_step(parameter, gradient, zeros, zeros, 1, 0.1, (0.9, 0.999), 1e-8))


@case("learn_to_copy")
def loss_of_batches(student, world):
    """The loss of five sequences of seven symbols, with logits of very different size."""
    logits = tensor(world.normal((5, 7, 4), scale=3.0))
    logits[0] *= 1e3
    return student.next_token_loss(logits, tensor(world.integers(4, (5, 7))))


@case("learn_to_copy")
def later_steps_of_adam(student, world):
    """Three steps with unusual settings (betas 0.7 and 0.95, eps 0.2), and a zero gradient; arguments unchanged."""
    parameter, first, gradients = normals(world, (2, 3), (2, 3), (3, 2, 3))
    second = tensor(world.uniform(0.1, 1.0, (2, 3)))
    gradients[1, 0] = 0.0
    history = [(parameter, first, second)]
    for step, gradient in enumerate(gradients, 4):
        history.append(student.adam_step(history[-1][0], gradient, *history[-1][1:], step, 0.3, (0.7, 0.95), 0.2))
    return {"steps": [list(h) for h in history], "gradients": gradients}


STEPS = 400


def model_has_learned(outputs, world):
    """Excess over the exact floor on 2,000 fresh sequences."""
    fresh = oracle.draw_copy_sequences(world.fork("fresh sequences").rng, 2000)
    return judges.has_learned(outputs, fresh)


@case("learn_to_copy", check=satisfies(model_has_learned), worlds=1)
def trained_weights_copy(student, world):
    """Weights after 400 batches of 64 sequences, on one thread, measured on fresh sequences."""
    import tiny_transformer

    torch.set_num_threads(1)
    generator = world.torch_generator()
    weights = tiny_transformer.initial_weights(generator)
    batches = [tiny_transformer.draw_sequences(64, generator) for _ in range(STEPS)]
    return student.train_copier(weights, batches)
