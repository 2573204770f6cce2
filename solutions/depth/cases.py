"""Cases of `depth`: probes that ask for weights, numbers and experiments, and exact checks of what comes back."""

from fractions import Fraction
from functools import cache
from itertools import pairwise

import experiments
import judges
import numpy as np
import sympy
import torch

from autograder.authoring import World, case
from autograder.checks import close, equivalent, exact, integer, satisfies

# ---------------------------------------------------------------- definition


SIZES = {"d": integer(1, 9), "n": integer(1, 9), "L": integer(1, 9), "m": integer(1, 9)}


def _network(world, widths):
    """Random arrays (W, b): widths = inputs, hidden layers, outputs."""
    return [(world.normal((n, m)), world.normal((n,))) for m, n in pairwise(widths)]


@case("definition", public=True, check=close())
def a_network_on_paper(student, world):
    """A network with 2 inputs, 2 hidden units and 1 output, small enough to check by hand; one unit is off for some inputs."""
    network = [(np.array([[1.0, -1.0], [2.0, 1.0]]), np.array([0.0, -1.0])), (np.array([[1.0, 3.0]]), np.array([0.5]))]
    signs = np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])
    x = signs * world.integers(1, (4, 2), high=5)
    return {"hidden": student.embeddings(network, x), "out": student.forward(network, x)}


@case("definition", public=True, check=equivalent(domains=SIZES), worlds=1)
def parameters_of_one_hidden_layer(student, world):
    """The parameter count as a formula in d, n and m for a single hidden layer."""
    d, n, m = sympy.symbols("d n m")
    return student.parameter_count(d, n, sympy.Integer(1), m)


@case("definition", check=equivalent(domains=SIZES), worlds=1)
def parameters_in_general(student, world):
    """The parameter count as a formula in d, n, L and m."""
    d, n, L, m = sympy.symbols("d n L m")
    return student.parameter_count(d, n, L, m)


@case("definition", check=close())
def three_hidden_layers(student, world):
    """Three hidden layers of different widths, several outputs of both signs: embeddings, outputs, and x as it was."""
    network = _network(world, [3, 5, 4, 7, 2])
    W, b = network[-1]
    x = world.normal((6, 3))
    outs = [student.forward([*network[:-1], last], x) for last in ((W, b), (-W, -b))]
    return {"hidden": student.embeddings(network, x), "outs": outs, "x": x}


@case("definition", check=close())
def no_hidden_layer(student, world):
    """L = 0 is an affine map, and a batch of one is a batch."""
    network = _network(world, [3, 2])
    x = 20 * world.normal((1, 3))
    return {"out": student.forward(network, x), "negative": student.forward(network, -x), "count": len(student.embeddings(network, x))}


# ------------------------------------------------------------------- regions


def _exact_network(world, widths):
    """Random Fraction lists (W, b)."""
    return [(world.fractions((n, m), -4, 4, 5), world.fractions((n,), -4, 4, 5)) for m, n in pairwise(widths)]


def _counted(student, network, low, high):
    return {"kinks": student.kinks(network, low, high), "pieces": student.count_pieces(network, low, high)}


@case("regions", public=True, check=exact())
def one_layer_by_hand(student, world):
    """Three units in one hidden layer: each has its kink at −b/w, if that is inside the interval."""
    places = [Fraction(3 * world.integers(a, high=b) + 1, 30) for a, b in ((-40, -10), (2, 20), (25, 45))]
    biases = [-places[0], -2 * places[1], places[2]]
    network = [([[Fraction(1)], [Fraction(2)], [Fraction(-1)]], biases), (world.fractions((1, 3)), [Fraction(0)])]
    return _counted(student, network, Fraction(-10), Fraction(10))


