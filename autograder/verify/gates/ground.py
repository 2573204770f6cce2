"""Given ground: what stands in for a student's function is right, is made of library calls, and gives nothing away."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.authoring.case import Case
from autograder.authoring.extraction import extract_probes
from autograder.grading.source import AssignmentSource
from autograder.grading.worlds import Recorded
from autograder.release.leaks import Secrets, scan
from autograder.release.stub import solution_lines
from autograder.values.parsing import tree_of
from autograder.verify.gate import Exam
from autograder.verify.gates.right import said
from autograder.verify.places import case_place
from autograder.verify.report import Problem, Row, row

_CALL = (
    "let library calls do the same in another way: torch.softmax(...), or in NumPy alone "
    "np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True)); scipy where `requirements` names it"
)
LIBRARIES = frozenset({"numpy", "torch", "scipy", "math", "cmath", "fractions", "itertools", "functools", "__future__"})


def ground_gate(exam: Exam) -> Row | None:
    """The reference passes with every stand-in, by itself; no stand-in is the solution in other clothes."""
    cases = [c for c in exam.usable.cases.cases if c.given]
    if not cases:
        return None
    problems = [p for case in cases for p in (*_wrong(exam, case), *_no_library(exam.usable, case))]
    names = {name for case in cases for name in case.given}
    return row("given ground", f"{len(cases)} cases, {len(names)} functions", problems)


def _wrong(exam: Exam, case: Case) -> Iterator[Problem]:
    """Worlds in which the reference does not pass on given ground alone."""
    memory = exam.judge.memory
    for world, answer in enumerate(exam.matrix.made["reference", "reference"][case.name]):
        if answer.given is None:
            continue
        verdict = memory.case(exam.judge.bundle, case, answer.given, Recorded(world))
        if not verdict.status.passed:
            what = f"the reference fails on given ground in world {world}: {said(verdict)}"
            fix = f"mend what stands in for `{'`, `'.join(case.given)}`"
            yield Problem(case_place(exam.usable, case.name), what, fix)
            return


def _no_library(source: AssignmentSource, case: Case) -> Iterator[Problem]:
    """Stand-ins that import something else, or that hold lines of the solution."""
    helpers = {h.name: h for h in source.cases.helpers}
    lines = solution_lines(source.reference, str(source.private_folder / source.spec.submission.file))
    for name in case.given:
        text = extract_probes([source.cases.stand_in(case, name)], helpers, source.cases.trusted)
        where = f"case `{case.name}`, in place of `{name}`"
        other = sorted(_imports(text) - LIBRARIES)
        if other:
            what = f"uses {', '.join(other)}; a stand-in is made of library calls"
            yield Problem(where, what, f"call one of: {', '.join(sorted(LIBRARIES - {'__future__'}))}")
        for leak in scan({f"{name}.py": text.encode()}, Secrets(solution=lines)):
            what = f"holds a line of the solution: {leak.found[:120]!r}"
            yield Problem(where, what, _CALL)


def _imports(text: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or ".").partition(".")[0])
    return found
