"""The public part of the cases: the public cases with all they need, and nothing that only hidden ones need.

Statements are kept letter for letter; imports are cut down to the names in use; comments between statements go. Helper
modules of cases/ and trusted modules beside it are cut in the same way; files without a public case stay away.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.authoring.loading import SINGLE, CaseSet, load_cases
from autograder.authoring.statements import attributes, binds
from autograder.release.stub import lines_of
from autograder.release.vendor import renamed

HEADER = '"""{}, as their authors wrote them, with what they need."""\n'


def public_part(cases: CaseSet, package: str) -> CaseSet:
    """The public cases as a set of their own; its texts import `package` for our modules."""
    places = {h.name: h.text for h in cases.helpers} | dict(cases.trusted)
    public = [c.name for c in cases.cases if c.public]
    wanted: dict[str, set[str]] = {}
    for name in public:
        wanted.setdefault(f"/{cases.file_of(name).name}", set()).add(name)
    texts = {f"/{f.name}": f.text for f in cases.files} | places
    parts: dict[str, _Part] = {}
    queue = list(wanted)
    while queue:
        module = queue.pop()
        part = _cut(texts[module], wanted[module], places)
        parts[module] = part
        for other, names in part.needs.items():
            if not names <= wanted.get(other, set()) or other not in parts:
                wanted[other] = wanted.get(other, set()) | names
                queue.append(other)
    made = {m: _text(m, part, texts[m], package, m in cases.trusted) for m, part in parts.items()}
    return replace(
        cases,
        cases=tuple(c for c in cases.cases if c.public),
        files=tuple(replace(f, text=made[f"/{f.name}"]) for f in cases.files if f"/{f.name}" in made),
        helpers=tuple(replace(h, text=made[h.name]) for h in cases.helpers if h.name in made),
        trusted={name: made[name] for name in sorted(cases.trusted) if name in made},
    )


def public_modules(cases: CaseSet, package: str) -> dict[str, str]:
    """The texts of `public_part`, by path (`cases.py`, `cases/<question>.py`) or by name (trusted modules)."""
    part = public_part(cases, package)
    return {**part.texts, **part.trusted}


def loaded_alone(cases: CaseSet, support: Mapping[str, bytes], questions: Sequence[str]) -> CaseSet:
    """The public part, run without the rest, as it will be at home.

    Raises:
        CasesError: it needs something that was not seen to be needed.
    """
    part = public_part(cases, "autograder")
    texts = {f.name: f.text for f in (*part.files, *part.helpers)}
    where = f"public part of {cases.where}"
    return load_cases(part.texts.get(SINGLE, texts), part.trusted, where, support, questions)


@dataclass
class _Part:
    """Statements to keep, by index, the names in use, and what they need of modules beside."""

    kept: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    needs: dict[str, set[str]] = field(default_factory=dict)


_WHAT = {True: "The public cases", False: "Helpers of public cases"}


def _cut(text: str, names: Iterable[str], beside: Collection[str]) -> _Part:
    """The part of a module that defines `names`."""
    body = ast.parse(text).body
    owners: dict[str, set[int]] = defaultdict(set)  # several where a name is changed: `TABLE |= …`
    for index, statement in enumerate(body):
        for name in binds(statement):
            owners[name].add(index)
    part = _Part()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name in part.names or name not in owners:
            continue
        part.names.add(name)
        part.kept |= owners[name]
        queue.extend(n.id for i in sorted(owners[name]) for n in ast.walk(body[i]) if isinstance(n, ast.Name))
    for index in part.kept:
        statement = body[index]
        if isinstance(statement, ast.ImportFrom) and statement.module in beside:
            used = {a.name for a in statement.names if (a.asname or a.name) in part.names}
            part.needs.setdefault(str(statement.module), set()).update(used)
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name in beside and (alias.asname or alias.name) in part.names:
                    used, _ = attributes([body[i] for i in part.kept], alias.asname or alias.name)
                    part.needs.setdefault(alias.name, set()).update(used)
    return part


def _text(module: str, part: _Part, text: str, package: str, trusted: bool) -> str:
    tree = ast.parse(text)
    lines = lines_of(text)
    pieces = [HEADER.format("Judges of public cases" if trusted else _WHAT[module.startswith("/")])]
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
