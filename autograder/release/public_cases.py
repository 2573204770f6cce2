"""The public part of cases.py: the public cases with all they need, and nothing that only hidden ones need.

Statements are kept letter for letter; imports are cut down to the names in use; comments between statements go. Trusted
modules beside cases.py are cut in the same way.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.authoring.extraction import binds
from autograder.authoring.loading import CaseSet
from autograder.release.vendor import renamed

HEADER = '"""{}, as their authors wrote them, with what they need."""\n'


def public_modules(cases: CaseSet, package: str) -> dict[str, str]:
    """Module name -> text: `cases` and the trusted modules that public cases use; they import `package` for ours."""
    texts = {"cases": cases.source, **cases.trusted}
    wanted: dict[str, set[str]] = {"cases": {c.name for c in cases.cases if c.public}}
    parts: dict[str, _Part] = {}
    queue = ["cases"]
    while queue:
        module = queue.pop()
        part = _cut(texts[module], wanted[module], cases.trusted)
        parts[module] = part
        for other, names in part.needs.items():
            if not names <= wanted.get(other, set()) or other not in parts:
                wanted[other] = wanted.get(other, set()) | names
                queue.append(other)
    return {m: _text(m, parts[m], texts[m], package) for m in sorted(parts)}


@dataclass
class _Part:
    """Statements to keep, by index, the names in use, and what they need of trusted modules."""

    kept: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    needs: dict[str, set[str]] = field(default_factory=dict)


def _cut(text: str, names: Iterable[str], trusted: Mapping[str, str]) -> _Part:
    """The part of a module that defines `names`."""
    body = ast.parse(text).body
    owners = {name: index for index, statement in enumerate(body) for name in binds(statement)}
    part = _Part()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name in part.names or name not in owners:
            continue
        part.names.add(name)
        part.kept.add(owners[name])
        queue.extend(n.id for n in ast.walk(body[owners[name]]) if isinstance(n, ast.Name))
    for index in part.kept:
        statement = body[index]
        if isinstance(statement, ast.ImportFrom) and statement.module in trusted:
            used = {a.name for a in statement.names if (a.asname or a.name) in part.names}
            part.needs.setdefault(str(statement.module), set()).update(used)
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name in trusted and (alias.asname or alias.name) in part.names:
                    used = _attributes([body[i] for i in part.kept], alias.asname or alias.name)
                    part.needs.setdefault(alias.name, set()).update(used)
    return part


def _attributes(statements: list[ast.stmt], module: str) -> set[str]:
    """The names `x` of all `module.x`."""
    return {
        node.attr
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == module
    }


def _text(module: str, part: _Part, text: str, package: str) -> str:
    tree = ast.parse(text)
    lines = text.splitlines()
    pieces = [HEADER.format("The public cases" if module == "cases" else "Judges of public cases")]
    imports = [i for i in sorted(part.kept) if isinstance(tree.body[i], (ast.Import, ast.ImportFrom))]
    if "from __future__ import annotations" in text:
        pieces.append("from __future__ import annotations\n")
    pieces.append("\n".join(_import(tree.body[i], part.names, package) for i in imports) + "\n")
    for index in sorted(part.kept - set(imports)):
        pieces.append("\n" + _segment(tree.body[index], lines) + "\n")
    return "\n".join(piece for piece in pieces if piece.strip())


def _segment(statement: ast.stmt, lines: list[str]) -> str:
    """The statement's own lines, its decorators included."""
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(d.lineno for d in decorators)])
    return "\n".join(lines[first - 1 : statement.end_lineno])


def _import(statement: ast.stmt, names: set[str], package: str) -> str:
    """An import with the names in use."""
    if isinstance(statement, ast.ImportFrom):
        used = [a for a in statement.names if (a.asname or a.name) in names]
        return renamed(ast.unparse(ast.ImportFrom(statement.module, used, statement.level)), package)
    assert isinstance(statement, ast.Import)
    used = [a for a in statement.names if (a.asname or a.name).split(".")[0] in names]
    return ast.unparse(ast.Import(used))
