"""Hostile hand-ins made by chance: names, zips, notebooks, answers, formulas, frames. The same number makes the same.

A hand-in is a path of bytes below the folder that is graded, and what lies there: bytes, or a link's target.
"""

# ruff: noqa: E501 (tables of scraps are easier to read in long lines)

from __future__ import annotations

import io
import json
import random
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HONEST = (Path(__file__).parents[1] / "course/solutions/trial/trial.py").read_text()
SUFFIXES = (".py", ".py", ".py", ".ipynb", ".zip", ".tar.gz", ".PY", ".txt", ".pyc", "", ".py~", ".so", ".pth")
SCRAPS = (
    "a", "Ä", "日本", "👩‍🔬", "\u202etxt.exe", "\u2066x\u2069", "\x1b[31mred", "\x07", "\n", "\r", "\t", " ", "  ", "=1+1",
    "=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "＝1", "|x", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "&amp;", "'", '"', "`id`", "$(id)", "${HOME}", "%s%n", "{0}", "{{7*7}}", "..", "...", "~", "-o", "--help", "#", "?",
    "*", ";", "honest", "HONEST", "trial", "con", "nul", "e\u0301", "é", "\u200b", "\ufeff", "\udcff", "\udc80\udcfe", "\x7f", "\x9b1m",
)  # fmt: skip
ATOMS = (
    "float('nan')", "float('inf')", "10**400", "-10**5000", "np.zeros((0, 3))", "np.zeros(3, dtype='float16')",
    "np.array([object()])", "np.array(['a'])", "np.ma.array([1.0])", "np.float64(3)", "np.datetime64('2020')",
    "torch.zeros(3, requires_grad=True)", "torch.zeros(2, 2).to_sparse()", "torch.zeros(3, dtype=torch.bfloat16)",
    "torch.zeros(3).as_subclass(torch.nn.Parameter)", "b'\\xff' * 1000", "'\\ud800'", "'\\x00'", "'CANARY' * 3000",
    "Fraction(1, 3)", "Fraction(10**300, 7)", "1j", "None", "True", "set()", "frozenset([1])", "range(10)", "lambda: 0",
    "object()", "type", "np", "iter([1])", "(i for i in range(3))", "Exception('x')", "Evil()", "[Evil()]",
    "{1: 2, 'a': Evil()}", "{(1, 2): 3}", "{float('nan'): 1}", "[[]] * 200_000", "[None] * 400_000", "'x' * 4_000_000",
    "{i: i for i in range(50_000)}", "np.zeros(10**6)", "np.broadcast_to(0.0, (10**9,))", "np.zeros((1,) * 32)",
    "np.lib.stride_tricks.as_strided(np.zeros(1), (10**6,), (0,))", "memoryview(b'abc')", "bytearray(10)", "NEST", "LOOP",
)  # fmt: skip
FORMULAS = (
    "x", "a", "sp.Symbol('x' * 5000)", "sp.Symbol('__import__')", "sp.Integer(10)**400", "sp.Rational(1, 3)", "sp.pi",
    "sp.oo", "sp.zoo", "sp.nan", "sp.I", "sp.Float('1e-5000')", "sp.Float('0.1', 300)", "sp.true", "sp.Function('f')(x)",
    "sp.Symbol('x', positive=True)", "sp.Dummy()", "sp.Wild('w')", "sp.Matrix([[x]])", "sp.Lambda(x, x)", "sp.S.Reals",
)  # fmt: skip
GROWN = (
    "({0}) + ({1})", "({0}) * ({1})", "({0}) ** ({1})", "sp.erf({0})", "sp.exp({0})", "sp.log({0})", "sp.tanh({0})",
    "sp.Abs({0})", "sp.Max({0}, {1})", "sp.Sum({0}, (k, 0, 10**9))", "sp.Sum({0}, (k, 0, sp.oo))",
    "sp.Product({0}, (k, 1, 10**6))", "sp.Sum(sp.Product({0}, (k, 1, 99)), (x, 1, 99))", "sp.Derivative({0}, (x, 5))",
    "sp.Piecewise(({0}, x > 0), ({1}, True))", "sp.factorial({0})", "sp.Integral({0}, x)", "sp.Pow({0}, {1}, evaluate=False)",
    "sp.Add(*[{0}] * 3000, evaluate=False)", "sp.Heaviside({0})", "sp.conjugate({0})", "sp.Eq({0}, {1})",
)  # fmt: skip
HEAD = """import sys
from fractions import Fraction
import msgpack
import numpy as np
import sympy as sp
import torch
k = sp.Symbol("k")
class Evil:
    def __eq__(self, other): return True
    def __array__(self, *a, **k): raise SystemExit
    def __len__(self): return -1
    def __iter__(self): return self
    def __next__(self): return self
    def __float__(self): return 0.0
    def __repr__(self): raise RuntimeError
    __str__ = __repr__
    def __reduce__(self): raise KeyboardInterrupt
NEST = []
for _ in range(5000):
    NEST = [NEST]
LOOP = []
LOOP.append(LOOP)
"""


