"""Similar hand-ins: copies are found through new names and another order; honest work and the handout are not."""

from __future__ import annotations

import ast
import random
import time

import pytest

from autograder.cohort.alike_code import LEAST_SHARE, MOST_CODE, Pair, Work, pairs_of, work_of
from autograder.cohort.winnowing import LENGTH, WINDOW, fingerprints
from autograder.report.similar_page import Shown, Side, similar_page

STUB = '''
import numpy as np


def draw(w, b, points, colours=("red", "blue")):
    """Given: draws the line and the points."""
    xs = np.linspace(-3, 3, 50)
    ys = [-(w[0] * x + b) / w[1] for x in xs]
    for point, colour in zip(points, colours):
        print(point[0], point[1], colour, min(ys), max(ys))
    return xs, ys
'''
COPIED = """
def softmax(z):
    top = z.max(axis=-1, keepdims=True)
    weights = np.exp(z - top)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / total


def train(X, y, steps, rate=0.3):
    w = np.zeros(X.shape[1])
    kept = []
    for step in range(steps):
        p = 1 / (1 + np.exp(-(X @ w)))
        gap = p - y
        if step % 7 == 3:
            kept.append((step, float(np.abs(gap).mean())))
        w = w - rate * (X.T @ gap) / len(y) + 0 * w
    while kept and kept[-1][1] > kept[0][1]:
        kept.pop()
    return w, [value for _, value in kept]
"""
ANSWERS = [
    "    return sum(v * v for v in a) ** 0.5", "    return float(np.sqrt((a * a).sum()))",
    "    return np.linalg.norm(a)",
    "    total = 0\n    for v in a:\n        total += v ** 2\n    return total ** 0.5", "    return np.hypot.reduce(a)",
    "    b = np.asarray(a)\n    return np.sqrt(b @ b)", "    return max(abs(v) for v in a)",
    "    if not len(a):\n        return 0.0\n    return (a.T @ a) ** 0.5", "    return np.sqrt(np.dot(a, a))",
    "    return [v for v in a][0]", "    squares = [pow(v, 2) for v in a]\n    return np.sqrt(np.sum(squares))",
    "    import math\n    return math.sqrt(math.fsum(v * v for v in a))",
]  # fmt: skip


def honest(seed: int) -> str:
    """Work of one's own: the handout, and functions that one would write in one's own way."""
    draw = random.Random(seed)
    parts = [f"def f{n}(a):\n{text}\n" for n, text in enumerate(draw.sample(ANSWERS, 7))]
    return STUB + "\n\n".join(parts)


