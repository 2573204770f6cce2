"""docs/reference.md is what the code says, its examples run, and nothing of the code is left out."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
from pathlib import Path

import pytest

from autograder import authoring, checks
from autograder.cli.manual.faults import KINDS, faults
from autograder.cli.manual.keys import key_names, meaning, type_words
from autograder.cli.manual.page import BESIDE, CHECKS, COMMAND, FILES, MARKS, PRELUDE, reference_page
from autograder.grading.source import load_source
from autograder.release.ships import shipped_judges
from tests.small_course import CASES, write_course

PAGE = Path(__file__).parent.parent.parent / "docs/reference.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_page(), f"stale: {COMMAND}"


def test_the_examples_of_the_page_give_what_they_show() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks[0] == PRELUDE
    space: dict[str, object] = {}
    exec(PRELUDE + "from autograder.authoring import case\n", space)
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    for number, block in enumerate(blocks[1:]):
        runner.run(parser.get_doctest(block, space, f"block {number}", str(PAGE), 0))
    assert runner.failures == 0
    assert runner.tries >= 50


@pytest.mark.parametrize("name", [*CHECKS, "case"])
def test_every_check_has_an_example(name: str) -> None:
    function = getattr(checks, name, None) or getattr(authoring, name)
    assert doctest.DocTestParser().get_examples(function.__doc__ or "")


def test_nothing_that_an_author_may_import_is_left_out() -> None:
    def public(module: object) -> set[str]:
        tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
        return {a.asname or a.name for node in tree.body if isinstance(node, ast.ImportFrom) for a in node.names}

    assert public(checks) - {"annotations"} == {*CHECKS, *BESIDE}
    assert public(authoring) - {"annotations"} == {*MARKS, "World"}


@pytest.mark.parametrize("file", FILES)
def test_every_key_says_what_it_means(file: str) -> None:
    assert [f"{m.__name__}.{key}" for m, key in key_names(FILES[file]) if not meaning(m, key)] == []


def test_types_are_words() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert type_words(tuple[str, ...]) == "list of: text"
    assert "whole number, at least 64, at most 65,536" in page
    assert not re.search(r"\^\[|Annotated|typing\.|<class", page)


def test_errors_are_collected_with_their_fixes() -> None:
    found = faults()
    texts = {(f.what, f.fix) for f in found}
    assert ("… has no docstring", "say what a student should read") in texts
    assert {f.kind for f in found} >= set(KINDS) - {"AutograderError", "UnreachableError"}  # raised under another name
    assert len(found) > 250


def test_release_tells_which_judges_ship(tmp_path: Path) -> None:
    judged = CASES.replace("from autograder.checks import close\n", "from autograder.checks import close, satisfies\n"
        "from judges import positive, secret\n").replace(
        '@case("double", public=True, check=close())', '@case("double", public=True, check=satisfies(positive))', 1
    ).replace('@case("double", check=close())', '@case("double", check=satisfies(secret))', 1)  # fmt: skip
    root = write_course(tmp_path, cases=judged)
    (root / "solutions/small/judges.py").write_text(
        "from autograder.checks import Measured\n\nLEAST = 3\n\n\n"
        "def positive(outputs, world):\n    return Measured(LEAST - 3)\n\n\n"
        "def secret(outputs, world):\n    return Measured(0)\n"
    )
    shipped = dict(shipped_judges(load_source(root, "small").cases))
    assert shipped == {"judges": ("LEAST", "positive")}
