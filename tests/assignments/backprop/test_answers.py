"""Questions 1 to 7 of "backprop" agree with mpmath, exact arithmetic, sympy and autograd; so do the alternates."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
import torch

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "backprop", ROOT / "solutions" / "backprop"
ALTERNATES = sorted((PRIVATE / "alternates").glob("*.py"))
SUPPORT = ("backprop_plots", "backprop_graph", "backprop_checkers", "backprop_course")
EXTREMES = np.array([-1e4, -800.0, -40.0, -1.5, 0.0, 1e-3, 2.0, 36.0, 720.0, 1e4])


@pytest.fixture(scope="module", autouse=True)
def support() -> Iterator[None]:
    """The public support files can be imported, and leave no trace."""
    sys.path.insert(0, str(PUBLIC))
    yield
    sys.path.remove(str(PUBLIC))
    for name in SUPPORT:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module", params=["reference", *(p.stem for p in ALTERNATES)])
def solution(request: pytest.FixtureRequest) -> ModuleType:
    """The reference, and the reference with each alternate on top."""
    more = "" if request.param == "reference" else (PRIVATE / "alternates" / f"{request.param}.py").read_text()
    module = ModuleType("backprop_solution")
    exec(compile((PRIVATE / "backprop.py").read_text() + "\n" + more, "backprop.py", "exec"), module.__dict__)
    return module


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(17)


def precise(function: Any, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """`function` of each entry with 50 digits, rounded to float64 at the end."""
    with mpmath.workdps(50):
        return np.array([float(function(mpmath.mpf(float(v)))) for v in values])


def square(z: Any) -> Any:
    """An activation for numbers, arrays and tensors."""
    return (z + 1) ** 2


def test_a_neuron_and_a_layer_are_what_the_formula_says(solution: ModuleType, rng: np.random.Generator) -> None:
    X, W, b = rng.normal(size=(3, 5)), rng.normal(size=(5, 2)), rng.normal(size=2)
    layer = np.asarray(solution.dense_layer(X, W, b, square))
    for i in range(3):
        for j in range(2):
            z = sum(float(X[i, k]) * float(W[k, j]) for k in range(5)) + float(b[j])
            assert layer[i, j] == pytest.approx(square(z), rel=1e-5)
            assert float(solution.neuron(X[i], W[:, j], b[j], square)) == pytest.approx(square(z), rel=1e-5)


def test_two_points_of_the_decision_line_lie_on_it(solution: ModuleType) -> None:
    w, b = (Fraction(3), Fraction(-2)), Fraction(1)
    slope, intercept = solution.decision_line(w, b)
    for x1 in (Fraction(-3), Fraction(5, 7)):
        assert w[0] * x1 + w[1] * (slope * x1 + intercept) + b == 0
    mine = solution.by_hand()
    assert (mine["slope"], mine["intercept"]) == (slope, intercept)
    assert mine["z"] == 3 * -1 + -2 * 2 + 1
    assert sympy.simplify(mine["sigma"] - 1 / (1 + sympy.exp(-sympy.Integer(int(mine["z"]))))) == 0


def test_the_collapsed_layer_computes_what_the_stack_computes(solution: ModuleType, rng: np.random.Generator) -> None:
    def matrix(rows: int, columns: int) -> list[list[Fraction]]:
        return [[Fraction(int(v), 7) for v in row] for row in rng.integers(-9, 9, (rows, columns))]

    layers = [(matrix(3, 4), matrix(1, 4)[0]), (matrix(4, 2), matrix(1, 2)[0]), (matrix(2, 5), matrix(1, 5)[0])]
    W, b = solution.collapse(layers)
    for x in (matrix(1, 3)[0], [Fraction(0)] * 3):
        h = x
        for V, c in layers:
            h = [sum((h[i] * V[i][j] for i in range(len(h))), c[j]) for j in range(len(c))]
        assert h == [sum((x[i] * W[i][j] for i in range(3)), b[j]) for j in range(5)]


def test_the_constructions_of_question_two_are_right(solution: ModuleType) -> None:
    """A linear programme's certificate: a convex combination of + points that is one of − points."""
    plus, minus = solution.inseparable()
    grid = [Fraction(k, 60) for k in range(61)]
    on_plus = {tuple(s * Fraction(p) + (1 - s) * Fraction(q) for p, q in zip(*plus, strict=True)) for s in grid}
    on_minus = {tuple(s * Fraction(p) + (1 - s) * Fraction(q) for p, q in zip(*minus, strict=True)) for s in grid}
    assert on_plus & on_minus
    W1, b1, w2, b2 = solution.xor_network()
    for x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        hidden = [max(0, x[0] * W1[0][j] + x[1] * W1[1][j] + b1[j]) for j in (0, 1)]
        assert hidden[0] * w2[0] + hidden[1] * w2[1] + b2 == x[0] ^ x[1]


