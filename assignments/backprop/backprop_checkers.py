"""Three gradient checkers for question 9. Each has a fault, and accepts a gradient that is plainly wrong.

All compare a claimed derivative with central differences, (f(x + h) − f(x − h)) / 2h. Two functions are checked:

    softmax(x)       R^k → R^k; its derivative at x is a Jacobian matrix, J[i, j] = ∂ softmax_i / ∂ x_j
    half_square(x)   R^k → R, the sum of x_j² / 2; its gradient at x has k entries

Find the fault of each by reading, then find the input.
"""

import numpy as np


def softmax(x):
    """e^(x_i) / Σ_j e^(x_j) for x of shape (k,)."""
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def half_square(x):
    """Σ_j x_j² / 2 for x of shape (k,), in the precision of x."""
    return np.sum(x * x) / x.dtype.type(2)


def central_differences(f, x, h):
    """The derivative of f by each entry of x, shape (k,), for an f that returns a number."""
    slopes = np.zeros_like(x)
    for j in range(x.size):
        e = np.zeros_like(x)
        e[j] = h
        slopes[j] = (f(x + e) - f(x - e)) / (2 * h)
    return slopes


def first_checker(x, jacobian):
    """Is `jacobian`, shape (k, k), the derivative of softmax at x? Contracts both sides with a vector of ones and compares."""
    cotangent = np.ones(x.size)
    claimed = cotangent @ jacobian
    numeric = central_differences(lambda v: np.sum(cotangent * softmax(v)), x, 1e-5)
    return bool(np.max(np.abs(claimed - numeric)) <= 1e-6)


def second_checker(x, gradient):
    """Is `gradient`, shape (k,), the gradient of half_square at x? Works in float32, so the tolerance is 1 %."""
    x, gradient = x.astype(np.float32), gradient.astype(np.float32)
    numeric = central_differences(half_square, x, np.float32(1e-3))
    return bool(np.max(np.abs(gradient - numeric)) <= 0.01 * max(1.0, np.max(np.abs(numeric))))


def third_checker(x, gradient):
    """Is `gradient`, shape (k,), the gradient of half_square at x? Compares the lengths of the two vectors."""
    numeric = central_differences(half_square, x, 1e-5)
    return bool(abs(np.linalg.norm(gradient) - np.linalg.norm(numeric)) <= 1e-6 * np.linalg.norm(numeric))
