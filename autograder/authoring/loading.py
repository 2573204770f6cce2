"""cases.py loaded into the grader: its cases in order, and the faults an author can make."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import traceback
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from autograder.authoring.case import MARK, Case
from autograder.authoring.extraction import extract_probes
from autograder.errors import CasesError


@dataclass(frozen=True)
class CaseSet:
    """The cases of an assignment, in the order of the file, with the text they come from.

    `trusted` are the sources of the modules beside cases.py that checks use.
    """

    cases: tuple[Case, ...]
    source: str
    trusted: Mapping[str, str] = field(default_factory=dict)
    where: str = "cases.py"

    def get(self, name: str) -> Case:
        """The case of that name (KeyError if none)."""
        for case in self.cases:
            if case.name == name:
                return case
        raise KeyError(name)

    def of(self, question: str, public: bool | None = None) -> tuple[Case, ...]:
        """The cases of a question, all or of one visibility."""
        return tuple(c for c in self.cases if c.question == question and public in (None, c.public))

    def probes(self, names: Sequence[str]) -> str:
        """Source of the probes of these cases, for the sandbox."""
        return extract_probes(self.source, names, self.trusted, self.where)


def load_cases(
    source: str,
    trusted: Mapping[str, str] | None = None,
    where: str = "cases.py",
    support: Mapping[str, bytes] | None = None,
) -> CaseSet:
    """Run the text of cases.py in this process (it is the author's, not a student's) and collect its cases.

    Args:
        source: text of cases.py.
        trusted: module name → text of the modules beside it.
        where: the file's name for messages.
        support: the assignment's public support files; modules among them may be imported by probes and checks alike.

    Raises:
        CasesError: it does not compile, it raises, two cases share a name, a case has no docstring, or a probe uses
            something that only checks may use.
    """
    trusted = dict(trusted or {})
    _refuse_doubles(source, where)
    module = types.ModuleType("cases")
    module.__file__ = where
    try:
        with modules_from(trusted | module_texts(support or {})):
            exec(compile(source, where, "exec"), module.__dict__)
    except Exception as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == where]
        place = f"{where}:{lines[-1]}" if lines else where
        raise CasesError(
            f"raises {type(error).__name__}: {error}", where=place, fix="run it with python first"
        ) from None
    cases = tuple(getattr(v, MARK) for v in vars(module).values() if isinstance(getattr(v, MARK, None), Case))
    for case in cases:
        if not case.doc:
            raise CasesError(f"case `{case.name}` has no docstring", where=where, fix="say what a student should read")
        if case.worlds < 1:
            raise CasesError(f"case `{case.name}` has worlds={case.worlds}", where=where, expected="at least 1")
    made = CaseSet(cases, source, trusted, where)
    for case in cases:
        made.probes([case.name])
    return made


def module_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Module name → text of the Python files among `files`."""
    return {name.removesuffix(".py"): data.decode() for name, data in files.items() if name.endswith(".py")}


def _refuse_doubles(source: str, where: str) -> None:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise CasesError(f"does not compile: {error.msg}", where=f"{where}:{error.lineno}") from None
    seen: dict[str, int] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            if statement.name in seen:
                raise CasesError(
                    f"`{statement.name}` is defined twice; the first one would vanish",
                    where=f"{where}:{statement.lineno}",
                    found=f"also at line {seen[statement.name]}",
                    fix="give every case its own name",
                )
            seen[statement.name] = statement.lineno


class _TextFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports modules from a mapping of texts."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in self.texts:
            return importlib.util.spec_from_loader(fullname, self, origin=f"{fullname}.py")
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        exec(compile(self.texts[module.__name__], f"{module.__name__}.py", "exec"), module.__dict__)


@contextmanager
def modules_from(texts: Mapping[str, str]) -> Iterator[None]:
    """Inside, `import name` finds these texts first; afterwards no trace of them is left in `sys.modules`."""
    finder = _TextFinder(texts)
    hidden = {name: sys.modules.pop(name) for name in texts if name in sys.modules}
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in texts:
            sys.modules.pop(name, None)
        sys.modules.update(hidden)
