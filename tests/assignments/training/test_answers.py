"""The exact answers agree with enumeration, simulation or another derivation, and the facts of the text are facts."""

from __future__ import annotations

import itertools
import math
import random
import re
import sys
from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder.grading.source import load_source
from autograder.release.public_cases import public_modules

ROOT = Path(__file__).parents[3]
TABLE = re.compile(r"\[[-0-9., ]{30,}\]")
PUBLIC, PRIVATE = ROOT / "assignments" / "training", ROOT / "solutions" / "training"


@pytest.fixture(scope="module")
def t() -> Iterator[ModuleType]:
    """The reference."""
    module = ModuleType("training_solution")
    sys.path[:0] = [str(PUBLIC), str(PRIVATE), str(PRIVATE / "cases")]
    exec(compile((PRIVATE / "training.py").read_text(), "training.py", "exec"), module.__dict__)
    yield module
    del sys.path[:3]
    for name in ("training_plots", "training_stream", "training_judges", "teacher"):
        sys.modules.pop(name, None)


def test_the_function_to_learn_stays_with_the_grader() -> None:
    source = load_source(ROOT, "training")
    shipped = "\n".join(public_modules(source.cases, "selfcheck").values())
    assert "def twenty_steps(" in shipped
    assert "def excess_over_the_noise(" not in shipped
    assert "teacher" not in shipped
    assert not [row for row in TABLE.findall((PRIVATE / "cases/teacher.py").read_text()) if row in shipped]


def quartic(start: F | float, rate: F | float, steps: int) -> list[F | float]:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - rate * path[-1] ** 3)
    return path


def test_the_border_of_the_quartic(t: ModuleType) -> None:
    assert quartic(F(2), F(1, 2), 6) == [F(2) * (-1) ** i for i in range(7)]
    assert t.safe_start(0.5) == 2
    assert abs(quartic(1.99, 0.5, 400)[-1]) < 0.2
    with pytest.raises(OverflowError):
        quartic(2.01, 0.5, 400)


def test_which_minimum_descent_finds(t: ModuleType) -> None:
    import training_judges as judges

    def end(rate: float) -> float:
        x = 1.6
        for _ in range(4000):
            x = x - rate * (x**3 - x + 0.1)
        return x

    assert all(abs(end(rate) - 0.9456) < 1e-4 for rate in (0.01, 0.1, 0.3, 0.5))
    assert all(abs(end(rate) + 1.0467) < 1e-4 for rate in (0.6, 0.7, 0.8))
    assert judges.escapes([t.rate_that_escapes(0.1, 1.6)], [(0.1, 1.6)]).deviation == 0


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("curvature", [1.0, 4.0])
def test_borders_of_momentum_and_nesterov(t: ModuleType, beta: float, curvature: float) -> None:
    def radius(matrix: object) -> float:
        return float(np.abs(np.linalg.eigvals(np.array(matrix, dtype=float))).max())

    def ahead(rate: float) -> list[list[float]]:
        left = 1 - rate * curvature
        return [[(1 + beta) * left, -beta * left], [1, 0]]

    border = t.largest_momentum_rate(curvature, beta)
    assert (
        radius(t.recurrence(0.999 * border, curvature, beta))
        < 1
        < radius(t.recurrence(1.001 * border, curvature, beta))
    )
    border = t.largest_nesterov_rate(curvature, beta)
    assert radius(ahead(0.999 * border)) < 1 < radius(ahead(1.001 * border))


def test_the_best_pair_is_best(t: ModuleType) -> None:
    def worst(rate: float, beta: float) -> float:
        matrices = [np.array(t.recurrence(rate, c, beta), dtype=float) for c in np.linspace(1, 100, 40)]
        return max(float(np.abs(np.linalg.eigvals(m)).max()) for m in matrices)

    rate, beta = t.best_momentum(1.0, 100.0)
    best = worst(rate, beta)
    assert best == pytest.approx(math.sqrt(beta), abs=1e-6)
    for a, b in ((1.02, 1), (0.98, 1), (1, 1.02), (1, 0.98), (1.02, 1.02), (0.98, 0.98)):
        assert worst(a * rate, b * beta) > best


def test_variance_over_every_batch(t: ModuleType) -> None:
    rng = random.Random(0)
    g = [F(rng.randint(-9, 9)) for _ in range(7)]
    mean = sum(g) / 7
    for size in range(1, 8):
        batches = list(itertools.combinations(g, size))
        assert t.batch_variance(g, size) == sum((sum(b) / size - mean) ** 2 for b in batches) / len(batches)
        pairs = sum(1 for b in itertools.combinations(range(7), size) if {0, 1} <= set(b))
        assert t.pair_chance(7, size) == F(pairs, len(batches))
    assert t.data_parallel([F(2), F(10)], [3, 1]) == t.accumulate(iter([[F(1), F(2), F(3)], [F(10)]])) == 4


