"""The files of cases loaded into the grader: their cases in order, and the faults an author can make.

They are one file, cases.py, or a folder cases/ with a file per question and helper modules beside them.
"""

from __future__ import annotations

import ast
import importlib
import types
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.authoring.case import GIVEN, MARK, MAY_CHANGE, Case
from autograder.authoring.extraction import CaseFile, extract_probes
from autograder.authoring.faults import check_cases, raised, refuse_bare_marks
from autograder.authoring.milestone import FIXTURE, Fixture
from autograder.authoring.modules import module_texts as module_texts
from autograder.authoring.modules import modules_from as modules_from
from autograder.errors import CasesError
from autograder.values.parsing import tree_of

SINGLE, FOLDER = "cases.py", "cases/"


@dataclass(frozen=True)
class CaseSet:
    """The cases of an assignment, in the order of the questions' files, with the texts that they come from.

    Attributes:
        files: cases.py alone, or the file of every question that has one.
        helpers: the other modules of cases/, which probes and checks may import.
        trusted: name -> text of the modules beside, which checks alone may import.
        where: the file or folder, for messages.
        fixtures: how trained work of the course's own programs is made, and the file that says so; one for each file
            of weights at most.
    """

    cases: tuple[Case, ...]
    files: tuple[CaseFile, ...]
    helpers: tuple[CaseFile, ...] = ()
    trusted: Mapping[str, str] = field(default_factory=dict)
    where: str = SINGLE
    fixtures: tuple[tuple[Fixture, CaseFile], ...] = ()

    @property
    def fixture(self) -> tuple[Fixture, CaseFile] | None:
        """That of the file that [submission] names; None where there is none."""
        return next((one for one in self.fixtures if not one[0].weights), None)

    def get(self, name: str) -> Case:
        """The case of that name (KeyError if none)."""
        for case in self.cases:
            if case.name == name:
                return case
        raise KeyError(name)

    def of(self, question: str, public: bool | None = None) -> tuple[Case, ...]:
        """The cases of a question, all or of one visibility."""
        return tuple(c for c in self.cases if c.question == question and public in (None, c.public))

    def file_of(self, name: str) -> CaseFile:
        """The file that holds the case of that name (KeyError if none)."""
        question = self.get(name).question
        return next((f for f in self.files if f.name == question), self.files[0])

    def place_of(self, case: Case) -> str:
        """File and line of a case, for messages."""
        return f"{self.file_of(case.name).where}:{case.line}"

    def probes(self, names: Sequence[str]) -> str:
        """Source of the probes of these cases, for the sandbox."""
        roots = [(self.file_of(name), name) for name in names]
        notes = []
        for case in map(self.get, names):
            if case.may_change:
                notes.append(f"\n{case.name}.{MAY_CHANGE} = {case.may_change!r}\n")
            if case.given:
                stand_ins = {name: self.stand_in(case, name) for name in case.given}
                roots += stand_ins.values()
                table = ", ".join(f"{name!r}: {function}" for name, (_, function) in stand_ins.items())
                notes.append(f"\n{case.name}.{GIVEN} = {{{table}}}\n")
        return extract_probes(roots, {h.name: h for h in self.helpers}, self.trusted) + "".join(notes)

    def stand_in(self, case: Case, name: str) -> tuple[CaseFile, str]:
        """The file and the name there of what a case gives in place of the student's function `name`.

        Raises:
            CasesError: it is no function that these files define.
        """
        function = case.given[name]
        module, own = getattr(function, "__module__", ""), getattr(function, "__name__", "")
        for file in (self.file_of(case.name), *self.helpers):
            if file.name == module and own in file.module.owners:
                return file, own
        raise CasesError(
            f"case `{case.name}` gives something in place of `{name}` that is no function of the files of cases",
            where=self.place_of(case),
            found=repr(function)[:80],
            fix=f"define it by name: def given_{name}(...): return torch....",
        )

    def fixture_probe(self, weights: str = "") -> str:
        """Source of the probe of a file's fixture (ValueError where there is no fixture)."""
        found = [one for one in self.fixtures if one[0].weights == weights]
        if not found:
            raise ValueError("the cases have no fixture")
        made, file = found[0]
        return extract_probes([(file, made.name)], {h.name: h for h in self.helpers}, self.trusted)

    @property
    def texts(self) -> dict[str, str]:
        """Path -> text of the files and helpers: `cases.py`, or `cases/<question>.py` and `cases/<helper>.py`."""
        if not self.helpers and [f.name for f in self.files] == ["cases"]:
            return {SINGLE: self.files[0].text}
        return {f"{FOLDER}{file.name}.py": file.text for file in (*self.files, *self.helpers)}

    @property
    def source(self) -> str:
        """All texts of `texts` as one, to search in."""
        return "\n".join(self.texts.values())


