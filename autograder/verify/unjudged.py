"""Unjudged: checks that cannot judge what the reference returns. Told once; their cases are examined no more.

A judge that is no judge (a factory that was not called, a truth value in place of Measured), a formula with a symbol
that has no domain, an exception of the author's own: without this, every gate would tell of it in its own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.authoring.case import Case
from autograder.checks.evaluation import NotGradable
from autograder.checks.judgement import NotMeasured
from autograder.grading.bundle import Bundle, Expectation
from autograder.grading.fixtures import exam_keys
from autograder.grading.source import AssignmentSource
from autograder.grading.status import Status
from autograder.grading.terms import check_of
from autograder.grading.worlds import Recorded
from autograder.values.codec import decode
from autograder.verify.judging import Judge
from autograder.verify.matrix import Answers
from autograder.verify.places import case_place, own_line
from autograder.verify.report import Problem

_MEND = "mend the check: it must take what the reference returns; this case was examined no further"
_CALLED = "a judge takes (outputs, world); a function that makes judges is called: satisfies(NAME(...))"


def bare_judge(source: AssignmentSource, expected: Mapping[str, tuple[Expectation, ...]]) -> Judge:
    """A judge who knows what the reference returned, and no mistakes."""
    bundle = Bundle(
        spec=source.spec,
        spec_text=source.spec_text,
        cases=source.cases,
        support=source.support,
        expected=expected,
        tolerances=source.tolerances,
        draws=exam_keys(source),
    )
    return Judge(bundle)


def unjudged(source: AssignmentSource, judge: Judge, answers: Answers) -> dict[str, Problem]:
    """Case → what happens when its check is given what the reference returned."""
    found = {}
    for case in judge.bundle.cases.cases:
        for world, answer in enumerate(answers[case.name]):
            if judge.case(case.name, answer, world).status is Status.BROKEN:
                found[case.name] = _problem(source, judge.bundle, case, world, decode(answer.payload))
                break
    return found


def told_once(found: Mapping[str, Problem]) -> list[Problem]:
    """The same reason of several cases as one problem, at the first of them."""
    cases: dict[tuple[str, str], list[str]] = {}
    for case, one in found.items():
        cases.setdefault((one.what, one.fix), []).append(case)
    return [
        Problem(
            found[names[0]].where, f"the check of {_listed(names)} cannot judge what the reference returns: {why}", fix
        )
        for (why, fix), names in cases.items()
    ]


def _listed(names: Sequence[str]) -> str:
    return f"case{'s' if len(names) > 1 else ''} `{'`, `'.join(names)}`"


def _problem(source: AssignmentSource, bundle: Bundle, case: Case, world: int, outputs: object) -> Problem:
    """At the case, and why; `told_once` puts it in words."""
    place, at = case_place(source, case.name), Recorded(world)
    try:
        expected = bundle.expected_value(case.name, at)
        check_of(case).judge(outputs, expected, bundle.world(case.name, at), bundle.tolerances.get(case.name))
    except NotMeasured as error:
        return Problem(place, str(error), error.fix)
    except NotGradable as error:
        return Problem(place, str(error), "give every symbol of the reference's formula its domain")
    except Exception as error:
        line = own_line(source, error)
        if isinstance(error, TypeError) and not line:
            return Problem(place, str(error), _CALLED)
        return Problem(place, f"it raises {type(error).__name__}: {error}" + (f" (at {line})" if line else ""), _MEND)
    return Problem(place, "it broke, and does not when it is asked again", _MEND)