@case("regions", public=True, check=exact())
def units_that_cancel(student, world):
    """Two units with the same kink and opposite output weights cancel, and a unit that is never on counts for nothing."""
    place, weight = Fraction(3 * world.integers(-20, high=21) + 1, 21), world.fraction(1, 4)
    one = Fraction(1)
    network = [([[one], [one], [one], [Fraction(0)]], [-place, -place, -place - 1, -one]), ([[weight, -weight, one, one]], [one])]
    return _counted(student, network, Fraction(-5), Fraction(5))


@case("regions", check=exact())
def random_networks_of_three_layers(student, world):
    """Random networks with three hidden layers and rational weights; one has a unit that nothing listens to."""
    networks = [_exact_network(world, [1, 4, 3, 3, 1]) for _ in range(7)]
    (W, b), (later, c), *rest = networks[-1]
    alone = ([*W, [Fraction(1)]], [*b, -Fraction(17, 37)])
    networks[-1] = [alone, ([[*row, Fraction(0)] for row in later], c), *rest]
    return [_counted(student, network, Fraction(-3), Fraction(5, 2)) for network in networks]


@case("regions", check=exact())
def kinks_on_the_border(student, world):
    """Kinks exactly at the ends do not lie inside; kinks of two layers at one place are one kink; a constant network has one piece."""
    low, high = world.fraction(-4, -1, 30), world.fraction(1, 4, 30)
    one, zero = Fraction(1), Fraction(0)
    middle = (low + high) / 2
    third = (2 * low + high) / 3
    ends = [([[one], [one], [-one], [one]], [-low, -high, high, -third]), ([[one, one, one, one]], [zero])]
    twice = [([[one], [one]], [-low, -middle]), ([[one, zero], [zero, one], [one, one]], [low - middle, zero, -one]), ([[one, one, -one]], [one])]
    constant = [([[zero], [one]], [one, -high - 1]), ([[one, one]], [zero])]
    joined = [([[one], [-one]], [-middle, middle]), ([[one, -one]], [zero])]
    return [_counted(student, network, low, high) for network in (ends, twice, constant, joined)]


@case("regions", check=exact())
def affine_and_deep(student, world):
    """No hidden layer at all; and a zigzag of 2^7 pieces, which must not take forever."""
    scale = world.fraction(1, 3, 60)
    half, zero = Fraction(1, 2), Fraction(0)
    tent = ([[Fraction(2), Fraction(-4)], [Fraction(2), Fraction(-4)]], [zero, -half])
    zigzag = [([[1 / scale], [1 / scale]], [zero, -half]), *[tent] * 6, ([[Fraction(2), Fraction(-4)]], [zero])]
    affine = [([[scale]], [half])]
    return [_counted(student, affine, zero, scale), _counted(student, zigzag, zero, scale), _counted(student, zigzag, zero, 3 * scale / 4)]


# --------------------------------------------------------------------- tents


def _tents(ks):
    return satisfies(lambda outputs, world: judges.tents(outputs, ks))


@case("tents", public=True, check=_tents((1, 2, 3)), worlds=1)
def first_three_tents(student, world):
    """k = 1, 2, 3: k hidden layers of at most 2 units, 2, 4, 8 pieces on [0, 1], and the values of the k-fold tent."""
    return [student.tent_network(k) for k in (1, 2, 3)]


@case("tents", public=True, check=exact())
def pieces_of_a_sum_and_a_composition(student, world):
    """The most pieces of f + g and of f ∘ g."""
    return [student.piece_caps(world.integers(1, high=10), world.integers(10, high=99)) for _ in range(3)]


@case("tents", check=exact())
def caps_in_general(student, world):
    """The caps for larger numbers of pieces, in both orders and with p = 1."""
    p, q = world.integers(2, high=90), world.integers(90, high=999)
    return [student.piece_caps(p, q), student.piece_caps(q, p), student.piece_caps(1, q)]


@case("tents", check=_tents((4, 5, 7, 10)), worlds=1)
def deeper_tents(student, world):
    """k = 4, 5, 7, 10."""
    return [student.tent_network(k) for k in (4, 5, 7, 10)]


