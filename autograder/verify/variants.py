"""Variants: programs made from the reference, run like submissions, several at a time."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from autograder.grading.record import run_variant
from autograder.grading.source import AssignmentSource
from autograder.release.sections import names_by_question
from autograder.release.stub import make_stub, marked_regions
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer

Answers = Mapping[str, tuple[Answer, ...]]
Seeds = Mapping[str, tuple[int, ...]]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Variant:
    """A program to run, and the cases to run it on (name → seeds)."""

    kind: str
    name: str
    text: str
    seeds: Seeds

    @property
    def key(self) -> tuple[str, str]:
        """Kind and name."""
        return self.kind, self.name


def run_all(
    sandbox: Sandbox, source: AssignmentSource, variants: Sequence[Variant], jobs: int, progress: Progress
) -> dict[tuple[str, str], Answers]:
    """Answers of all variants by key; `jobs` at a time, in one sandbox.

    Args:
        progress: told (what, done, all) after each.
    """
    answers: dict[tuple[str, str], Answers] = {}

    def run(variant: Variant) -> Answers:
        return run_variant(sandbox, source, variant.name, variant.text, variant.seeds) if variant.seeds else {}

    if jobs == 1:
        for number, variant in enumerate(variants, 1):
            answers[variant.key] = run(variant)
            progress(f"{variant.kind} {variant.name}", number, len(variants))
        return answers
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(run, variant): variant for variant in variants}
        for number, future in enumerate(as_completed(futures), 1):
            variant = futures[future]
            answers[variant.key] = future.result()
            progress(f"{variant.kind} {variant.name}", number, len(variants))
    return answers


def stub_text(source: AssignmentSource) -> str:
    """The stub, as students get it."""
    return make_stub(source.reference, str(source.private_folder / source.spec.submission.file))


def to_write(source: AssignmentSource) -> dict[str, tuple[str, ...]]:
    """Question id → the top-level functions and classes of its section that a student has to write."""
    where = str(source.private_folder / source.spec.submission.file)
    regions = marked_regions(source.reference, where)
    secret = {line for region in regions for line in range(region.first, region.last + 1)}
    defined = [s for s in ast.parse(source.reference).body if isinstance(s, (ast.FunctionDef, ast.ClassDef))]
    open_names = {s.name for s in defined if secret & set(range(s.lineno, (s.end_lineno or s.lineno) + 1))}
    sections = names_by_question(source.reference, source.spec.questions)
    return {question: tuple(n for n in names if n in open_names) for question, names in sections.items()}


def threaded(source: AssignmentSource, count: int) -> str:
    """The reference with torch on several threads."""
    return f"{source.reference}\n\n# %%\nimport torch\n\ntorch.set_num_threads({count})\n"


LATER = "a later question's function was called"


def without_later(source: AssignmentSource, question: str) -> str:
    """The reference with the functions of all later questions raising."""
    order = [q.id for q in source.spec.questions]
    later = order[order.index(question) + 1 :]
    names = [n for q, ns in to_write(source).items() if q in later for n in ns]
    raising = "\n".join(f"{name} = _later({name!r})" for name in names)
    return f"{source.reference}\n\n# %%\n{_LATER}\n{raising}\n"


_LATER = f'''
def _later(name):
    def call(*args, **kwargs):
        raise RuntimeError("{LATER}: " + name)
    return call
'''

TRIVIAL_RETURNS = {
    "0": "0",
    "1": "1",
    "True": "True",
    "None": "None",
    "NaN": 'float("nan")',
    "an empty list": "[]",
    "its first argument": "args[0] if args else next(iter(kwargs.values()), 0)",
    "its last argument": "[*args, *kwargs.values()][-1] if args or kwargs else 0",
    "zeros like its first argument": "args[0] * 0 if args else 0",
    "ones like its first argument": "args[0] * 0 + 1 if args else 1",
}


def trivial_program(source: AssignmentSource, returned: str) -> str:
    """A program in which every function that a student has to write returns `returned`, an expression."""
    names = [n for ns in to_write(source).values() for n in ns]
    body = "\n".join(f"{n} = _trivial" for n in names)
    return f"{source.reference}\n\n# %%\ndef _trivial(*args, **kwargs):\n    return {returned}\n\n{body}\n"
