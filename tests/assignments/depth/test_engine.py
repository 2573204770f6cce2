"""The exact engine of `depth` against plain evaluation, an independent counter, and hostile weights."""

import random
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.modules import modules_from

FOLDER = Path(__file__).parents[3] / "solutions" / "depth"
with modules_from({p.stem: p.read_text(encoding="utf-8") for p in FOLDER.glob("*.py")}):
    import depth
    import judges
    import networks
    import piecewise

ONE, ZERO, HALF = Fraction(1), Fraction(0), Fraction(1, 2)


def random_weights(rng, widths, size=6, denominator=4):
    """Random rational (W, b) lists with many zeros, so that units die, cancel and coincide."""

    def number():
        return rng.choice([ZERO, Fraction(rng.randint(-size, size), rng.randint(1, denominator))])

    sizes = [1, *widths, 1]
    shapes = pairwise(sizes)
    return [([[number() for _ in range(m)] for _ in range(n)], [number() for _ in range(n)]) for m, n in shapes]


def some_networks(count, seed):
    rng = random.Random(seed)
    for _ in range(count):
        yield rng, random_weights(rng, [rng.randint(1, 4) for _ in range(rng.randint(0, 4))])


def test_the_function_has_the_values_of_the_network_everywhere_on_the_line():
    for rng, weights in some_networks(150, seed=1):
        network = networks.read_network(weights)
        function = piecewise.function_of(network)
        points = [*function.xs, *(Fraction(rng.randint(-400, 400), rng.randint(1, 40)) for _ in range(12))]
        assert [function(x) for x in points] == [network([x])[0] for x in points]


def test_kinks_agree_with_the_cutting_algorithm_of_the_reference():
    for rng, weights in some_networks(150, seed=2):
        low = Fraction(rng.randint(-12, 0), 4)
        high = low + Fraction(rng.randint(1, 30), 3)
        function = piecewise.function_of(networks.read_network(weights), low, high)
        assert list(function.kinks) == depth.kinks(weights, low, high)


def test_every_kink_bends_and_nothing_bends_between_two_kinks():
    for _, weights in some_networks(80, seed=3):
        network = networks.read_network(weights)
        kinks = piecewise.function_of(network).kinks
        gaps = [b - a for a, b in pairwise(kinks)] or [ONE]
        step = min(gaps) / 8
        for x in kinks:
            left, middle, right = (network([x + s * step])[0] for s in (-1, 0, 1))
            assert left + right != 2 * middle
        for a, b in pairwise(kinks):
            left, middle, right = (network([a + s * (b - a) / 4])[0] for s in (1, 2, 3))
            assert left + right == 2 * middle


def test_an_interval_sees_the_kinks_strictly_inside_only():
    weights = [([[1], [1], [1]], [0, -1, -2]), ([[1, 1, 1]], [0])]
    network = networks.read_network(weights)
    assert piecewise.function_of(network).kinks == (0, 1, 2)
    assert piecewise.function_of(network, ZERO, Fraction(2)).kinks == (1,)
    assert piecewise.function_of(network, ZERO, ONE).pieces == 1


def test_distance_to_a_parabola_is_attained_and_not_exceeded():
    for rng, weights in some_networks(25, seed=4):
        network = networks.read_network(weights)
        a, b, c = (Fraction(rng.randint(-5, 5), rng.randint(1, 3)) for _ in range(3))
        function = piecewise.function_of(network, -ONE, ONE)
        distance = function.distance_to_parabola(a, b, c)
        grid = [Fraction(i, 60) for i in range(-60, 61)]
        sampled = max(abs(network([x])[0] - (a * x * x + b * x + c)) for x in grid)
        steepest = max(abs(s) for s in function.slopes) + 2 * abs(a) + abs(b)
        assert sampled <= distance <= sampled + steepest / 120


def test_distance_between_two_functions_is_the_largest_at_their_kinks():
    for rng, weights in some_networks(25, seed=5):
        network = networks.read_network(weights)
        other = networks.read_network(random_weights(rng, [3, 2]))
        f, g = (piecewise.function_of(n, -ONE, ONE) for n in (network, other))
        points = {*f.xs, *g.xs, *(Fraction(i, 50) for i in range(-50, 51))}
        assert f.distance(g) == max(abs(network([x])[0] - other([x])[0]) for x in points)


def test_monotone_means_that_no_two_slopes_have_opposite_signs():
    for _, weights in some_networks(80, seed=6):
        function = piecewise.function_of(networks.read_network(weights))
        wanted = function.xs[0] - 1, *function.xs, function.xs[-1] + 1
        values = [function(x) for x in wanted]
        rising, falling = (all(s * (b - a) >= 0 for a, b in pairwise(values)) for s in (1, -1))
        assert function.is_monotone == (rising or falling)


def test_a_line_through_the_plane_gives_the_values_on_it():
    rng = random.Random(7)

    def numbers(count):
        return [Fraction(rng.randint(-4, 4), 3) for _ in range(count)]

    weights = [([numbers(m) for _ in range(n)], numbers(n)) for m, n in pairwise([2, 3, 3, 1])]
    network = networks.read_network(weights, inputs=2)
    start, direction = (Fraction(1, 3), Fraction(-2)), (Fraction(3, 2), Fraction(5, 7))
    function = piecewise.function_of(network.on_line(start, direction))
    for t in (Fraction(i, 9) for i in range(-20, 21)):
        assert function(t) == network([start[0] + t * direction[0], start[1] + t * direction[1]])[0]


