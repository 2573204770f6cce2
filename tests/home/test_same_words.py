"""Twelve mistakes of beginners, told in four places: notebook, check.py, Otter's tests and the grade say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.explanation import explanation
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.source import AssignmentSource, load_source
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from tests.home.support import run, unpack
from tests.release.course import REFERENCE, record_here, write_course

BODY = "    product_of_both = np.dot(w, x)\n    return float(product_of_both + BIAS)\n"
HEAD = "def neuron(w: np.ndarray, x: np.ndarray) -> float:"
MISTAKES = {  # what is written in place of the body, and what must be said
    "no return": ("    np.dot(w, x) + BIAS\n", "nothing came back: is a `return` missing?"),
    "print for return": ("    print(np.dot(w, x) + BIAS)\n", "nothing came back: is a `return` missing?"),
    "a hat for a power": ("    return float((w ^ 2) @ x)\n", "TypeError: ufunc 'bitwise_xor' not supported"),
    "max of an array": ("    return float(max(0, w * x).sum())\n", "ValueError: The truth value of an array"),
    "an argument less": ("", "takes 1 positional argument but 2 were given"),
    "shapes that do not fit": ("    return float(w[:2] @ x)\n", "ValueError: matmul: Input operand 1 has a mismatch"),
    "text for a formula": ('    return "w*x + BIAS"\n', "the result is text; expected a number"),
    "one index too many": ("    return float(w[3] * x[3])\n", "IndexError: index 3 is out of bounds for axis 0"),
    "a name that is not there": ("    return float(weights @ x)\n", "NameError: name 'weights' is not defined"),
    "an array for a number": ("    return w * x + BIAS\n", "the result has shape (3,), not ()"),
    "an input changed": ("    x += 1\n    return float(w @ x)\n", "`neuron` changed its argument `x`"),
    "a forbidden name": ("    return float(np.einsum('i,i', w, x) + BIAS)\n", "`numpy.einsum` may not be used"),
}  # fmt: skip
IN_A_KERNEL = """
import contextlib, io, json, sys
from IPython.core.interactiveshell import InteractiveShell
works = json.loads(open("works.json", encoding="utf-8").read())
shell = InteractiveShell.instance()
said = {}
for name, (head, work) in works.items():
    shell.reset(new_session=True)
    for cell in ("import selfcheck\\ngrader = selfcheck.Notebook()", head, work):
        with contextlib.redirect_stdout(io.StringIO()):
            assert shell.run_cell(cell, store_history=True).success
    shown = shell.user_ns["grader"].check("neuron", shell.user_ns)
    from selfcheck.home.otter_tests import CaseFailed, QuestionRun
    try:
        QuestionRun("neuron").case("three_inputs", shell.user_ns)
        otter = ""
    except CaseFailed as error:
        otter = str(error)
    said[name] = [repr(shown), shown._repr_html_(), otter]
open("said.json", "w", encoding="utf-8").write(json.dumps(said))
"""


def work(mistake: str) -> str:
    text = REFERENCE.replace(BODY, MISTAKES[mistake][0] or "    return float(w.sum())\n")
    return text if MISTAKES[mistake][0] else text.replace(HEAD, "def neuron(w):")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[AssignmentSource, Bundle]:
    root = write_course(tmp_path_factory.mktemp("course"))
    toml = root / "assignments" / "tiny" / "assignment.toml"
    text = toml.read_text(encoding="utf-8").replace("points = 6\n", 'points = 6\nforbidden = ["numpy.einsum"]\n')
    toml.write_text(text, encoding="utf-8")
    source = load_source(root, "tiny")
    return source, record_here(source)


@pytest.fixture(scope="module")
def handout(graded: tuple[AssignmentSource, Bundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(*graded, tmp_path_factory.mktemp("home") / "h")


@pytest.fixture(scope="module")
def grade(graded: tuple[AssignmentSource, Bundle]) -> dict[str, str]:
    """What the grade says, mistake by mistake."""
    _, bundle = graded
    said = {}
    with Sandbox.start(mode="off") as sandbox:
        for name in MISTAKES:
            submission = Submission.of_text("mine", "tiny", work(name))
            found, _ = grade_submission(sandbox, bundle, submission, "mine", Settings(handout=True))
            (verdict,) = [v for v in found.verdicts if v.case == "three_inputs"]
            said[name] = explanation(verdict)
    return said


@pytest.fixture(scope="module")
def kernel(handout: Path) -> dict[str, list[str]]:
    """Text and HTML of the notebook's box, and what Otter's test says."""
    works = {}
    for name in MISTAKES:
        head, _, rest = work(name).partition(HEAD.partition("(")[0])
        works[name] = (
            "\n".join(ln for ln in head.splitlines() if not ln.startswith("#")),
            "def neuron" + rest.split("# %%")[0],
        )
    (handout / "works.json").write_text(json.dumps(works), encoding="utf-8")
    (handout / "kernel.py").write_text(IN_A_KERNEL, encoding="utf-8")
    done = run(handout, "kernel.py")
    assert done.returncode == 0, done.stderr + done.stdout
    found: dict[str, list[str]] = json.loads((handout / "said.json").read_text(encoding="utf-8"))
    return found


def even(text: str) -> list[str]:
    """Lines without their indent; places are the same whatever they are called."""
    text = re.sub(r"\((?:cell In\[\d+\]|\w+\.py), line \d+", "(HERE", text)
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_in_the_same_words(
    name: str, grade: dict[str, str], kernel: dict[str, list[str]], handout: Path
) -> None:
    wanted = even(grade[name])
    assert any(MISTAKES[name][1] in line for line in wanted), wanted
    text, box, otter = kernel[name]
    assert even(otter) == wanted
    assert [line for line in even(text) if line in wanted] == wanted
    plain = re.sub(r"<[^>]*>", "", box.replace("<code>", "`").replace("</code>", "`"))
    for line in wanted:
        value = re.sub(r"^(called|got|expected|where): +", "", line)
        assert value.replace("(HERE", "(cell") in re.sub(r"\(cell In\[\d+\], line \d+", "(cell", _unescaped(plain)), (
            value
        )
    (handout / "mine.py").write_text(work(name), encoding="utf-8")
    done = run(handout, "check.py", "mine.py", "neuron")
    assert done.stderr == ""
    assert [line for line in even(done.stdout) if line in wanted] == wanted


def _unescaped(text: str) -> str:
    for old, new in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("name", ["max of an array", "one index too many", "a forbidden name"])
def test_it_is_placed_in_the_students_own_line(name: str, grade: dict[str, str], kernel: dict[str, list[str]]) -> None:
    assert re.search(r"\(tiny\.py, line 17[,:]", grade[name]), grade[name]
    assert re.search(r"\(cell In\[3\], line 4[,:]", kernel[name][0]), kernel[name][0]
