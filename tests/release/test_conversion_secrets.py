"""Converted notebooks give no solution, mark scheme or hidden test away, wherever it stands; the rest comes over."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.release.conversion.marks import with_region, with_regions
from autograder.release.stub import make_stub
from tests.release.notebook_cells import answer, code, graded, made_of, md, open_text, otter, raw, stub_of

SQUARES = 'def squares(n):\n    """n squares"""\n    SECRET = [i * i for i in range(n)]\n    return SECRET\n'
MARKED = (
    'def squares(n):\n    """n squares"""\n    {}\n    SECRET = [i * i for i in range(n)]\n    return SECRET\n    {}\n'
)
OPEN = 'def squares(n):\n    """n squares"""\n    raise NotImplementedError("write squares")'
ANSWERS = {
    "a plain function": SQUARES,
    "a marked function": MARKED.format("### BEGIN SOLUTION", "### END SOLUTION"),
    "marks without a space": MARKED.format("###BEGIN SOLUTION", "###END SOLUTION"),
    "marks with words around": MARKED.format("# --- BEGIN SOLUTION (2 lines) ---", "# --- END SOLUTION ---"),
    "a mark without its end": MARKED.format("### BEGIN SOLUTION", "pass"),
    "marks around all": f"### BEGIN SOLUTION\n{SQUARES}### END SOLUTION\n",
    "a comment first": SQUARES.replace("    SECRET =", "    # SECRET: multiply\n    SECRET ="),
    "a comment last": f"{SQUARES}    # SECRET: or by a loop\n",
    "a comment between": f"# SECRET: multiply\n{SQUARES}\n# SECRET\n",
    "an inner function": 'def squares(n):\n    """n squares"""\n    @SECRET\n    def g(): return n\n    return g\n',
    "one line": "def squares(n): return SECRET\n",
    "a tab": SQUARES.replace("    ", "\t"),
    "a coroutine": f"async {SQUARES}",
    "a string of lines": 'def squares(n):\n    text = """\nSECRET\n# ""\nSECRET"""\n    return text\n',
    "two on a line": f"import math; factor = 'SECRET'\n{SQUARES}",
    "a variable": f"squares = lambda n: SECRET(n)\nother = 'SECRET'\n{SQUARES.replace('squares', 'further')}",
    "no Python": "def squares(n:\n    SECRET\n",
}
CLASSES = {
    "a table": 'class Net:\n    """A net."""\n\n    size: int\n    TABLE = {"SECRET": 3.25}\n\n    def squares(self):\n'
               "        return self.TABLE\n",
    "one with comments": "class Net:\n    # SECRET one\n    @property\n    def squares(self):\n"
                         "        pass  # SECRET\n        # SECRET\n    # SECRET 2\n    def other(self): SECRET\n",
    "one with strings": 'class Net:\n    def squares(self):\n        text = """SECRET\nSECRET"""\n        pass\n',
    "a coroutine": "class Net:\n    async def squares(self):\n        return SECRET\n",
    "one inside": "class Net:\n    class Inner:\n        K = SECRET\n        def squares(self):\n            SECRET\n",
    "a loop": "class Net:\n    for SECRET in range(3):\n        pass\n    def squares(self):\n        pass\n",
}  # fmt: skip
BETWEEN = {
    "nothing": (),
    "text": (md("Run the tests:"),),
    "a heading": (md("### Try it"),),
    "code": (code("x = 3"),),
    "code that calls it": (code("squares(3)"), code("y = 1")),
    "a raw cell": (raw("note"),),
    "a written question": (md("## Why?", grade=True, solution=True, grade_id="why", points=1),),
    "another answer": (md("## More"), answer("def more():\n    return 'SECRET'\n", "more")),
}
TESTS = "assert squares(3) == [0, 1, 4]\n###BEGIN HIDDEN TESTS\nassert squares(2) == 'SECRET'\n###END HIDDEN TESTS"
AFTER = {
    "tests": (graded(TESTS),),
    "no tests": (),
    "a task": (md("## Draw\nA net.\n=== BEGIN MARK SCHEME ===\nSECRET", task=True, grade_id="draw", points=1),),
    "tests of another": (md("## Last"), answer("def last():\n    return 'SECRET'\n", "last"), graded("assert last()")),
}


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("between", BETWEEN)
def test_an_answer_stays_secret_wherever_it_stands(between: str, after: str, tmp_path: Path) -> None:
    for what, solution in {**ANSWERS, **CLASSES}.items():
        made = made_of(tmp_path, md("# Lab"), md("## Squares"), answer(solution), *BETWEEN[between], *AFTER[after])
        ast.parse(made.files["solutions/lab/lab.py"])
        assert "SECRET" not in open_text(made), what
        if what != "no Python":
            assert "SECRET" in made.files["solutions/lab/lab.py"], what
        if solution.startswith('def squares(n):\n    """n'):
            assert 'def squares(n):\n    """n squares"""\n    raise NotImplementedError("write squares")' in stub_of(
                made
            )


@pytest.mark.parametrize("what", CLASSES)
def test_of_a_class_students_get_signatures_docstrings_and_bare_annotations(what: str) -> None:
    for marks in (with_region, with_regions):
        reference = marks(CLASSES[what])
        stub = make_stub(reference, "x")
        assert "SECRET" not in stub
        assert "def squares(self):" in stub
        assert ast.dump(ast.parse(reference)) == ast.dump(ast.parse(CLASSES[what]))
    if what == "a table":
        assert 'class Net:\n    """A net."""\n\n    size: int\n    ...\n' in stub


