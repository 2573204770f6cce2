"""A small assignment and grades of it, made by hand."""

from __future__ import annotations

import random
from fractions import Fraction

from autograder.grading.totals import Grade, QuestionGrade
from autograder.grading.verdict import Verdict
from autograder.spec.loading import parse_model
from autograder.spec.models import Assignment

SPEC_TEXT = """
id = "backprop"
title = "Backpropagation from first principles"
points = 28
hidden_visibility = "after_published"
[submission]
file = "backprop.py"
[[questions]]
id = "perceptron"
title = "One neuron, one layer, one line"
kind = "code"
points = 6
[[questions]]
id = "linear_stack"
title = "Why a stack of linear layers is one linear layer"
kind = "theory"
points = 8
[[questions]]
id = "losses"
title = "Losses that survive large logits"
kind = "code"
points = 10
[[questions]]
id = "essay"
title = "What you learned"
kind = "written"
points = 4
"""
SPEC = parse_model(SPEC_TEXT, "assignment.toml", Assignment)
CASES = {
    "perceptron": [("neuron_with_three_inputs", True), ("layer_of_three", True), ("secret_square_layer", False)],
    "linear_stack": [("collapsed_weight", True), ("secret_collapse", False), ("secret_bias", False)],
    "losses": [("survives_large_logits", True), ("mean_over_batch", True), ("secret_underflow", False)],
}
DOCS = {
    "neuron_with_three_inputs": "One neuron with three inputs gives a single number, `g(w·x + b)`.",
    "layer_of_three": "A layer of 3 neurons on 2 examples gives an array of shape (2, 3).",
    "secret_square_layer": "SECRET-DOC a square layer.",
    "collapsed_weight": "The product of the weights is the weight of the single layer.",
    "secret_collapse": "SECRET-DOC collapse.",
    "secret_bias": "SECRET-DOC bias.",
    "survives_large_logits": "The loss stays finite for logits of ±10⁴.",
    "mean_over_batch": "The loss is the mean over the batch, not the sum.",
    "secret_underflow": "SECRET-DOC underflow.",
}
FEEDBACK = {
    "bias_forgotten": "Your neuron leaves out the bias: `z = w·x + b`. Add `b` before the activation.",
    "sum_for_mean": "Your loss is the sum over the batch, not the mean: it grows with the batch size.",
}


def make_verdict(question: str, case: str, public: bool, status: str = "passed", **rest) -> Verdict:
    credit = rest.pop("credit", Fraction(int(status == "passed")))
    full = SPEC.question(question).points / len(CASES[question])
    return Verdict.flat(
        question=question, case=case, public=public, doc=DOCS[case], status=status,
        credit=credit, points=full * credit, max_points=full, **rest,
    )  # fmt: skip


def make_grade(name: str = "ada", seed: int = 0, verdicts=None, **rest) -> Grade:
    """A grade; without `verdicts` some cases fail, chosen by `seed` (0: all pass)."""
    if verdicts is None:
        verdicts = random_verdicts(seed)
    questions = []
    for question in SPEC.graded():
        own = [v for v in verdicts if v.question == question.id]
        points = sum((v.points for v in own), Fraction(0))
        passed = sum(v.status == "passed" for v in own)
        waiting = sum((v.max_points for v in own if v.status.pending), Fraction(0))
        made = QuestionGrade(question.id, question.title, points, question.points, passed, len(own), waiting)
        questions.append(made)
    base = {"digest": f"{seed:064x}", "bundle": "b" * 64, "layers": ("rlimits", "seccomp"), "mode": "standard"}
    base |= {"tool": "0.1.0", "seconds": 0.05 + 0.01 * seed} | rest
    return Grade(name, assignment="backprop", verdicts=tuple(verdicts), questions=tuple(questions), **base)


def random_verdicts(seed: int) -> list[Verdict]:
    rng = random.Random(seed)
    skill = rng.random()
    found = []
    for question, cases in CASES.items():
        for case, public in cases:
            if seed == 0 or rng.random() < 0.25 + 0.7 * skill:
                found.append(make_verdict(question, case, public, seconds=rng.random() / 50))
            else:
                found.append(_wrong(question, case, public, rng))
    return found


def _wrong(question: str, case: str, public: bool, rng: random.Random) -> Verdict:
    kind = rng.choice(["value", "value", "named", "partial", "error", "timeout"])
    secret = "" if public else "SECRET-TEXT "
    told = {
        "message": f"{secret}2 of 6 entries differ; the first at [0, 2]: largest relative error 0.5, allowed 1e-06",
        "got": f"{secret}0.731059",
        "expected": f"{secret}0.5",
        "where": "[0, 2]",
        "deviation": 0.5,
        "trace": (f"{secret}neuron(x=[1, 2, 3], w=[0.5, -1, 0.25], b=2)",),
        "stdout": f"{secret}debug 1 2 3\n",
    }
    if kind == "named":
        mistake = "bias_forgotten" if question == "perceptron" else "sum_for_mean"
        return make_verdict(question, case, public, "failed", misconception=mistake, feedback=FEEDBACK[mistake], **told)
    if kind == "partial":
        told |= {"credit": Fraction(1, 3), "diagnosis": "off by the factor 2"}
        return make_verdict(question, case, public, "failed", **told)
    if kind == "error":
        trace = (
            "ValueError: matmul: size 3 is different from 4\n  backprop.py, line 12, in dense_layer\n    return X @ W"
        )
        return make_verdict(question, case, public, "error", message=secret + trace, seconds=0.002)
    if kind == "timeout":
        return make_verdict(question, case, public, "timeout", message=f"{secret}took longer than 10 s", seconds=10.0)
    return make_verdict(question, case, public, "failed", seconds=rng.random() / 50, **told)