def test_noise(t: ModuleType) -> None:
    rate, curvature, noise, x0 = F(1, 3), F(3, 2), F(2), F(5)
    total = F(0)
    for signs in itertools.product((-1, 1), repeat=8):
        x = x0
        for s in signs:
            x = x - rate * (curvature * x + noise * s)
        total += x * x
    assert t.mean_square(rate, curvature, noise, x0, 8) == total / 2**8
    floor = t.floor_of(rate, curvature, noise)
    assert t.mean_square(rate, curvature, noise, x0, 200) == pytest.approx(floor)
    assert t.rate_for_floor(floor, curvature, noise) == rate
    square, rates = F(1), []
    for _ in range(6):  # the greedy rates are those of a running mean
        rates.append(t.best_next_rate(square, F(1), F(1)))
        square = (
            t.mean_square(rates[-1], F(1), F(1), F(1), 1)
            if square == 1
            else (1 - rates[-1]) ** 2 * square + rates[-1] ** 2
        )
    assert rates == t.averaging_rates(7)[1:]
    assert t.largest_sgd_rate([F(0), F(4)]) == F(1, 2)
    for eta, grows in ((F(51, 100), True), (F(49, 100), False)):
        assert ((1 + (1 - 4 * eta) ** 2) / 2 > 1) is grows


def test_adam_first_step_and_uphill(t: ModuleType) -> None:
    import training_judges as judges

    for g in (1e-3, -77.0):
        w, _ = t.adam_step(np.zeros(1), np.array([g]), None, 0.1, (0.9, 0.999), 0.0)
        assert w[0] == pytest.approx(-math.copysign(0.1, g))
    for beta2 in (0.05, 0.5, 0.9):
        period = t.fool_adam(beta2)
        assert sum(period) > 0
        w, state, seen = np.zeros(1), None, []
        for g in period * 4:
            w, state = t.adam_step(w, np.array([g]), state, 1.0, (0.0, beta2), 0.0)
            seen.append(w[0])
        assert seen[-1] > seen[len(period)] > 0
        assert judges.uphill([period], [beta2]).deviation == 0
    assert judges.uphill([[3.0, -1.0, -1.0]], [0.9]).deviation > 0


@pytest.mark.parametrize("steps", [1, 2, 4, 8])
def test_no_other_rates_are_better(t: ModuleType, steps: int) -> None:
    import training_judges as judges

    rates = t.best_rates(1.0, 9.0, steps)
    least = t.worst_factor(rates, 1.0, 9.0)
    assert least == pytest.approx(1 / math.cosh(steps * math.acosh(10 / 8)))
    grid = np.linspace(1, 9, 20001)
    assert np.abs(np.prod(1 - np.array(rates)[:, None] * grid, axis=0)).max() <= least + 1e-12
    rng = np.random.default_rng(0)
    for _ in range(200):
        other = (np.array(rates) * np.exp(0.2 * rng.standard_normal(steps))).tolist()
        found = t.worst_factor(other, 1.0, 9.0)
        assert found > least - 1e-12
        assert judges.largest_product(np.array(other), 1.0, 9.0) == pytest.approx(found, rel=1e-9)


def test_four_rates_of_the_text(t: ModuleType) -> None:
    assert t.two_rate_factor(F(1), F(9)) == F(8, 17)
    assert [round(r, 3) for r in sorted(t.best_rates(1.0, 9.0, 4))] == [0.115, 0.153, 0.288, 0.767]
    assert sum(r > t.largest_rate([1.0, 9.0]) for r in t.best_rates(1.0, 9.0, 4)) == 2


def test_double_descent(t: ModuleType) -> None:
    found = [t.expected_risk(n, 10, F(4), F(1)) for n in (5, 8, 9, 10, 11, 12, 40)]
    assert [float(v) for v in found] == pytest.approx([3.25, 8.8, math.inf, math.inf, math.inf, 10, 10 / 29])
    rng, w = np.random.default_rng(0), np.full(10, 0.4**0.5)
    for n, tolerance in ((5, 0.15), (40, 0.02)):
        X = rng.standard_normal((4000, n, 10))
        fits = (np.linalg.pinv(X) @ (X @ w + rng.standard_normal((4000, n)))[..., None])[..., 0]
        assert np.mean(np.sum((fits - w) ** 2, axis=1)) == pytest.approx(
            float(t.expected_risk(n, 10, F(4), F(1))), abs=tolerance
        )


def test_shares_are_those_of_descent_and_of_ridge(t: ModuleType) -> None:
    eigenvalues, rate, steps = [F(1), F(1, 3), F(1, 10)], F(1, 2), 5
    A = [[e if i == j else F(0) for j in range(3)] for i, e in enumerate(eigenvalues)]
    path = t.descend(A, eigenvalues, [F(0)] * 3, rate, steps)
    assert path[-1] == t.filter_factors(eigenvalues, rate, steps)
    for e, share in zip(eigenvalues, path[-1], strict=True):
        assert e / (e + t.matching_ridge(e, rate, steps)) == share


