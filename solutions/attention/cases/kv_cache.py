"""The cases of `kv_cache`: what is called, and how the values that come back are judged."""

import attention_judges as judges
import attention_oracle as oracle
import torch
from ground import ATTENTION, BLOCKS, SCORES
from ingredients import Meter, again, filled, model_shapes, random_weights, tensor

from autograder.authoring import case
from autograder.checks import satisfies


def cached_model(student, world, layers=2):
    """A language model with two heads and random weights."""
    return filled(student.LanguageModel(9, 8, 2, layers), random_weights(world, model_shapes(9, 8, layers)))


def kept(cache):
    """A cache that was returned, for the next call."""
    return [tuple(again(part) for part in pair) for pair in cache]


@case("kv_cache", public=True, given=ATTENTION)
def one_more_token(student, world):
    """Two tokens, then a third one with the cache: its logits."""
    model, tokens = cached_model(student, world), tensor(world.integers(9, (1, 3)))
    _, cache = student.cached_forward(model, tokens[:, :2], student.empty_cache(model, 1))
    return student.cached_forward(model, tokens[:, 2:], kept(cache))[0]


@case("kv_cache", public=True, given=ATTENTION)
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
        cache = kept(cache)
        logits.append(again(out))
        start = end
    return torch.cat(logits, 1), [list(pair) for pair in cache]


@case("kv_cache", given=BLOCKS)
def every_split(student, world):
    """Six tokens in two chunks, split at every place, and all at once: the same logits."""
    model, tokens = cached_model(student, world), tensor(world.integers(9, (3, 6)))
    return [in_chunks(student, model, tokens, (k, 6))[0] for k in range(1, 6)] + [in_chunks(student, model, tokens, (6,))[0]]


@case("kv_cache", given=BLOCKS)
def one_token_at_a_time(student, world):
    """Five tokens one by one through a model with a single block: all logits and the final cache."""
    model, tokens = cached_model(student, world, 1), tensor(world.integers(9, (2, 5)))
    return list(in_chunks(student, model, tokens, range(1, 6)))


@case("kv_cache", given=BLOCKS)
def two_continuations_of_one_cache(student, world):
    """The same cache continued in two ways: the second does not see the first, and the cache is as before."""
    model, tokens = cached_model(student, world), tensor(world.integers(9, (3, 2, 3)))
    _, cache = student.cached_forward(model, tokens[0], student.empty_cache(model, 2))
    cache = kept(cache)
    before = [[t.clone() for t in pair] for pair in cache]
    ways = [student.cached_forward(model, t, cache) for t in tokens[1:]]
    return {"logits": [w[0] for w in ways], "caches": [[list(pair) for pair in w[1]] for w in ways], "before": before,
            "cache": [list(pair) for pair in cache]}  # fmt: skip


SHORT, LONG, MOST_MORE = 32, 96, 50_000

def long_text(world):
    """Weights of the model, and one token more than the long prefix."""
    return random_weights(world, model_shapes(9, 8, 2)), world.integers(9, (1, LONG + 1))


def decoding_is_cheap(outputs, world):
    """The logits of the token after the long prefix, at nearly the price of the one after the short prefix."""
    weights, tokens = long_text(world)
    truth = oracle.language_model_logits(weights, tokens, 2, 2)[:, -1:]
    return judges.growth(outputs, truth, (SHORT, LONG), MOST_MORE)


@case("kv_cache", check=satisfies(decoding_is_cheap, tolerance=1e-9), given=SCORES)
def old_tokens_are_not_computed_again(student, world):
    """One token after 32 and after 96 others: how many more numbers the longer text takes, and the logits after it."""
    weights, tokens = long_text(world)
    model, tokens, counts = filled(student.LanguageModel(9, 8, 2, 2), weights), tensor(tokens), []
    for prefix in (SHORT, LONG):
        _, cache = student.cached_forward(model, tokens[:, :prefix], student.empty_cache(model, 1))
        cache = kept(cache)
        with Meter() as meter:
            logits, _ = student.cached_forward(model, tokens[:, prefix : prefix + 1], cache)
        counts.append(meter.total)
    return {"out": logits, "numbers computed": counts}
