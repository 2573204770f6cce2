"""Generators: who draws from a generator of their own, and not from the one that a function is handed, loses a case.

A draw that nobody can repeat cannot be compared, so a case of random values is easily written such that every draw
passes. For each function that a probe hands a generator, programs are made up that put another one in its place.
What is not covered: methods, generators inside other arguments, and draws that torch.manual_seed seeds.
"""

from __future__ import annotations

import ast
import random

import numpy as np

from autograder.authoring.statements import known
from autograder.authoring.world import World
from autograder.grading.given import given_in
from autograder.grading.terms import case_points
from autograder.verify.allowed import Finding, found_row
from autograder.verify.gate import Exam
from autograder.verify.generated import IGNORED, IGNORING_WAYS, ignoring
from autograder.verify.report import Problem, Row
from autograder.verify.variants import Made, Variant, Workshop

GENERATORS = "generators"
_NAMES = frozenset({"rng", "generator"})
_FIX = (
    "compare what is drawn from a generator of the world's seed (close, or one seed twice and another once); "
    "or say in the question's text that any draw is right, and allow it with that reason"
)


def one_ignoring(shop: Workshop) -> Made:
    """For every function that is handed a generator, the reference with that function drawing from its own."""
    handed = _handed(shop)
    earning = {c.name for c in shop.source.cases.cases if case_points(shop.source, c) > 0}
    for name in (n for names in shop.to_write.values() for n in names if n in handed):
        cases = shop.one_world(c for c in shop.reach.cases({name}) if c in earning)
        for way in IGNORING_WAYS:
            yield Variant("ignoring", f"{name}, {way}", ignoring(shop.source.reference, name, way), cases)


def _handed(shop: Workshop) -> set[str]:
    """Functions that may be handed a generator: some probe does so, or a parameter is called as one."""
    found = set()
    for case in shop.source.cases.cases:
        if case.name in shop.seeds and case.name not in shop.dear:
            calls = given_in(case, World(shop.seeds[case.name][0]), {}).calls
            found |= {call.function for call in calls if any(map(_is_generator, call.given.values()))}
    for function in known(shop.source.reference).body:
        if isinstance(function, ast.FunctionDef):
            parameters = [*function.args.args, *function.args.kwonlyargs]
            found |= {function.name for p in parameters if p.arg in _NAMES or "Generator" in _annotation(p)}
    return found


def _annotation(parameter: ast.arg) -> str:
    return ast.unparse(parameter.annotation) if parameter.annotation is not None else ""


def _is_generator(value: object) -> bool:
    torch_one = type(value).__module__.startswith("torch") and type(value).__name__ == "Generator"
    return torch_one or isinstance(value, (np.random.Generator, np.random.RandomState, random.Random))


def generators_gate(exam: Exam) -> Row | None:
    """See the module."""
    answers, verdicts = exam.answers("ignoring"), exam.verdicts("ignoring")
    found: dict[str, Finding] = {}
    handed = set()
    for program, several in verdicts.items():
        name, _, way = program.partition(", ")
        seen = {case for case, own in answers[program].items() if any(IGNORED in a.stdout for a in own)}
        handed |= {name} if seen else set()
        if seen and all(v.status.passed for case in several for v in several[case]):
            what = f"ignoring the generator that it is handed costs nothing (it draws from {way})"
            found.setdefault(name, Finding(name, Problem(f"function `{name}`", what, _FIX)))
    if not handed:
        return None
    figures = f"{len(handed)} functions are handed one; a generator of their own loses a case"
    return found_row(exam.source, GENERATORS, figures, list(found.values()), sorted(handed))
