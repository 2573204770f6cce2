"""The cases of `linear_stack`: what is called, and how the values that come back are judged."""

from backprop_judges import all_different, crossing, exclusive_or, first_corners
from exactly import fraction

from autograder.authoring import case
from autograder.checks import exact, satisfies


def random_layer(world, rows, columns):
    """(W, b) with small positive Fractions, so that nothing cancels."""
    return world.fractions((rows, columns), 1, 6, 4), world.fractions((columns,), 1, 6, 4)


def as_fractions(layer):
    """(W, b) as nested lists of Fractions, whatever kind of list or number came back."""
    W, b = layer
    return {"W": [[fraction(x) for x in row] for row in W], "b": [fraction(x) for x in b]}


@case("linear_stack", public=True, check=exact())
def two_square_layers(student, world):
    """Two layers, 2 → 2 → 2, collapse into one: xW + b must be (xW1 + b1)W2 + b2 for every x, exactly."""
    return as_fractions(student.collapse([random_layer(world, 2, 2), random_layer(world, 2, 2)]))


@case("linear_stack", public=True, check=exact())
def two_layers_of_other_shapes(student, world):
    """Two layers, 3 → 2 → 1: the shapes of W and b are (3, 1) and (1,)."""
    return as_fractions(student.collapse([random_layer(world, 3, 2), random_layer(world, 2, 1)]))


@case("linear_stack", check=exact())
def four_layers(student, world):
    """Four layers, 2 → 3 → 2 → 2 → 4."""
    shapes = ((2, 3), (3, 2), (2, 2), (2, 4))
    return as_fractions(student.collapse([random_layer(world, rows, columns) for rows, columns in shapes]))


@case("linear_stack", check=exact())
def one_layer_and_the_list_untouched(student, world):
    """A stack of one layer is that layer, and collapsing three layers leaves the caller's lists as they were."""
    one = [random_layer(world, 2, 3)]
    three = [random_layer(world, 2, 2) for _ in range(3)]
    result = [as_fractions(student.collapse(one)), as_fractions(student.collapse(three))]
    return {"result": result, "layers_after": [as_fractions(layer) for layer in one + three]}


def as_points(points):
    """Points as lists of Fractions."""
    return [[fraction(x) for x in point] for point in points]


@case("linear_stack", public=True, check=satisfies(all_different), worlds=1)
def points_are_four(student, world):
    """Two points of class + and two of class −, all different. Whether a line separates them, a hidden case asks."""
    plus, minus = student.inseparable()
    return [as_points(plus), as_points(minus)]


@case("linear_stack", check=satisfies(crossing), worlds=1)
def no_line_separates(student, world):
    """Four different points that no line separates by class: two of class +, two of class −."""
    plus, minus = student.inseparable()
    return [as_points(plus), as_points(minus)]


def weights_of(network):
    """(W1, b1, w2, b2) as Fractions."""
    W1, b1, w2, b2 = network
    return {"W1": as_points(W1), "b1": as_points([b1])[0], "w2": as_points([w2])[0], "b2": fraction(b2)}


@case("linear_stack", public=True, check=satisfies(first_corners), worlds=1)
def network_up_to_the_last_corner(student, world):
    """Your network of two ReLU units at three of the four corners: 0 at (0, 0), and 1 at (0, 1) and (1, 0)."""
    return weights_of(student.xor_network())


@case("linear_stack", check=satisfies(exclusive_or), worlds=1)
def two_hidden_units_are_enough(student, world):
    """The network with your weights computes 0, 1, 1, 0 at (0, 0), (0, 1), (1, 0), (1, 1), exactly."""
    return weights_of(student.xor_network())
