"""The cases of `transients`: what is called, and how the values that come back are judged."""

from sequences_judges import orthogonal_matrices, transient

from autograder.authoring import case
from autograder.checks import close, exact, satisfies


@case("transients", public=True, check=exact())
def a_square(student, world):
    """[[a, c], [0, a]] to the power 2, which you can multiply out by hand."""
    return student.jordan_power(world.fraction(), world.fraction(), 2)


@case("transients", public=True, check=satisfies(lambda outputs, world: transient(outputs, [(10, 5)])), worlds=1)
def large_on_the_way(student, world):
    """Eigenvalues inside the unit circle, and an entry beyond ±10 in the fifth power."""
    return [student.grows_first(10, 5)]


@case("transients", public=True, check=satisfies(lambda outputs, world: orthogonal_matrices(outputs, [2])), worlds=1)
def a_rotation_with_exact_entries(student, world):
    """An orthogonal 2×2 matrix of exact numbers, none of them 0, 1 or −1."""
    return [student.orthogonal(2)]


@case("transients", public=True, check=close())
def three_steps_of_tanh(student, world):
    """log |dh_3/dh_0| of one tanh unit with a weight of about 1."""
    return student.log_gradient(world.uniform(0.8, 1.5), world.uniform(0.3, 0.9), 3)


@case("transients", public=True, check=close())
def two_gradients_clipped(student, world):
    """Gradients of shapes (2, 3) and (3,): a limit that is too short for them, and one that is not."""
    gradients = [100 * world.normal((2, 3)), 100 * world.normal((3,))]
    return [student.clip([g.copy() for g in gradients], limit) for limit in (1.5, 1e4)]


@case("transients", check=exact())
def higher_powers(student, world):
    """Powers 1, 3, 6 and 11 of other matrices."""
    return [student.jordan_power(world.fraction(), world.fraction(), t) for t in (1, 3, 6, 11)]


TASKS = ((50, 5), (10**9, 2), (500, 1))


@case("transients", check=satisfies(lambda outputs, world: transient(outputs, TASKS)), worlds=1)
def larger_and_at_other_times(student, world):
    """Sizes up to 10⁹, at the first, second and fifth power."""
    return [student.grows_first(size, t) for size, t in TASKS]


@case("transients", check=satisfies(lambda outputs, world: orthogonal_matrices(outputs, [3, 4, 5, 8])), worlds=1)
def larger_orthogonal_matrices(student, world):
    """n = 3, 4, 5 and 8."""
    return [student.orthogonal(n) for n in (3, 4, 5, 8)]


@case("transients", check=close())
def long_runs_of_tanh(student, world):
    """30 steps with weights ½, −1 and 2, and one step with a weight of 3."""
    runs = ((0.5, 30), (-1.0, 30), (2.0, 30), (3.0, 1))
    return [student.log_gradient(w, world.uniform(0.2, 0.9), T) for w, T in runs]


@case("transients", check=close())
def clipping_of_many(student, world):
    """Five gradients of very different sizes; limits far below, just below and above their length together."""
    shapes = ((4, 3), (3,), (2, 2, 2), (1,), (5,))
    gradients = [scale * world.normal(shape) for shape, scale in zip(shapes, (300.0, 1.0, 50.0, 900.0, 20.0), strict=True)]
    length = sum(float((g**2).sum()) for g in gradients) ** 0.5
    return [student.clip([g.copy() for g in gradients], share * length) for share in (0.001, 0.9, 1.5)]
