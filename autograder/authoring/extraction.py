"""Probes cut out of the files of cases: the source that goes into the sandbox, and nothing beside it.

A worker gets the probes of its own cases with the helpers, constants and imports that they name, and no check, no
decorator, no other case and no trusted module. So what a student's code can find beside it is only how it is called.
What a probe names of a helper module beside its file (solutions/<name>/cases/) is cut out of that module in the same
way; all that goes together stands in one namespace, so two files that give one name two meanings are refused.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.authoring.statements import TRUSTED_PACKAGE, Module, attributes, bare, known
from autograder.errors import CasesError

_SPACE = "_HelperModule"


@dataclass(frozen=True)
class CaseFile:
    """A file of cases, or a helper module beside them: its module name, its text, and its path for messages."""

    name: str
    text: str
    where: str

    @property
    def module(self) -> Module:
        """Its statements, and what each of them binds and uses."""
        return known(self.text)


Places = Mapping[str, CaseFile]
"""Module name -> helper."""


def extract_probes(
    roots: Iterable[tuple[CaseFile, str]], helpers: Places | None = None, trusted: Collection[str] = ()
) -> str:
    """Source that defines probes and all they need.

    Args:
        roots: (file, name of a probe in it).
        helpers: the helper modules that the files may import.
        trusted: names of modules that only checks may use.

    Raises:
        CasesError: a probe names a check or a trusted module, or two files give one name two meanings.
    """
    return _extracted(tuple(roots), tuple((helpers or {}).values()), frozenset(trusted))


@lru_cache(maxsize=256)  # every submission of a class asks for the same ones
def _extracted(roots: tuple[tuple[CaseFile, str], ...], helpers: tuple[CaseFile, ...], trusted: frozenset[str]) -> str:
    cut = _Cut({h.name: h for h in helpers}, trusted)
    for file, name in roots:
        cut.take(file, name)
    return cut.text()


@dataclass
class _Cut:
    """What is wanted: of each file the names in use, of each helper module the names that are asked of it."""

    helpers: Places
    trusted: Collection[str]
    seen: dict[CaseFile, set[str]] = field(default_factory=dict)
    spaces: dict[CaseFile, set[str]] = field(default_factory=dict)

    def take(self, file: CaseFile, probe: str) -> None:
        """A probe, and all that it needs."""
        queue = [(file, probe)]
        while queue:
            where, name = queue.pop()
            module = where.module
            if name in self.seen.setdefault(where, set()) or name not in module.owners:
                continue
            self.seen[where].add(name)
            statement = module.body[module.owners[name]]
            _refuse_trusted(statement, name, probe, self.trusted, where)
            queue.extend(self._needs(where, name, probe))

    def _needs(self, file: CaseFile, name: str, probe: str) -> Iterator[tuple[CaseFile, str]]:
        """(file, name) of what a name's statement uses."""
        module = file.module
        index = module.owners[name]
        link = self._link(file, name)
        if link is not None:
            if link[1]:
                yield link
            return
        for used in module.uses(index):
            other = self._link(file, used)
            if other is not None and not other[1]:
                found, alone = attributes([bare(module.body[index])], used)
                if alone:
                    raise CasesError(
                        f"the probe `{probe}` uses the module `{used}` itself",
                        where=f"{file.where}:{module.body[index].lineno}",
                        fix=f"name what it needs of it: {used}.NAME",
                    )
                self.spaces.setdefault(other[0], set()).update(found)
                yield from ((other[0], attribute) for attribute in sorted(found))
            yield file, used

    def _link(self, file: CaseFile, name: str) -> tuple[CaseFile, str] | None:
        """The (helper, name there) that a name of `file` stands for; ("" for the helper itself), None for others."""
        module = file.module
        if name not in module.owners:
            return None
        statement = module.body[module.owners[name]]
        if isinstance(statement, ast.ImportFrom) and statement.module in self.helpers:
            helper = self.helpers[str(statement.module)]
            return next((helper, a.name) for a in statement.names if (a.asname or a.name) == name)
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if (alias.asname or alias.name) == name and alias.name in self.helpers:
                    return self.helpers[alias.name], ""
        return None

    def _order(self) -> list[CaseFile]:
        """The files in the order in which they must run: helpers before what names them."""
        done: list[CaseFile] = []

        def visit(file: CaseFile, trail: tuple[CaseFile, ...]) -> None:
            for name in sorted(self.seen[file]):
                link = self._link(file, name)
                if link is not None and link[0] in self.seen and link[0] not in (*trail, file, *done):
                    visit(link[0], (*trail, file))
            if file not in done:
                done.append(file)

        for file in list(self.seen):
            visit(file, ())
        return done

    def _meaning(self, file: CaseFile, name: str) -> tuple[str, str]:
        """What a name stands for, the same for two files that mean the same."""
        link = self._link(file, name)
        if link is not None:
            return self._meaning(*link) if link[1] else ("module", link[0].name)
        module = file.module
        statement = module.body[module.owners[name]]
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return "import", ast.dump(_cut_import(statement, {name}))
        return file.where, name

    def text(self) -> str:
        """All of it as one program."""
        pieces: list[str] = []
        meanings: dict[str, tuple[tuple[str, str], str]] = {}
        for file in self._order():
            module = file.module
            fresh: set[str] = set()
            for name in sorted(self.seen[file]):
                meaning = self._meaning(file, name)
                place = f"{file.where}:{module.body[module.owners[name]].lineno}"
                earlier, elsewhere = meanings.setdefault(name, (meaning, place))
                if earlier != meaning:
                    raise CasesError(
                        f"`{name}` means one thing here and another in a file that the same cases use",
                        where=place,
                        found=f"also at {elsewhere}",
                        fix="rename one of the two",
                    )
                if elsewhere == place:
                    fresh.add(name)
            for index in sorted({module.owners[n] for n in fresh}):
                pieces += self._kept(file, module.body[index], fresh)
        if any(f"{_SPACE}(" in piece for piece in pieces):
            pieces.insert(0, f"from types import SimpleNamespace as {_SPACE}")
        return "\n\n".join(pieces) + "\n"

    def _kept(self, file: CaseFile, statement: ast.stmt, names: Collection[str]) -> Iterator[str]:
        """A statement as it goes into the sandbox; one that imports a helper gives way to what it stands for."""
        if isinstance(statement, ast.FunctionDef):
            yield ast.unparse(bare(statement))
            return
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield ast.unparse(statement)
            return
        own = [n for n in sorted(names) if file.module.owners.get(n) == file.module.body.index(statement)]
        links = {n: link for n in own if (link := self._link(file, n))}
        others = set(own) - set(links)
        if others:
            yield ast.unparse(_cut_import(statement, others))
        for name, (helper, there) in links.items():
            if there and there != name:
                yield f"{name} = {there}"
            elif not there:
                yield f"{name} = {_SPACE}({', '.join(f'{a}={a}' for a in sorted(self.spaces.get(helper, ())))})"


def _cut_import(statement: ast.Import | ast.ImportFrom, names: Collection[str]) -> ast.stmt:
    """An import with the names in use."""
    if isinstance(statement, ast.Import):
        return ast.Import([a for a in statement.names if (a.asname or a.name).split(".")[0] in names])
    used = [a for a in statement.names if (a.asname or a.name) in names]
    return ast.ImportFrom(statement.module, used, statement.level)


def _refuse_trusted(statement: ast.stmt, name: str, probe: str, trusted: Collection[str], file: CaseFile) -> None:
    modules: list[str] = []
    if isinstance(statement, ast.Import):
        modules = [a.name for a in statement.names if (a.asname or a.name).split(".")[0] == name]
    elif isinstance(statement, ast.ImportFrom):
        modules = [statement.module or "."]
    for module in modules:
        if module.split(".")[0] in {TRUSTED_PACKAGE, *trusted}:
            raise CasesError(
                f"the probe `{probe}` uses `{name}` of `{module}`, which only checks may use",
                where=f"{file.where}:{statement.lineno}",
                fix="return the values and compute with them in the case's check",
            )
