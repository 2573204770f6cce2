"""Cases of the small assignment."""

from autograder.authoring import case
from autograder.checks import close


@case("double", public=True, check=close())
def three_numbers(student, world):
    """Twice three numbers."""
    return student.double(world.normal((3,)))


@case("double", check=close())
def a_matrix(student, world):
    """Twice a matrix."""
    return student.double(world.normal((3, 5)))


@case("mean", public=True, check=close())
def mean_of_three(student, world):
    """The mean of three numbers."""
    return student.mean(world.normal((3,)))


@case("mean", check=close())
def mean_of_a_matrix(student, world):
    """The mean of a matrix."""
    return student.mean(world.normal((3, 5)))
