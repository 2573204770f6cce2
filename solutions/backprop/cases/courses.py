"""Courses that nobody has seen at home: other chances, other students."""

import numpy as np

GOLDEN = (5**0.5 - 1) / 2


def invented(world, side):
    """(α, β, γ) of a course, P(pass) = σ(α·lectures + β·hours + γ); `side` = 1: most pass, −1: most fail."""
    size, angle, shift = world.uniform(2.2, 2.9), world.uniform(0.35, 1.22), world.uniform(0.6, 1.2)
    alpha, beta = size * np.cos(angle) / 7.2, size * np.sin(angle) / 17.5  # deviations of lectures and hours
    return alpha, beta, side * shift - 12 * alpha - 30 * beta


def several(world):
    """Three invented courses."""
    return [invented(world, side) for side in (-1, 1, world.choice([-1, 1]))]


def pairs():
    """Every pair (lectures, hours), shape (3025, 2)."""
    lectures, hours = np.meshgrid(np.arange(25.0), np.arange(121) / 2, indexing="ij")
    return np.stack([lectures.ravel(), hours.ravel()], axis=1)


def chances(X, course):
    """P(pass) of records X of shape (m, 2)."""
    alpha, beta, gamma = course
    return 1 / (1 + np.exp(-(X @ np.array([alpha, beta]) + gamma)))


def everybody(world, course):
    """One student for each pair, in random order: (X, y). Among students of like chances, as many pass as should."""
    X = pairs()[world.permutation(3025)]
    p = chances(X, course)
    rank = np.empty(len(p))
    rank[np.argsort(p, kind="stable")] = np.arange(len(p))
    return X, ((world.uniform() + GOLDEN * rank) % 1 < p).astype(float)


def a_class(world):
    """120 students of whom those who attend also work: (X, y)."""
    lectures = world.integers(25, (120,)).astype(float)
    hours = np.clip(2 * lectures + world.integers(-12, (120,), high=13), 0.0, 60.0)
    X = np.stack([lectures, hours], axis=1)
    return X, (world.uniform(shape=(120,)) < chances(X, (0.15, 0.06, -4.0))).astype(float)


def by_diligence(world, offset):
    """120 students who pass when they work more than those who attend as often, plus `offset` hours: (X, y).

    The two inputs rise and fall together, and what counts is their difference. So the learning rate that is best for one
    step is not the best for twenty.
    """
    lectures = world.integers(25, (120,)).astype(float)
    hours = np.clip(2 * lectures + world.integers(-12, (120,), high=13), 0.0, 60.0)
    X = np.stack([lectures, hours], axis=1)
    return X, (world.uniform(shape=(120,)) < chances(X, (-10.0, 5.0, -5.0 * offset))).astype(float)


def three_classes(world):
    """Three such classes: half, few and many of them pass."""
    return [by_diligence(world, offset) for offset in (0.5, 4.5, -4.5)]
