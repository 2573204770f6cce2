"""The exact answers agree with enumeration, simulation or another derivation, and the facts of the text are facts."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "probabilistic", ROOT / "solutions" / "probabilistic"
HELPERS = ("probabilistic_plots", "probabilistic_judges", "source", "cooling", "latent_stream")


@pytest.fixture(scope="module")
def t() -> Iterator[ModuleType]:
    """The reference."""
    module = ModuleType("probabilistic_solution")
    sys.path[:0] = [str(PUBLIC), str(PRIVATE), str(PRIVATE / "cases")]
    exec(compile((PRIVATE / "probabilistic.py").read_text(), "probabilistic.py", "exec"), module.__dict__)
    yield module
    del sys.path[:3]
    for name in HELPERS:
        sys.modules.pop(name, None)


def gaussian(x: Any, mean: float, deviation: float) -> Any:
    return np.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * math.sqrt(2 * math.pi))


def test_a_mask_without_leak_has_mass_one_for_every_weight(t: ModuleType) -> None:
    rng = np.random.default_rng(0)
    for scale in (0.1, 2.0, 50.0):
        W, b = scale * rng.standard_normal((4, 4)), scale * rng.standard_normal(4)
        assert t.total_mass(W, b, t.order_mask([2, 0, 3, 1])) == pytest.approx(1, abs=1e-12)
        if scale == 2.0:  # tiny weights leak little; huge ones make the mass a whole number, which may be 1
            assert abs(t.total_mass(W, b, np.ones((4, 4))) - 1) > 1e-2


def test_made_masks_connect_what_comes_before_and_nothing_else(t: ModuleType) -> None:
    into, out = t.made_masks([1, 2, 3, 4], [1, 2, 3, 1, 2])
    ways = out @ into
    assert (np.triu(ways) == 0).all()
    assert (ways[np.tril_indices(4, -1)] > 0).all()
    twice = (np.array([1, 2, 3, 4])[:, None] >= np.array([1, 2, 3, 1, 2])) @ into
    assert np.diag(twice).tolist() == [2, 2, 1, 0]


def test_half_the_world_costs_one_bit(t: ModuleType) -> None:
    mean, variance = t.forward_fit([F(1, 2)] * 2, [F(-2), F(2)], [F(1, 4)] * 2)
    assert (mean, variance) == (0, F(17, 4))
    x = np.linspace(-9, 9, 20001)
    p = (gaussian(x, -2, 0.5) + gaussian(x, 2, 0.5)) / 2

    def kl(a: Any, b: Any) -> float:
        return float(np.sum(a * np.log((a + 1e-300) / (b + 1e-300))) * (x[1] - x[0]))

    assert kl(p, gaussian(x, 0, 4.25**0.5)) == pytest.approx(0.724, abs=1e-3)
    assert kl(p, gaussian(x, 2, 0.5)) == pytest.approx(15.31, abs=0.01)
    assert kl(gaussian(x, 2, 0.5), p) == pytest.approx(math.log(2), abs=1e-3)
    nearby = [kl(p, gaussian(x, m, s)) for m in (-0.2, 0.0, 0.2) for s in (1.9, 4.25**0.5, 2.2)]
    assert min(nearby) == nearby[4]


def test_the_kl_of_gaussians_is_an_integral(t: ModuleType) -> None:
    x = np.linspace(-12, 12, 40001)
    p, q = gaussian(x, 0.5, 0.8), gaussian(x, -0.3, 1.4)
    found = float(np.sum(p * np.log(p / q)) * (x[1] - x[0]))
    assert float(t.kl_formula(0.5, 0.8, -0.3, 1.4)) == pytest.approx(found, abs=1e-9)
    one = np.array([[0.64]]), np.array([[1.96]])
    assert t.kl_gaussians(np.array([0.5]), one[0], np.array([-0.3]), one[1]) == pytest.approx(found, abs=1e-9)


def test_humps_far_apart_cost_the_logarithm_of_their_weight(t: ModuleType) -> None:
    import probabilistic_judges as judges

    mixture = [0.25, 0.75], [-4.0, 4.0], [0.5, 0.4]
    for k, weight in enumerate(mixture[0]):
        cost = judges.reverse_kl(mixture[1][k], mixture[2][k], mixture)
        assert cost == pytest.approx(-math.log(weight), abs=1e-6)
    close = [judges.reverse_kl(4 + a, 0.4 + b, mixture) for a in (-0.05, 0, 0.05) for b in (-0.05, 0, 0.05)]
    assert min(close) == close[4]


PRIOR, LIKELIHOOD = [F(1, 2), F(1, 3), F(1, 6)], [F(1, 4), F(1, 2), F(3, 4)]


def test_the_bound_and_its_gap_are_log_p(t: ModuleType) -> None:
    assert t.evidence(PRIOR, LIKELIHOOD) == F(5, 12)
    for q in ([F(1, 3)] * 3, [F(1), F(0), F(0)], [F(1, 5), F(0), F(4, 5)], t.posterior_table(PRIOR, LIKELIHOOD)):
        assert t.elbo(q, PRIOR, LIKELIHOOD) + t.gap(q, PRIOR, LIKELIHOOD) == pytest.approx(math.log(5 / 12), abs=1e-12)
    assert t.gap(t.posterior_table(PRIOR, LIKELIHOOD), PRIOR, LIKELIHOOD) == pytest.approx(0, abs=1e-15)


def test_the_best_diagonal_q_is_too_sure(t: ModuleType) -> None:
    rng = np.random.default_rng(3)
    _, precision = t.gaussian_posterior(rng.standard_normal((3, 2)), 0.5, rng.standard_normal(3))
    variances, gap = t.best_diagonal(precision)
    true = np.linalg.inv(precision)
    assert (variances < np.diag(true)).all()
    zero = np.zeros(2)
    assert t.kl_gaussians(zero, np.diag(variances), zero, true) == pytest.approx(gap, abs=1e-12)
    for change in ((1.1, 1), (0.9, 1), (1, 1.1), (1, 0.9)):
        assert t.kl_gaussians(zero, np.diag(variances * np.array(change)), zero, true) > gap


def test_variances_of_both_estimates(t: ModuleType) -> None:
    eps = np.linspace(-14, 14, 280001)
    weight = gaussian(eps, 0, 1) * (eps[1] - eps[0])
    for mu, sigma, c in ((3.0, 1.0, 0.0), (3.0, 1.0, 10.0), (3.0, 1.0, 12.0), (0.5, 0.3, 1.0), (0.0, 1.0, 0.0)):
        z = mu + sigma * eps
        estimates = t.score_estimates(z**2, z, mu, sigma, c), t.path_estimates(lambda a: 2 * a, eps, mu, sigma)[0]
        variances = [float(weight @ (e - 2 * mu) ** 2) for e in estimates]
        assert [float(weight @ e) for e in estimates] == pytest.approx([2 * mu] * 2, abs=1e-6)
        assert variances[0] == pytest.approx(t.variance_with_baseline(mu, sigma, c), abs=1e-5)
        assert variances[1] == pytest.approx(t.path_variance(mu, sigma), abs=1e-5)
    figures = [t.score_variance(3, 1), t.variance_with_baseline(3, 1, 10), t.variance_with_baseline(3, 1, 12)]
    assert figures == [222, 82, 78]
    assert (t.best_baseline(3, 1), t.path_variance(3, 1)) == (12, 4)


def test_ten_times_the_samples_a_tenth_of_the_gap(t: ModuleType) -> None:
    q, goal = [F(1, 3)] * 3, math.log(5 / 12)
    bounds = [t.iwae(q, PRIOR, LIKELIHOOD, K) for K in range(1, 8)]
    assert bounds == sorted(bounds)
    assert bounds[-1] < goal
    assert [round(b, 4) for b in bounds[:3]] == [-0.8849, -0.8804, -0.8788]
    limit = t.gap_limit(q, PRIOR, LIKELIHOOD)
    assert limit == F(1, 100)
    assert 7 * (goal - bounds[-1]) == pytest.approx(float(limit), rel=0.02)
    posterior = t.posterior_table(PRIOR, LIKELIHOOD)
    assert [t.iwae(posterior, PRIOR, LIKELIHOOD, K) for K in (1, 4)] == pytest.approx([goal] * 2, abs=1e-12)


def test_collapse_is_the_optimum(t: ModuleType) -> None:
    spectrum = [F(4), F(2), F(1), F(1, 2)]
    assert [t.active_latents(spectrum, s, F(1)) for s in (F(1, 4), F(3, 4), F(3, 2), F(3))] == [4, 3, 2, 1]
    assert [t.best_weights([F(2)], F(1, 2), b)[0] for b in (F(1, 2), F(1), F(2), F(4))] == [F(7, 4), F(3, 2), 1, 0]
    for lam, s, beta in ((2.0, 0.5, 0.5), (2.0, 0.5, 2.0), (0.5, 0.75, 1.0)):
        best: tuple[float, float] = (math.inf, 0.0)
        for w in np.linspace(0, 3, 1501):
            a, v = t.best_encoder(float(w), s, beta)
            error = (1 - w * a) ** 2 * lam + w * w * v
            best = min(best, (error / (2 * s) + beta / 2 * (a * a * lam + v - 1 - math.log(v)), float(w)))
        assert best[1] ** 2 == pytest.approx(max(lam - beta * s, 0), abs=5e-3)


def test_the_best_bound_is_that_of_the_best_weights(t: ModuleType) -> None:
    spectrum, s = [4.0, 2.0, 1.0, 0.5], 0.75
    total = 0.0
    for lam in spectrum:
        w = math.sqrt(max(lam - s, 0))
        a, v = t.best_encoder(w, s, 1.0)
        total -= ((1 - w * a) ** 2 * lam + w * w * v) / (2 * s) + math.log(2 * math.pi * s) / 2
        total -= (a * a * lam + v - 1 - math.log(v)) / 2
    assert t.best_bound(spectrum, s) == pytest.approx(total, abs=1e-12)


def numeric_log_det(f: Any, z: Any) -> float:
    columns = [(f(z + h) - f(z - h)) / 2e-6 for h in 1e-6 * np.eye(len(z))]
    return float(np.log(abs(np.linalg.det(np.stack(columns, axis=1)))))


def test_log_determinants_are_those_of_numeric_jacobians(t: ModuleType) -> None:
    rng = np.random.default_rng(1)
    z, w, u = rng.standard_normal((3, 4)), rng.standard_normal(4), rng.standard_normal(4)
    shift, scale = (lambda a: np.sin(a)), (lambda a: np.tanh(a) + 0.3 * a)
    for layer in (lambda p: t.coupling(p, shift, scale), lambda p: t.planar(p, w, u, 0.3)):
        _, log_det = layer(z)
        for row, found in zip(z, log_det, strict=True):
            assert found == pytest.approx(numeric_log_det(lambda p, f=layer: f(p[None])[0][0], row), abs=1e-7)
    x, forward = t.coupling(z, shift, scale)
    back, backward = t.coupling_inverse(x, shift, scale)
    np.testing.assert_allclose(back, z, atol=1e-12)
    np.testing.assert_allclose(backward, -forward, atol=1e-12)


def test_a_flow_is_a_density(t: ModuleType) -> None:
    layers = [((lambda a: np.sin(a)), (lambda a: 0.5 * np.tanh(a))), ((lambda a: 0.3 * a), (lambda a: 0.2 * np.cos(a)))]
    line = np.linspace(-9, 9, 601)
    points = np.array(list(itertools.product(line, line)))
    assert float(np.exp(t.flow_log_prob(points, layers)).sum() * (line[1] - line[0]) ** 2) == pytest.approx(1, abs=1e-6)


def test_planar_layers_fold_below_minus_one(t: ModuleType) -> None:
    def f(x: Any, product: float) -> Any:
        return x + product * np.tanh(x)

    x = np.linspace(-4, 4, 4001)
    for product in (-1.0, -0.99, -1.02, -2.0, 0.5):
        rises = bool((np.diff(f(x, product)) > 0).all())
        assert t.planar_is_one_to_one(np.array([1.0]), np.array([product])) == rises
    assert [round(float(f(v, -2.0)), 3) for v in (-1.5, -0.3, 1.5)] == [0.310, 0.283, -0.310]


def test_brier_in_three_parts(t: ModuleType) -> None:
    p, y = [F(1, 4)] * 3 + [F(3, 4)] * 3, [0, 0, 1, 1, 1, 0]
    reliability, resolution, uncertainty = t.brier_parts(p, y)
    score = sum((a - b) ** 2 for a, b in zip(p, y, strict=True)) / 6
    assert score == F(11, 48) == reliability - resolution + uncertainty


def test_what_calibration_hides(t: ModuleType) -> None:
    assert t.gap_by_chance(10, F(1, 2)) == F(63, 512)
    assert float(t.gap_by_chance(100, F(1, 2))) == pytest.approx(0.040, abs=5e-4)
    p, y = [F(3, 5)] * 5 + [F(4, 5)] * 5, [1, 1, 1, 1, 0, 1, 1, 1, 0, 0]
    assert t.calibration_error(p, y, [F(0), F(1, 2), F(1)]) == 0
    assert t.calibration_error(p, y, [F(0), F(1, 2), F(7, 10), F(1)]) == F(1, 5)
    truth = F(7, 10)
    cost = {r: truth * abs(r - 1) + (1 - truth) * r for r in (F(7, 10), F(1))}
    assert cost == {F(7, 10): F(21, 50), F(1): F(3, 10)}
    assert t.best_report(truth, "absolute") == 1


@pytest.mark.parametrize("rule", ["absolute", "squared", "log"])
def test_best_reports_are_best_on_a_grid(t: ModuleType, rule: str) -> None:
    penalties = {"absolute": lambda p: p, "squared": lambda p: p**2, "log": lambda p: -math.log(1 - p)}
    for truth in (F(3, 10), F(9, 20), F(7, 10)):
        grid = [F(k, 20) for k in range(21)] if rule != "log" else [F(k, 20) for k in range(1, 20)]
        wrong = penalties[rule]
        cost = {r: float(truth) * wrong(1 - r) + float(1 - truth) * wrong(r) for r in grid}
        assert t.best_report(truth, rule) == min(cost, key=lambda r: cost[r])


def test_two_doubts_add_up(t: ModuleType) -> None:
    rng = np.random.default_rng(0)
    X, noise, prior = rng.standard_normal((5, 2)), 0.5, 2.0
    _, posterior = t.weights_posterior(X, np.zeros(5), noise, prior)
    parts = {name: t.ensemble_covariance(X, noise, prior, name) for name in ("both", "targets", "prior")}
    np.testing.assert_allclose(parts["both"], posterior, rtol=1e-10)
    np.testing.assert_allclose(parts["targets"] + parts["prior"], posterior, rtol=1e-10)
    e, w0 = rng.standard_normal((20_000, 5)) * noise**0.5, rng.standard_normal((20_000, 2)) * prior**0.5
    fits = np.array([t.member(X, np.ones(5), noise, prior, a, b) for a, b in zip(e, w0, strict=True)])
    np.testing.assert_allclose(np.cov(fits.T), posterior, atol=0.03 * np.abs(posterior).max())


def test_likelihood_without_a_bound(t: ModuleType) -> None:
    data = np.array([0.0, 1.0, 2.5, 4.0])
    half = np.array([0.5, 0.5])
    widths = (1e-1, 1e-10, 1e-100, 1e-300)
    found = [t.mixture_log_likelihood(data, half, np.array([0.0, 2.0]), np.array([width, 2.0])) for width in widths]
    assert [round(v, 1) for v in found] == [-6.9, 13.8, 221.1, 681.6]
    assert t.most_it_costs(0.99) == pytest.approx(4.605, abs=1e-3)


def test_dequantisation_is_a_bound(t: ModuleType) -> None:
    u = (np.arange(100_000) + 0.5) / 100_000
    for x, mean, deviation in ((0.0, 0.0, 1.0), (3.0, 2.2, 0.4), (-2.0, 1.0, 5.0)):
        density = gaussian(x + u, mean, deviation)
        assert t.discrete_log_prob(x, mean, deviation) == pytest.approx(math.log(density.mean()), abs=1e-8)
        assert t.dequantised_bound(x, mean, deviation) == pytest.approx(float(np.log(density).mean()), abs=1e-8)
        assert t.dequantised_bound(x, mean, deviation) < t.discrete_log_prob(x, mean, deviation)


def test_derivations_are_those_of_sympy(t: ModuleType) -> None:
    import sympy

    for derive, loss, names, by in (
        (t.derive_evidence, t.log_evidence, "w v x p", 0),
        (t.derive_path, t.mean_error, "mu s y", 1),
        (t.derive_weight, t.direction_loss, "w s lam", 0),
    ):
        letters = sympy.symbols(names)
        wanted = sympy.diff(loss(*letters), letters[by])
        place = dict(zip(letters, (0.3, -0.7, 0.9, 0.4), strict=False))
        for line in derive(*letters):
            assert float(line.doit().subs(place)) == pytest.approx(float(wanted.subs(place)), abs=1e-12)
