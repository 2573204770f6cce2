"""By heart: what is trained comes of the training that is asked for, and not from a table of an earlier one.

A student trains once at home, writes the result down, and hands that in: hard-coded weights, a list of losses. For
every question with cases that take long, a program is made up whose functions know what they returned in the public
cases of the handout's world, and nothing else; in other worlds that is worth nothing. (Parts of an answer that
contradict each other, such as weights that do not follow from the steps beside them, are the gate "every part".)
"""

from __future__ import annotations

from fractions import Fraction

from autograder.grading.terms import case_points
from autograder.grading.worlds import HANDOUT
from autograder.verify.allowed import Finding, found_row
from autograder.verify.broken import replaying
from autograder.verify.gate import Exam
from autograder.verify.report import Problem, Row
from autograder.verify.variants import Made, Variant, Workshop

TRAINED = "trained answers"
_FIX = "train in the world of the case (its own data, its own first weights), and judge against that"


def by_heart(shop: Workshop) -> Made:
    """For each question with dear cases, the reference whose functions know what public cases once made of them."""
    cases = shop.source.cases
    for question, names in shop.to_write.items():
        own = [c for c in cases.of(question) if c.name in shop.seeds]
        dear = [c for c in own if c.name in shop.dear and case_points(shop.source, c) > 0]
        known = {c.name: shop.seeds[c.name][HANDOUT.index] for c in own if c.public}
        graded = {c.name: shop.seeds[c.name][: 1 + c.public] for c in dear if len(shop.seeds[c.name]) > c.public}
        if known and graded:
            text = replaying(shop.source.reference, names, cases.probes(list(known)), known, whole=True)
            yield Variant("by heart", question, text, graded)


def by_heart_gate(exam: Exam) -> Row | None:
    """Cases that take long give nothing to who has learned an earlier result by heart."""
    tried = exam.verdicts("by heart")
    if not tried:
        return None
    findings = [
        Finding(case, Problem(f"case `{case}`", _what(credit), _FIX))
        for verdicts in tried.values()
        for case, several in verdicts.items()
        if (credit := several[-1].credit)  # of a public case the world beside the handout's
    ]
    judged = [case for verdicts in tried.values() for case in verdicts]
    figures = f"{len(judged)} cases that train give nothing to results of another training"
    return found_row(exam.source, TRAINED, figures, findings, judged)


def _what(credit: Fraction) -> str:
    return f"what was trained once, in the world of the handout, gets {float(credit):.2g} of its points in another"
