"""The reference of `depth` against truths that do not come from it: enumeration, other algebra, differences."""

import itertools
import math
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from autograder.authoring.modules import modules_from
from autograder.values.codec import decode, encode

FOLDER = Path(__file__).parents[3] / "solutions" / "depth"
TEXTS = {p.stem: p.read_text(encoding="utf-8") for p in FOLDER.glob("*.py")}
CASES = {"ingredients": "ingredients", "cases": "residual", "experiment": "experiment", "narrow": "narrow"}
PLACES = {name: FOLDER / "cases" / f"{file}.py" for name, file in CASES.items()}
with modules_from(TEXTS | {name: path.read_text(encoding="utf-8") for name, path in PLACES.items()}):
    import board
    import cases
    import depth
    import experiment
    import experiments
    import judges
    import narrow
    import networks
    import piecewise

    from autograder.authoring import World

ONE, ZERO = Fraction(1), Fraction(0)


def function(weights, low=None, high=None):
    return piecewise.function_of(networks.read_network(weights), low, high)


@pytest.mark.parametrize("n", range(1, 9))
@pytest.mark.parametrize("pieces", range(1, 10))
def test_least_errors_is_the_best_of_all_labellings_with_one_crossing_per_piece(n, pieces):
    labels = [i % 2 for i in range(n)]
    best = n
    for guess in itertools.product((0, 1), repeat=n):
        if sum(a != b for a, b in itertools.pairwise(guess)) <= pieces:
            best = min(best, sum(a != b for a, b in zip(guess, labels, strict=True)))
    assert depth.least_errors(n, pieces) == best


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_one_unit_fewer_cannot_make_the_left_slope_of_the_tent(k):
    jumps = [(-1) ** (i + 1) * 2 ** (k + 1) for i in range(2**k - 1)]
    reachable = {0}
    for jump in jumps:  # each unit looks right and gives nothing on the left, or left and gives −jump
        reachable |= {s - jump for s in reachable}
    assert 2**k not in reachable


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_so_many_units_of_one_layer_do_make_the_tent(k):
    nodes = [Fraction(i, 2**k) for i in range(2**k + 1)]
    weights = depth.interpolant(nodes, [Fraction(i % 2) for i in range(2**k + 1)])
    assert networks.read_network(weights).units == depth.units_for_tent(k)
    assert function(weights, ZERO, ONE).distance(function(depth.tent_network(k), ZERO, ONE)) == 0


def test_pieces_needed_is_the_smallest_number_that_the_bound_allows():
    rng = random.Random(1)
    for _ in range(200):
        error = Fraction(rng.randint(1, 50), rng.randint(1, 10**6))
        pieces = depth.pieces_needed(error)
        assert Fraction(1, 8 * pieces**2) <= error
        assert pieces == 1 or Fraction(1, 8 * (pieces - 1) ** 2) > error


def test_the_bound_for_pieces_is_attained_by_the_shifted_square_network():
    for m in (1, 2, 3):
        *hidden, (W, _) = depth.square_network(m)
        shifted = function([*hidden, (W, [-Fraction(1, 2 ** (2 * m + 3))])], ZERO, ONE)
        assert shifted.pieces == 2**m
        assert shifted.distance_to_parabola(ONE, ZERO, ZERO) == Fraction(1, 8 * shifted.pieces**2)


def test_the_square_network_interpolates_at_the_dyadic_points():
    for m in range(1, 8):
        square = function(depth.square_network(m), ZERO, ONE)
        assert all(square(Fraction(i, 2**m)) == Fraction(i, 2**m) ** 2 for i in range(2**m + 1))
        assert square.distance_to_parabola(ONE, ZERO, ZERO) == Fraction(1, 2 ** (2 * m + 2))


def test_products_are_right_on_a_grid_that_no_case_uses():
    error, bound = Fraction(1, 40), Fraction(7, 5)
    network = networks.read_network(depth.product_network(error, bound), inputs=2)
    points = [bound * Fraction(i, 23) for i in range(24)]
    assert max(abs(network((x, y))[0] - x * y) for x in points for y in points) <= error


def test_width_one_is_monotone_with_three_pieces_at_most():
    rng = random.Random(2)
    most = {0: 0, 1: 0, 2: 0, 3: 0, 4: 0}
    for _ in range(400):
        layers = rng.randint(0, 4)
        weights = [([[Fraction(rng.randint(-3, 3))]], [Fraction(rng.randint(-6, 6), 2)]) for _ in range(layers + 1)]
        f = function(weights)
        assert f.is_monotone
        assert f.pieces <= depth.width_one_pieces(layers)
        most[layers] = max(most[layers], f.pieces)
    assert [most[k] for k in range(5)] == [depth.width_one_pieces(k) for k in range(5)]


