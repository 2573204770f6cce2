"""The cases of `costs`: what is called, and how the values that come back are judged."""

import sympy

from autograder.authoring import case
from autograder.checks import equivalent, exact, positive

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
