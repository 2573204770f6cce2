"""Variants: the programs of an exam, made from the reference, each with the cases that it is to be run on.

A program that cannot be made (a patch that does not apply, an alternate that does not compile) is a problem of the
gates that ask for it, and of no other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from autograder.authoring.statements import known
from autograder.errors import AuthorError, near
from autograder.grading.cells import Program
from autograder.grading.fixtures import recorded_name
from autograder.grading.reach import Reach, changed_names, reach_of
from autograder.grading.record import world_seeds
from autograder.grading.source import AssignmentSource, Misconception
from autograder.release.sections import names_by_question
from autograder.release.stub import make_stub, marked_regions
from autograder.values.parsing import tree_of
from autograder.verify.places import alternate_place, misconception_place, problem_of
from autograder.verify.report import Problem

Seeds = Mapping[str, tuple[int, ...]]
RIGHT = ("right", "alternate")  # kinds of variants that must lose nothing


@dataclass(frozen=True)
class Variant:
    """A program to run, and the cases to run it on (name → seeds)."""

    kind: str
    name: str
    text: str
    seeds: Seeds
    again: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Kind and name."""
        return self.kind, self.name

    @property
    def program(self) -> Program:
        """What is run."""
        return Program(self.name, self.text, self.again, wrong=self.kind not in (*RIGHT, "reference", "later"),
                       bare=self.kind == "stub")  # fmt: skip


Made = Iterator[Variant | Problem]


@dataclass(frozen=True)
class Workshop:
    """Where variants are made: an assignment, or the part of it that can be examined.

    `dear` are cases that take long: a maker of many programs runs them in one world.
    """

    source: AssignmentSource
    dear: frozenset[str] = frozenset()

    @cached_property
    def every(self) -> Seeds:
        """The recorded worlds of every case."""
        return world_seeds(self.source)

    @cached_property
    def seeds(self) -> Seeds:
        """The same of plain cases: what many made-up programs are run on."""
        return self._of("case")

    @cached_property
    def judged(self) -> Seeds:
        """The same with milestones, and without replays: those train, and are run where they are named."""
        return self._of("case", "milestone")

    def _of(self, *kinds: str) -> Seeds:
        return {c.name: self.every[c.name] for c in self.source.cases.cases if c.kind in kinds}

    @cached_property
    def first(self) -> Seeds:
        """The first world of every case."""
        return {name: seeds[:1] for name, seeds in self.seeds.items()}

    @cached_property
    def judged_first(self) -> Seeds:
        """The first world of every plain case and every milestone."""
        return {name: seeds[:1] for name, seeds in self.judged.items()}

    def one_world(self, names: Iterable[str]) -> Seeds:
        """The first world of those of these cases that are plain."""
        return {name: self.first[name] for name in names if name in self.first}

    @cached_property
    def reach(self) -> Reach:
        """What each case calls."""
        return reach_of(self.source.reference, self.source.cases)

    @cached_property
    def to_write(self) -> Mapping[str, tuple[str, ...]]:
        """Question → the names that a student has to write."""
        return to_write(self.source)

    def changed(self, kind: str, name: str, text: str, also: tuple[str, ...] = ()) -> Variant:
        """A variant on the cases that may come out otherwise, and on those named in `also`."""
        found = self.touched(name, text) - self.unheld(name) | {*also}
        return Variant(kind, name, text, {n: s for n, s in self.every.items() if n in found})

    def touched(self, name: str, text: str) -> frozenset[str]:
        """Cases that may come out otherwise for a program: by its text, or because it has weights of its own."""
        found = {*self.reach.cases(changed_names(self.source.reference, text))}
        cases = self.source.cases.cases
        found |= {c.name for c in cases if c.kind == "replay" and c.predict in found}
        found |= {c.name for c in cases if c.kind == "milestone" and name in self.source.weights}
        return frozenset(found)

    def unheld(self, name: str) -> frozenset[str]:
        """Replays that take long, and that `train` has recorded for others but not for this program."""
        recorded = (c.name for c in self.source.cases.cases if c.recorded)
        return frozenset(c for c in recorded if recorded_name(name, c) not in self.source.weights)

    def with_reference(self) -> Variant:
        """The reference on all cases."""
        return Variant("reference", "reference", self.source.reference, self.every)


def reference_again(shop: Workshop) -> Made:
    """The reference once more, and on two threads where it uses torch."""
    source = shop.source
    yield Variant("right", "run again", source.reference, shop.judged, again=1)
    if "torch" in shop.reach.uses:
        yield Variant(
            "right", "2 threads", threaded(source, 2), shop.judged_first
        )  # dear where other work fills the cores