def disguised(text: str) -> str:
    """The same with other names, numbers, comments and the functions in another order."""
    tree = ast.parse(text)
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    names |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    new = {name: f"x{i}" for i, name in enumerate(sorted(names - {"np", "range", "len", "float", "print"}))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = new[node.arg]
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            node.value += 1
        elif isinstance(node, ast.FunctionDef):
            node.name = f"my_{node.name}"
    tree.body = tree.body[::-1]
    return f"# all my own work\n{ast.unparse(tree)}\n\n"


def found(*texts: str) -> list[Pair]:
    known = fingerprints(STUB)
    return pairs_of([work_of(f"s{i:02}", (("hw.py", text),), known) for i, text in enumerate(texts)])


CLASS = [honest(seed) for seed in range(30)]


def test_a_disguised_copy_is_found_and_stands_first() -> None:
    pairs = found(*CLASS, STUB + COPIED + CLASS[0][len(STUB) :], STUB + disguised(COPIED) + CLASS[1][len(STUB) :])
    assert (pairs[0].first, pairs[0].second) == ("s30", "s31")
    assert pairs[0].share > LEAST_SHARE
    assert all({p.first, p.second} == {"s30", "s31"} for p in pairs)


def test_honest_work_of_a_class_and_the_handouts_own_code_are_no_pairs() -> None:
    assert found(*CLASS) == []
    assert found(*[STUB] * 10) == []
    assert found() == []


def test_what_many_have_written_says_nothing() -> None:
    assert found(*(text + COPIED for text in CLASS)) == []
    four = [text + COPIED for text in CLASS[:4]] + CLASS[4:]
    assert len(found(*four)) == 6


def test_the_lines_that_are_alike_are_those_of_the_copied_part() -> None:
    (pair,) = found(*CLASS, CLASS[0] + COPIED, CLASS[1] + COPIED)[:1]
    for text, lines in ((CLASS[0] + COPIED, pair.lines[0]), (CLASS[1] + COPIED, pair.lines[1])):
        marked = [line for first, last in lines for line in text.split("\n")[first - 1 : last]]
        assert any("kept.pop()" in line for line in marked)
        assert not any("linspace" in line or "def draw" in line for line in marked)


@pytest.mark.parametrize("text", ["def f(:", "\x00", "f" + "(" * 5000, "1" + "+1" * 20000, "", "x = 1"])
def test_what_is_no_program_or_too_small_has_no_fingerprints(text: str) -> None:
    assert fingerprints(text) == {} or len(text) > 1000


def test_whatever_is_the_same_over_so_many_tokens_shares_a_fingerprint() -> None:
    """The guarantee of winnowing: LENGTH + WINDOW − 1 tokens."""
    part = "\n".join(f"v{i} = u{i}" for i in range(LENGTH + WINDOW))  # several tokens a line
    for seed in range(20):
        draw = random.Random(seed)
        before = "\n".join(draw.choice(["a = b[c]", "f(g)", "x = -y", "z += w"]) for _ in range(draw.randrange(9)))
        assert fingerprints(part).keys() & fingerprints(f"{before}\n{part}\nlast(end)").keys()


def in_parts(text: str) -> tuple[tuple[str, str], ...]:
    """As a notebook: each function in a cell of its own."""
    return tuple((f"hw.ipynb, cell {n}", f"def {part}") for n, part in enumerate(text.split("def ")[1:], 1))


HIDDEN = {  # a source beside which nothing may vanish, and what is told of it
    "a magic line": (lambda text: (("hw.py", f"%matplotlib inline\n{text}"),), ()),
    "magics, shell and help in cells": (
        lambda text: (("hw.ipynb, cell 1", "!pip install x\nfiles = !ls\nlen?"), *in_parts(text)), ()),
    "a cell's magic": (lambda text: (("hw.ipynb, cell 1", f"%%time\n{text}"),), ()),
    "a shell line in a block": (lambda text: (("hw.py", f"if 1:\n    !ls\n{text}"),), ()),
    "a broken helper": (lambda text: (("hw.py", text), ("b.py", "def f(:\n  1\n")), ("b.py, lines 1 to 2: no Python",)),
    "a broken cell": (
        lambda text: (*in_parts(text), ("hw.ipynb, cell 99", "print 'x'")), ("hw.ipynb, cell 99, line 1: no Python",)),
    "broken lines above, between and below": (
        lambda text: (("hw.py", "print 'x'\n" + text.replace("def train", "print 'y'\ndef train") + "print 'z'\n"),),
        ("hw.py, line 1: no Python", "hw.py, line {middle}: no Python", "hw.py, line {last}: no Python")),
    "a text of 300,000 characters": (lambda text: (("hw.py", f"x = '{'a' * 300_000}'\n{text}"),), ()),
    "a chain too deep for a tree": (
        lambda text: (("hw.py", f"x = 1{'+1' * 20_000}\n{text}"),), ("hw.py, line 1: no Python",)),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_one_line_that_is_no_python_hides_nothing_else(name: str) -> None:
    """Beside it: what it is put into is no pair where the work is one's own."""
    hide, lost = HIDDEN[name]
    known = fingerprints(STUB)
    own = [work_of(f"s{i:02}", (("hw.py", text),), known) for i, text in enumerate(CLASS)]
    hidden = work_of("hidden", hide(CLASS[1] + COPIED), known)
    (pair,) = pairs_of([*own, work_of("open", (("hw.py", CLASS[0] + COPIED),), known), hidden])
    assert {pair.first, pair.second} == {"open", "hidden"}
    marked = {line for first, last in pair.lines[1] for line in hidden.text.split("\n")[first - 1 : last]}
    assert "        kept.pop()" in marked
    assert not any("linspace" in line for line in marked)
    lines = [n for n, line in enumerate(hidden.text.split("\n"), 1) if line.startswith("print ")]
    places = {"middle": lines[1], "last": lines[2]} if len(lines) == 3 else {}
    assert hidden.lost == tuple(one.format(**places) for one in lost)
    assert pairs_of([*own[:-1], work_of("hidden", hide(CLASS[-1]), known)]) == []


def test_what_is_too_long_is_compared_in_part_and_told() -> None:
    long = work_of("ada", (("hw.py", f"{COPIED}\nx = '{'a' * MOST_CODE}'\n"),), ())
    assert long.lost == (f"hw.py: what comes after {MOST_CODE:,} characters",)
    assert long.prints.keys() == fingerprints(COPIED).keys()
    assert work_of("ada", (("hw.py", COPIED),), ()).lost == ()
    many = work_of("ada", tuple((f"{n}.py", "1 1") for n in range(9)), ())
    assert many.lost[-1] == "6 more places"


@pytest.mark.parametrize("line", ["a b", "@a", "(", " %a", "a?", 3 * "'", "x = !a", "    ."])
def test_no_text_takes_longer_than_its_length_says(line: str) -> None:
    begin = time.process_time()
    for text in (f"{line}\n" * (50_000 // (len(line) + 1)), line * (50_000 // len(line))):
        work_of("ada", (("hw.py", text),), ())
    assert time.process_time() - begin < 4


def test_rare_wrong_answers_in_two_questions_make_a_pair_and_in_one_they_do_not() -> None:
    works = [Work(who, "", {}) for who in ("ada", "bela", "chen")]
    (pair,) = pairs_of(works, {("ada", "bela"): ["losses", "vjps"], ("bela", "chen"): ["losses"]})
    assert pair.text() == "ada and bela: the same rare wrong answers in losses, vjps"


def test_a_class_of_six_hundred_takes_seconds() -> None:
    works = [Work(f"s{i}", "", {(i * 7 + j) % 90_000: [(1, 1)] for j in range(300)}) for i in range(600)]
    begin = time.process_time()
    pairs_of(works)
    assert time.process_time() - begin < 20


def test_the_page_shows_both_sides_and_runs_nothing() -> None:
    side = Side("<ada>", "a = 1\n<script>alert(1)</script>\nb = 2\n" + "c = 3\n" * 9 + "last = 1", ((2, 2), (13, 13)))
    page = similar_page("Small", [Shown("<ada> and bela: 80 %", (side, Side("bela", "x", ((1, 1),))))])
    assert "<script" not in page
    assert '<span class="line alike"><i>2</i>&lt;script&gt;alert(1)&lt;/script&gt;</span>' in page
    assert page.count("gap") >= 1
    assert "nothing is deducted" in page
    assert "No two are more alike" in similar_page("Small", [])
