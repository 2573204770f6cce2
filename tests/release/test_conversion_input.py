"""Notebooks with faults: each is refused with its cell and a way out, or comes over; none ends in a traceback."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.release.docstrings import docstring
from tests.release.notebook_cells import Node, answer, code, graded, made_of, md, otter, raw, write

SOLUTION, TEST = "def squares(n):\n    return n\n", "assert squares(3) == 3"
HEADINGS = (
    "The $\\underline{x}$ of it",
    'Say """hi"""',
    "$\\nabla$ and $\\xi$",
    "$\\N$, \\U, \\x",
    'He said "no"',
    "{x}",
    "\\",
)


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize(
    ("solution", "test"), [(SOLUTION, TEST), ("total = 3\n", "assert total == 3\nassert total > 2"), (SOLUTION, "1")]
)
def test_a_title_is_text_in_every_file(heading: str, solution: str, test: str, tmp_path: Path) -> None:
    made = made_of(tmp_path, md(f"## {heading}"), answer(solution), graded(test))
    trees = [ast.parse(text) for path, text in made.files.items() if path.endswith(".py")]
    docs = {ast.get_docstring(f) for t in trees for f in ast.walk(t) if isinstance(f, ast.FunctionDef)} - {None}
    assert docs
    assert all(doc.startswith(heading.replace('"""', "'''")) for doc in docs if doc)


@pytest.mark.parametrize("text", [*HEADINGS, "a\nb", "", '"', '\\"'])
def test_a_docstring_has_the_text_as_its_value(text: str) -> None:
    assert ast.literal_eval(docstring(text)).strip() == text.replace('"""', "'''").strip()


REFUSED: dict[str, tuple[tuple[Node, ...], str, str]] = {
    "open bracket": (otter("name: q1\npoints: [5", SOLUTION, TEST), "cell 1 (BEGIN QUESTION)", "line 3 of the cell"),
    "a list": (otter("- q1", SOLUTION, TEST), "cell 1 (BEGIN QUESTION)", "has no keys"),
    "a date": (otter("name: 2020-13-45", SOLUTION, TEST), "cell 1 (BEGIN QUESTION)", "no YAML"),
    "test config": (
        otter("name: q1", SOLUTION, f'""" # BEGIN TEST CONFIG\nhidden: [true\n""" # END TEST CONFIG\n{TEST}'),
        "cell 7 (BEGIN TEST CONFIG)", "no YAML",
    ),
    "assignment": ((raw("# ASSIGNMENT CONFIG\nname: [x"), *otter("name: q1", SOLUTION, TEST)),
                   "cell 1 (ASSIGNMENT CONFIG)", "no YAML"),
    **{
        f"points {points}": (otter(f"name: q1\npoints: {points}", SOLUTION, TEST), "cell 1", f"found:    {said}")
        for points, said in [("1/0", "1/0"), ("abc", "abc"), (".inf", "inf"), (".nan", "nan"), ("-1", "-1"),
                             ("1e999999999", "1e999999999"), ("true", "True"), ("[1, x]", "x"), ("{each: x}", "x"),
                             ("'" + "9" * 5000 + "'", "999")]
    },
    "points of nbgrader": ((md("## A"), answer(SOLUTION), graded(TEST, points="1/0")), "cell 3", "found:    1/0"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_cell(what: str, tmp_path: Path) -> None:
    cells, place, said = REFUSED[what]
    for folder in ("assignments", "solutions"):
        (tmp_path / folder).mkdir()
    result = CliRunner().invoke(main, ["convert", str(write(tmp_path, *cells)), "--root", str(tmp_path)])
    assert result.exit_code == 2, result.output
    assert "lab.ipynb, " + place in result.output
    assert said in result.output
    assert "fix:" in result.output
    assert not list((tmp_path / "solutions").iterdir())


@pytest.mark.parametrize(("points", "total"), [
    ("2", "2"), ("0.5", "0.5"), ("1/3", '"1/3"'), ("[1, 2]", "3"), ("0", "0"), ("{each: 2}", "2"), ("", "1"),
])  # fmt: skip
def test_points_as_otter_writes_them_come_over(points: str, total: str, tmp_path: Path) -> None:
    made = made_of(tmp_path, *otter(f"name: q1\npoints: {points}", SOLUTION, TEST))
    assert made.files["assignments/lab/assignment.toml"].rstrip().endswith(f"points = {total}")


ODD = {
    "a marker without a space": (raw("#BEGIN QUESTION\nname: q1"), raw("#BEGIN SOLUTION"), code(SOLUTION),
                                 raw("#END SOLUTION"), raw("#END QUESTION")),
    "Windows lines": (md("## A"), answer(SOLUTION.replace("\n", "\r\n")), graded(TEST)),
    "half a character": (md("## A \ud800"), answer(SOLUTION), graded(TEST)),
    "two statements on a line": (md("## A"), answer("a = 1; b = 2; b += 1\n"), graded("assert a + b == 4")),
    "an f-string of lines": (md("## A"), answer("total = 3\n"), graded("assert total"), md("## B"),
                             answer('text = f"""\n{total}"""\n'), graded("assert text")),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_odd_notebooks_come_over(what: str, tmp_path: Path) -> None:
    cells = ODD[what]
    made = made_of(tmp_path, *cells)
    space: dict[str, object] = {}
    exec(made.files["solutions/lab/lab.py"], space)
    assert ("squares" in space) == ("def squares" in str(cells))
    "".join(made.files.values()).encode()
    if what == "two statements on a line":
        assert space["b"]() == 3  # type: ignore[operator]
