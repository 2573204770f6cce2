"""Unwritten: a student who has not written a function yet sees a public case of its question fail."""

from __future__ import annotations

from autograder.verify.allowed import Finding, found_row
from autograder.verify.gate import Exam
from autograder.verify.generated import unwritten
from autograder.verify.report import Problem, Row
from autograder.verify.variants import Made, Variant, Workshop


def one_unwritten(shop: Workshop) -> Made:
    """For every function that a student writes, the reference without it, on the public cases of its question."""
    for question, names in shop.to_write.items():
        public = shop.one_world(c.name for c in shop.source.cases.of(question, True))
        for name in names if shop.source.cases.of(question) else ():
            yield Variant("unwritten", name, unwritten(shop.source.reference, name), public)


def unwritten_gate(exam: Exam) -> Row:
    """With any one function unwritten, a public case of its own question fails."""
    verdicts = exam.verdicts("unwritten")
    findings = []
    has_public = {n for q, names in exam.shop.to_write.items() if exam.source.cases.of(q, True) for n in names}
    for name, found in verdicts.items():
        if not found and name in has_public:  # the reference itself fails in all of them, which is told already
            continue
        if all(several[0].status.passed for several in found.values()):
            what = (
                "unwritten, and every public case of its question passes"
                if found
                else "its question has no public case"
            )
            fix = "call it in a public case: a student sees at home that it is missing"
            findings.append(Finding(name, Problem(f"function `{name}`", what, fix)))
    return found_row(exam.source, "unwritten", f"{len(verdicts)} functions", findings, list(verdicts))
