"""The cases of `autoregressive`: what is called, and how the values that come back are judged."""

import numpy as np

from autograder.authoring import case
from autograder.checks import close


def orders(world, n):
    """An order of n variables that is not the order of their places: as a permutation it is not its own inverse."""
    while True:
        order = [int(i) for i in world.permutation(n)]
        if any(order[order[i]] != i for i in range(n)):
            return order


def strict(order):
    """The mask of an order."""
    place = {variable: i for i, variable in enumerate(order)}
    n = len(order)
    return np.array([[float(place[j] < place[i]) for j in range(n)] for i in range(n)])


def bits(world, n):
    """n zeros and ones, both of them there where n > 1."""
    return np.array([1.0, 0.0, *world.integers(2, (max(n - 2, 0),))][:n], dtype=float)[world.permutation(n)]


@case("autoregressive", public=True)
def mask_of_an_order(student, world):
    """The mask of an order of four variables."""
    return student.order_mask(orders(world, 4))


@case("autoregressive", public=True)
def three_factors(student, world):
    """log p of three bits, and the bits per dimension of a model that gives a text of 8 characters so many nats."""
    x, W, b = bits(world, 3), world.normal((3, 3)), world.normal((3,))
    return {"log": student.log_prob(x, W, b, strict(orders(world, 3))), "bits": student.bits_per_dimension(-world.uniform(2, 9), 8)}


@case("autoregressive", public=True)
def masks_of_a_small_network(student, world):
    """MADE masks for four variables in any order and five hidden units."""
    degrees = [int(d) + 1 for d in world.permutation(4)]
    into, out = student.made_masks(degrees, [1, 2, 3, 2, *world.integers(1, (1,), high=4).tolist()])
    return {"into": into, "out": out}


@case("autoregressive", public=True)
def mass_of_a_leak(student, world):
    """The total mass of three bits: with the mask of an order, and with a mask of ones, through which every variable sees itself."""
    W, b = world.away_from_zero((3, 3), 0.5), world.normal((3,))
    return [student.total_mass(W.copy(), b.copy(), mask) for mask in (strict(orders(world, 3)), np.ones((3, 3)))]


@case("autoregressive")
def masks_of_other_orders(student, world):
    """The masks of orders of six variables, of three, and of a single one."""
    return [student.order_mask(orders(world, 6)), student.order_mask(orders(world, 3)), student.order_mask([0])]


@case("autoregressive")
def factors_with_huge_weights(student, world):
    """log p of seven bits with weights of about ±50 and larger biases, where a sigmoid is 0 or 1 to the last digit, and without a mask."""
    W, b = 50 * world.away_from_zero((7, 7), 0.3), 50 * world.normal((7,))
    b[1] = 2000
    b[0] = -1000  # a bit that is hardly ever 1, and is: log p is far from 0 in every world, and float32 has its digits
    drawn = [np.append(1, bits(world, 6)) for _ in range(2)]
    masks = (strict(orders(world, 7)), np.ones((7, 7)))
    return [student.log_prob(x, W.copy(), b.copy(), mask) for x, mask in zip(drawn, masks, strict=True)]


@case("autoregressive", check=close(elementwise=True))
def bits_of_other_lengths(student, world):
    """Bits per dimension for 1, 5 and 784 variables."""
    return [student.bits_per_dimension(-world.uniform(1, 900), n) for n in (1, 5, 784)]


@case("autoregressive")
def factors_with_small_weights(student, world):
    """log p of five bits with moderate weights, and of a single bit."""
    W, b = world.normal((5, 5)), world.normal((5,))
    return [student.log_prob(bits(world, 5), W, b, strict(orders(world, 5))), student.log_prob(np.ones(1), np.ones((1, 1)), b[:1].copy(), np.zeros((1, 1)))]


@case("autoregressive")
def masks_of_other_networks(student, world):
    """MADE masks for six variables and nine hidden units of any degree, some of which no output sees."""
    degrees = [int(d) + 1 for d in world.permutation(6)]
    into, out = student.made_masks(degrees, [1, 6, *world.integers(1, (7,), high=7).tolist()])
    return {"into": into, "out": out}


@case("autoregressive")
def masses_of_other_masks(student, world):
    """The total mass of five bits with the mask of an order, with that mask and its diagonal, and with weights of ±5000."""
    W, b, mask = world.away_from_zero((5, 5), 0.5), world.normal((5,)), strict(orders(world, 5))
    found = [student.total_mass(W.copy(), b.copy(), m.copy()) for m in (mask, mask + np.eye(5), np.ones((5, 5)))]
    return [*found, student.total_mass(5000 * W, b, mask)]
