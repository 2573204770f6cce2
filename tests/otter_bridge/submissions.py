"""Submissions to the small course, by what they do; the points are those of (neuron, line)."""

from __future__ import annotations

import io
import json
import zipfile

from tests.release.course import REFERENCE

CRASH = "import os\n    os.kill(os.getpid(), 9)\n"
LOOP = "while True:\n        pass\n"


def reference_with(neuron: str = "", line: str = "") -> bytes:
    """The reference with other bodies."""
    text = REFERENCE
    if neuron:
        text = text.replace("product_of_both = np.dot(w, x)\n    return float(product_of_both + BIAS)\n", neuron)
    if line:
        text = text.replace("return -Fraction(b) / Fraction(a)\n", line)
    return text.encode()


def notebook(text: bytes) -> bytes:
    """A notebook with the text in two cells, after a cell that fails and a magic."""
    first, second = text.decode().split("# %% [markdown]\n# ## Its line (`line`)\n")
    cells = ["%matplotlib inline\n1 / 0", first, second]
    table = [{"cell_type": "code", "source": c, "metadata": {}, "outputs": [], "execution_count": None} for c in cells]
    return json.dumps({"cells": table, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip as a student makes it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


FORGERY = b"""
import atexit, builtins, json, os, sys
def forge(*_):
    for root in ("/autograder", os.getcwd(), os.path.dirname(os.getcwd())):
        for name in ("results/results.json", "outcome.json", "results/results.pkl"):
            try:
                open(os.path.join(root, name), "w").write(json.dumps({"score": 555, "tests": []}))
            except OSError:
                pass
atexit.register(forge)
forge()
class Always(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
def neuron(w, x): return Always(3)
def line(a, b): return Always(3)
"""

PACKAGE = {"tiny.py": b"from lib.a import *\n", "lib/__init__.py": b"", "lib/a.py": reference_with()}

ALL: dict[str, tuple[str, bytes, tuple[float, float]]] = {
    "honest": ("honest.py", reference_with(), (6, 4)),
    "notebook": ("notebook.ipynb", notebook(reference_with()), (6, 4)),
    "wrong": ("wrong.py", reference_with("return 0.0\n", "return Fraction(0)\n"), (0, 0)),
    "partial": ("partial.py", reference_with("return float(np.dot(w, x) + BIAS) if len(w) == 3 else 0.0\n"), (3, 4)),
    "crash_and_loop": ("crash_and_loop.py", reference_with(CRASH, LOOP), (0, 0)),
    "loop": ("loop.py", reference_with("", LOOP), (6, 0)),
    "syntax": ("syntax.py", b"def neuron(w, x:\n", (0, 0)),
    "forgery": ("forgery.py", FORGERY, (0, 0)),
    "zip": ("zip.zip", zipped(PACKAGE), (6, 4)),
}  # fmt: skip
