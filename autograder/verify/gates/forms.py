"""Forms: right values in any form that the text does not rule out, and in float32, lose nothing."""

from __future__ import annotations

from autograder.grading.status import Status
from autograder.verify.allowed import Finding, found_row
from autograder.verify.gate import Exam
from autograder.verify.gates.right import said
from autograder.verify.generated import FORMS, in_form
from autograder.verify.report import Problem, Row
from autograder.verify.variants import Made, Variant, Workshop

SINGLE = "float32"


def other_forms(shop: Workshop) -> Made:
    """The reference with what a probe gets turned into each of the forms; dear cases in one world."""
    seeds = {case: several[:1] if case in shop.dear else several for case, several in shop.seeds.items()}
    names = [n for names in shop.to_write.values() for n in names]
    for form in FORMS:
        yield Variant("form", form, in_form(shop.source.reference, names, form), seeds)


def forms_gate(exam: Exam) -> Row:
    """Values in other forms pass every case in every world."""
    fix = "let the check take it, say in the question's text what is asked for, or allow it with that reason"
    return _row(exam, "forms", [f for f in FORMS if f != SINGLE], fix)


def float32_gate(exam: Exam) -> Row:
    """Values rounded to float32 pass every case in every world."""
    fix = "judge at float32's tolerance, or demand float64 in the question's text and allow it with that reason"
    return _row(exam, "float32", [SINGLE], fix)


def _row(exam: Exam, gate: str, forms: list[str], fix: str) -> Row:
    verdicts = exam.verdicts("form")
    findings = []
    runs = 0
    for form in forms:
        for case, several in verdicts.get(form, {}).items():
            runs += len(several)
            lost = [v for v in several if not v.status.passed and v.status is not Status.FORBIDDEN]
            if lost:
                what = f"values as {form} get {float(lost[0].credit):.2g} of its points: {said(lost[0])[:240]}"
                findings.append(Finding(case, Problem(f"case `{case}`", what, fix)))
    return found_row(exam.source, gate, f"{len(forms)} × 100 %, {runs} runs", findings,
                     [c.name for c in exam.usable.cases.cases])  # fmt: skip