def test_no_monotone_function_is_nearer_to_the_square_than_half_of_the_drop():
    rng = random.Random(3)
    for _ in range(60):
        weights = [([[Fraction(rng.randint(-9, 9), 4)]], [Fraction(rng.randint(-9, 9), 4)]) for _ in range(3)]
        away = function(weights, -Fraction(3), Fraction(3)).distance_to_parabola(ONE, ZERO, ZERO)
        assert away >= depth.width_one_error(Fraction(3))
    constant = [([[0]], [0]), ([[0]], [Fraction(9, 2)])]
    assert function(constant, -Fraction(3), Fraction(3)).distance_to_parabola(ONE, ZERO, ZERO) == Fraction(9, 2)


def test_the_lecture_promises_nothing_that_hanin_and_sellke_do_not():
    for d, width in itertools.product(range(1, 9), range(1, 20)):
        promised = depth.theorems(d, 1, width, "sup")
        assert ("lecture" in promised) <= ("hanin_sellke" in promised)


def test_the_cap_of_wide_layers_is_the_product_of_serra_and_others():
    for widths in ((3,), (3, 3), (4, 3, 5), (3, 3, 3, 3)):
        assert board.cap_of_widths(widths) == math.prod(n + 1 for n in widths)


def test_known_small_caps():
    assert [board.cap_of_units(n) for n in (1, 2, 4, 5, 6, 8, 10)] == [2, 3, 7, 12, 19, 48, 123]
    assert board.cap_of_widths((2, 2)) == 7


def test_random_networks_never_break_a_cap():
    rng = random.Random(4)
    for _ in range(1500):
        widths = tuple(rng.randint(1, 3) for _ in range(rng.randint(1, 4)))
        sizes = [1, *widths, 1]
        weights = [
            ([[rng.randint(-5, 5) for _ in range(m)] for _ in range(n)], [rng.randint(-5, 5) for _ in range(n)])
            for m, n in itertools.pairwise(sizes)
        ]
        assert function(weights).pieces <= board.cap_of_widths(widths)


def test_the_reference_meets_the_caps_where_the_handout_says_so():
    found = {n: function(depth.record_network(n)).pieces for n in (4, 5, 6, 8, 9, 10)}
    assert found == {4: 7, 5: 12, 6: 16, 8: 48, 9: 64, 10: 97}


@pytest.mark.parametrize("skip", [False, True])
def test_the_gradient_of_the_first_layer_agrees_with_central_differences(skip):
    problem = cases._problem(World(5), 4, 3, 7)
    direction = World(6).normal((3, 3))
    step = 1e-5
    layers, *rest = problem
    losses = []
    for sign in (1, -1):
        moved = ([layers[0] + sign * step * direction, *layers[1:]], *rest)
        losses.append(experiments.deep_loss_and_gradients(moved, skip)[0])
    slope = (losses[0] - losses[1]) / (2 * step)
    own = experiments.deep_loss_and_gradients(problem, skip)[1][0]
    assert (own * direction).sum() == pytest.approx(slope, rel=1e-6)
    reference = depth.first_layer_gradient(*cases._tensors(problem), skip)
    assert np.allclose(reference.numpy(), own, rtol=1e-9, atol=1e-12)


def test_training_moves_every_weight_by_the_rate_in_its_first_step():
    network = [(World(7).normal((4, 2)), np.ones(4)), (World(8).normal((1, 4)), np.zeros(1))]
    trained, losses = depth.train(network, World(9).normal((6, 2)), World(10).normal((6, 1)), 1, 0.01)
    assert len(losses) == 1
    moved = np.abs(trained[1][0] - network[1][0])
    assert np.allclose(moved[moved > 0], 0.01, rtol=1e-4)  # Adam's first step is rate · sign(gradient)


@pytest.mark.slow
@pytest.mark.parametrize("case", ["claims_about_random_networks", "claims_about_training", "claims_about_gradients"])
def test_claims_of_the_reference_hold_in_fresh_worlds(case):
    torch.set_num_threads(1)
    probe = getattr(cases, case, None) or getattr(experiment, case)
    check = probe.__autograder_case__.check
    for seed in range(10):
        outputs = decode(encode(probe(depth, World(1000 + seed))))
        assert check.judge(outputs, outputs, World(1000 + seed)).passed, seed


