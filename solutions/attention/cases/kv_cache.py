"""The cases of `kv_cache`: what is called, and how the values that come back are judged."""

import attention_judges as judges
import attention_oracle as oracle
import torch
from ingredients import Meter, filled, model_shapes, random_weights, tensor

from autograder.authoring import case
from autograder.checks import satisfies


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