@dataclass(frozen=True)
class HandIn:
    """What lies at a path: bytes, or a link to a place."""

    kind: str
    path: bytes
    data: bytes = b""
    link: bytes = b""


def hand_in(number: int) -> HandIn:
    """The hand-in of this number."""
    rng = random.Random(number)
    kind = list(KINDS)[number % len(KINDS)]
    return KINDS[kind](rng, number)


def _honest(rng: random.Random) -> bytes:
    return (HONEST + f"\n# {rng.random()}\n").encode()


def _name(rng: random.Random, number: int) -> HandIn:
    text = "".join(rng.choice(SCRAPS) for _ in range(rng.choice((1, 1, 2, 3, 60)))).replace("/", "").replace("\0", "")
    stem = f"{text}_{number}".encode("utf-8", "surrogateescape")[-180:]
    path = stem + rng.choice(SUFFIXES).encode()
    if rng.random() < 0.2:
        targets = (b"/etc/passwd", b"honest.py", b"../trial.zip", b".", b"/dev/zero", b"nowhere", b"/proc/self/environ")
        return HandIn("name", path, link=rng.choice(targets))
    if rng.random() < 0.3:
        path = (
            stem + b"/" + rng.choice((b"trial.py", b"x/trial.py", b"trial.ipynb", b"\xff.py", b"__pycache__/trial.py"))
        )
    return HandIn("name", path, rng.choice((_honest(rng), b"", b"\0" * 100, rng.randbytes(300))))


