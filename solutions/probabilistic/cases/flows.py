"""The cases of `flows`: what is called, and how the values that come back are judged."""

import numpy as np
import probabilistic_judges as judges
from tables_of import covariance, number_of

from autograder.authoring import case
from autograder.checks import exact, satisfies


def moves(world, half):
    """A shift and a scale of (B, half): smooth functions that mix the columns; the rows stay apart."""
    first, second = world.normal((half, half)), world.normal((half, half))
    offset = world.uniform(0.3, 0.8, (half,))
    return (lambda a: np.sin(a @ first) + offset), (lambda a: 0.7 * np.tanh(a @ second) + offset)


def layer(found, names):
    """Points and log determinants by name."""
    points, log_det = found
    return dict(zip(names, (points, log_det)))


def crossing(world, d, product):
    """w and u of d numbers with this w·u, neither of them along the other."""
    w, u = world.away_from_zero((d,), 0.3), world.away_from_zero((d,), 0.3)
    return w, u + w * (product - w @ u) / (w @ w)


@case("flows", public=True)
def there_and_back(student, world):
    """A coupling layer on three points of the plane, forward; and its inverse on three other points."""
    shift, scale = moves(world, 1)
    return {
        "forward": layer(student.coupling(world.normal((3, 2)), shift, scale), ("x", "log det")),
        "inverse": layer(student.coupling_inverse(world.normal((3, 2)), shift, scale), ("z", "log det")),
    }


@case("flows", public=True)
def density_of_two_layers(student, world):
    """log p of four points of the plane under a flow of two layers: the second one keeps the second half."""
    return student.flow_log_prob(world.normal((4, 2)), [moves(world, 1), moves(world, 1)])


@case("flows", public=True)
def planar_layer_in_the_plane(student, world):
    """A planar layer on three points; and whether layers with w·u between −3 and −2 and above −0.9 are one to one."""
    w, u = crossing(world, 2, world.uniform(0.3, 2))
    found = layer(student.planar(world.normal((3, 2)), w, u, world.normal()), ("x", "log det"))
    kinds = [int(student.planar_is_one_to_one(*crossing(world, 2, product))) for product in (world.uniform(-3, -2), world.uniform(-0.9, 2))]
    return {**found, "one to one": kinds}


HOME = (np.array([1.0, 2.0]), np.array([-1.0, -0.5]), 0.5)


def folded_at_home(outputs, world):
    """For w = (1, 2), u = (−1, −½), b = ½."""
    return judges.folds(outputs, [HOME])


@case("flows", public=True, check=satisfies(folded_at_home), worlds=1)
def fold_at_home(student, world):
    """Two points with the same image for w = (1, 2), u = (−1, −½) and b = ½."""
    w, u, b = HOME
    return [list(student.planar_fold(w.copy(), u.copy(), b))]


CORRELATED = np.array([[3.0, -1.0], [-1.0, 0.5]])


def beyond_and_made(outputs, world):
    """The Gaussian that one layer does not make, and the two layers for a given covariance."""
    return judges.beyond_and_made(outputs, [CORRELATED])


@case("flows", public=True, check=satisfies(beyond_and_made), worlds=1)
def one_layer_and_two_at_home(student, world):
    """Your Gaussian that no single layer makes, and two layers for the covariance ((3, −1), (−1, ½))."""
    return {"beyond": np.asarray(student.beyond_one_layer(), dtype=float), "made": [[number_of(v) for v in student.two_layers(CORRELATED.copy())]]}


@case("flows")
def forward_in_more_dimensions(student, world):
    """A coupling layer on four points with six numbers, and on one point with two."""
    found = [student.coupling(world.normal((B, d)), *moves(world, d // 2)) for B, d in ((4, 6), (1, 2))]
    return [layer(f, ("x", "log det")) for f in found]


@case("flows")
def inverse_in_more_dimensions(student, world):
    """The inverse of a coupling layer on four points with six numbers, and on one point with two."""
    found = [student.coupling_inverse(world.normal((B, d)), *moves(world, d // 2)) for B, d in ((4, 6), (1, 2))]
    return [layer(f, ("z", "log det")) for f in found]


@case("flows")
def densities_of_other_flows(student, world):
    """log p of seven points with four numbers under flows of three layers, of one, and of four."""
    return [student.flow_log_prob(world.normal((7, 4)), [moves(world, 2) for _ in range(n)]) for n in (3, 1, 4)]


@case("flows")
def planar_layers_in_space(student, world):
    """Planar layers on points with one number and with four; in the last one the layer folds, and some determinants are negative."""
    found = []
    for d, product in ((1, 0.8), (4, world.uniform(-0.8, -0.4)), (3, world.uniform(-4, -3))):
        w, u = crossing(world, d, product)
        found.append(layer(student.planar(world.normal((5, d)), w, u, world.uniform(-0.3, 0.3)), ("x", "log det")))
    return found


@case("flows", check=exact())
def which_planar_layers_fold(student, world):
    """Whether ten planar layers are one to one, in random order; for one of them w·u is exactly −1, for one 0, for one just below −1."""
    products = [*world.uniform(-0.99, -0.5, (2,)), *world.uniform(-2, -1.01, (3,)), *world.uniform(0.1, 3, (2,))]
    pairs = [crossing(world, 3, product) for product in products]
    exactly = [(np.array([1.0, 2.0]), np.array([1.0, k])) for k in (-1.0, -0.5, -1.015625)]
    layers = [*pairs, *exactly]
    return [int(student.planar_is_one_to_one(*layers[int(i)])) for i in world.permutation(len(layers))]


def creases(world):
    """Three planar layers that fold."""
    found = []
    for d in (1, 2, 5):
        w, u = crossing(world, d, world.uniform(-4, -1.3))
        found.append((w, u, world.normal()))
    return found


def folded(outputs, world):
    """For the layers of the world."""
    return judges.folds(outputs, creases(world))


@case("flows", check=satisfies(folded))
def folds_of_other_layers(student, world):
    """Two points with the same image for three other planar layers, with one, two and five numbers."""
    return [list(student.planar_fold(w.copy(), u.copy(), b)) for w, u, b in creases(world)]


def covariances(world):
    """Three covariances in the plane."""
    return [covariance(world, 2) for _ in range(3)]


def made(outputs, world):
    """For the covariances of the world."""
    return judges.beyond_and_made(outputs, covariances(world))


@case("flows", check=satisfies(made))
def one_layer_and_two(student, world):
    """The Gaussian that no single layer makes, and two layers for three other covariances."""
    return {"beyond": np.asarray(student.beyond_one_layer(), dtype=float), "made": [[number_of(v) for v in student.two_layers(c)] for c in covariances(world)]}
