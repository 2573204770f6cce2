"""The cases of `capacity`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np
from mixtures_judges import looks_ahead

from autograder.authoring import case
from autograder.checks import close, exact, satisfies


def crowded(world, N, E):
    """Choices of N ≥ 3 tokens, half of them expert 0, the first two and the last one among these; the last expert is chosen as well."""
    choices = world.integers(E, (N,))
    choices[world.permutation(N)[: N // 2]] = 0
    choices[:2] = choices[-1] = 0
    choices[-2] = E - 1
    return choices


def layer(world, N, d, E):
    """X, outputs, choices and gates."""
    return world.normal((N, d)), world.normal((N, E, d)), crowded(world, N, E), world.uniform(0.2, 0.9, (N,))


@case("capacity", public=True, check=exact())
def six_tokens_in_order(student, world):
    """Six tokens and three experts with two places each: who is taken. And how many places an expert has for 10 tokens and k = 2."""
    return {"taken": student.first_come(crowded(world, 6, 3), 2), "slots": student.slots(10, 3, 2, Fraction(world.choice((4, 5, 7, 8)), 5))}


@case("capacity", public=True, check=close())
def a_layer_that_drops(student, world):
    """Five tokens, two experts with one place each: the layer's output, with its residual connection."""
    return student.residual_layer(*layer(world, 5, 3, 2), 1)


@case("capacity", public=True, check=exact())
def experts_choose(student, world):
    """Four tokens, two experts that choose two tokens each."""
    return student.expert_choice(world.uniform(0, 1, (4, 2)), 2)


@case("capacity", public=True, check=satisfies(lambda outputs, world: looks_ahead(outputs, [1])), worlds=1)
def one_token_more(student, world):
    """An example for the capacity 1."""
    return [student.leak_example(1)]


@case("capacity", check=exact())
def places(student, world):
    """Places of an expert for several numbers of tokens, experts, choices and factors."""
    tasks = [(world.integers(20, high=90), E, k, f) for E, k, f in ((4, 1, Fraction(1)), (8, 2, Fraction(5, 4)), (7, 3, Fraction(1, 3)))]
    return [*(student.slots(*one) for one in tasks), student.slots(16, 4, 2, Fraction(1)), student.slots(17, 4, 1, Fraction(1)), student.slots(30, 4, 1, Fraction(0))]


@case("capacity", check=exact())
def who_is_taken(student, world):
    """Twelve tokens and four experts with 3, 1, 0 and 12 places."""
    choices = crowded(world, 12, 4)
    return [student.first_come(choices.copy(), capacity) for capacity in (3, 1, 0, 12)]


@case("capacity", check=close())
def layers_of_other_sizes(student, world):
    """Layers with 9 tokens and 3 experts, with as many tokens as experts and numbers, and with no place at all."""
    sizes = ((9, 2, 3, 2), (4, 4, 4, 1), (3, 5, 2, 0))
    return [student.residual_layer(*layer(world, N, d, E), capacity) for N, d, E, capacity in sizes]


@case("capacity", check=exact())
def experts_choose_among_many(student, world):
    """Nine tokens and four experts that choose 1, 4, 0 and more tokens than there are; tokens all alike; scores with ties."""
    scores = world.normal((9, 4))
    found = [student.expert_choice(scores.copy(), capacity) for capacity in (1, 4, 0, 11)]
    ties = world.integers(3, (8, 3)).astype(float)
    return [*found, student.expert_choice(np.ones((5, 2)), 2), student.expert_choice(ties, 3)]


@case("capacity", check=satisfies(lambda outputs, world: looks_ahead(outputs, [1, 2, 3, 7])), worlds=1)
def leaks_of_all_sizes(student, world):
    """Examples for the capacities 1, 2, 3 and 7."""
    return [student.leak_example(capacity) for capacity in (1, 2, 3, 7)]
