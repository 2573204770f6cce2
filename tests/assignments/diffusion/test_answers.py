"""The exact answers agree with enumeration, simulation or another derivation, and the facts of the text are facts."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "diffusion", ROOT / "solutions" / "diffusion"


@pytest.fixture(scope="module")
def d() -> Iterator[ModuleType]:
    """The reference."""
    module = ModuleType("diffusion_solution")
    sys.path[:0] = [str(PUBLIC), str(PRIVATE), str(PRIVATE / "cases")]
    exec(compile((PRIVATE / "diffusion.py").read_text(), "diffusion.py", "exec"), module.__dict__)
    yield module
    del sys.path[:3]
    for name in ("diffusion_plots", "diffusion_stream", "diffusion_judges", "mixture_of"):
        sys.modules.pop(name, None)


def angles_of(n: int) -> list[float]:
    return np.linspace(math.pi / 2, 0, n + 1).tolist()


def test_small_steps_are_one_jump(d: ModuleType) -> None:
    betas = [F(1, 10), F(1, 5), F(1, 4), F(1, 2)]
    assert d.signal_shares(betas)[-1] == F(27, 100)
    assert d.variances(betas, F(3))[-1] == F(27, 100) * 3 + F(73, 100)
    noises, x0 = np.random.default_rng(0).standard_normal(4), 1.7
    x = x0
    for beta, noise in zip(betas, noises, strict=True):
        x = math.sqrt(1 - beta) * x + math.sqrt(beta) * noise
    one = d.combined_noise([float(b) for b in betas], noises.tolist())
    assert float(d.jump(np.array(x0), np.array(one), 0.27)) == pytest.approx(x, abs=1e-12)


@pytest.mark.parametrize("t", [1, 2, 4])
def test_the_posterior_is_that_of_conditioning(d: ModuleType, t: int) -> None:
    """x_{t−1} and x_t given x_0 are jointly Gaussian."""
    betas = [F(1, 10), F(1, 5), F(1, 4), F(1, 2)]
    shares = [float(s) for s in d.signal_shares(betas)]
    before, beta = shares[t - 1], float(betas[t - 1])
    gain = math.sqrt(1 - beta) * (1 - before) / ((1 - beta) * (1 - before) + beta)
    mean_x0 = math.sqrt(before) - gain * math.sqrt(1 - beta) * math.sqrt(before)
    variance = (1 - before) * (1 - gain * math.sqrt(1 - beta))
    assert d.posterior(betas, t) == pytest.approx((mean_x0, gain, variance), abs=1e-12)


def test_one_regression_with_other_weights(d: ModuleType) -> None:
    alpha, sigma, rng = 0.8, 0.6, np.random.default_rng(1)
    x0, noise, guess = rng.standard_normal((3, 5))
    x = alpha * x0 + sigma * noise
    true, found = (d.all_three(x, e, "noise", alpha, sigma) for e in (noise, guess))
    errors = {kind: (true[kind] - found[kind]) ** 2 for kind in true}
    for one, other in itertools.product(errors, repeat=2):
        ratio = float(d.error_ratio(one, other, F(4, 5), F(3, 5)))
        np.testing.assert_allclose(errors[one], ratio * errors[other], rtol=1e-10)


@pytest.mark.parametrize("s", [F(1, 2), F(1), F(2), F(3)])
def test_three_simple_floors(d: ModuleType, s: F) -> None:
    angles = (np.arange(4000) + 0.5) / 4000 * math.pi / 2
    for kind in ("noise", "data", "velocity"):
        mean = np.mean([d.least_loss_at(kind, float(theta), float(s)) for theta in angles])
        assert mean == pytest.approx(float(d.least_loss(kind, s)), abs=1e-6)
    assert d.spread_behind(d.least_loss("noise", s)) == s


def test_a_perfect_network_prints_one_half_for_standardised_data(d: ModuleType) -> None:
    assert d.least_loss("noise", F(1)) == F(1, 2)


@pytest.mark.parametrize("theta", [0.2, 0.7, 1.4])
def test_the_best_noise_is_the_slope_of_log_p(d: ModuleType, theta: float) -> None:
    w, m, s = [0.5, 0.3, 0.2], [-2.0, 0.5, 2.5], [0.3, 0.5, 0.2]

    def log_p(x: np.ndarray) -> np.ndarray:
        v = (np.cos(theta) * np.array(s)) ** 2 + np.sin(theta) ** 2
        gaps = x[:, None] - np.cos(theta) * np.array(m)
        return np.log((np.array(w) / np.sqrt(2 * np.pi * v) * np.exp(-(gaps**2) / (2 * v))).sum(axis=1))

    x = np.linspace(-3, 3, 13)
    slope = (log_p(x + 1e-5) - log_p(x - 1e-5)) / 2e-5
    np.testing.assert_allclose(d.score(x, theta, w, m, s), slope, atol=1e-6)
    np.testing.assert_allclose(d.bayes_noise(x, theta, w, m, s), -math.sin(theta) * slope, atol=1e-6)


def test_the_perfect_network_copies(d: ModuleType) -> None:
    rng = np.random.default_rng(0)
    data, noise = rng.standard_normal((12, 2)), rng.standard_normal((200, 2))
    shares = [d.share_of_copies(d.sample(noise, data, steps), data, 1e-3) for steps in (10, 50, 200)]
    assert shares[0] < 0.5 < 0.9 < shares[1] <= shares[2] == 1.0


def test_ddim_with_exact_predictions_is_too_narrow(d: ModuleType) -> None:
    for n in (1, 2, 5, 10, 50):
        assert d.ddim_variance(angles_of(n), 1.0) == pytest.approx(math.cos(math.pi / 2 / n) ** (2 * n), abs=1e-12)
    assert d.least_steps(0.01) == 246
    assert d.ddim_variance(angles_of(245), 1.0) < 0.99 <= d.ddim_variance(angles_of(246), 1.0)


@pytest.mark.parametrize("n", [1, 2, 10])
def test_ancestral_steps_with_the_right_noise_are_exact(d: ModuleType, n: int) -> None:
    shares = [F(100 * n - 99 * k, 100 * n) for k in range(n + 1)]
    assert d.ancestral_variance(shares, F(4), d.exact_noises(shares, F(4))) == 4
    betas = [1 - now / before for before, now in itertools.pairwise(shares)]
    small = [b * (1 - p) / (1 - q) for b, (p, q) in zip(betas, itertools.pairwise(shares), strict=True)]
    assert d.ancestral_variance(shares, F(4), small) < d.ancestral_variance(shares, F(4), betas) < 4
    assert d.exact_noises(shares, F(1)) == betas  # with data of variance 1 the larger choice is the right one


def test_ancestral_steps_by_simulation(d: ModuleType) -> None:
    shares, s2, rng = [F(1), F(1, 2), F(1, 10)], 4.0, np.random.default_rng(0)
    noises = [F(1, 5), F(1, 3)]
    x = rng.standard_normal(400_000) * math.sqrt(0.1 * s2 + 0.9)
    for t in (2, 1):
        now, before = float(shares[t]), float(shares[t - 1])
        beta = 1 - now / before
        guess = math.sqrt(now) * s2 / (now * s2 + 1 - now) * x
        mean = math.sqrt(before) * beta / (1 - now) * guess + math.sqrt(1 - beta) * (1 - before) / (1 - now) * x
        x = mean + math.sqrt(noises[t - 1]) * rng.standard_normal(len(x))
    assert np.var(x) == pytest.approx(float(d.ancestral_variance(shares, F(4), noises)), rel=0.01)


def test_guidance_is_not_the_tilted_density(d: ModuleType) -> None:
    tau = math.sqrt(2)
    for w, variance, tilted in ((1.0, 0.5, F(2, 3)), (3.0, 0.125, F(2, 5))):
        assert d.guided_std(1.0, tau, w) ** 2 == pytest.approx(variance)
        precision = (1 + F(w)) / 1 - F(w) / 2
        assert 1 / precision == tilted
    assert d.guided_mean(1.0, 1.0, tau, 3.0) == pytest.approx(2.2174, abs=1e-4)
    assert d.tilted(F(1), F(1), F(3, 2), F(3)) == (4 / (4 - 3 / F(9, 4)), 1 / (4 - 3 / F(9, 4)))
    ends = d.guided_samples(np.array([-1.0, 1.0]), 0.7, 0.8, 1.6, 2.0, 20_000)
    assert ends.mean() == pytest.approx(d.guided_mean(0.7, 0.8, 1.6, 2.0), abs=1e-4)
    assert (ends[1] - ends[0]) / 2 == pytest.approx(d.guided_std(0.8, 1.6, 2.0), rel=1e-3)


def test_one_step_of_the_best_velocity_lands_on_the_mean(d: ModuleType) -> None:
    assert [d.euler_variance(F(1), n) for n in (1, 2, 3, 4)] == [0, F(1, 4), F(256, 625), F(324, 625)]
    z = np.array([-2.0, 0.0, 1.0])
    np.testing.assert_allclose(d.euler(z, 2.0, 0.5, 1), 2.0)
    np.testing.assert_allclose(d.euler(z, 2.0, 0.5, 4000), d.exact_path(z, 1.0, 2.0, 0.5), atol=1e-3)
    middle = d.exact_path(z, 0.5, 2.0, 0.5)
    assert np.abs(middle - (z + d.exact_path(z, 1.0, 2.0, 0.5)) / 2).max() > 0.1  # the paths bend


@pytest.mark.parametrize("s", [0.5, 1.0, 2.0])
def test_the_floor_of_flow_matching(d: ModuleType, s: float) -> None:
    rng = np.random.default_rng(0)
    z, x1, t = rng.standard_normal(400_000), s * rng.standard_normal(400_000), rng.random(400_000)
    x = (1 - t) * z + t * x1
    best = (t * s**2 - (1 - t)) / ((1 - t) ** 2 + t**2 * s**2) * x
    np.testing.assert_allclose(best[:5], [d.velocity(x[i : i + 1], t[i], 0.0, s)[0] for i in range(5)])
    assert np.mean((x1 - z - best) ** 2) == pytest.approx(d.least_flow_loss(s), rel=0.01)


def test_a_perfect_masked_model_is_wrong(d: ModuleType) -> None:
    half = F(1, 2)
    for n in range(1, 6):
        assert 1 - sum(d.word_chances({"AA": half, "BB": half}, n).values()) == F(1, 2 * n)
        assert 1 - sum(d.word_chances({"AAA": half, "BBB": half}, n).values()) == F(3, 4 * n)
    assert d.rounds_needed(F(1, 10)) == 5
    words = d.innocent_pairs()
    assert 1 - sum(d.word_chances({w: F(1, len(words)) for w in words}, 1).values()) == half


def test_the_judge_of_innocent_pairs(d: ModuleType) -> None:
    import diffusion_judges as judges

    assert judges.is_innocent(d.innocent_pairs(), None).deviation == 0
    for wrong in (
        ["AA", "BB"],
        ["AA", "AB", "BA", "BB"],
        ["AAA", "ABB", "BAB"],
        ["AAA", "ABB", "BAB", "BBA", "BBA"],
        [1],
        "AB",
        None,
        [""],
        ["A"],
    ):
        assert judges.is_innocent(wrong, None).deviation > 0, wrong


def test_half_of_the_area_is_the_entropy(d: ModuleType) -> None:
    assert d.half_area([-1.0, 1.0], [0.5, 0.5], 30.0) == pytest.approx(math.log(2), abs=1e-5)
    values, chances = [-1.0, 0.0, 2.0], [0.5, 0.25, 0.25]
    assert d.half_area(values, chances, 60.0) == pytest.approx(d.entropy(values, chances), abs=2e-4)
    assert d.half_area([v * 2 for v in values], chances, 60.0) == pytest.approx(d.entropy(values, chances), abs=1e-6)


def test_noise_losses_add_up_to_nats(d: ModuleType) -> None:
    """For Gaussian data up to a ratio: ∫ ω(θ) L(θ) dθ = ½ log(1 + s²r)."""
    s, ratio = 1.3, 40.0
    start = math.atan(1 / math.sqrt(ratio))
    angles = start + (np.arange(20_000) + 0.5) / 20_000 * (math.pi / 2 - start)
    terms = [d.noise_loss_weight(float(t)) * d.least_loss_at("noise", float(t), s) for t in angles]
    assert np.mean(terms) * (math.pi / 2 - start) == pytest.approx(math.log(1 + s**2 * ratio) / 2, abs=1e-4)
    assert d.gaussian_mmse(F(3), F(2)) == F(2, 7)


def test_floors_of_mixtures(d: ModuleType) -> None:
    assert d.least_noise_loss([0.5, 0.3, 0.2], [-2.0, 0.5, 2.5], [0.3, 0.5, 0.2]) == pytest.approx(0.507053, abs=1e-5)
    assert d.least_noise_loss([1.0], [0.0], [2.0]) == pytest.approx(2 / 3, abs=1e-5)


def test_the_practice_stream_knows_its_best_denoiser(d: ModuleType) -> None:
    import diffusion_plots
    import diffusion_stream as stream

    x = np.linspace(-3, 3, 7)
    mixture = stream.WEIGHTS, stream.MEANS, stream.STDS
    np.testing.assert_allclose(stream.best_noise(x, 0.6)[0], d.bayes_noise(x, 0.6, *mixture))
    assert mixture == diffusion_plots.MIXTURE
    assert d.least_noise_loss(*mixture) == pytest.approx(0.5156, abs=1e-4)  # the dashed line of the last picture
    batch = next(stream.batches(1))
    assert batch.shape == (256,)


def test_derivations_are_those_of_sympy(d: ModuleType) -> None:
    import sympy

    for derive, definition, names in (
        (d.derive_posterior, d.log_posterior, "u x y k r"),
        (d.derive_velocity, d.moving_point, "t c x e"),
        (d.derive_score, d.log_density, "x a b m n"),
        (d.derive_information, d.gaussian_information, "r v"),
    ):
        letters = sympy.symbols(names)
        wanted = sympy.diff(definition(*letters), letters[0])
        for line in derive(*letters):
            at = {letter: sympy.Rational(3 + 2 * i, 7) for i, letter in enumerate(letters)}
            assert abs(sympy.N((line.doit() - wanted).subs(at))) < 1e-12
