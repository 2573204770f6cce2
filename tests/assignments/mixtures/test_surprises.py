"""The surprising facts that the handout of "Mixtures" leaves for students to find, each in numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from types import ModuleType

import numpy as np
import pytest

from tests.assignments.mixtures.modules import loaded


@pytest.fixture(scope="module")
def modules() -> Iterator[tuple[ModuleType, ...]]:
    with loaded("mixtures", "best_values", "expert_source") as found:
        yield found


def test_members_that_are_never_right(modules: tuple[ModuleType, ...]) -> None:
    right, *_ = modules
    numbers = right.errors([Fraction(0), Fraction(2)], [Fraction(1, 2)] * 2, Fraction(1))
    assert numbers == {"ensemble": 0, "members": 1, "ambiguity": 1}


def test_three_voters_of_sixty_percent(modules: tuple[ModuleType, ...]) -> None:
    right, *_ = modules
    p = Fraction(3, 5)
    assert right.majority_range(p) == {"least": Fraction(2, 5), "most": Fraction(9, 10)}
    assert right.independent_majority(p, 3) == Fraction(81, 125)
    assert right.majority_range(Fraction(2, 3))["most"] == 1


def test_xor_and_its_twin(modules: tuple[ModuleType, ...]) -> None:
    right, *_ = modules
    xor = {"W": [[1, 1], [1, 1]], "b": [0, -1], "v": [1, -2], "c": 0}
    places = [(0, 0), (0, 1), (1, 0), (1, 1)]
    half = right.average_weights(xor, right.twin(xor))
    assert [right.answer(right.twin(xor), x) for x in places] == [0, 1, 1, 0]
    assert [right.answer(half, x) for x in places] == [0, Fraction(-1, 2), Fraction(-1, 2), Fraction(-3, 2)]


def test_hot_distillation_is_least_squares_on_logits(modules: tuple[ModuleType, ...]) -> None:
    right, *_ = modules
    rng = np.random.default_rng(0)
    student, teacher = rng.normal(size=(1, 5)), rng.normal(size=(1, 5))
    limit = right.hot_gradient(student, teacher)
    away = [np.abs(right.distil_gradient(student, teacher, tau) - limit).max() for tau in (1.0, 10.0, 100.0, 1000.0)]
    assert all(9 < earlier / later < 12 for earlier, later in pairwise(away[1:]))
    assert away[0] > 1e-2


def test_five_soft_labels_are_enough_and_what_is_rounded_is_not(modules: tuple[ModuleType, ...]) -> None:
    right, *_ = modules
    rng = np.random.default_rng(1)
    W, b, X = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(5, 4))
    P = np.exp(right.log_softmax(X @ W + b))
    centred = W - W.mean(axis=1, keepdims=True)
    assert np.abs(right.recover(X, P)["W"] - centred).max() < 1e-12
    assert np.abs(right.recover(X, np.maximum(P.round(2), 0.01))["W"] - centred).max() > 0.01
    assert right.hard_labels_for(Fraction(1, 160), 4, 3) == 800


def test_renormalised_top_one_has_no_gradient(modules: tuple[ModuleType, ...]) -> None:
    right, *_ = modules
    rng = np.random.default_rng(2)
    given = rng.normal(size=(6, 3)), rng.normal(size=(6, 3, 4)), rng.normal(size=(6, 4))
    size = {way: np.abs(right.router_gradient(*given, *way)).max() for way in ((1, True), (1, False), (2, True))}
    assert size[1, True] < 1e-14
    assert min(size[1, False], size[2, True]) > 0.1


@pytest.mark.parametrize(
    ("E", "value"), [(2, Fraction(7, 8)), (3, Fraction(3, 4)), (8, Fraction(2, 5)), (64, Fraction(2, 33))]
)
def test_balance_below_one(modules: tuple[ModuleType, ...], E: int, value: Fraction) -> None:
    right, judges, _ = modules
    assert judges.least(E) == value
    assert value < right.balance_loss(right.cheat(E)) < value * Fraction(1001, 1000)
    collapsed = right.hidden_collapse(E)
    assert all(row[0] > max(row[1:]) for row in collapsed)
    assert right.balance_loss(collapsed) < Fraction(101, 100)


@pytest.mark.parametrize("E", [2, 3, 4, 5, 6])
def test_no_load_is_better_than_the_judge_knows(modules: tuple[ModuleType, ...], E: int) -> None:
    """For given loads a token's best row is even on its choice and the least loaded others."""
    _, judges, _ = modules
    rng = np.random.default_rng(E)
    for _ in range(2000):
        loads = rng.dirichlet(np.full(E, rng.choice([0.2, 1.0, 5.0])))
        total = 0.0
        for e, load in enumerate(loads):
            others = np.sort(np.delete(loads, e))
            total += load * min((load + others[:k].sum()) / (k + 1) for k in range(E))
        assert E * total >= float(judges.least(E)) - 1e-12


def test_expert_choice_looks_ahead(modules: tuple[ModuleType, ...]) -> None:
    right, *_ = modules
    scores = np.array([[0.6, 0.4], [0.3, 0.7], [0.9, 0.1]])
    assert right.expert_choice(scores[:2], 1) == [[0], [1]]
    assert right.expert_choice(scores, 1) == [[2], [1]]
    choices = np.array([0, 1, 0])
    assert list(right.first_come(choices[:2], 1)) == list(right.first_come(choices, 1))[:2]


def test_experts_that_are_alike_leave_the_gate_alone(modules: tuple[ModuleType, ...]) -> None:
    right, *_ = modules
    rng = np.random.default_rng(3)
    f = np.full((5, 3), 0.3)
    found = right.mixture_gradients(rng.normal(size=(5, 3)), f, rng.normal(size=5))
    assert np.abs(found["logits"]).max() < 1e-15
    even = right.mixture_gradients(np.zeros((5, 3)), f, rng.normal(size=5))["f"]
    assert np.ptp(even, axis=1).max() == 0


@pytest.mark.slow
def test_experts_and_gate_that_start_alike_are_one_for_ever(modules: tuple[ModuleType, ...]) -> None:
    right, _, source = modules
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(right.torch, "randn", lambda *shape, generator: right.torch.zeros(*shape))
        alike = right.train(source.batches(1500), 1500, 0)
    assert np.ptp(alike["W"].numpy(), axis=1).max() < 1e-4
    assert source.excess(alike) > 1
    free = right.train(source.batches(1500), 1500, 0)
    assert source.excess(free) < 0.0878


def test_floor_of_the_source(modules: tuple[ModuleType, ...]) -> None:
    *_, source = modules
    assert pytest.approx(0.5 * math.log(2 * math.pi * math.e * 0.09)) == source.FLOOR
    assert pytest.approx(0.215, abs=5e-4) == source.FLOOR