@case("tents", check=_tents((12,)), worlds=1)
def four_thousand_pieces(student, world):
    """k = 12: 24 units, 4,096 pieces."""
    return [student.tent_network(12)]


# ------------------------------------------------------------------- shallow


def _places_and_jumps(world, n):
    places = [world.fraction(-5, -1)]
    for _ in range(n - 1):
        places.append(places[-1] + abs(world.fraction(1, 3)))
    return places, world.fractions((n,))


def _layer_check(n):
    return satisfies(lambda outputs, world: judges.one_layer(outputs, *_places_and_jumps(world, n)))


@case("shallow", public=True, check=_layer_check(2))
def two_kinks(student, world):
    """Two kinks, two units: F = 0 on the left, and the slope jumps by the given numbers."""
    return student.shallow_network(*_places_and_jumps(world, 2))


@case("shallow", public=True, check=exact(), worlds=1)
def few_points(student, world):
    """Fewest mistakes on 5 alternating points for 1, 2, 3, 4 pieces; units for the 1-, 2- and 3-fold tent."""
    return {"errors": [student.least_errors(5, p) for p in (1, 2, 3, 4)], "units": [student.units_for_tent(k) for k in (1, 2, 3)]}


@case("shallow", check=_layer_check(9))
def nine_kinks(student, world):
    """Nine kinks with nine units: ten pieces on ℝ, not one more."""
    return student.shallow_network(*_places_and_jumps(world, 9))