def test_activations_agree_with_fifty_digits(solution: ModuleType) -> None:
    np.testing.assert_allclose(solution.sigmoid(EXTREMES), precise(lambda z: 1 / (1 + mpmath.exp(-z)), EXTREMES), 1e-12)
    np.testing.assert_allclose(solution.tanh(EXTREMES), precise(mpmath.tanh, EXTREMES), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(solution.relu(EXTREMES), np.where(EXTREMES > 0, EXTREMES, 0), rtol=1e-6)


def test_slopes_are_the_derivatives(solution: ModuleType) -> None:
    z = np.array([-3.0, -0.4, 0.7, 2.5])
    with mpmath.workdps(50):
        expected = [float(mpmath.diff(lambda t: 1 / (1 + mpmath.exp(-t)), v)) for v in z]
        expected_tanh = [float(mpmath.diff(mpmath.tanh, v)) for v in z]
    np.testing.assert_allclose(solution.sigmoid_slope(1 / (1 + np.exp(-z))), expected, rtol=1e-12)
    np.testing.assert_allclose(solution.tanh_slope(np.tanh(z)), expected_tanh, rtol=1e-5)
    np.testing.assert_array_equal(solution.relu_slope(np.array([-1.0, 0.0, 2.0])), [0, 0, 1])


@pytest.mark.parametrize("logit", [-1e4, -35.0, 0.3, 35.0, 1e4])
@pytest.mark.parametrize("label", [0.0, 1.0])
def test_binary_cross_entropy_agrees_with_fifty_digits(solution: ModuleType, logit: float, label: float) -> None:
    with mpmath.workdps(5000):  # log(1 − σ(10⁴)) needs 4,343 digits when it is written as it is defined
        sigma = 1 / (1 + mpmath.exp(-mpmath.mpf(logit)))
        expected = float(-(mpmath.log(sigma) if label else mpmath.log(1 - sigma)))
    found = float(solution.binary_cross_entropy(np.array([logit]), np.array([label])))
    assert found == pytest.approx(expected, rel=4e-16, abs=5e-324)


def test_softmax_losses_agree_with_fifty_digits(solution: ModuleType, rng: np.random.Generator) -> None:
    Z = rng.normal(size=(4, 6)) * np.array([[1e4], [1.0], [30.0], [1e-3]])
    labels = rng.integers(6, size=4)
    with mpmath.workdps(50):
        sums = [mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(float(v))) for v in row)) for row in Z]
        loss = mpmath.fsum(s - mpmath.mpf(float(Z[i, labels[i]])) for i, s in enumerate(sums)) / 4
    np.testing.assert_allclose(solution.log_sum_exp(Z), [float(s) for s in sums], rtol=1e-15)
    assert float(solution.softmax_cross_entropy(Z, labels)) == pytest.approx(float(loss), rel=1e-14)
    assert solution.log_sum_exp(np.full((1, 3), -np.inf))[0] == -np.inf


@pytest.mark.parametrize("which", ["derive_w1", "derive_w2"])
def test_every_line_of_the_derivations_is_the_derivative(solution: ModuleType, which: str) -> None:
    """Sympy differentiates J with the sigmoid written out, at a rational point, with 30 digits."""
    w1, w2 = sympy.symbols("w1 w2")
    examples = [sympy.symbols(f"x{i} y{i}") for i in (1, 2, 3)]
    lines = getattr(solution, which)(w1, w2, examples)
    point = {w1: sympy.Rational(3, 10), w2: sympy.Rational(-7, 5)}
    point |= {s: sympy.Rational(k + 1, 4) for k, s in enumerate(s for pair in examples for s in pair)}
    t = sympy.Symbol("t")
    meaning = sympy.Lambda(t, 1 / (1 + sympy.exp(-t)))
    values = [line.replace(sympy.Function("sigma"), meaning).doit().subs(point).evalf(30) for line in lines]
    assert len(lines) >= (6 if which == "derive_w1" else 4)
    assert all(abs(v - values[0]) < sympy.Float("1e-25") for v in values)
    assert not lines[-1].has(sympy.Derivative)


