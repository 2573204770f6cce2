"""The closure of a case: all of the files of cases that it hangs on, its check and docstring included."""

from __future__ import annotations

import ast

from autograder.authoring.extraction import CaseFile
from autograder.authoring.loading import CaseSet
from autograder.authoring.statements import attributes


def closure(cases: CaseSet, name: str) -> str:
    """The statements that a case names, directly or through others, as text without comments and layout.

    An over-approximation: a name counts as used wherever it stands. Modules beside cases/ are named, not entered.
    """
    return closure_of(cases, cases.file_of(name), name)


def closure_of(cases: CaseSet, file: CaseFile, name: str) -> str:
    """The same of any name of a file of cases."""
    helpers = {h.name: h for h in cases.helpers}
    seen: set[tuple[str, int]] = set()
    pieces: list[tuple[str, int, str]] = []
    queue = [(file, name)]
    while queue:
        file, wanted = queue.pop()
        index = file.module.owners.get(wanted)
        if index is None or (file.name, index) in seen:
            continue
        seen.add((file.name, index))
        statement = file.module.body[index]
        pieces.append((file.name, index, ast.unparse(statement)))
        queue += _named(file, statement, helpers)
    return "\n".join(text for _, _, text in sorted(pieces, key=lambda p: p[:2]))


def _named(file: CaseFile, statement: ast.stmt, helpers: dict[str, CaseFile]) -> list[tuple[CaseFile, str]]:
    """(file, name) of all that a statement may use; of an import, what it takes from a helper."""
    if isinstance(statement, ast.ImportFrom):
        helper = helpers.get(statement.module or "")
        return [(helper, a.name) for a in statement.names] if helper else []
    found = []
    for used in sorted({n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}):
        found.append((file, used))
        index = file.module.owners.get(used)
        imported = file.module.body[index] if index is not None else None
        if isinstance(imported, ast.Import):
            for helper in (
                helpers[a.name] for a in imported.names if (a.asname or a.name) == used and a.name in helpers
            ):
                names, alone = attributes([statement], used)
                found += [(helper, n) for n in (helper.module.owners if alone else names)]
    return found
