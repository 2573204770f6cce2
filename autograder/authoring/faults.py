"""Faults of the files of cases, in an author's words: what stopped them, and what a mark says that it cannot mean."""

from __future__ import annotations

import importlib
import inspect
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from autograder.authoring.case import Case
from autograder.authoring.extraction import CaseFile
from autograder.authoring.statements import known
from autograder.errors import CasesError, near

_KEYWORD = re.compile(r"(?:\w+\.)*(\w+)\(\) got an unexpected keyword argument '(\w+)'")
_IMPORT = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")
_OURS = ("autograder.authoring", "autograder.checks")


def raised(error: Exception, texts: Mapping[str, str], where: str) -> CasesError:
    """What stopped a file while it was loaded, at its line.

    Args:
        texts: path → text of the author's files.
        where: the file that was being loaded.
    """
    lines = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in texts]
    place = f"{lines[-1].filename}:{lines[-1].lineno}" if lines else where
    names = {n for text in texts.values() for n in _bound(text)}
    what, fix = _in_words(error, names, {path.rpartition("/")[2].removesuffix(".py") for path in texts})
    return CasesError(what, where=place, fix=fix)


def _bound(text: str) -> set[str]:
    try:
        return set(known(text).owners)
    except SyntaxError:
        return set()


def _in_words(error: Exception, names: set[str], modules: set[str]) -> tuple[str, str]:
    """(what, fix) of an exception."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        meant = near(top, modules)
        return f"imports `{error.name}`, which is not installed", meant or _missing(top)
    if isinstance(error, ImportError) and (found := _IMPORT.match(str(error))):
        return f"imports `{found[1]}` of `{found[2]}`, which has none", near(found[1], _public(found[2]))
    if isinstance(error, NameError) and error.name:
        homes = [module for module in _OURS if error.name in _public(module)]
        fix = f"import it: from {homes[0]} import {error.name}" if homes else near(error.name, names)
        return f"`{error.name}` is not defined", fix or "import it, or define it above"
    if isinstance(error, TypeError) and (found := _KEYWORD.match(str(error))):
        keywords = _keywords(found[1])
        expected = f"it takes {', '.join(keywords)}" if keywords else "look at its definition"
        return f"`{found[1]}` takes no `{found[2]}`", near(found[2], keywords) or expected
    return f"raises {type(error).__name__}: {error}", "mend the line; nothing of the file is used before"


_LIBRARIES = ("einops", "jax", "matplotlib", "networkx", "pandas", "PIL", "scipy", "seaborn", "skimage", "sklearn",
              "statsmodels", "tensorflow", "torchvision", "tqdm", "transformers")  # fmt: skip


def _missing(module: str) -> str:
    """What to do about a module that is not there: a library that is known, or a file that is still to be written."""
    if module in _LIBRARIES:
        return f"install it here (pip), and name it under `requirements` in assignment.toml; or do without `{module}`"
    return f"write {module}.py beside this file; a library is installed, and named under `requirements`"


def _public(module: str) -> list[str]:
    try:
        return [n for n in vars(importlib.import_module(module)) if not n.startswith("_")]
    except ImportError:
        return []


def _keywords(function: str) -> list[str]:
    """Names of the arguments of a mark or a check of ours."""
    for module in _OURS:
        found = getattr(importlib.import_module(module), function, None)
        if found is not None:
            return list(inspect.signature(found).parameters)
    return []


def refuse_bare_marks(module: ModuleType, where: str) -> None:
    """Refuse `@case` above a probe without its question: then no case is made at all.

    Raises:
        CasesError: there is one.
    """
    for value in vars(module).values():
        marks = inspect.isfunction(value) and value.__module__.startswith(_OURS) and value.__name__ == "mark"
        probe = inspect.getclosurevars(value).nonlocals.get("question") if marks else None
        if inspect.isfunction(probe):
            what = f"@case stands above `{probe.__name__}` without the question"
            place = f"{where}:{probe.__code__.co_firstlineno}"
            raise CasesError(what, where=place, fix='write @case("QUESTION")')


def check_cases(
    files: Sequence[CaseFile], found: Mapping[str, Sequence[Case]], one_file: bool, questions: Sequence[str]
) -> None:
    """Every case says what it can mean, has a docstring and a name of its own, and stands in its question's file.

    Args:
        one_file: whether all stand in one.
        questions: those that there are, where that is known.

    Raises:
        CasesError: the first one that does not.
    """
    seen: dict[str, str] = {}
    for file in files:
        for case in found[file.name]:
            where = f"{file.where}:{case.line}"
            for fault in _of_mark(case, where, f"{file.where}:{_line_of_probe(file, case)}"):
                raise fault
            if not one_file and case.question != file.name:
                raise CasesError(
                    f"case `{case.name}` belongs to another question",
                    where=where,
                    found=case.question,
                    expected=f"{file.name}, the question that the file is named after",
                    fix=_home_of(case.question, questions),
                )
            if case.name in seen:
                raise CasesError(
                    f"the name `{case.name}` is taken",
                    where=where,
                    found=f"also at {seen[case.name]}",
                    fix="give every case of the assignment its own name",
                )
            seen[case.name] = where


def _home_of(question: str, questions: Sequence[str]) -> str:
    """Where a case of this question belongs; what was meant, where there is none of that name."""
    if question in questions:
        return f"move it to {question}.py"
    return near(question, questions) or f"name one of the questions: {', '.join(questions)}"


def _line_of_probe(file: CaseFile, case: Case) -> int:
    """Line of its `def`, below the marks."""
    index = known(file.text).owners.get(case.name)
    return known(file.text).body[index].lineno if index is not None else case.line


def _of_mark(case: Case, where: str, probe: str) -> Iterator[CasesError]:
    """What is wrong with one case by itself."""
    said = f"case `{case.name}`"
    if not isinstance(case.question, str):
        yield CasesError(f"{said}: its question is {case.question!r}", where=where, fix='write @case("QUESTION")')
    if not isinstance(case.public, bool):
        yield _kind(said, "public", case.public, "True or False", where)
    if not isinstance(case.worlds, int) or isinstance(case.worlds, bool):
        yield _kind(said, "worlds", case.worlds, "a whole number", where)
    if case.worlds < 1:
        yield CasesError(f"{said} has worlds={case.worlds}", where=where, expected="at least 1")
    yield from _of_check(said, case.check, where)
    if case.kind != "case" and getattr(case.check, "kind", "") == "satisfies":
        what = f"{said}: the judge of `satisfies` sees neither `kept` nor the deck"
        fix = "judge by excess(…), close(), or a check of your own: docs/milestones.md, What judges"
        yield CasesError(what, where=where, fix=fix)
    if case.kind == "case":
        yield from _of_names(case, where)
    parameters = list(inspect.signature(inspect.unwrap(case.probe)).parameters.values())
    second = "world" if case.kind == "case" else "given"
    if not _takes_two(parameters):
        shown = f"({', '.join(p.name for p in parameters)})"
        wanted = f"def {case.name}(student, {second})"
        yield CasesError(f"the probe `{case.name}` takes {shown}", where=probe, expected=wanted)
    if [p.name for p in parameters[:2]] == [second, "student"]:
        what = f"the probe `{case.name}` takes ({second}, student): its parameters are swapped"
        yield CasesError(what, where=probe, fix=f"def {case.name}(student, {second})")
    if not case.doc:
        yield CasesError(f"{said} has no docstring", where=probe, fix="say what a student should read")


def _takes_two(parameters: Sequence[inspect.Parameter]) -> bool:
    plain = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    several = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    return (len(plain) >= 2 or several) and len(needed) <= 2 and all(p in plain for p in needed)


def _kind(said: str, key: str, value: object, expected: str, where: str) -> CasesError:
    return CasesError(f"{said}: {key}={value!r}", where=where, expected=expected)


def _of_check(said: str, check: Any, where: str) -> Iterator[CasesError]:
    """What is given as a check and is none."""
    if check is None or (hasattr(check, "judge") and hasattr(check, "kind") and not inspect.isclass(check)):
        return
    name = getattr(check, "__name__", "")
    if name in _public("autograder.checks"):
        yield CasesError(f"{said}: its check `{name}` is not called", where=where, fix=f"write check={name}()")
    if callable(check):
        what = f"{said}: its check is the function `{name or type(check).__name__}`"
        yield CasesError(what, where=where, fix=f"write check=satisfies({name or '...'})")
    what = f"{said}: its check is {check!r}, and that is none"
    if isinstance(check, (int, float)) and not isinstance(check, bool):
        yield CasesError(what, where=where, fix=f"for a tolerance write check=close({check!r})")
    fix = f"write check={check}()" if check in _public("autograder.checks") else "write check=close(), or leave it out"
    yield CasesError(what, where=where, fix=fix)


def _of_names(case: Case, where: str) -> Iterator[CasesError]:
    said = f"case `{case.name}`"
    text = "".join(map(str, case.may_change))
    if len(case.may_change) > 1 and all(isinstance(n, str) and len(n) == 1 for n in case.may_change):
        yield CasesError(f'{said}: may_change="{text}" is one text', where=where, fix=f'write may_change=["{text}"]')
    for name in case.may_change:
        if not isinstance(name, str):
            fix = f'write may_change=["{getattr(name, "__name__", name)}"]'
            yield CasesError(f"{said}: may_change holds {name!r}", where=where, fix=fix)