@pytest.mark.parametrize("optimiser", [torch.optim.Adam, lambda p, lr: torch.optim.AdamW(p, lr, weight_decay=0.0)])
@pytest.mark.parametrize("widths", [(7,), (3, 4)])
def test_the_training_of_the_judge_is_that_of_torch(optimiser, widths):
    rng = np.random.default_rng(3)
    start = [(rng.normal(size=(n, m)), rng.normal(size=n)) for m, n in itertools.pairwise([2, *widths, 1])]
    x, y = rng.normal(size=(9, 2)), rng.normal(size=(9, 1))
    flat = [torch.tensor(p, requires_grad=True) for layer in start for p in layer]
    steps = optimiser(flat, lr=0.02)
    for _ in range(40):
        h = torch.tensor(x)
        for W, b in zip(flat[:-2:2], flat[1:-2:2], strict=True):
            h = torch.relu(h @ W.T + b)
        loss = (h @ flat[-2].T + flat[-1] - torch.tensor(y)).square().mean()
        steps.zero_grad()
        loss.backward()
        steps.step()
    ours = experiments.adam(start, x, y, 40, 0.02)
    for mine, theirs in zip([p for layer in ours for p in layer], flat, strict=True):
        np.testing.assert_allclose(mine, theirs.detach().numpy(), rtol=1e-8, atol=1e-10)
    reference, _ = depth.train(start, x, y, 40, 0.02)
    np.testing.assert_allclose(experiments.outputs_of(reference, x), experiments.outputs_of(ours, x), rtol=1e-8)


@pytest.mark.parametrize("skip", [False, True])
def test_the_curve_of_the_judge_is_that_of_the_reference(skip):
    problem = cases._problem(World(6), 5, 3, 7)
    layers, readout, x, y = cases._tensors(problem)
    theirs = depth.train_deep(layers, readout, x, y, skip, 8, 0.05)
    np.testing.assert_allclose(experiments.descent(problem, skip, 8, 0.05), theirs)


def test_every_line_of_the_convex_cases_is_the_largest_somewhere():
    for seed in range(40):
        for k in (2, 3, 9):
            slopes, intercepts, low, high = narrow._lines(World(seed), k)
            function = judges.maximum(slopes, intercepts, low, high)
            assert function.pieces == k
            assert sorted(function.slopes) == sorted(slopes)
            assert all(float(v) == v for v in [*slopes, *intercepts])


def test_idle_lines_are_idle():
    for seed in range(40):
        slopes, intercepts, low, high = narrow._lines_with_idle_ones(World(seed))
        assert len(slopes) == 11
        right = judges.maximum(slopes, intercepts, low, high)
        assert right.pieces == 5
        assert 0 not in (slopes[0], slopes[-1])
        lines = list(zip(slopes, intercepts, strict=True))
        for kept in (dict(lines), dict(reversed(lines))):  # one intercept for each slope: the last, or the first
            assert judges.maximum(list(kept), list(kept.values()), low, high).distance(right) > 0


def test_the_promises_of_the_judge_are_those_of_the_reference():
    for d, m, width in itertools.product(range(1, 6), range(1, 8), range(1, 12)):
        for norm in ("sup", "L1", "L2"):
            assert judges.promised((d, m, width, norm)) == set(depth.theorems(d, m, width, norm))
    assert [judges.promised(row) for row in narrow.ONE_INPUT] == narrow.SPEAK


def test_the_factors_that_the_handout_quotes():
    """With 2/n the median gradient falls by about 0.82 per layer; 1/n halves the mean square, about 0.71 per layer."""

    def norms(depth, variance, runs):
        made = [cases._problem(World(seed), depth) for seed in range(runs)]
        scaled = [([W * math.sqrt(variance) for W in layers], *rest) for layers, *rest in made]
        return np.array([np.linalg.norm(experiments.deep_loss_and_gradients(p, False)[1][0]) for p in scaled])

    (shallow, deep), (low, high) = ([norms(depth, v, 400) for depth in (2, 16)] for v in (2, 1))
    assert 0.77 < (np.median(deep) / np.median(shallow)) ** (1 / 14) < 0.87
    assert 0.65 < (np.mean(high**2) / np.mean(low**2)) ** (1 / 28) < 0.75


def test_whoever_takes_the_argument_for_the_measurement_is_not_refused_by_chance():
    """√½ per layer, which the handout speaks of, lies within what is allowed, in every one of 60 worlds."""
    for seed in range(60):
        shallow, deep = (
            [np.linalg.norm(experiments.deep_loss_and_gradients(p, False)[1][0]) for p in problems]
            for problems in cases._both_depths(World(seed))
        )
        factor = (np.median(deep) / np.median(shallow)) ** (1 / 14)
        assert abs(factor - math.sqrt(0.5)) < 0.2
        assert abs(factor - 1.0) > 0.2