@pytest.mark.parametrize("sizes", [(5, 3, 7, 4), (1, 2, 3, 2), (3, 3, 3, 3)])
def test_two_layer_gradients_are_autograd(
    solution: ModuleType, rng: np.random.Generator, sizes: tuple[int, ...]
) -> None:
    m, d, n, k = sizes
    Y = rng.uniform(size=(m, k))
    arrays = [rng.normal(size=(m, d)), Y / Y.sum(axis=1, keepdims=True), rng.normal(size=(d, n)),
              rng.normal(size=n), rng.normal(size=(n, k)), rng.normal(size=k)]  # fmt: skip
    X, T, W1, b1, W2, b2 = (torch.tensor(a, requires_grad=True) for a in arrays)
    Z = X @ W1 + b1
    H = torch.sigmoid(Z)
    S = H @ W2 + b2
    loss = torch.nn.functional.cross_entropy(S, T)
    named = {"S": S, "W2": W2, "b2": b2, "H": H, "Z": Z, "W1": W1, "b1": b1, "X": X}
    expected = dict(zip(named, torch.autograd.grad(loss, list(named.values())), strict=True))
    assert float(solution.two_layer_loss(*arrays)) == pytest.approx(loss.item(), rel=1e-12)
    found = solution.two_layer_gradients(*arrays)
    assert set(found) >= set(expected)
    for name, gradient in expected.items():
        np.testing.assert_allclose(found[name], gradient.numpy(), rtol=1e-9, atol=1e-14, err_msg=name)


OPERATIONS = {
    "op_matmul": (lambda a, b: a @ b, [(2, 1, 3, 4), (5, 4, 2)]),
    "op_softmax": (lambda z: torch.softmax(z, -1), [(2, 3, 5)]),
    "op_log_sum_exp": (lambda z: torch.logsumexp(z, -1), [(4, 6)]),
    "op_layer_norm": (lambda x, g, b: torch.nn.functional.layer_norm(x, (7,), g, b, 0.01), [(2, 3, 7), (7,), (7,)]),
    "op_max": (lambda x: torch.amax(x, -1), [(3, 4)]),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_vjps_are_autograd(solution: ModuleType, rng: np.random.Generator, name: str) -> None:
    truth, shapes = OPERATIONS[name]
    arrays = [rng.integers(3, size=s).astype(float) if name == "op_max" else rng.normal(size=s) for s in shapes]
    leaves = [torch.tensor(a, requires_grad=True) for a in arrays]
    expected = truth(*leaves)
    g = rng.normal(size=tuple(expected.shape))
    extra = (0.01,) if name == "op_layer_norm" else ()
    out, vjp = getattr(solution, name)(*arrays, *extra)
    np.testing.assert_allclose(out, expected.detach().numpy(), rtol=1e-12)
    for found, wanted in zip(vjp(g), torch.autograd.grad(expected, leaves, torch.tensor(g)), strict=True):
        np.testing.assert_allclose(found, wanted.numpy(), rtol=1e-9, atol=1e-13)


def test_embedding_gradients_are_autograd(solution: ModuleType, rng: np.random.Generator) -> None:
    table, ids, g = rng.normal(size=(6, 3)), rng.integers(3, size=(2, 5)), rng.normal(size=(2, 5, 3))
    leaf = torch.tensor(table, requires_grad=True)
    expected = torch.nn.functional.embedding(torch.tensor(ids), leaf)
    out, vjp = solution.op_embedding(table, ids)
    np.testing.assert_array_equal(out, expected.detach().numpy())
    np.testing.assert_allclose(vjp(g)[0], torch.autograd.grad(expected, leaf, torch.tensor(g))[0].numpy(), rtol=1e-12)