@case("shallow", check=exact())
def mistakes_in_general(student, world):
    """Fewest mistakes for many points, odd and even, and for more pieces than points."""
    n = world.integers(20, high=200)
    return [student.least_errors(n, p) for p in (1, n // 3, n // 3 + 1, n - 3, n - 2, n - 1, n, n + 1, n + 4)]


@case("shallow", check=exact(), worlds=1)
def units_for_many_folds(student, world):
    """Units of one hidden layer for the k-fold tent, k to 20."""
    return [student.units_for_tent(k) for k in range(1, 21)]


# ------------------------------------------------------------------- squares


def _parabolas(ms):
    return satisfies(lambda outputs, world: judges.parabolas(outputs, ms))


@case("squares", public=True, check=_parabolas((1, 2)), worlds=1)
def first_two_squares(student, world):
    """m = 1, 2: at most 3 units per layer, m hidden layers, sup error exactly 1/16 and 1/64."""
    return [student.square_network(m) for m in (1, 2)]


@case("squares", public=True, check=exact())
def pieces_for_a_simple_error(student, world):
    """The error 1/(8P²) needs P pieces; a little less error needs one more."""
    p = world.integers(2, high=300)
    return [student.pieces_needed(Fraction(1, 8 * p * p)), student.pieces_needed(Fraction(1, 8 * p * p + 1))]


@case("squares", check=_parabolas((3, 4, 6, 9)), worlds=1)
def deeper_squares(student, world):
    """m = 3, 4, 6, 9."""
    return [student.square_network(m) for m in (3, 4, 6, 9)]


@case("squares", check=exact())
def pieces_for_any_error(student, world):
    """Rational errors, a perfect square with 40 digits (floats are not enough), and errors that one piece reaches."""
    p = world.integers(10**8, high=10**9) ** 2
    errors = [Fraction(1, 8 * p * p), Fraction(1, 8 * p * p + 1), Fraction(1, 8 * p * p - 1), Fraction(1, 8), Fraction(1, 7), Fraction(3)]
    return [student.pieces_needed(e) for e in [*errors, abs(world.fraction()) / 1000, abs(world.fraction()) / 10**6]]


@case("squares", check=exact(), worlds=1)
def units_against_depth(student, world):
    """Units that one hidden layer needs for the error of depth m, m to 30."""
    return [student.units_needed(m) for m in range(1, 31)]


# ------------------------------------------------------------------ products


def _product_check(error, bound):
    """Smallest depth that question 7 allows, and the segments on which the error is measured."""

    def judge(outputs, world):
        m = 1
        while bound**2 * Fraction(1, 2 ** (2 * m + 1)) > error:
            m += 1
        corners = [(Fraction(x) * bound, Fraction(y) * bound) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
        segments = [(a, b) for i, a in enumerate(corners) for b in corners[i + 1 :]]
        for _ in range(6):
            ends = [bound * Fraction(world.integers(0, high=65), 64) for _ in range(4)]
            if ends[:2] != ends[2:]:
                segments.append(((ends[0], ends[1]), (ends[2], ends[3])))
        return judges.product(outputs, error, bound, m, segments)

    return satisfies(judge)


@case("products", public=True, check=_product_check(Fraction(1, 250), Fraction(1)), worlds=1)
def product_on_the_unit_square(student, world):
    """Error 1/250 on [0, 1]²: along the edges, the diagonals and random segments."""
    return student.product_network(Fraction(1, 250), Fraction(1))


@case("products", check=_product_check(Fraction(1, 128), Fraction(1)), worlds=1)
def product_with_nothing_to_spare(student, world):
    """Error 2^−7 on [0, 1]², which m = 3 reaches exactly."""
    return student.product_network(Fraction(1, 128), Fraction(1))


@case("products", check=_product_check(Fraction(1, 150), Fraction(5, 2)), worlds=1)
def product_on_a_larger_square(student, world):
    """Error 1/150 on [0, 5/2]²."""
    return student.product_network(Fraction(1, 150), Fraction(5, 2))


@case("products", check=_product_check(Fraction(1, 9000), Fraction(2, 3)), worlds=1)
def product_on_a_smaller_square(student, world):
    """Error 1/9000 on [0, 2/3]²."""
    return student.product_network(Fraction(1, 9000), Fraction(2, 3))


@case("products", check=_product_check(Fraction(1, 5), Fraction(1, 2)), worlds=1)
def product_with_a_generous_error(student, world):
    """An error that one hidden layer reaches easily: the depth is still at least 1."""
    return student.product_network(Fraction(1, 5), Fraction(1, 2))


# -------------------------------------------------------------------- narrow


def _lines(world, k):
    """k lines with dyadic coefficients, so that floats are exact too; low end of the interval, high end."""
    slopes = [Fraction(int(s), 4) for s in world.sample([s for s in range(-24, 25) if s], k)]
    intercepts = [Fraction(world.integers(-12, high=13), 8) for _ in range(k)]
    return slopes, intercepts, Fraction(world.integers(-9, high=0), 2), Fraction(5)


def _maximum_check(k):
    return satisfies(lambda outputs, world: judges.equals_maximum(outputs, *_lines(world, k)))


def _promises(student, rows):
    return [student.theorems(*row) for row in rows]


@case("narrow", public=True, check=exact())
def width_one(student, world):
    """The best error of width-1 networks for x² on [−c, c], and their pieces at depth 0 and 1."""
    errors = [student.width_one_error(Fraction(world.integers(1, high=400), 4)) for _ in range(2)]
    return {"error": errors, "pieces": [student.width_one_pieces(k) for k in (0, 1)]}


@case("narrow", public=True, check=_maximum_check(2))
def maximum_of_two_lines(student, world):
    """A network of width 2 for the larger of two lines."""
    return student.convex_network(*_lines(world, 2)[:3])


@case("narrow", public=True, check=exact(), worlds=1)
def promises_for_one_input(student, world):
    """Which theorems speak about functions ℝ → ℝ with width 2 and width 5."""
    return _promises(student, [(1, 1, 2, "sup"), (1, 1, 2, "L2"), (1, 1, 5, "L1")])


@case("narrow", check=exact())
def width_one_in_general(student, world):
    """Fractions as c, and any depth."""
    return {"error": [student.width_one_error(abs(world.fraction())) for _ in range(4)], "pieces": [student.width_one_pieces(k) for k in range(7)]}


@case("narrow", check=_maximum_check(3))
def maximum_of_three_lines(student, world):
    """Three lines, in any order, some of them perhaps never on top."""
    return student.convex_network(*_lines(world, 3)[:3])


@case("narrow", check=_maximum_check(9))
def maximum_of_nine_lines(student, world):
    """Nine lines, width 2, on an interval that begins left of 0."""
    return student.convex_network(*_lines(world, 9)[:3])


@case("narrow", check=exact())
def promises_at_the_border(student, world):
    """Widths at and just below each theorem's bound, several outputs, all three norms."""
    rows = []
    for norm in ("sup", "L1", "L2"):
        d, m = world.integers(2, high=9), world.integers(2, high=20)
        for inputs, outputs in ((1, 1), (d, 1), (d, m), (1, m), (m, m + 1), (m + 1, m)):
            bounds = {2 * inputs, inputs + outputs, inputs + 4, inputs + 1, outputs}
            rows += [(inputs, outputs, b - off, norm) for b in sorted(bounds) for off in (1, 0)]
    return _promises(student, rows)


# --------------------------------------------------------------------- price


def _nodes_and_values(world, n):
    nodes = [world.fraction(-3, 0)]
    for _ in range(n):
        nodes.append(nodes[-1] + abs(world.fraction(1, 2)))
    return nodes, world.fractions((n + 1,))


def _interpolation_check(n):
    return satisfies(lambda outputs, world: judges.interpolates(outputs, *_nodes_and_values(world, n)))


def _lipschitz(world):
    return world.integers(2, high=12), world.fraction(1, 6, 40)


def _worst_check():
    return satisfies(lambda outputs, world: judges.is_worst(outputs, *_lipschitz(world)))


@case("price", public=True, check=_interpolation_check(2))
def through_three_points(student, world):
    """Two units, three points: F has the values at the nodes and is straight between them."""
    return student.interpolant(*_nodes_and_values(world, 2))


@case("price", public=True, check=exact())
def units_for_a_simple_error(student, world):
    """How many units the theorem asks for when L = 1."""
    k = world.integers(2, high=500)
    return [student.units_for(Fraction(1), Fraction(1, 2 * k)), student.units_for(Fraction(1), Fraction(1, 2 * k + 1))]


@case("price", check=_interpolation_check(7))
def through_eight_points(student, world):
    """Seven units, eight unequally spaced nodes, none of them 0 perhaps."""
    return student.interpolant(*_nodes_and_values(world, 7))


@case("price", check=_interpolation_check(1))
def through_two_points(student, world):
    """One unit, two points."""
    return student.interpolant(*_nodes_and_values(world, 1))


@case("price", check=exact())
def units_in_general(student, world):
    """Any Lipschitz constant and error."""
    return [student.units_for(abs(world.fraction()), abs(world.fraction()) / 100) for _ in range(6)]


@case("price", check=_worst_check())
def a_function_that_costs_the_full_price(student, world):
    """A function with the given Lipschitz constant on which the interpolant is wrong by exactly L/(2n)."""
    return student.worst_function(*_lipschitz(world))


# ---------------------------------------------------------------- experiment

ARRANGEMENTS = {1: ((32,), 6), 2: ((16, 16), 10), 4: ((8,) * 4, 24), 8: ((4,) * 8, 60)}  # depth: widths, how many networks
BUDGET = {"shallow": (40,), "deep": (5, 5, 5, 5)}
RUNS, STEPS, RATE = 9, 100, 0.03


def _noise(world, widths):
    """Standard normal arrays in the shapes of a network ℝ → ℝ with these hidden widths."""
    return _network(world, [1, *widths, 1])


def _noises(world):
    return {depth: [_noise(world, widths) for _ in range(count)] for depth, (widths, count) in ARRANGEMENTS.items()}


def _starts(world):
    """Initial networks of the training runs: He initialisation, made here so that it does not depend on part 1."""
    return {
        name: [[(W * np.sqrt(2 / W.shape[1]), b) for W, b in _noise(world, widths)] for _ in range(RUNS)]
        for name, widths in BUDGET.items()
    }


def _tent_data():
    """65 points of [0, 1] and the 3-fold tent there."""
    x = np.linspace(0, 1, 65)[:, None]
    y = x
    for _ in range(3):
        y = 1 - np.abs(1 - 2 * y)
    return x, y


def _short_training(student, world, widths, steps, rate):
    """A short run with its inputs as they are afterwards."""
    network = _network(world, widths)
    x, y = world.normal((9, widths[0])), world.normal((9, widths[-1]))
    trained, losses = student.train(network, x, y, steps, rate)
    return {"losses": losses, "trained": trained, "network": network, "x": x, "y": y}


@case("experiment", public=True, check=close())
def initialisation_from_noise(student, world):
    """He initialisation of given noise: 3 inputs, 4 and 5 hidden units."""
    return student.he_network(_network(world, [3, 4, 5, 1]))


@case("experiment", public=True, check=close())
def a_few_steps(student, world):
    """Three steps of Adam on a network with one hidden layer; the network that you were given stays as it was."""
    return _short_training(student, world, [1, 4, 1], 3, 0.02)


@case("experiment", check=close())
def initialisation_of_any_shape(student, world):
    """Wide and narrow layers in turn, and one input; the noise stays as it was."""
    noise = [_network(world, widths) for widths in ([1, 7, 2, 9, 1], [6, 1, 3])]
    return {"networks": [student.he_network(n) for n in noise], "noise": noise}


@case("experiment", check=close())
def twelve_steps(student, world):
    """Twelve steps with three hidden layers, several inputs and outputs."""
    return _short_training(student, world, [3, 6, 5, 4, 2], 12, 0.01)


@cache
def _shares(seed):
    """The true shares of a world; counting takes a moment, and every program is judged in the same worlds."""
    return experiments.shares_of_cap(_noises(World(seed)))


def _judge_shares(outputs, world):
    return experiments.share_claims(outputs, _noises(world), _shares(world.seed), 1.7)


def _judge_training(outputs, world):
    return experiments.training_claims(outputs, _starts(world), *_tent_data(), 0.25)


@case("experiment", check=satisfies(_judge_shares), worlds=2)
def claims_about_random_networks(student, world):
    """Your four shares of the cap, against fresh random networks made by your initialisation."""
    networks = {depth: [student.he_network(n) for n in noises] for depth, noises in _noises(world).items()}
    return {"claims": student.experiment_claims(), "networks": networks}


@case("experiment", check=satisfies(_judge_training), worlds=2)
def claims_about_trained_networks(student, world):
    """Your three shares of the variance left unexplained, against fresh runs of your training: 18 runs of 100 steps."""
    x, y = _tent_data()
    trained = {}
    for name, networks in _starts(world).items():
        runs = [student.train(network, x, y, STEPS, RATE) for network in networks]
        trained[name] = [(network, losses[0]) for network, losses in runs]
    return {"claims": student.experiment_claims(), "trained": trained}


# ------------------------------------------------------------------ residual

N, SAMPLES = 8, 32
SHALLOW, DEEP, PROBLEMS, CURVES, DEEP_STEPS, DEEP_RATE = 2, 16, 15, 7, 60, 0.05


def _problem(world, depth, n=N, samples=SAMPLES):
    """Layers, readout, x and y of one run."""
    layers = [world.normal((n, n)) / np.sqrt(n) for _ in range(depth)]
    readout = world.normal((n,)) / np.sqrt(n)
    x = world.normal((samples, n))
    return layers, readout, x, np.sin(x[:, 0]) + x[:, 1] / 2


def _tensors(problem):
    layers, readout, x, y = problem
    return [torch.from_numpy(W) for W in layers], torch.from_numpy(readout), torch.from_numpy(x), torch.from_numpy(y)


def _both_depths(world):
    return tuple([_problem(world, depth) for _ in range(PROBLEMS)] for depth in (SHALLOW, DEEP))


def _curve_problems(world):
    return [_problem(world, DEEP) for _ in range(CURVES)]


def _all_of_it(student, world, depth, n, samples, steps):
    """Predictions, gradients and a short curve, plain and with skip connections, and the layers as they are afterwards."""
    layers, readout, x, y = _tensors(_problem(world, depth, n, samples))
    found = {"layers": layers}
    for skip in (False, True):
        found["skip" if skip else "plain"] = {
            "out": student.deep_forward(layers, readout, x, skip),
            "gradient": student.first_layer_gradient(layers, readout, x, y, skip),
            "losses": student.train_deep(layers, readout, x, y, skip, steps, 0.05),
        }
    return found


@case("residual", public=True, check=close())
def two_layers_with_and_without(student, world):
    """Two layers of three units: predictions, the gradient of the first layer, and two steps; the layers stay as they were."""
    return _all_of_it(student, world, 2, 3, 4, 2)


@case("residual", check=close())
def five_layers_with_and_without(student, world):
    """Five layers of four units: the same, with five steps."""
    return _all_of_it(student, world, 5, 4, 9, 5)


@case("residual", check=close())
def one_layer_only(student, world):
    """A single layer, and a single sample."""
    return _all_of_it(student, world, 1, 5, 1, 1)


def _judge_factors(outputs, world):
    return experiments.factor_claims(outputs, *_both_depths(world), 0.15)


def _judge_losses(outputs, world):
    return experiments.loss_claims(outputs, _curve_problems(world), DEEP_STEPS, 0.2)


@case("residual", check=satisfies(_judge_factors), worlds=2)
def claims_about_gradients(student, world):
    """Your two factors per layer, against fresh gradients at depth 2 and 16."""
    depths = _both_depths(world)
    gradients = {
        name: [[student.first_layer_gradient(*_tensors(p), name == "skip") for p in problems] for problems in depths]
        for name in ("plain", "skip")
    }
    return {"claims": student.residual_claims(), "gradients": gradients}


@case("residual", check=satisfies(_judge_losses), worlds=2)
def claims_about_training(student, world):
    """Your two shares of the loss that is left, against fresh runs at depth 16: 14 runs of 60 steps."""
    problems = _curve_problems(world)
    losses = {
        name: [student.train_deep(*_tensors(p), name == "skip", DEEP_STEPS, DEEP_RATE) for p in problems] for name in ("plain", "skip")
    }
    return {"claims": student.residual_claims(), "losses": losses}


# -------------------------------------------------------------------- record


def _record(budgets, floors):
    return satisfies(lambda outputs, world: judges.record(outputs, budgets, floors))


@case("record", public=True, check=_record((4,), (7,)), worlds=1)
def four_units(student, world):
    """Four units, as 2 + 2 or otherwise: 7 pieces are known, and 7 is the proven cap. One hidden layer has 5."""
    return [student.record_network(4)]


@case("record", check=_record((5, 6, 8), (12, 16, 48)), worlds=1)
def five_six_and_eight_units(student, world):
    """5, 6 and 8 units: 12, 16 and 48 pieces; the proven caps are 12, 19 and 48."""
    return [student.record_network(n) for n in (5, 6, 8)]


@case("record", check=_record((9, 10), (64, 97)), worlds=1)
def ten_units_for_the_board(student, world):
    """9 and 10 units: 64 and 97 pieces for full marks; the caps are 76 and 123, and the pieces for 10 units go on the board."""
    return [student.record_network(n) for n in (9, 10)]
