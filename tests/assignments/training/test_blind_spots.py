"""Wrong answers that a published course's tests let through, and that the cases of this assignment catch.

The tests are those of "Deep Learning Systems", homework 2 (github.com/dlsyscourse/hw2 at f4c9945). Each test here shows
first that the published check does not see the mistake, then that ours does; the right answer passes both.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.authoring import World
from autograder.checks import close
from autograder.grading.record import world_seeds
from autograder.grading.source import AssignmentSource, load_source
from autograder.values.codec import decode, encode

ROOT = Path(__file__).parents[3]
PUBLIC = ROOT / "assignments" / "training"
Lost = Callable[[str, str], set[str]]


def program(source: AssignmentSource, more: str) -> ModuleType:
    module = ModuleType("submission")
    exec(compile(f"{source.reference}\n{more}", "training.py", "exec"), module.__dict__)
    return module


@pytest.fixture(scope="module")
def source() -> Iterator[AssignmentSource]:
    sys.path.insert(0, str(PUBLIC))
    yield load_source(ROOT, "training")
    sys.path.remove(str(PUBLIC))
    for name in ("training_plots", "training_stream"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def lost(source: AssignmentSource) -> Lost:
    """Names of the hidden cases of a question that the reference with `more` behind it loses in every world."""
    seeds, reference = world_seeds(source), program(source, "")

    @cache
    def expected(name: str, seed: int) -> Any:
        return decode(encode(source.cases.get(name).probe(reference, World(seed))))

    def passes(module: ModuleType, name: str, seed: int) -> bool:
        case = source.cases.get(name)
        check = case.check or close()
        outputs = decode(encode(case.probe(module, World(seed))))
        return bool(check.judge(outputs, expected(name, seed), World(seed)).passed)  # type: ignore[attr-defined]

    def found(question: str, more: str) -> set[str]:
        module = program(source, more)
        hidden = [c.name for c in source.cases.cases if c.question == question and not c.public]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {name for name in hidden if not any(passes(module, name, seed) for seed in seeds[name])}

    return found


def test_right_answers_lose_nothing(lost: Lost) -> None:
    for question in ("heavy_ball", "adaptive", "batch_norm", "dropout"):
        assert lost(question, "") == set()


WITHOUT_MEAN = """
def batch_norm_backward(x, gamma, g, eps):
    deviation = np.sqrt(np.var(x, axis=0) + eps)
    z = (x - np.mean(x, axis=0)) / deviation
    dz = g * gamma
    return (dz - z * np.mean(z * dz, axis=0)) / deviation, np.sum(z * g, axis=0), np.sum(g, axis=0)
"""


def test_batch_norm_without_its_mean_term(source: AssignmentSource, lost: Lost) -> None:
    """`batchnorm_backward` differentiates the sum of the squared outputs, whose gradient is almost 0 whatever x is."""
    right, wrong = program(source, ""), program(source, WITHOUT_MEAN)
    np.random.seed(5 * 4 * 2)
    x = np.random.randint(0, 100, size=(5, 4)) / 20
    z, _ = right.batch_norm(x, np.ones(4), np.zeros(4), (np.zeros(4), np.ones(4)), True, 0.1, 1e-5)
    gradients = [p.batch_norm_backward(x, np.ones(4), 2 * z, 1e-5)[0] for p in (right, wrong)]
    assert np.abs(gradients[0]).max() < 1e-3  # the published tolerance
    assert np.abs(gradients[0] - gradients[1]).max() < 1e-12
    assert lost("batch_norm", WITHOUT_MEAN) == {"way_back_with_an_eps_that_matters", "way_back_for_two_examples"}


DECAY_SWITCHES_OFF_THE_CORRECTION = """
def adamw_step(w, g, state, lr, betas, eps, weight_decay):
    if g is None:
        return w, state
    t, m, v = (0, 0, 0) if state is None else state
    t, m, v = t + 1, betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
    corrected = (m, v) if weight_decay else (m / (1 - betas[0] ** t), v / (1 - betas[1] ** t))
    return w - lr * weight_decay * w - lr * corrected[0] / (np.sqrt(corrected[1]) + eps), (t, m, v)
"""


def test_bias_correction_beside_weight_decay(source: AssignmentSource, lost: Lost) -> None:
    """The published tests of Adam with weight decay, with and without bias correction, are one call with one number.

    So a program that is right for the one is accepted for both, whichever it computes.
    """
    w, g, settings = np.ones(3), np.array([0.3, -2.0, 5.0]), (None, 0.1, (0.9, 0.999), 1e-8)
    right, wrong = program(source, ""), program(source, DECAY_SWITCHES_OFF_THE_CORRECTION)
    np.testing.assert_allclose(right.adamw_step(w, g, *settings, 0.0)[0], wrong.adamw_step(w, g, *settings, 0.0)[0])
    assert np.abs(right.adamw_step(w, g, *settings, 0.01)[0] - wrong.adamw_step(w, g, *settings, 0.01)[0]).max() > 0.1
    assert lost("adaptive", DECAY_SWITCHES_OFF_THE_CORRECTION) == {"decay_where_there_is_no_slope"}


AVERAGE = """
def momentum(grad, x0, rates, beta):
    v, path = 0, [x0]
    for rate in rates:
        v = beta * v + (1 - beta) * grad(path[-1])
        path.append(path[-1] - rate * v)
    return path
"""
INSIDE = """
def momentum(grad, x0, rates, beta):
    v, path = 0, [x0]
    for rate in rates:
        v = beta * v + rate * grad(path[-1])
        path.append(path[-1] - v)
    return path
"""


@pytest.mark.parametrize(("wrong", "scale"), [(AVERAGE, 10.0), (INSIDE, 1.0)])
def test_conventions_of_momentum(source: AssignmentSource, lost: Lost, wrong: str, scale: float) -> None:
    """One golden final loss at a constant rate: its formula had to be guessed, and the rate may stand inside."""
    right, other = program(source, ""), program(source, wrong)
    ends = [p.momentum(lambda x: 3 * x, 1.0, [r] * 9, 0.9)[-1] for p, r in ((right, 0.01), (other, 0.01 * scale))]
    assert ends[0] == pytest.approx(ends[1])
    assert lost("heavy_ball", wrong) >= {"rate_that_falls_on_the_way"}


EPS_INSIDE = """
def adam_step(w, g, state, lr, betas, eps):
    if g is None:
        return w, state
    t, m, v = (0, 0, 0) if state is None else state
    t, m, v = t + 1, betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
    return w - lr * m / (1 - betas[0] ** t) / np.sqrt(v / (1 - betas[1] ** t) + eps), (t, m, v)
"""


def test_an_eps_that_no_golden_loss_sees(source: AssignmentSource, lost: Lost) -> None:
    """With eps = 1e-8 and gradients near 1 its place moves a weight by less than 1e-7, and a final loss by no more."""
    w, g, settings = np.ones(3), np.array([0.3, -2.0, 5.0]), (None, 0.1, (0.9, 0.999), 1e-8)
    ends = [program(source, more).adam_step(w, g, *settings)[0] for more in ("", EPS_INSIDE)]
    assert np.abs(ends[0] - ends[1]).max() < 1e-7
    assert lost("adaptive", EPS_INSIDE) >= {"six_steps_of_adam"}
