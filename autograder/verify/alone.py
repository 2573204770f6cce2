"""A mistake in one function alone: what the rest of the reference takes from that function stays right.

Whoever writes `attention_vjp` without calling the own `softmax_vjp` has a wrong `softmax_vjp` and a right
`attention_vjp`; in the reference, where the one calls the other, a change of the first shows in both. So a mutant of a
function that others use is made a second time: the others use a copy of the right one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.values.parsing import tree_of
from autograder.verify.operators import Mutant

RIGHT = "__right"
Definition = ast.FunctionDef | ast.ClassDef


def alone(reference: str, mutant: Mutant) -> Mutant | None:
    """The mutant with a right copy of its function for all others; None where no other uses it by its name."""
    name = mutant.function
    mine, right = _definition(mutant.text, name), _definition(reference, name)
    if mine is None or right is None:
        return None
    others = [s for s in tree_of(mutant.text).body if getattr(s, "name", "") != name and not _in_notebook(s)]
    uses = [node for s in others for node in _uses(s, name)]
    if not uses:
        return None
    text = _renamed(mutant.text, uses, name).splitlines(keepends=True)
    copy = _renamed(reference, list(_uses(right, name)), name).splitlines(keepends=True)
    lines = copy[_first(right) - 1 : right.end_lineno]
    at = next(i for i, line in enumerate(lines) if line.startswith(("def ", "class ")))
    lines[at] = lines[at].replace(f" {name}", f" {name}{RIGHT}", 1)
    above = _first(mine) - 1
    return replace(mutant, text="".join([*text[:above], *lines, "\n", *text[above:]]), direct=True)


def _definition(text: str, name: str) -> Definition | None:
    found = [s for s in tree_of(text).body if isinstance(s, (ast.FunctionDef, ast.ClassDef)) and s.name == name]
    return found[0] if len(found) == 1 else None


def _in_notebook(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If)


def _first(statement: Definition) -> int:
    return min([statement.lineno, *(d.lineno for d in statement.decorator_list)])


def _uses(statement: ast.stmt, name: str) -> Iterator[ast.Name]:
    return (n for n in ast.walk(statement) if isinstance(n, ast.Name) and n.id == name)


def _renamed(text: str, nodes: Sequence[ast.Name], name: str) -> str:
    """The text with these names of it replaced by that of the right copy; its lines stay where they are."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    for node in sorted(nodes, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        line, end = lines[node.lineno - 1], node.col_offset + len(name.encode())
        lines[node.lineno - 1] = line[:end] + RIGHT.encode() + line[end:]
    return b"".join(lines).decode()
