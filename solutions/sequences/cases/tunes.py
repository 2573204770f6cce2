"""The cases of `tunes`: what is called, and how the values that come back are judged."""

import numpy as np

from autograder.authoring import case
from autograder.checks import close, exact


def model_of(world, V):
    """A small model that remembers: its state decays, and the logits are read off state and token."""
    table, readout = world.normal((V, 3)), world.normal((3, V)) / 2

    def step(token, state):
        state = 0.6 * state + table[token]
        return state @ readout, state

    return step, world.normal((3,))


@case("tunes", public=True, check=exact())
def two_windows(student, world):
    """Two windows of 4 tokens of a text of 20, and their targets."""
    text, starts = world.integers(9, (20,)), np.array(world.sample(range(16), 2))
    return dict(zip(("inputs", "targets"), student.next_token_batch(text, starts, 4), strict=True))


@case("tunes", public=True, check=close())
def three_tokens_to_pick_from(student, world):
    """Probabilities of 3 tokens at temperatures ½, 1 and 2; and the token that a uniform number picks by them."""
    logits, u = world.normal((3,)), world.uniform(0.5)
    found = [student.tempered(logits.copy(), temperature) for temperature in (0.5, 1.0, 2.0)]
    return {"probabilities": found, "picked": student.pick(np.array([0.5, 0.2, 0.3]), u)}


@case("tunes", public=True, check=exact())
def a_few_tokens_written(student, world):
    """Up to 12 tokens of a small model with 4 tokens; nothing ends this text."""
    step, state = model_of(world, 4)
    return student.generate(step, state, 0, world.uniform(shape=(12,)).tolist(), 4, 1.0)


@case("tunes", check=exact())
def windows_up_to_the_end(student, world):
    """Windows that overlap, one that ends with the last token but one; lengths 1 and 7."""
    text = world.integers(50, (30,))
    found = []
    for length in (1, 7):
        starts = np.array([0, 29 - length, *world.sample(range(30 - length), 3)])
        found.append([list(part) for part in student.next_token_batch(text.copy(), starts, length)])
    return found


@case("tunes", check=close())
def temperatures_of_large_logits(student, world):
    """Logits of ±10⁴ at temperature 1, and others at temperatures from 1/10 to 10."""
    far = np.array([1e4, 1e4 - 1.0, -1e4])
    return [student.tempered(far, 1.0), *(student.tempered(world.normal((5,)), t) for t in (0.1, 0.7, 3.0, 10.0))]


@case("tunes", check=exact())
def tokens_of_many_draws(student, world):
    """Forty uniform numbers for 6 tokens, some of which have probability 0; and 0 itself."""
    p = world.uniform(0.1, 1, (6,))
    p[[0, 3]] = 0
    draws = [0.0, *world.uniform(shape=(40,)).tolist()]
    return [student.pick(p / p.sum(), u) for u in draws]


@case("tunes", check=exact())
def longer_texts_written(student, world):
    """Texts of up to 30 tokens at several temperatures, from other first tokens; three of them are ended by nothing."""
    found = []
    for start, end, temperature in ((1, 0, 0.5), (2, 4, 2.0), (0, 99, 1.0), (3, 99, 0.3), (4, 99, 3.0)):
        step, state = model_of(world, 5)
        found.append(student.generate(step, state, start, world.uniform(shape=(30,)).tolist(), end, temperature))
    return found
