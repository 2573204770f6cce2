"""A part of an assignment as an assignment of its own: some of its questions, with their cases and known mistakes."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Collection
from pathlib import Path

from autograder.grading.source import AssignmentSource, load_source


def trimmed(source: AssignmentSource, questions: Collection[str], root: Path) -> AssignmentSource:
    """Write a course with nothing but these questions of the assignment to `root`, and load it."""
    name = source.spec.id
    public, private = root / "assignments" / name, root / "solutions" / name
    shutil.copytree(source.public_folder, public)
    shutil.copytree(source.private_folder, private, ignore=shutil.ignore_patterns("equivalent.toml", "__pycache__"))
    head, *blocks = re.split(r"(?m)^(?=\[\[questions\]\])", source.spec_text)
    points = sum(float(q.points) for q in source.spec.questions if q.id in questions)
    head = re.sub(r"(?m)^points = .*$", f"points = {points:g}", head)
    kept = [b for b in blocks if _value(b, "id") in questions]
    (public / "assignment.toml").write_text(head + "".join(kept), encoding="utf-8")
    dropped = {c.name for c in source.cases.cases if c.question not in questions}
    gone = {q.id for q in source.spec.questions} - set(questions)
    for path, text in source.cases.texts.items():
        _put(private / path, _without(text, dropped), gone)
    for path in {source.misconception_file(q.id) for q in source.spec.graded()}:
        head, *blocks = re.split(r"(?m)^(?=\[\[misconceptions\]\])", path.read_text(encoding="utf-8"))
        kept = [_fails_less(b, dropped) for b in blocks if _value(b, "question") in questions]
        _put(private / path.relative_to(source.private_folder), head + "".join(kept), gone)
    return load_source(root, name)


def _put(path: Path, text: str, gone: Collection[str]) -> None:
    """Write a file of cases or misconceptions; that of a question that is not kept goes."""
    if path.stem in gone:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")


def _value(block: str, key: str) -> str:
    found = re.search(rf'(?m)^{key} = "([^"]+)"', block)
    return found.group(1) if found else ""


def _fails_less(block: str, dropped: Collection[str]) -> str:
    def some(found: re.Match[str]) -> str:
        names = [n for n in re.findall(r'"([^"]+)"', found.group(1)) if n not in dropped]
        return "fails = [" + ", ".join(f'"{n}"' for n in names) + "]"

    return re.sub(r"(?ms)^fails = \[(.*?)\]", some, block)


def _without(text: str, dropped: Collection[str]) -> str:
    """The text of a file of cases without some of them."""
    lines = text.splitlines(keepends=True)
    for statement in reversed(ast.parse(text).body):
        if isinstance(statement, ast.FunctionDef) and statement.name in dropped:
            first = min([statement.lineno, *(d.lineno for d in statement.decorator_list)])
            del lines[first - 1 : statement.end_lineno]
    return "".join(lines)
