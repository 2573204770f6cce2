"""Neighbour formulas: what is commonly written in the place of another formula, across all assignments.

Each entry is a shape of the reference's expression and what students write there: a formula of the same kind and the
same shape of values, from the next page of the book. What a part stands for does not matter, only the shape.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.verify.shapes import Shape

_TABLE: tuple[tuple[str, ...], ...] = (
    # (the reference has, a student writes, in words, where the words fit: a pattern of the function's name)
    ("_h * (1 - _h)", "1 - _h**2", "tanh's slope for sigmoid's"),
    ("_h * (1 - _h)", "_h * (1 + _h)", "the wrong sign in a slope"),
    ("_h * (1 - _h)", "_h", "a slope without its second factor"),
    ("1 - _h**2", "_h * (1 - _h)", "sigmoid's slope for tanh's"),
    ("1 - _h**2", "1 - _h", "a slope without its square"),
    *(
        (f"_p * (_g - {right})", f"_g - _p * {wrong}", "log-softmax's gradient for softmax's", "softmax")
        for right, wrong in (
            ("np.sum(_p * _g, axis=_a, keepdims=True)", "np.sum(_g, axis=_a, keepdims=True)"),
            ("(_p * _g).sum(axis=_a, keepdims=True)", "_g.sum(axis=_a, keepdims=True)"),
            ("(_p * _g).sum(_a, keepdims=True)", "_g.sum(_a, keepdims=True)"),
            ("(_p * _g).sum(_a, keepdim=True)", "_g.sum(_a, keepdim=True)"),
        )
    ),
    ("sigmoid_slope(_h)", "1 - _h**2", "tanh's slope for sigmoid's"),
    ("tanh_slope(_h)", "_h * (1 - _h)", "sigmoid's slope for tanh's"),
    ("_p * (_g - _s)", "_p * _g", "the diagonal alone of a Jacobian", "softmax"),
    ("_p * (_g - _s)", "_p * (1 - _p) * _g", "the diagonal alone of a Jacobian", "softmax"),
    ("np.sqrt(2 / _n)", "np.sqrt(1 / _n)", "Xavier's scale for He's", "he|init"),
    ("np.sqrt(2 / _n)", "2 / _n", "a variance for a standard deviation", "he|init|std|standard"),
    ("math.sqrt(2 / _n)", "math.sqrt(1 / _n)", "Xavier's scale for He's", "he|init"),
    ("np.sqrt(_n)", "_n", "a value for its square root"),
    ("math.sqrt(_n)", "_n", "a value for its square root"),
    ("_x.std(_a)", "_x.std(_a, ddof=1)", "the sample's standard deviation (n − 1) for the population's (n)"),
    ("_x.std(axis=_a)", "_x.std(axis=_a, ddof=1)", "the sample's standard deviation (n − 1) for the population's (n)"),
    ("_x.var(_a)", "_x.var(_a, ddof=1)", "the sample's variance (n − 1) for the population's (n)"),
    ("_x.var(axis=_a)", "_x.var(axis=_a, ddof=1)", "the sample's variance (n − 1) for the population's (n)"),
    ("_x.var(-1, keepdims=True)", "_x.var(-1, keepdims=True, ddof=1)", "the sample's variance (n − 1)"),
    ("_x.var(_a, unbiased=False, keepdim=_k)", "_x.var(_a, keepdim=_k)", "the sample's variance (n − 1)"),
    ("_x.var(_a, correction=0, keepdim=_k)", "_x.var(_a, keepdim=_k)", "the sample's variance (n − 1)"),
    ("np.log(_x)", "np.log2(_x)", "bits for nats (log₂ for ln)"),
    ("np.logaddexp(0, _x)", "np.logaddexp(0, -_x)", "the other label's loss", "loss|entropy"),
    ("np.logaddexp(0, _x)", "np.maximum(0, _x)", "a hinge for the logistic loss", "loss|entropy"),
    ("np.exp(-_x)", "np.exp(_x)", "the wrong sign in an exponent"),
    ("np.maximum(_x, 0)", "np.abs(_x)", "an absolute value for ReLU"),
    ("np.maximum(0, _x)", "np.abs(_x)", "an absolute value for ReLU"),
    ("torch.relu(_x)", "torch.nn.functional.gelu(_x)", "GELU for ReLU"),
    ("_x.relu()", "torch.nn.functional.gelu(_x)", "GELU for ReLU"),
    ("torch.clamp(_x, min=0)", "torch.nn.functional.gelu(_x)", "GELU for ReLU"),
    ("_x > 0", "_x >= 0", "the other value at a kink", "slope|relu|kink|active"),
    ("np.abs(_a - _b) / _c", "np.abs(_a - _b)", "an absolute error for a relative one", "error"),
    (
        "np.linalg.norm(_a - _b) / np.linalg.norm(_c)",
        "np.linalg.norm(_a - _b)",
        "an absolute error for a relative one",
        "error",
    ),
    ("_b / (1 - _r**_t)", "_b", "Adam without its correction of the first steps", "adam"),
    ("_a * _m + (1 - _a) * _g", "_a * _m + _g", "momentum that is not averaged", "adam|momentum|step"),
    (
        "_a * _m + (1 - _a) * _g",
        "(1 - _a) * _m + _a * _g",
        "the two weights of a moving average exchanged",
        "adam|momentum|step|average",
    ),
    ("_x @ _w.T", "_x @ _w", "a weight matrix that is not transposed"),
    ("_q @ _k.mT / _s", "_q @ _k.mT", "scores that are not scaled", "score|attention"),
    ("(_x - _m) / torch.sqrt(_v)", "_x / torch.sqrt(_v)", "no mean taken away"),
    ("(_x - _m) / np.sqrt(_v)", "_x / np.sqrt(_v)", "no mean taken away"),
    ("_a + _b * (_c - _d)", "_a - _b * (_c - _d)", "the wrong sign of a step", "step|descent|train"),
)
_SHAPES = tuple(
    (Shape(mine), Shape(theirs), words, re.compile("|".join(fits))) for mine, theirs, words, *fits in _TABLE
)


def neighbour(node: ast.AST, function: str) -> Iterator[tuple[str, str]]:
    """(words, text in its place) for every entry whose shape an expression of a function has."""
    if not isinstance(node, ast.expr):
        return
    for shape, other, words, fits in _SHAPES:
        parts = shape.parts(node) if fits.search(function.lower()) else None
        if parts is not None:
            yield words, other.filled(parts)
