"""The cases of `costs`: what is called, and how the values that come back are judged."""

import sympy

from autograder.authoring import case
from autograder.checks import equivalent, exact, integer

SIZES = dict.fromkeys("BTdwhLMgs", integer(1, 9))

def symbols(names):
    """Symbols of positive integers."""
    return sympy.symbols(names, positive=True, integer=True)


def with_heads(names):
    """The symbols, with d = h·w: heads of width w."""
    found = dict(zip(names.split(), symbols(names), strict=True))
    return [found["h"] * symbols("w") if name == "d" else found[name] for name in names.split()]


def sizes(world, names):
    """Random numbers of these names, where h divides d."""
    found = {name: world.integers(2, high=60) for name in names.split()}
    return [found["h"] * found["d"] if name == "d" and "h" in found else found[name] for name in names.split()]


@case("costs", public=True, check=equivalent(domains=SIZES), worlds=1)
def entries_of_attention(student, world):
    """The number of attention weights, as an expression in B, T, d = h·w, h and L."""
    return student.weight_entries(*with_heads("B T d h L"))


@case("costs", public=True, check=exact())
def parameters_in_numbers(student, world):
    """The parameters of one model with random sizes."""
    return int(student.model_parameters(*sizes(world, "d L M")))


@case("costs", public=True, check=exact())
def flops_in_numbers(student, world):
    """The FLOPs of one forward pass of a model with random sizes."""
    return int(student.forward_flops(*sizes(world, "B T d h L M")))


@case("costs", public=True, check=exact())
def cache_in_numbers(student, world):
    """The bytes of a cache with random sizes."""
    return int(student.cache_bytes(*sizes(world, "B T d h L groups size")))


@case("costs", public=True, check=exact())
def decoding_in_numbers(student, world):
    """The FLOPs of one more token with random sizes."""
    return int(student.decode_flops(*sizes(world, "B T d L M")))


@case("costs", public=True, check=exact())
def crossover_in_numbers(student, world):
    """The length at which the T² products cost as much as the rest, for a random width."""
    return int(student.crossover_length(world.integers(2, high=600)))


@case("costs", check=exact())
def entries_in_numbers(student, world):
    """The number of attention weights of a model with random sizes."""
    return int(student.weight_entries(*sizes(world, "B T d h L")))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def parameters_of_the_model(student, world):
    """The number of parameters as an expression in d, L and M."""
    return student.model_parameters(*symbols("d L M"))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def flops_of_a_forward_pass(student, world):
    """The FLOPs of a forward pass as an expression in B, T, d = h·w, h, L and M."""
    return student.forward_flops(*with_heads("B T d h L M"))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def bytes_of_the_cache(student, world):
    """The bytes of a KV cache with grouped heads of width w, as an expression."""
    return student.cache_bytes(*with_heads("B T d h L g s"))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def flops_of_one_more_token(student, world):
    """The FLOPs of one decoding step as an expression in B, T, d, L and M."""
    return student.decode_flops(*symbols("B T d L M"))


@case("costs", check=equivalent(domains=SIZES), worlds=1)
def length_where_attention_dominates(student, world):
    """The length at which the T² products cost as much as the rest, as an expression in d."""
    return student.crossover_length(symbols("d"))
