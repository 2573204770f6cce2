"""Unstable forms: the same function in exact arithmetic, but one that cancels or overflows in floats.

Each entry is a shape of the reference's expression and the form that is written in its place. Names that a function
binds once count as what they are bound to: a mean that is taken away on the line before is seen.
Not covered: forms of several lines, squares of differences that are multiplied out, generator expressions.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from autograder.verify.shapes import Shape

VARIANCE = "the variance is the mean of squares minus the square of the mean"
DEVIATION = "the standard deviation is the root of the mean of squares minus the square of the mean"
_LOG1P = "it is log(1 + x), where a small x loses its digits"
_EXPM1 = "it is exp(x) − 1, where a small x loses its digits"
_SOFTPLUS = "it is log(1 + exp(x)), where a large x overflows"
_LOG_SUM = "it is the logarithm of a sum of exponentials, which overflow or all come out as 0"
_LOG_SOFTMAX = "it is the logarithm of a softmax, which may come out as 0"
_SOFTMAX = "it is exp(x) over the sum of exp(x), where a large x overflows"
_LOG_SIGMOID = "it is the logarithm of a sigmoid, which may come out as 0"
_HYPOT = "it is the root of a sum of squares, which overflow or come out as 0"
_LOG_DET = "it is the logarithm of a determinant, which overflows or comes out as 0"
_ENTROPY = "it is −p log p, which is no number at p = 0"
_MODULES = ("np", "torch")
_FUNCTIONAL = ("F", "nn.functional", "torch.nn.functional")
_TORCH = frozenset({"torch", "Tensor", "nn"})
_MEAN = {"np": "np.mean({x}, *_axes, **_keep)", "torch": "torch.mean({x}, *_axes, **_keep)",
         "": "{x}.mean(*_axes, **_keep)"}  # fmt: skip

Row = tuple[str, str, str]
"""What the reference has, what stands in its place, in words."""


def _difference(mean: str) -> str:
    return f"{mean.format(x='(_x**2)')} - {mean.format(x='_x')}**2"


def _spreads() -> Iterator[Row]:
    """Variances and standard deviations of a library, that divide by n."""
    for name, words in (("var", VARIANCE), ("std", DEVIATION)):
        for biased in ("unbiased=False", "correction=0"):
            for call, mean in ((f"torch.{name}(_x, *_axes, {biased}, **_keep)", "torch"),
                               (f"_x.{name}(*_axes, {biased}, **_keep)", "")):  # fmt: skip
                form = _difference(_MEAN[mean])
                yield call, form if name == "var" else f"torch.sqrt({form})", words
        for call, mean in ((f"np.{name}(_x, *_axes, **_keep)", "np"), (f"_x.{name}(*_axes, **_keep)", "")):
            form = _difference(_MEAN[mean])
            yield call, form if name == "var" else f"np.sqrt({form})", words
    sample = "(np.mean(_x**2, axis=_a) - np.mean(_x, axis=_a)**2) * (np.size(_x, _a) / (np.size(_x, _a) - 1))"
    for call in ("np.var(_x, axis=_a, ddof=1)", "_x.var(axis=_a, ddof=1)"):
        yield call, sample, VARIANCE


def _written_out() -> Iterator[Row]:
    """Means of the squares of what is left when the mean is taken away."""
    squares = ("{c}**2", "{c} * {c}", "np.square({c})", "torch.square({c})", "{c}.square()", "{c}.pow(2)")
    for outer in _MEAN.values():
        for inner in _MEAN.values():
            for square in squares:
                centred = f"(_x - {inner.format(x='_x').replace('_keep', '_kept')})"
                yield outer.format(x=f"({square.format(c=centred)})"), _difference(outer), VARIANCE


def _logarithms() -> Iterator[Row]:
    for module in (*_MODULES, "math"):
        yield f"{module}.log1p(_x)", f"{module}.log(1 + _x)", _LOG1P
        yield f"{module}.expm1(_x)", f"{module}.exp(_x) - 1", _EXPM1
        yield f"{module}.hypot(_a, _b)", f"{module}.sqrt(_a**2 + _b**2)", _HYPOT
    for module in _MODULES:
        log = f"{module}.log"
        yield f"{module}.logaddexp(0, _x)", f"{log}(1 + {module}.exp(_x))", _SOFTPLUS
        yield f"{module}.logaddexp(0.0, _x)", f"{log}(1 + {module}.exp(_x))", _SOFTPLUS
        yield f"{module}.logaddexp(_a, _b)", f"{log}({module}.exp(_a) + {module}.exp(_b))", _LOG_SUM
        yield f"{module}.linalg.slogdet(_a)[1]", f"{log}({module}.linalg.det(_a))", _LOG_DET
    yield "np.logaddexp.reduce(_x, *_axes, **_keep)", "np.log(np.sum(np.exp(_x), *_axes, **_keep))", _LOG_SUM
    yield "log_sum_exp(_x)", "np.log(np.sum(np.exp(_x), axis=-1))", _LOG_SUM
    yield "log_sum_exp(_x, axis=_a)", "np.log(np.sum(np.exp(_x), axis=_a))", _LOG_SUM
    yield "torch.logdet(_a)", "torch.log(torch.linalg.det(_a))", _LOG_DET
    yield "torch.special.entr(_p)", "-_p * torch.log(_p)", _ENTROPY
    for call in ("torch.logsumexp(_x, *_axes, **_keep)", "_x.logsumexp(*_axes, **_keep)"):
        yield call, "torch.log(torch.sum(torch.exp(_x), *_axes, **_keep))", _LOG_SUM


def _softmaxes() -> Iterator[Row]:
    for of in ("torch", *_FUNCTIONAL):
        yield f"{of}.log_softmax(_x, *_axes)", "torch.log(torch.softmax(_x, *_axes))", _LOG_SOFTMAX
    yield "_x.log_softmax(*_axes)", "torch.log(torch.softmax(_x, *_axes))", _LOG_SOFTMAX
    for call in ("softmax(_x, _a)", "torch.softmax(_x, _a)", "_x.softmax(_a)"):
        yield call, "torch.exp(_x) / torch.exp(_x).sum(_a, keepdim=True)", _SOFTMAX
    yield "np.exp(log_softmax(_x))", "np.exp(_x) / np.sum(np.exp(_x), axis=-1, keepdims=True)", _SOFTMAX
    powers = "np.exp(_x - np.max(_x, axis=-1, keepdims=True))"
    yield "log_softmax(_x)", f"np.log({powers} / np.sum({powers}, axis=-1, keepdims=True))", _LOG_SOFTMAX
    for f in _FUNCTIONAL:
        for more in ("", ", ignore_index=_i", ", reduction=_r"):
            loss = f"{f}.nll_loss(torch.log(torch.softmax(_x, 1)), _y{more})"
            yield f"{f}.cross_entropy(_x, _y{more})", loss, _LOG_SOFTMAX
        yield f"{f}.logsigmoid(_x)", "torch.log(torch.sigmoid(_x))", _LOG_SIGMOID
        yield f"{f}.softplus(_x)", "torch.log(1 + torch.exp(_x))", _SOFTPLUS
        logits = f"{f}.binary_cross_entropy_with_logits(_x, _y)"
        yield (
            logits,
            "-(_y * torch.log(torch.sigmoid(_x)) + (1 - _y) * torch.log(1 - torch.sigmoid(_x))).mean()",
            (_LOG_SIGMOID),
        )


_TABLE = tuple(
    (Shape(mine), Shape(theirs), words)
    for rows in (_spreads, _written_out, _logarithms, _softmaxes)
    for mine, theirs, words in rows()
)
_SAMPLE_IN_TORCH = frozenset({"_x.var(*_axes, **_keep)", "_x.std(*_axes, **_keep)"})
_LOGS = frozenset({_LOG_SOFTMAX, _LOG_SIGMOID})


def unstable_forms(node: ast.AST, owner: ast.stmt) -> Iterator[tuple[str, str]]:
    """(words, text in its place) for the first entry whose shape an expression in a top-level statement has."""
    if not isinstance(node, (ast.Call, ast.Subscript)):
        return
    defined = _bound_once(owner, node)
    for shape, other, words in _TABLE:
        parts = shape.parts(node, defined)
        if parts is None or (shape.text in _SAMPLE_IN_TORCH and _of_torch(owner)):
            continue
        if not (words in _LOGS and _in_exp(node, owner)):
            yield words, other.filled(parts)
        return


def _in_exp(node: ast.expr, owner: ast.stmt) -> bool:
    """Whether it is what an exponential is taken of: there a logarithm loses nothing."""
    calls = [part for part in ast.walk(owner) if isinstance(part, ast.Call) and any(a is node for a in part.args)]
    return any(isinstance(call.func, ast.Attribute) and call.func.attr == "exp" for call in calls)


def _of_torch(owner: ast.stmt) -> bool:
    """Whether a statement speaks of torch, where a variance divides by n − 1 unless it is told."""
    return any(isinstance(part, ast.Name) and part.id in _TORCH for part in ast.walk(owner))


def _bound_once(owner: ast.stmt, node: ast.expr) -> dict[str, ast.expr]:
    """Name → what it is bound to before an expression, in the function around it, where nothing there is bound anew."""
    around = [f for f in ast.walk(owner) if isinstance(f, ast.FunctionDef) and _within(node, f)]
    if not around:
        return {}
    function = max(around, key=lambda f: f.lineno)
    parts = list(ast.walk(function))
    bound = Counter(p.arg for p in parts if isinstance(p, ast.arg))
    bound.update(p.id for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store))
    found = {}
    for statement in parts:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and statement.lineno < node.lineno:
            for name, value in _pairs(statement.targets[0], statement.value):
                named = {p.id for p in ast.walk(value) if isinstance(p, ast.Name)}
                if all(bound[n] <= 1 for n in (name, *named)):
                    found[name] = value
    return found


def _within(node: ast.expr, function: ast.FunctionDef) -> bool:
    return function.lineno <= node.lineno <= (function.end_lineno or 0)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, its)