def test_four_thousand_pieces_over_twelve_layers_take_well_under_a_second():
    network = networks.read_network(depth.tent_network(12))
    started = time.process_time()
    function = piecewise.function_of(network, ZERO, ONE)
    assert function.pieces == 4096
    assert function.distance(judges.tent(12)) == 0
    assert time.process_time() - started < 1.0


def test_floats_are_taken_as_the_rationals_they_are():
    exact = piecewise.function_of(networks.read_network([([[1]], [-Fraction(1, 10)]), ([[1]], [0])]))
    as_float = piecewise.function_of(networks.read_network([(np.ones((1, 1)), np.array([-0.1])), ([[1.0]], [0.0])]))
    assert exact.kinks == (Fraction(1, 10),)
    assert as_float.kinks == (Fraction(0.1),) != exact.kinks


def test_float32_and_integer_arrays_are_read_exactly():
    W = np.array([[3], [-1]], dtype=np.int32)
    b = np.array([0.1, 0.25], dtype=np.float32)
    network = networks.read_network([[W, b], [np.ones((1, 2), dtype=np.float32), np.zeros(1)]])
    assert network.layers[0].biases == (Fraction(float(np.float32(0.1))), Fraction(1, 4))


def test_arrays_of_fractions_and_of_truth_values_are_read_as_their_numbers():
    third = np.array([[Fraction(1, 3)], [2]], dtype=object)
    network = networks.read_network([(third, np.array([True, False])), (np.array([[True, 1]], dtype=object), [False])])
    assert network.layers[0].weights == ((Fraction(1, 3),), (Fraction(2),))
    assert network.layers[0].biases == (1, 0)
    assert network.layers[1].weights == ((1, 1),)


def layer(W, b):
    return [[W, b], [[[1]], [0]]]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, "None"),
        (3.0, "the number 3"),
        ("weights", "the text 'weights'"),
        ([], "0 layers"),
        ([[1, 2, 3]], "3 entries"),
        (layer([[float("nan")]], [0]), "nan"),
        (layer([[float("inf")]], [0]), "inf"),
        (layer([[1]], [None]), "None"),
        (layer([[1]], [1j]), "complex"),
        (layer([["1"]], [0]), "the text '1'"),
        (layer([[1, 2]], [0]), "2 columns"),
        (layer([[1], [1]], [0]), "2 rows"),
        (layer([[1], [1, 2]], [0, 0]), "different lengths"),
        (layer([1], [0]), "list of numbers"),
        (layer([], []), "0 rows"),
        (layer([[]], [0]), "0 entries"),
        (layer(np.array(1.0), [0]), "shape ()"),
        (layer(np.full((1, 1), np.nan), [0]), "nan"),
        (layer(np.zeros((1, 1), dtype=complex), [0]), "complex"),
        (layer([[Fraction(1, 2**700)]], [0]), "bits"),
        (layer([[1]] * 5000, [0] * 5000), "5000 rows"),
        (layer(np.zeros((2000, 2000)), np.zeros(2000)), "too many"),
        ([[[[1]], [0]]] * 200, "200 layers"),
        ({"W": [[1]]}, "a dict"),
        ([[[[1]], [0]], [[[1], [1]], [0, 0]]], "ends with 2 values"),
    ],
)  # fmt: skip
def test_what_is_no_network_is_refused_in_words(value, word):
    with pytest.raises(networks.BadNetwork, match=word.replace("(", r"\(").replace(")", r"\)")):
        networks.read_network(value)


def test_too_many_pieces_are_refused_quickly():
    network = networks.read_network(depth.tent_network(40))
    started = time.process_time()
    with pytest.raises(networks.BadNetwork, match="too many pieces"):
        piecewise.function_of(network, ZERO, ONE)
    assert time.process_time() - started < 5.0


def test_long_weights_in_a_wide_deep_network_are_refused_quickly():
    rng = random.Random(8)

    def numbers(count):
        return [Fraction(rng.getrandbits(590) - 2**589, rng.getrandbits(590) | 1) for _ in range(count)]

    layers = [([numbers(m) for _ in range(6)], numbers(6)) for m in [1] + [6] * 39]
    network = networks.read_network([*layers, ([[1] * 6], [0])])
    started = time.process_time()
    with pytest.raises(networks.BadNetwork, match="long weights"):
        piecewise.function_of(network)
    assert time.process_time() - started < 10.0


MALFORMED = [None, True, 0, 1.5, float("nan"), "x", [], [None], {}, {"claims": 1}, np.zeros(3)]
MALFORMED += [[[[[1]], [0]]], [[1, 2]], [float("inf")] * 3]


@pytest.mark.parametrize("outputs", MALFORMED, ids=range(len(MALFORMED)))
def test_no_judge_raises_or_accepts_malformed_outputs(outputs):
    f = Fraction
    judged = [
        judges.tents(outputs, (1, 2)),
        judges.one_layer(outputs, [f(1)], [f(2)]),
        judges.parabolas(outputs, (1,)),
        judges.product(outputs, f(1), f(1), 1, [((ZERO, ZERO), (ONE, ONE))]),
        judges.equals_maximum(outputs, [f(1), f(2)], [f(0), f(0)], ZERO, ONE),
        judges.interpolates(outputs, [ZERO, ONE], [f(1), f(3)]),
        judges.is_worst(outputs, 2, f(1)),
        judges.record(outputs, (4,), (7,)),
    ]
    for measured in judged:
        assert measured.deviation > 0
        assert measured.message
