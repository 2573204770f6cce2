"""The messages that the documents quote are those that a student of `backprop` gets."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.release.handout import handout_files
from autograder.release.stub import make_stub
from autograder.report.terminal import console_for, print_grade
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from tests.home.support import run

ROOT = Path(__file__).parents[2]
FIRST_TRY = {
    'raise NotImplementedError("write neuron")': "return g(np.sum(w * x))",
    'raise NotImplementedError("write dense_layer")': "return g(X @ W.T + b)",
    'raise NotImplementedError("write decision_line")': "return -w[0] / w[1], -b / w[1]",
}
LATER = {
    "np.logaddexp.reduce(z, axis=-1)": "np.log(np.sum(np.exp(z), axis=-1))",
    "np.mean(log_sum_exp(Z) - Z": "np.sum(log_sum_exp(Z) - Z",
}
MISTAKES = ("hidden_slope_missing", "bias_not_summed", "softmax_diagonal_only", "overwritten_not_accumulated")
KNOWN = (*MISTAKES, "bias_forgotten", "weights_transposed", "exponentials_overflow")  # those that are quoted


def replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def with_mistakes(source: AssignmentSource, ids: tuple[str, ...], changes: dict[str, str]) -> str:
    patches = {h.find: h.replace for m in source.misconceptions if m.id in ids for h in m.patch}
    return replaced(source.reference, changes | patches)


@pytest.fixture(scope="module")
def recorded() -> tuple[AssignmentSource, Bundle]:
    """`backprop` with the mistakes that are quoted, recorded."""
    source = load_source(ROOT, "backprop")
    known = replace(source, misconceptions=tuple(m for m in source.misconceptions if m.id in KNOWN))
    with Sandbox.start(mode="off") as sandbox:
        return source, build_bundle(sandbox, known)


@pytest.fixture(scope="module")
def printed(recorded: tuple[AssignmentSource, Bundle]) -> list[str]:
    """What `autograder check` prints for the student's files, white space made even."""
    source, bundle = recorded
    stub = make_stub(source.reference, "backprop.py")
    texts = [stub, replaced(stub, FIRST_TRY), with_mistakes(source, MISTAKES, LATER), source.reference]
    texts.append(with_mistakes(source, ("softmax_diagonal_only",), {}))
    out = []
    with Sandbox.start(mode="off") as sandbox:
        for text in texts:
            submission = Submission.of_text("backprop.py", "backprop", text)
            grade, _ = grade_submission(sandbox, bundle, submission, "backprop.py", Settings(handout=True))
            stream = io.StringIO()
            print_grade(grade, console_for(stream), hidden_text=False)
            out.append(even(stream.getvalue()))
    return out


@pytest.fixture(scope="module")
def at_home(recorded: tuple[AssignmentSource, Bundle], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Lines of `python check.py backprop.py vjps` in the handout, for work with one mistake."""
    source, bundle = recorded
    folder = tmp_path_factory.mktemp("handout")
    for path, data in handout_files(source, bundle).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "backprop.py").write_text(with_mistakes(source, ("softmax_diagonal_only",), {}), encoding="utf-8")
    done = run(folder, "check.py", "backprop.py", "vjps")
    assert done.stderr == ""
    return done.stdout.splitlines()


def even(text: str) -> str:
    return " ".join(text.split())


def blocks(name: str) -> list[str]:
    """Quoted output, as pieces between the ellipses."""
    return re.findall(r"(?ms)^```(?:text)?\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"))


def test_the_walkthrough_quotes_what_is_printed(printed: list[str]) -> None:
    found = blocks("docs/student-walkthrough.md")
    assert len(found) >= 6
    for block in found:
        for piece in map(even, re.split("…|\n\n", block)):
            assert any(piece in text for text in printed), piece


@pytest.mark.parametrize("page", ["README.md", "docs/handout.md"])
def test_what_a_student_reads_at_home_is_quoted_line_by_line(page: str, at_home: list[str]) -> None:
    (block,) = [b for b in blocks(page) if "✗ softmax_of_one_row" in b]
    quoted = [line for line in block.splitlines() if not line.startswith("$")]
    assert quoted == at_home[len(at_home) - len(quoted) :]
    assert len(quoted) >= 12
