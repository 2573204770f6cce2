"""Notebooks of the two tools, made cell by cell, and what students get of them."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat

from autograder.release.conversion.reading import read_notebook
from autograder.release.conversion.writing import Converted, converted
from autograder.release.stub import make_stub

Node = nbformat.NotebookNode


def md(text: str, **note: object) -> Node:
    """A Markdown cell."""
    return _noted(nbformat.v4.new_markdown_cell(text), note)


def code(text: str, **note: object) -> Node:
    """A code cell."""
    return _noted(nbformat.v4.new_code_cell(text), note)


def raw(text: str) -> Node:
    """A raw cell."""
    return nbformat.v4.new_raw_cell(text)


def _noted(cell: Node, note: dict[str, object]) -> Node:
    if note:
        cell.metadata["nbgrader"] = {"schema_version": 3, "grade": False, "solution": False, "task": False, **note}
    return cell


def answer(text: str, name: str = "squares") -> Node:
    """A cell of nbgrader that students write."""
    return code(text, solution=True, grade_id=name)


def graded(text: str, name: str = "t1", points: object = 2) -> Node:
    """A cell of tests of nbgrader."""
    return code(text, grade=True, grade_id=name, points=points)


def otter(config: str, solution: str, test: str) -> tuple[Node, ...]:
    """A question for `otter assign`."""
    return (
        raw(f"# BEGIN QUESTION\n{config}"), md("## Squares"),
        raw("# BEGIN SOLUTION"), code(solution), raw("# END SOLUTION"),
        raw("# BEGIN TESTS"), code(test), raw("# END TESTS"), raw("# END QUESTION"),
    )  # fmt: skip


def write(folder: Path, *cells: Node) -> Path:
    """The notebook file of some cells."""
    path = folder / "lab.ipynb"
    path.write_text(json.dumps(nbformat.v4.new_notebook(cells=list(cells))))
    return path


def made_of(folder: Path, *cells: Node) -> Converted:
    """What comes of a notebook of these cells."""
    return converted(read_notebook(write(folder, *cells)), "lab")


def stub_of(made: Converted) -> str:
    """The stub."""
    return make_stub(made.files["solutions/lab/lab.py"], "lab.py")


def open_text(made: Converted) -> str:
    """All that students get of it: stub, text, and public cases."""
    cases = [text for path, text in made.files.items() if "/cases/" in path]
    public = [part for text in cases for part in text.split("\n@case(")[1:] if "public=True" in part.split("\n")[0]]
    handed = [text for path, text in made.files.items() if path.startswith("assignments/")]
    return "\n".join([stub_of(made), *handed, *public])