def test_dropout_over_every_mask(t: ModuleType) -> None:
    rng = random.Random(1)
    X = [[F(rng.randint(-5, 5)) for _ in range(4)] for _ in range(3)]
    y, w, q = [F(rng.randint(-5, 5)) for _ in range(3)], [F(rng.randint(-5, 5), 3) for _ in range(4)], F(3, 4)
    total, relu = F(0), F(0)
    for mask in itertools.product((0, 1), repeat=4):
        chance = math.prod(q if m else 1 - q for m in mask)
        sums = [sum(a * b * m / q for a, b, m in zip(row, w, mask, strict=True)) for row in X]
        total += chance * sum((a - b) ** 2 for a, b in zip(y, sums, strict=True))
        relu += chance * max(F(0), sums[0])
    assert t.expected_loss(X, y, w, q) == total
    plain = sum((a - sum(u * v for u, v in zip(row, w, strict=True))) ** 2 for a, row in zip(y, X, strict=True))
    assert total == plain + sum(r * v * v for r, v in zip(t.penalties(X, q), w, strict=True))
    assert t.relu_over_masks(w, X[0], q)[0] == relu
    assert t.relu_over_masks([F(3), F(-2)], [F(1), F(1)], F(1, 2)) == (2, 1)


def test_initialisation(t: ModuleType) -> None:
    values = [F(v) for v in (-2, -1, 1, 2)]
    sums = [sum(c) for c in itertools.product(values, repeat=3)]
    for slope in (F(0), F(1, 3), F(1)):
        after = sum((max(s, 0) + slope * min(s, 0)) ** 2 for s in sums) / len(sums)
        assert after == t.mean_squares([3, 1], [F(5, 2)], slope)[0]
    assert t.std_for(50, 0.0) ** 2 * 50 == pytest.approx(2)
    rng, alive = np.random.default_rng(0), 0
    for _ in range(2000):
        h = np.ones(2)
        for _ in range(3):
            h = np.maximum(rng.standard_normal((2, 2)) @ h, 0)
        alive += bool(h.any())
    assert alive / 2000 == pytest.approx(float(t.alive_chance(2, 3)), abs=0.04)
    assert t.alive_chance(1, 10) == F(1, 1024)


def test_twins_stay_twins(t: ModuleType) -> None:
    import torch

    W = torch.tensor([[1.0, 1.0, 2.0, 1.0], [0.5, 0.5, 0.5, 0.5]], requires_grad=True)
    b, v = (
        torch.tensor([0.1, 0.1, 0.1, 0.1], requires_grad=True),
        torch.tensor([1.0, 1.0, 1.0, -1.0], requires_grad=True),
    )
    start = t.different_units(W.tolist(), b.tolist(), v.tolist())
    optimiser = torch.optim.SGD([W, b, v], lr=0.1)
    x, y = torch.randn(9, 2, generator=torch.Generator().manual_seed(0)), torch.arange(9.0)
    for _ in range(20):
        optimiser.zero_grad()
        ((torch.tanh(x @ W + b) @ v - y) ** 2).mean().backward()
        optimiser.step()
    columns = torch.cat([W, b[None], v[None]]).T
    apart = (columns[:, None] - columns[None]).abs().amax(-1) > 1e-5
    assert len({tuple(row) for row in apart.tolist()}) == start == 3


def test_clipping_moves_the_point_of_rest(t: ModuleType) -> None:
    noise, chances = [F(-1), F(3)], [F(3, 4), F(1, 4)]
    assert t.mean_clipped(F(0), noise, chances, F(1)) == F(-1, 2)
    for limit in (F(1, 100), F(1), F(2), F(50)):
        place = t.resting_point(noise, chances, limit)
        assert t.mean_clipped(place, noise, chances, limit) == 0
    assert t.resting_point(noise, chances, F(50)) == 0
    assert abs(t.resting_point(noise, chances, F(1, 100)) - 1) < 0.01  # minus the median of the noise


def test_batch_norm_grows_its_weights(t: ModuleType) -> None:
    import torch

    torch.manual_seed(0)
    w, X = torch.randn(4, dtype=torch.float64), torch.randn(9, 4, dtype=torch.float64)
    target = torch.randn(9, dtype=torch.float64)

    def gradient(w: torch.Tensor) -> torch.Tensor:
        leaf = w.clone().requires_grad_()
        z = X @ leaf
        return torch.autograd.grad((((z - z.mean()) / z.std(correction=0) - target) ** 2).mean(), leaf)[0]

    squares, found, start = [], [0.3 / float(w @ w)], float(w @ w)
    for _ in range(5):
        g = gradient(w)
        squares.append(float(gradient(w / w.norm()).square().sum()))
        w = w - 0.3 * g
        found.append(0.3 / float(w @ w))
    assert t.effective_rates(start, squares, 0.3) == pytest.approx(found)


def test_derivations_are_those_of_sympy(t: ModuleType) -> None:
    import sympy

    for derive, loss, names in (
        (t.derive_rate, t.next_square, "eta x lam sigma"),
        (t.derive_dropout, t.dropout_loss, "w1 w2 x1 x2 y q"),
    ):
        letters = sympy.symbols(names)
        wanted = sympy.diff(loss(*letters), letters[0])
        assert all(sympy.simplify(line.doit() - wanted) == 0 for line in derive(*letters))
