"""The cases of `noise_floor`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import sympy
from numbers_of import chance, fraction_of, positive_fraction, several_positive

from autograder.authoring import case
from autograder.checks import derivation, exact, real

DOMAINS = {"eta": real(0.1, 2), "x": real(-2, 2), "lam": real(0.1, 2), "sigma": real(-2, 2)}


def by_rate():
    """A derivation of dJ/dη: two rules are used, the square and the product."""
    return derivation(2, DOMAINS)


def lines_of(lines):
    """The lines as sympy expressions. What is none is named in its place, and refuses only itself."""
    return [formula_of(line) for line in lines]


def formula_of(line):
    """A line, or a number in any form, as a sympy expression; the name of its type where it is neither."""
    try:
        return sympy.sympify(line, strict=True)
    except (sympy.SympifyError, TypeError, ValueError):
        return line if isinstance(line, str) else f"an object of type {type(line).__name__}"


def stable(world):
    """Rate and curvature with 0 < rate·curvature < 2, not 1."""
    curvature = positive_fraction(world)
    return 2 * chance(world) / curvature, curvature


@case("noise_floor", public=True, check=exact())
def three_noisy_steps(student, world):
    """E[x₃²] after three steps, over all eight sequences of signs."""
    return student.mean_square(*stable(world), positive_fraction(world), world.fraction(), 3)


@case("noise_floor", public=True, check=exact())
def one_floor(student, world):
    """The floor of one setting, and the rate for a given floor."""
    rate, curvature = stable(world)
    noise = positive_fraction(world)
    return {"floor": student.floor_of(rate, curvature, noise), "rate": student.rate_for_floor(positive_fraction(world), curvature, noise)}


@case("noise_floor", public=True, check=by_rate(), worlds=1)
def derivation_at_home(student, world):
    """The derivation of dJ/dη line by line, from Derivative(J, eta) to the answer."""
    return lines_of(student.derive_rate(*sympy.symbols("eta x lam sigma")))


@case("noise_floor", public=True, check=exact())
def rates_that_change(student, world):
    """The best rate for the next step; the rates that average four numbers; the largest rate of SGD on curvatures 1 and 3."""
    return {
        "next": student.best_next_rate(positive_fraction(world), positive_fraction(world), positive_fraction(world)),
        "averaging": student.averaging_rates(4),
        "largest": student.largest_sgd_rate([Fraction(1), Fraction(3)]),
    }


@case("noise_floor", check=exact())
def ten_noisy_steps(student, world):
    """E[x_T²] after ten steps, after none, and with a rate above the border of stability."""
    rate, curvature = stable(world)
    noise, x0 = positive_fraction(world), world.fraction()
    return [student.mean_square(r, curvature, noise, x0, steps) for r, steps in ((rate, 10), (rate, 0), (3 / curvature, 4))]


@case("noise_floor", check=exact())
def floors(student, world):
    """The floor of four settings; in the last one the rate is 1/λ."""
    settings = [stable(world) for _ in range(3)]
    curvature = positive_fraction(world)
    return [student.floor_of(r, c, positive_fraction(world)) for r, c in [*settings, (1 / curvature, curvature)]]


@case("noise_floor", check=exact())
def rates_for_floors(student, world):
    """The rate for a given floor, three times."""
    return [student.rate_for_floor(positive_fraction(world, 3), positive_fraction(world), positive_fraction(world)) for _ in range(3)]


def by_rate_in_other_letters():
    """The same derivation for J(h) of x = u, λ = a, σ = s."""
    return derivation(2, {"h": real(0.1, 2), "u": real(-2, 2), "a": real(0.1, 2), "s": real(-2, 2)})


@case("noise_floor", check=by_rate_in_other_letters(), worlds=1)
def derivation_in_other_letters(student, world):
    """The same derivation with the letters h, u, a and s."""
    return lines_of(student.derive_rate(*sympy.symbols("h u a s")))


@case("noise_floor", check=exact())
def best_rates_for_the_next_step(student, world):
    """The best rate for the next step, for three settings."""
    return [student.best_next_rate(positive_fraction(world), positive_fraction(world), positive_fraction(world)) for _ in range(3)]


@case("noise_floor", check=exact())
def rates_of_a_mean(student, world):
    """Your averaging rates, used on random numbers from a random start: the point after each step is the mean so far."""
    x, path = world.fraction(), []
    steps = world.integers(5, high=9)
    for rate in student.averaging_rates(steps):
        x = x - fraction_of(rate) * (x - world.fraction())
        path.append(x)
    return path


@case("noise_floor", check=exact())
def largest_rates_of_sgd(student, world):
    """The border of SGD for equal curvatures, for five different ones, and where most examples have none."""
    one = positive_fraction(world)
    return [
        student.largest_sgd_rate([one] * 3),
        student.largest_sgd_rate(several_positive(world, 5)),
        student.largest_sgd_rate([Fraction(0)] * 4 + [positive_fraction(world)]),
    ]