def alternates(shop: Workshop) -> Made:
    """The other right solutions."""
    for name, text in shop.source.alternates.items():
        try:
            compile(text, name, "exec")
        except SyntaxError as error:
            where = alternate_place(shop.source, name, error.lineno or 0)
            fix = "mend the line; the other alternates were run"
            yield Problem(where, f"not valid Python: {error.msg}: {(error.text or '').strip()}", fix)
        else:
            yield from _idle(shop.source, name, tree_of(text))
            yield shop.changed("alternate", name, shop.source.alternate(name))


def _idle(source: AssignmentSource, name: str, tree: ast.Module) -> Iterator[Problem]:
    """Functions of an alternate that replace none of the reference's and that nothing in it uses."""
    try:
        replaced = known(source.reference).owners
    except SyntaxError:
        return
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    for one in tree.body:
        if isinstance(one, (ast.FunctionDef, ast.ClassDef)) and one.name not in {*replaced, *used}:
            what = f"`{one.name}` takes the place of nothing: the reference has no function of that name"
            yield Problem(alternate_place(source, name, one.lineno), what, near(one.name, replaced) or "remove it")


def stub(shop: Workshop) -> Made:
    """The stub, as students get it."""
    yield Variant("stub", "stub", stub_text(shop.source), shop.every)


def misconceptions(shop: Workshop) -> Made:
    """The known mistakes."""
    for misconception in shop.source.misconceptions:
        yield _patched(shop, misconception)


def _patched(shop: Workshop, misconception: Misconception) -> Variant | Problem:
    try:
        text = shop.source.variant(misconception)
        compile(text, misconception.id, "exec")
    except AuthorError as error:
        hunk = int(error.what.split()[1]) if error.what.startswith("patch ") else 0
        return problem_of(error, misconception_place(shop.source, misconception, hunk))
    except SyntaxError as error:
        line = f"{error.msg}: {(error.text or '').strip()}"
        where = misconception_place(shop.source, misconception, 1)
        return Problem(where, f"the patch of `{misconception.id}` makes no Python: {line}", "mend `replace`")
    return shop.changed("misconception", misconception.id, text, misconception.fails)


def later_raising(shop: Workshop) -> Made:
    """For every question, the reference with the functions of all later questions raising."""
    for question in shop.source.spec.graded():
        own = {c.name for c in shop.source.cases.of(question.id)}
        chosen = {n: s for n, s in shop.first.items() if n in own}
        if chosen:
            yield Variant("later", question.id, without_later(shop.source, question.id, shop.to_write), chosen)


def trivial_programs(shop: Workshop) -> Made:
    """Programs whose functions return something that is no work."""
    for name, value in TRIVIAL_RETURNS.items():
        yield Variant("trivial", name, trivial_program(shop.source, value, shop.to_write), shop.judged_first)


def stub_text(source: AssignmentSource) -> str:
    """The stub, as students get it."""
    return make_stub(source.reference, str(source.private_folder / source.spec.submission.file))


def to_write(source: AssignmentSource) -> dict[str, tuple[str, ...]]:
    """Question id → the top-level functions and classes of its section that a student has to write."""
    where = str(source.private_folder / source.spec.submission.file)
    regions = marked_regions(source.reference, where)
    secret = {line for region in regions for line in range(region.first, region.last + 1)}
    defined = [s for s in tree_of(source.reference).body if isinstance(s, (ast.FunctionDef, ast.ClassDef))]
    open_names = {s.name for s in defined if secret & set(range(s.lineno, (s.end_lineno or s.lineno) + 1))}
    sections = names_by_question(source.reference, source.spec.questions)
    return {question: tuple(n for n in names if n in open_names) for question, names in sections.items()}


def threaded(source: AssignmentSource, count: int) -> str:
    """The reference with torch on several threads."""
    return f"{source.reference}\n\n# %%\nimport torch\n\ntorch.set_num_threads({count})\n"


LATER = "a later question's function was called"


def without_later(source: AssignmentSource, question: str, written: Mapping[str, tuple[str, ...]]) -> str:
    """The reference with the functions of all later questions raising."""
    order = [q.id for q in source.spec.questions]
    later = order[order.index(question) + 1 :]
    names = [n for q, ns in written.items() if q in later for n in ns]
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


def trivial_program(source: AssignmentSource, returned: str, written: Mapping[str, tuple[str, ...]]) -> str:
    """A program in which every function that a student has to write returns `returned`, an expression."""
    names = [n for ns in written.values() for n in ns]
    body = "\n".join(f"{n} = _trivial" for n in names)
    return f"{source.reference}\n\n# %%\ndef _trivial(*args, **kwargs):\n    return {returned}\n\n{body}\n"