def _zip(rng: random.Random, number: int) -> HandIn:
    out = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore", category=UserWarning),
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for turn in range(rng.choice((1, 2, 3, 8))):
            if not turn and rng.random() < 0.5:
                archive.writestr("trial.py", _honest(rng))
                continue
            name = rng.choice(("trial.py", "../trial.py", "/trial.py", "a/b/trial.py", "C:\\trial.py", "torch/__init__.py",
                               "trial.ipynb", "trial.py/", "x" * 250 + ".py", "a" + "/a" * 100 + "/trial.py", "x.pth",
                               "x.so", "trial.pyc", rng.choice(SCRAPS).encode("utf-8", "replace").decode()))  # fmt: skip
            info = zipfile.ZipInfo(name or "x", (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = rng.choice((0o644, 0o120777, 0o010644, 0o060644, 0)) << 16
            info.comment = rng.randbytes(rng.choice((0, 100)))
            info.extra = rng.choice((b"", b"\x75\x70\x05\x00\x01\0\0\0\0", rng.randbytes(9)))
            content = (_honest(rng), b"", b"\0" * rng.choice((100, 30_000_000)), b"/etc/passwd", rng.randbytes(500))
            archive.writestr(info, rng.choice(content))
        if rng.random() < 0.1:
            for i in range(3000):
                archive.writestr(f"f{i}", b"")
    return HandIn("zip", f"zip_{number}.zip".encode(), _damaged(rng, out.getvalue()))


def _damaged(rng: random.Random, data: bytes) -> bytes:
    """Sometimes as it is; else cut, or with some bytes changed, most of them where the zip keeps its lists."""
    way = rng.random()
    if way < 0.4:
        return data
    if way < 0.5:
        return data[: rng.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(rng.choice((1, 3, 20))):
        place = rng.randrange(len(changed)) if rng.random() < 0.5 else -1 - rng.randrange(min(len(changed), 200))
        changed[place] = rng.randrange(256)
    return bytes(changed)


def _json(rng: random.Random, depth: int = 0) -> Any:
    leaves = (None, True, -1, 1e308, 10**30, "", "x", "# cell", "%%bash\nid", "!id", "\ud800", [], {}, float("nan"))
    if depth > 3 or rng.random() < 0.6:
        return rng.choice(leaves)
    if rng.random() < 0.5:
        return [_json(rng, depth + 1) for _ in range(rng.choice((1, 3)))]
    keys = ("cells", "source", "cell_type", "metadata", "outputs", "nbformat", "worksheets", "", "attachments")
    return {rng.choice(keys): _json(rng, depth + 1) for _ in range(3)}


def _notebook(rng: random.Random, number: int) -> HandIn:
    cells: list[Any] = [{"cell_type": rng.choice(("code", "code", "markdown", "raw", "x", 7)), "metadata": {}, "outputs": [],
                         "source": rng.choice((part, part.splitlines(keepends=True), _json(rng)))}
                        for part in HONEST.split("\n\n\n")]  # fmt: skip
    book: Any = {
        "cells": cells,
        "metadata": {},
        "nbformat": rng.choice((4, 4, 4, 3, 5, 2, 99, "4", None)),
        "nbformat_minor": 5,
    }
    for _ in range(rng.choice((0, 1, 2, 5))):
        place: Any = rng.choice((book, book, *(c for c in cells if isinstance(c, dict))))
        place[rng.choice((*place, "worksheets", "extra"))] = _json(rng)
    text = json.dumps(book)
    if rng.random() < 0.1:
        text = text.replace('"metadata": {}', '"metadata": ' + '{"a":' * 3000 + "1" + "}" * 3000, 1)
    data = text.encode(rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1")), "replace")
    return HandIn("notebook", f"book_{number}.ipynb".encode(), data if rng.random() < 0.7 else _damaged(rng, data))


def _value(rng: random.Random, depth: int = 0) -> str:
    if depth > 3 or rng.random() < 0.4:
        return rng.choice(ATOMS)
    parts = [_value(rng, depth + 1) for _ in range(rng.choice((1, 2, 4)))]
    shape = rng.choice(("[{}]", "({},)", "{{'out': {}}}", "{{'out': 1.0, 'x_after': {}}}", "[{}] * 50"))
    return shape.format(", ".join(parts) if "'" not in shape else parts[0])


def _functions(*bodies: str) -> str:
    names = ("energy(x)", "weights(z)", "slope(x, a)", "ranks(items)")
    return HEAD + "".join(f"def {name}:\n    return {body}\n" for name, body in zip(names, bodies, strict=True))


def _answer(rng: random.Random, number: int) -> HandIn:
    return HandIn("answer", f"answer_{number}.py".encode(), _functions(*(_value(rng) for _ in range(4))).encode())


def _formula_text(rng: random.Random, depth: int = 0) -> str:
    if depth > 4 or rng.random() < 0.25:
        return rng.choice(FORMULAS)
    return rng.choice(GROWN).format(_formula_text(rng, depth + 1), _formula_text(rng, depth + 1))


def _formula(rng: random.Random, number: int) -> HandIn:
    text = _functions("0.0", "z", _formula_text(rng), "items")
    return HandIn("formula", f"formula_{number}.py".encode(), text.encode())


def _tree(rng: random.Random, depth: int = 0) -> Any:
    """Something like a formula on the wire."""
    heads = ("Add", "Mul", "Pow", "Sum", "Product", "Derivative", "Piecewise", "ExprCondPair", "Tuple", "Apply", "erf", "Symbol",
             "Integer", "Rational", "Float", "Indexed", "Max", "Equality", "BooleanTrue", "eval", "")  # fmt: skip
    leaves = (
        ["Symbol", "x"],
        ["Integer", "9" * 400],
        ["Float", "1e999"],
        ["Rational", "1/0"],
        ["Integer", "x"],
        7,
        None,
        "x",
        [],
    )
    if depth > 6 or rng.random() < 0.3:
        return rng.choice(leaves)
    return [rng.choice(heads), *(_tree(rng, depth + 1) for _ in range(rng.choice((0, 1, 2, 3))))]


def _frame(rng: random.Random, number: int) -> HandIn:
    """Outputs as bytes that no encoder makes: put in its place, in the worker."""
    import msgpack

    ways: tuple[Callable[[], bytes], ...] = (
        lambda: rng.randbytes(rng.choice((0, 1, 50, 5000))),
        lambda: bytes(msgpack.packb({"out": msgpack.ExtType(rng.randrange(128), rng.randbytes(20))})),
        lambda: bytes(msgpack.packb(msgpack.ExtType(5, msgpack.packb(_tree(rng))))),
        lambda: _damaged(rng, bytes(msgpack.packb({"out": 1.0, "x_after": msgpack.ExtType(4, msgpack.packb(["float64", [3], bytes(24)]))}))),
        lambda: b"\x91" * rng.choice((10, 1000, 100_000)) + b"\xc0",
        lambda: rng.choice((b"\xdd", b"\xdf", b"\xc6", b"\xc9", b"\xdb")) + b"\xff\xff\xff\xff" + rng.randbytes(10),
        lambda: b"\xdd" + (3_000_000).to_bytes(4, "big") + b"\x90" * 3_000_000,
    )  # fmt: skip
    payload = rng.choice(ways)()
    patch = "import autograder.sandbox.worker.running as running\nPAYLOAD = __PAYLOAD__\nrunning.encode = lambda value: PAYLOAD\n"
    text = repr(payload) if len(payload) < 50_000 else f"{payload[:5]!r} + {payload[5:6]!r} * {len(payload) - 5}"
    return HandIn("frame", f"frame_{number}.py".encode(), (HONEST + patch.replace("__PAYLOAD__", text)).encode())


KINDS: dict[str, Callable[[random.Random, int], HandIn]] = {
    "name": _name, "zip": _zip, "notebook": _notebook, "answer": _answer, "formula": _formula, "frame": _frame,
}  # fmt: skip