def load_cases(
    texts: str | Mapping[str, str],
    trusted: Mapping[str, str] | None = None,
    where: str = SINGLE,
    support: Mapping[str, bytes] | None = None,
    questions: Sequence[str] = (),
) -> CaseSet:
    """Run files of cases in this process (they are the author's, not a student's) and collect their cases.

    Args:
        texts: text of cases.py, or module name -> text of the files of cases/.
        trusted: module name -> text of the modules beside it.
        where: path of cases.py or of cases/, for messages.
        support: the assignment's public support files; modules among them may be imported by probes and checks alike.
        questions: ids of the assignment; a file of cases/ that is named after one holds its cases, others are helpers.

    Raises:
        CasesError: a text does not compile, it raises, two cases share a name, a case has no docstring or stands in
            another question's file, or a probe uses something that only checks may use.
    """
    trusted = dict(trusted or {})
    files: tuple[CaseFile, ...] = ()
    helpers: tuple[CaseFile, ...] = ()
    if isinstance(texts, str):
        files = (CaseFile("cases", texts, where),)
    else:
        every = {name: CaseFile(name, text, f"{where.rstrip('/')}/{name}.py") for name, text in texts.items()}
        files = tuple(every[q] for q in questions if q in every)
        helpers = tuple(every[name] for name in sorted(set(every) - set(questions)))
    for file in (*files, *helpers):
        _refuse_doubles(file)
        _refuse_imports(file, questions, {h.name for h in helpers})
    open_modules = module_texts(support or {})
    _refuse_same_modules(helpers, trusted, open_modules, where)
    found, fixtures = _run(files, helpers, trusted, open_modules, where)
    files_of_weights = [f.weights for f, _ in fixtures]
    if twice := next((one for one in fixtures if files_of_weights.count(one[0].weights) > 1), None):
        what = f"there are two fixtures of {twice[0].weights or 'one file of weights'}"
        fix = 'say which file a second one is for: @fixture(supply=…, weights="large.safetensors")'
        raise CasesError(what, where=fixtures[-1][1].where, fix=fix)
    made = CaseSet(
        tuple(c for several in found.values() for c in several),
        files,
        helpers,
        trusted,
        where,
        tuple(fixtures),
    )
    check_cases(made.files, found, isinstance(texts, str), questions)
    for file in files:
        made.probes([c.name for c in found[file.name]])
    for fixture, _ in fixtures:
        made.fixture_probe(fixture.weights)
    return made


def _run(
    files: Sequence[CaseFile],
    helpers: Sequence[CaseFile],
    trusted: Mapping[str, str],
    support: Mapping[str, str],
    where: str,
) -> tuple[dict[str, list[Case]], list[tuple[Fixture, CaseFile]]]:
    """Cases by file, in the order of the file; and the fixtures."""
    beside = where.rstrip("/").rpartition("/")[0]
    places = {name: f"{beside}/{name}.py" if beside else f"{name}.py" for name in trusted}
    places |= {h.name: h.where for h in helpers}
    found: dict[str, list[Case]] = {}
    fixtures: list[tuple[Fixture, CaseFile]] = []
    file = files[0] if files else CaseFile("cases", "", where)
    texts = {**trusted, **{h.name: h.text for h in helpers}}
    try:
        with modules_from({**support, **texts}, places):
            for file in files:
                module = types.ModuleType(file.name)
                module.__file__ = file.where
                exec(compile(file.text, file.where, "exec"), module.__dict__)
                refuse_bare_marks(module, file.where)
                found[file.name] = _marked(module)
                fixtures += [
                    (f, file) for v in vars(module).values() if isinstance(f := getattr(v, FIXTURE, 0), Fixture)
                ]
            for file in helpers:
                if case := next(iter(_marked(importlib.import_module(file.name))), None):
                    raise CasesError(
                        f"holds the case `{case.name}`, but no question has this file's name",
                        where=f"{file.where}:{case.line}",
                        found=file.name,
                        fix=f"name the file after the question: {case.question}.py",
                    )
    except CasesError:
        raise
    except Exception as error:
        raise raised(error, {file.where: file.text, **{places[n]: t for n, t in texts.items()}}, file.where) from None
    return found, fixtures


def _marked(module: types.ModuleType) -> list[Case]:
    return [getattr(v, MARK) for v in vars(module).values() if isinstance(getattr(v, MARK, None), Case)]


def _refuse_doubles(file: CaseFile) -> None:
    try:
        tree = tree_of(file.text)
    except SyntaxError as error:
        raise CasesError(
            f"does not compile: {error.msg}", where=f"{file.where}:{error.lineno}", found=(error.text or "").strip()
        ) from None
    seen: dict[str, int] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            if statement.name in seen:
                raise CasesError(
                    f"`{statement.name}` is defined twice; the first one would vanish",
                    where=f"{file.where}:{statement.lineno}",
                    found=f"also at line {seen[statement.name]}",
                    fix="give every case its own name",
                )
            seen[statement.name] = statement.lineno


def _refuse_imports(file: CaseFile, questions: Sequence[str], helpers: Collection[str]) -> None:
    """A file imports no other question's file, and names what it takes of a helper."""
    if file.name == "cases" and not questions:
        return
    for node in ast.walk(tree_of(file.text)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.level:
                raise CasesError(
                    "a relative import: the files of cases/ are no package",
                    where=f"{file.where}:{node.lineno}",
                    fix=f"import {node.module or 'HELPER'} by its name alone",
                )
            if node.module in helpers and any(a.name == "*" for a in node.names):
                raise CasesError(
                    f"takes everything of `{node.module}`",
                    where=f"{file.where}:{node.lineno}",
                    fix=f"name what the cases need: from {node.module} import NAME",
                )
        if taken := sorted(set(names) & set(questions)):
            raise CasesError(
                f"imports `{taken[0]}`, the file of a question",
                where=f"{file.where}:{node.lineno}",  # type: ignore[attr-defined]  # imports have a line
                fix="move what both use into a helper module of cases/",
            )


def _refuse_same_modules(
    helpers: Sequence[CaseFile], trusted: Mapping[str, str], support: Mapping[str, str], where: str
) -> None:
    for helper in helpers:
        if helper.name in trusted or helper.name in support:
            beside = "beside cases/" if helper.name in trusted else "among the support files"
            raise CasesError(
                f"there are two modules `{helper.name}`",
                where=helper.where,
                found=f"also {beside}: {helper.name}.py",
                fix="rename one of the two",
            )
