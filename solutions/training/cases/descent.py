"""The cases of `descent`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import training_judges as judges
from numbers_of import several_positive

from autograder.authoring import case
from autograder.checks import close, exact, satisfies


def quadratic(world, n):
    """A symmetric matrix with a large diagonal, a vector and a start, Fractions."""
    A = [[Fraction(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i):
            A[i][j] = A[j][i] = world.fraction(-2, 2, 3)
        A[i][i] = 4 + abs(world.fraction(1, 4, 3))
    return A, world.fractions((n,), -4, 4, 3), world.fractions((n,), -4, 4, 3)


@case("descent", public=True, check=exact())
def two_steps_in_the_plane(student, world):
    """Two steps of descent with rate 1/10 on a quadratic of two variables: three points, the start first."""
    return student.descend(*quadratic(world, 2), Fraction(1, 10), 2)


@case("descent", public=True, check=exact())
def borders_for_two_eigenvalues(student, world):
    """The largest rate, the best rate and its factor, for two eigenvalues."""
    eigenvalues = several_positive(world, 2)
    return {"largest": student.largest_rate(list(eigenvalues)), "best": student.best_rate(eigenvalues)}


@case("descent", public=True, check=close())
def start_that_is_safe(student, world):
    """The border between starts that converge and starts that do not, for f(x) = x⁴/4 and one rate."""
    return student.safe_start(world.uniform(0.1, 0.4))


def escaped_at_home(outputs, world):
    """With the tilt 1/10 from 1.6."""
    return judges.escapes(outputs, [(0.1, 1.6)])


@case("descent", public=True, check=satisfies(escaped_at_home), worlds=1)
def escape_at_home(student, world):
    """A rate for the tilt 1/10 and the start 1.6: descent must end in the better minimum, −1.0467. Descent with your rate is run."""
    return [student.rate_that_escapes(0.1, 1.6)]


@case("descent", check=exact())
def five_steps_in_space(student, world):
    """Five steps on a quadratic of three variables, and none at all on another one."""
    A, b, x0 = quadratic(world, 3)
    return [student.descend(A, b, x0, Fraction(1, 7), 5), student.descend(*quadratic(world, 2), Fraction(1, 3), 0)]


@case("descent", check=exact())
def on_the_border(student, world):
    """One variable with the rate exactly at the border: the distance to the minimum stays, the side changes."""
    curvature, b, x0 = 3 + abs(world.fraction(1, 4, 5)), world.fraction(), world.fraction()
    return student.descend([[curvature]], [b], [x0], 2 / curvature, 4)


@case("descent", check=exact())
def borders_for_many_eigenvalues(student, world):
    """The largest rate, the best rate and its factor, for five eigenvalues in any order, and for a single one."""
    eigenvalues, single = several_positive(world, 5, 30), several_positive(world, 1)
    return {
        "largest": [student.largest_rate(list(eigenvalues)), student.largest_rate(list(single))],
        "best": [student.best_rate(eigenvalues), student.best_rate(single)],
    }


@case("descent", check=close())
def starts_for_other_rates(student, world):
    """The border between starts that converge and starts that do not, for three rates."""
    return [student.safe_start(rate) for rate in (world.uniform(0.01, 0.09), world.uniform(0.6, 0.9), world.uniform(3, 9))]


def places(world):
    """Three pairs of tilt and start."""
    return [(world.uniform(0.05, 0.15), world.uniform(1.6, 1.7)) for _ in range(3)]


def escaped(outputs, world):
    """From the places of the world."""
    return judges.escapes(outputs, places(world))


@case("descent", check=satisfies(escaped), worlds=1)
def escapes_from_elsewhere(student, world):
    """Rates for three other tilts and starts."""
    return [student.rate_that_escapes(tilt, start) for tilt, start in places(world)]
