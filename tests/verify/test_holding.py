"""Holding gates: the row of a certificate that is not written."""

from __future__ import annotations

from autograder.verify.holding import uncertified
from autograder.verify.report import Row


def test_the_certificate_of_an_exam_that_fails_has_no_tick() -> None:
    last = Row("certificate", "pass", "is written when all gates pass")
    right, wrong = Row("margins", "pass", ""), Row("shortcuts", "fail", "")
    assert uncertified([right, last]) == (right, last)
    made = uncertified([right, wrong, last])[-1]
    assert (made.status, made.figures) == ("skip", "not written: `shortcuts` failed")
    assert uncertified([wrong] * 4 + [last])[-1].figures.endswith(" … failed")