def test_what_an_instructor_left_open_stays_open() -> None:
    partly = "def f(n):\n    given = 3\n    ### BEGIN SOLUTION\n    SECRET\n    ### END SOLUTION\n    return given\n"
    for marks in (with_region, with_regions):
        stub = make_stub(marks(partly.replace("###", "#")), "x")
        assert "given = 3" in stub
        assert "SECRET" not in stub


@pytest.mark.parametrize("cell", [
    md("Text.\n### BEGIN SOLUTION\nSECRET\n### END SOLUTION"),
    md("Text.\n<!-- BEGIN MARK SCHEME -->\nSECRET\n<!-- END MARK SCHEME -->"),
    md("Text.\n=== BEGIN MARK SCHEME ===\nSECRET"),
    md("SECRET", solution=True, grade_id="own"),
    code("x = 3\n### BEGIN HIDDEN TESTS\nassert x == 'SECRET'\n### END HIDDEN TESTS"),
    code("x = 3\n### BEGIN SOLUTION\ny = 'SECRET'\n### END SOLUTION"),
])  # fmt: skip
def test_regions_in_cells_that_should_have_none_stay_secret(cell: object, tmp_path: Path) -> None:
    made = made_of(tmp_path, md("## Squares"), cell, answer(SQUARES), graded(TESTS))
    assert "SECRET" not in open_text(made)
    assert ("cell 2" in "\n".join(made.todo)) != ("y = " in cell.source)
    assert {"x": "x = 3", "T": "Text.", "S": ""}[cell.source[0]] in open_text(made)


def test_a_mark_scheme_is_in_the_rubric_and_its_task_in_the_handout(tmp_path: Path) -> None:
    scheme = "=== BEGIN MARK SCHEME ===\nSECRET: 2 points\n\nfor layers\n=== END MARK SCHEME ==="
    made = made_of(
        tmp_path, md("# Lab"), answer(SQUARES), md("## Drawing"), md("First read."),
        md(f"Draw a net.\n\n{scheme}\nOn paper.", task=True, grade_id="d", points=3),
        md("## Squares"), answer(SQUARES.replace("squares", "more")), graded("assert more(3) == [0, 1, 4]"),
    )  # fmt: skip
    handout = made.files["assignments/lab/handout.md"]
    assert "## 1. Drawing (`d`, 3 points)\n\nFirst read.\n\nDraw a net.\n\nOn paper." in handout
    assert "SECRET: 2 points\n\nfor layers" in made.files["solutions/lab/rubric.md"]
    assert "MARK SCHEME" not in "".join(made.files.values())


def test_a_written_answer_keeps_what_is_shown_of_it(tmp_path: Path) -> None:
    shown = "Your words:\n### BEGIN SOLUTION\nSECRET\n### END SOLUTION"
    made = made_of(tmp_path, md("## Why?"), md(shown, grade=True, solution=True, grade_id="why", points=1))
    assert "## 1. Why? (`why`, 1 points)\n\nYour words:" in made.files["assignments/lab/handout.md"]
    assert "SECRET" in made.files["solutions/lab/rubric.md"]
    assert "SECRET" not in open_text(made)


def test_text_and_code_between_an_answer_and_its_tests_belong_to_the_question(tmp_path: Path) -> None:
    made = made_of(
        tmp_path, md("# Lab"), code("import math"), md("## Part A: Squares\n\nWrite it."), code("given = 3"),
        answer(SQUARES), md("### It should print [0, 1, 4]"), code("tried = squares(given)"),
        code("import os\nhere = os.getcwd()"),
        graded("assert squares(given) == [0, 1, 4]"), code("x = 1"), md("Now more."),
        graded("assert squares(1) == [0]"),
    )  # fmt: skip
    handout = made.files["assignments/lab/handout.md"]
    assert handout.startswith("# Lab\n\n## 1. Squares (`squares`, 4 points)\n\nWrite it.")
    assert "Now more." in handout
    reference = made.files["solutions/lab/lab.py"]
    places = [reference.index(one) for one in ("given = 3", "import os", "def squares", "tried = ", "x = 1")]
    assert places == sorted(places)
    assert not any("no cell of tests" in line for line in made.todo)
    exec(reference, {})


def test_an_answer_without_tests_is_told_and_stands_above_the_next_question(tmp_path: Path) -> None:
    further = answer("def further(n):\n    return squares(n)\n", "further")
    cells = (md("## One\n\nText."), answer(SQUARES), md("## Two"), further)
    made = made_of(tmp_path, *cells, graded("assert further(1) == [0]"))
    assert "`squares` is an answer that no cell of tests asks for" in made.todo[0]
    assert made.files["assignments/lab/handout.md"].endswith("## One\n\nText.\n\n## 1. Two (`further`, 2 points)\n")
    used = made_of(tmp_path, *cells, graded("assert further(1) == squares(1)"))
    assert not any("no cell of tests" in line for line in used.todo)


def test_an_otter_class_gives_nothing_away(tmp_path: Path) -> None:
    for what, solution in CLASSES.items():
        made = made_of(tmp_path, *otter("name: q1\npoints: 2", solution, "assert Net().squares()"))
        assert "SECRET" not in open_text(made), what
        assert "def squares(self):" in stub_of(made)


def test_lines_of_a_variables_string_stay_as_they_are(tmp_path: Path) -> None:
    made = made_of(tmp_path, md("## Text"), answer('total = """a\nb"""\n'), graded("assert total == 'ab'"))
    space: dict[str, object] = {}
    exec(made.files["solutions/lab/lab.py"], space)
    assert space["total"]() == "a\nb"  # type: ignore[operator]
