"""The messages that the documents quote are those that a student of `backprop` gets."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.judging import InProcess
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.terms import keeps_mistakes
from autograder.grading.worlds import HANDOUT
from autograder.home.examining import judged
from autograder.release.handout import handout_files, public_bundle
from autograder.release.stub import make_stub
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer
from tests.home.support import public_of, run

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


def check(folder: Path, text: str, question: str) -> list[str]:
    """Lines of `python check.py backprop.py QUESTION` in the handout, for a file of this text."""
    (folder / "backprop.py").write_text(text, encoding="utf-8")
    done = run(folder, "check.py", "backprop.py", question)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def handout(recorded: tuple[AssignmentSource, Bundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handout")
    for path, data in handout_files(*recorded).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def at_home(recorded: tuple[AssignmentSource, Bundle], handout: Path) -> list[str]:
    """What is printed for work with one mistake."""
    return check(handout, with_mistakes(recorded[0], ("softmax_diagonal_only",), {}), "vjps")


@pytest.fixture(scope="module")
def printed(recorded: tuple[AssignmentSource, Bundle], handout: Path, at_home: list[str]) -> list[str]:
    """What is printed on the way from the stub to full marks."""
    source, _ = recorded
    stub, mistakes = make_stub(source.reference, "backprop.py"), with_mistakes(source, MISTAKES, LATER)
    runs = [(stub, "perceptron"), (replaced(stub, FIRST_TRY), "perceptron"), (source.reference, "will_i_pass")]
    runs += [(mistakes, question) for question in ("losses", "chain_rule", "two_layer", "reverse_mode")]
    return ["\n".join(lines) for lines in (at_home, *(check(handout, *one) for one in runs))]


PAIRS = [*((one, one) for one in KNOWN), *pairwise(KNOWN)]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_question_alone_is_told_at_home_what_the_grade_says(
    one: str, other: str, recorded: tuple[AssignmentSource, Bundle]
) -> None:
    """For work with one or two of the mistakes, by what was recorded of them; where a handout has what to compare."""
    _, bundle = recorded
    made = {m.id: m.outputs for m in bundle.misconceptions}
    answers = {}
    for case in bundle.cases.cases:
        right = ("returned", bundle.expectation(case.name, HANDOUT).payload)
        status, payload = next((made[m][case.name][0] for m in (other, one) if case.name in made[m]), right)
        text = "" if status == "returned" else payload.decode()
        answers[case.name] = Answer(case.name, status, payload=payload if status == "returned" else b"", message=text)
    grade = {v.case: v for v in InProcess().verdicts(bundle, answers, dict.fromkeys(answers, HANDOUT))}
    public = public_of(public_bundle(bundle))
    for question in public.facts.checked:
        own = {c.name: answers[c.name] for c in question.cases}
        for verdict in judged(public, question, own, None, lambda _: answers).verdicts:
            if not keeps_mistakes(bundle.cases.get(verdict.case)):
                there = grade[verdict.case]
                assert (verdict.feedback, verdict.diagnosis) == (there.feedback, there.diagnosis), verdict.case


def blocks(name: str) -> list[str]:
    """Quoted output, as pieces between the ellipses."""
    return re.findall(r"(?ms)^```(?:text)?\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"))


def test_the_walkthrough_quotes_what_is_printed_line_by_line(printed: list[str]) -> None:
    found = blocks("docs/student-walkthrough.md")
    assert len(found) >= 8
    for block in found:
        for piece in block.split("…\n"):
            assert any(piece.rstrip("\n") in text for text in printed), piece


@pytest.mark.parametrize("page", ["README.md", "docs/handout.md"])
def test_what_a_student_reads_at_home_is_quoted_line_by_line(page: str, at_home: list[str]) -> None:
    (block,) = [b for b in blocks(page) if "✗ softmax_of_one_row" in b]
    quoted = [line for line in block.splitlines() if not line.startswith("$")]
    assert quoted == at_home[len(at_home) - len(quoted) :]
    assert len(quoted) >= 12
