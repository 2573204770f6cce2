"""Arguments kept: a function that changes what it is given is told so, by name, and for nothing else."""

from __future__ import annotations

import re

from autograder.grading.status import Status
from autograder.values.rendering import without_place
from autograder.verify.allowed import Finding, found_row
from autograder.verify.gate import Exam
from autograder.verify.generated import SPOILED, TWICE, spoiling, told_twice
from autograder.verify.report import Problem, Row
from autograder.verify.variants import Made, Variant, Workshop

KEPT = "arguments kept"


def in_place(shop: Workshop) -> Made:
    """For every function that a student writes, the reference with that function changing its arguments."""
    for name in (n for names in shop.to_write.values() for n in names):
        cases = shop.one_world(shop.reach.cases({name}))
        yield Variant("in place", name, spoiling(shop.source.reference, name), cases)


def handed_twice(shop: Workshop) -> Made:
    """The reference, raising where a probe hands an object over again after a function that may change it."""
    names = [n for names in shop.to_write.values() for n in names]
    loose = {name for case in shop.source.cases.cases for name in case.may_change}
    if loose:
        yield Variant("handed twice", "handed twice", told_twice(shop.source.reference, names, loose), shop.first)


def arguments_gate(exam: Exam) -> Row:
    """Every in-place change is noticed and told by function and argument; what may be changed is not handed on."""
    findings: list[Finding] = []
    seen = 0
    verdicts = exam.verdicts("in place")
    for function, answers in exam.answers("in place").items():
        told = False
        for case, several in answers.items():
            verdict = verdicts[function][case][0]
            named = bool(re.search(rf"`{function}` changed its arguments? \S", verdict.message))
            told = told or named
            allowed = function in exam.source.cases.get(case).may_change
            if named or allowed or verdict.status is Status.FORBIDDEN:
                continue
            if not verdict.status.passed:
                what = f"an in-place change by `{function}` is told as something else: {verdict.message[:200]}"
                findings.append(Finding(case, Problem(f"case `{case}`", what, "call it with arguments of its own")))
            elif SPOILED in several[0].stdout:
                what = f"an in-place change by `{function}` is not noticed"
                findings.append(Finding(case, Problem(f"case `{case}`", what, "hand over arrays, lists or dicts")))
        seen += told
    for case, (verdict, *_) in exam.verdicts("handed twice").get("handed twice", {}).items():
        if TWICE in verdict.message:
            what = TWICE + without_place(verdict.message.split(TWICE)[1])
            fix = "hand over a copy, or say in allowed.toml why the case is about that"
            findings.append(Finding(case, Problem(f"case `{case}`", what, fix)))
    looked = [*(c.name for c in exam.usable.cases.cases), *verdicts]
    figures = f"{seen} of {len(verdicts)} functions are handed what can be changed; each is told by name"
    return found_row(exam.source, KEPT, figures, findings, looked)
