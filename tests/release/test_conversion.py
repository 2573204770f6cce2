"""Notebooks of Otter assign and nbgrader: what comes over of ten of them, and that what came of it can be examined."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.grading.source import AssignmentSource, load_source
from autograder.release.conversion.functions import called, solutions_of
from autograder.release.conversion.probes import Names, probe_of
from autograder.verify.exam import Options, verify_assignment
from tests.fakes import FakeSandbox

NOTEBOOKS = Path(__file__).parent / "notebooks"
CAME = {  # question → points, public cases, hidden cases, TODOs; None for written ones
    "otter_first_lab.ipynb": {"q1": ("2", 2, 1, 0), "q2": ("3", 1, 1, 0)},
    "otter_variables.ipynb": {"total_rate": ("1", 0, 2, 0), "scaled": ("2", 0, 1, 0)},
    "otter_written.ipynb": {"why_relu": ("4", 0, 0, 0), "relu": ("3", 1, 1, 0)},
    "otter_classes.py": {"layer": ("6", 2, 1, 1)},
    "otter_loops.ipynb": {"fib": ("3", 1, 1, 0), "golden": ("2", 0, 1, 0)},
    "nbgrader_squares.ipynb": {"squares": ("2", 2, 1, 1), "sum_of_squares": ("1", 1, 1, 0), "formula": ("2", 0, 0, 0)},
    "nbgrader_tasks.ipynb": {"plot": ("3", 0, 0, 0), "essay": ("5", 0, 0, 0), "decay": ("2", 1, 1, 0)},
    "nbgrader_variables.py": {"centre": ("1", 0, 1, 0), "spread": ("1/2", 0, 2, 0)},
    "nbgrader_gradients.ipynb": {"step": ("4", 1, 1, 0)},
    "nbgrader_random.ipynb": {"groe_1": ("2", 1, 1, 0)},
}
LEFT = {  # gates that a person has to see to, besides the certificate
    "otter_classes.py": {"probes", "stub 0"},
    "otter_variables.ipynb": {"follow-on", "unwritten"},
    "otter_loops.ipynb": {"forms", "unwritten"},
    "nbgrader_squares.ipynb": {"follow-on", "probes", "trivial outputs"},
    "nbgrader_variables.py": {"follow-on", "unwritten"},
    "nbgrader_gradients.ipynb": {"forms"},
    "nbgrader_random.ipynb": {"probes"},
}


def convert(root: Path, name: str) -> tuple[AssignmentSource, str]:
    """The assignment that a notebook becomes, and what the command says."""
    for folder in ("assignments", "solutions"):
        (root / folder).mkdir()
    result = CliRunner().invoke(main, ["convert", str(NOTEBOOKS / name), "--root", str(root)])
    assert result.exit_code == 0, result.output
    return load_source(root, name.partition(".")[0]), result.output


@pytest.mark.parametrize("name", CAME)
def test_a_notebook_comes_over(name: str, tmp_path: Path) -> None:
    source, said = convert(tmp_path, name)
    found = {}
    for question in source.spec.questions:
        cases = source.cases.of(question.id)
        todo = sum("# TODO" in text for text in source.cases.source.split("@case(") if f'"{question.id}"' in text[:60])
        found[question.id] = (
            str(question.points),
            sum(c.public for c in cases),
            sum(not c.public for c in cases),
            todo,
        )
    assert found == CAME[name]
    assert CliRunner().invoke(main, ["stub", "--check", "--root", str(tmp_path)]).exit_code == 0
    stub = (source.public_folder / source.spec.submission.file).read_text()
    assert "SOLUTION" not in stub
    assert "NotImplementedError" in stub or not source.spec.graded()
    assert said.count("\n* ") >= len(source.spec.graded()) + 1
    assert (source.private_folder / "converted.md").read_text() in said


@pytest.mark.parametrize("name", CAME)
def test_what_came_over_can_be_examined(name: str, tmp_path: Path) -> None:
    source, _ = convert(tmp_path, name)
    report = verify_assignment(FakeSandbox(), source, Options(jobs=1))  # type: ignore[arg-type]
    failed = {row.gate for row in report.rows if row.status == "fail"} - {"certificate"}
    assert failed == LEFT.get(name, set()), "\n".join(p.text() for p in report.problems())
    assert report.gate("reference 100").status == "pass"


def test_text_and_written_answers_come_over(tmp_path: Path) -> None:
    source, _ = convert(tmp_path, "otter_written.ipynb")
    handout = (source.public_folder / "handout.md").read_text()
    assert "## 1. Why ReLU (`why_relu`, 4 points)" in handout
    assert "Why does a deep network need a non-linearity?" in handout
    assert "composition of linear maps" not in handout
    assert "composition of linear maps is linear" in (source.private_folder / "rubric.md").read_text()


NAMES = Names({"f", "g"}, {"total"}, {"data"}, {"np": "import numpy as np"})


@pytest.mark.parametrize(
    ("test", "body"),
    [
        ("assert f(3) == 9", "return student.f(3)"),
        ("assert 9 == f(3), 'no'", "return student.f(3)"),
        ("assert abs(total - 1.5) < 1e-6", "return student.total()"),
        ("assert np.allclose(f(np.ones(2)), [1, 2])", "return student.f(np.ones(2))"),
        ("assert not f(data)", "return student.f(student.data)"),
        ("x = 2\nassert f(x) == g(x)", "x = 2\nreturn [student.f(x), student.g(x)]"),
        ("y = f(1)\nassert y.shape == (2,)", "y = student.f(1)\nreturn y"),
        ("assert f(1).shape[0] == 2", "return student.f(1)"),
        ("assert np.allclose(f(1).sum(axis=1), 1)", "return student.f(1)"),
        ("assert np.isfinite(f(1)).all()", "return student.f(1)"),
        ("assert len(f(1)) == 3", "return student.f(1)"),
        ("assert f(1) == 1\nassert f(2) > 3",
         "values = []\nvalues.append(student.f(1))\nvalues.append(student.f(2))\nreturn values"),
        ("for i in range(3):\n    assert f(i) == i",
         "values = []\nfor i in range(3):\n    values.append(student.f(i))\nreturn values"),
        ("assert all(f(i) == i for i in range(3))", "return [student.f(i) for i in range(3)]"),
        ("np.testing.assert_allclose(f(1), 2)\nprint('fine')", "return student.f(1)"),
        ("assert isinstance(f(1), float)", "return type(student.f(1)).__name__"),
        ("assert env['f'](3) == 9", "return student.f(3)"),
    ],
)  # fmt: skip
def test_an_assertion_becomes_the_value_that_it_looks_at(test: str, body: str) -> None:
    made = probe_of(test, NAMES)
    assert (made.body, made.why) == (body, "")


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ("try:\n    f(0)\n    assert False\nexcept ValueError:\n    pass", "asserts that something raises"),
        ("with raises(ValueError):\n    assert f(0)", "asserts that something raises"),
        ("assert callable(f)", "asks whether something is there (callable)"),
        ("assert 1 + 1 == 2", "looks at nothing that the solution defines by a name"),
        ("assert f(elsewhere) == 3", "uses `elsewhere`, which only the notebook's other cells have"),
        ("f(3)", "asserts nothing"),
        (
            "try:\n    f(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no')",
            "asserts that something raises",
        ),
        ("assert 'for' not in inspect.getsource(f)", "reads the text of the code"),
        ("assert f(3 ==", "is no Python"),
    ],
)
def test_what_cannot_be_told_stays_with_its_reason(test: str, why: str) -> None:
    made = probe_of(test, NAMES)
    assert made.why.startswith(why)
    assert made.body == test


def test_equality_of_floats_is_judged_with_a_tolerance() -> None:
    assert probe_of("assert f(3) == 9", NAMES).exact
    assert not probe_of("assert f(3) == 0.5", NAMES).exact
    assert not probe_of("assert np.isclose(f(3), 2)", NAMES).exact


def test_a_variable_becomes_a_function_of_what_it_hangs_on() -> None:
    cells = ["a = 2\nb = a * total # SOLUTION\nunused = 5\nc = b + 1 # SOLUTION"]
    made = solutions_of(cells, {"c"}, {"total"}, "Sums")
    assert made.variables == ["c"]
    space: dict[str, object] = {"total": lambda: 10}
    exec(made.code[0], space)
    assert space["c"]() == 21  # type: ignore[operator]
    assert "unused = 5" in made.notes[0]


def test_variables_are_called_where_they_are_not_a_functions_own() -> None:
    text = "def f(total):\n    return total\n\n\ndef g(x):\n    return x + total"
    assert called(text, {"total"}) == text.replace("x + total", "x + total()")


def test_what_is_no_such_notebook_is_refused(tmp_path: Path) -> None:
    for folder in ("assignments", "solutions"):
        (tmp_path / folder).mkdir()
    for name, text in (("plain.py", "# %%\nx = 1\n"), ("broken.ipynb", "{"), ("none.ipynb", None)):
        path = tmp_path / name
        if text is not None:
            path.write_text(text)
        result = CliRunner().invoke(main, ["convert", str(path), "--root", str(tmp_path)])
        assert result.exit_code == 2, result.output
        assert name in result.output
    assert not list((tmp_path / "solutions").iterdir())
