"""Assignments read from a course: what does not fit together is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import AuthorError, CasesError, SpecError, UsageError
from autograder.grading.source import find_root, load_source
from tests.small_course import CASES, MISCONCEPTIONS, REFERENCE, SPEC, write_course


def load_whole(root: Path) -> None:
    source = load_source(root, "small")
    for misconception in source.misconceptions:
        source.variant(misconception)


def test_a_course_loads(tmp_path: Path) -> None:
    source = load_source(write_course(tmp_path), "small")
    assert [c.name for c in source.cases.cases] == ["three_numbers", "a_matrix", "mean_of_three", "mean_of_a_matrix"]
    assert "return x**2" in source.variant(source.misconceptions[0])
    assert source.tolerances == {}


def test_trusted_modules_and_alternates_are_found(tmp_path: Path) -> None:
    write_course(tmp_path, cases="from truth import TWO\n" + CASES)
    (tmp_path / "solutions/small/truth.py").write_text("TWO = 2\n")
    (tmp_path / "solutions/small/alternates").mkdir()
    (tmp_path / "solutions/small/alternates/sum.py").write_text("def double(x):\n    return x + x\n")
    source = load_source(tmp_path, "small")
    assert set(source.cases.trusted) == {"truth"}
    assert source.alternate("sum").startswith(REFERENCE)
    assert source.alternate("sum").rstrip().endswith("return x + x")


def test_the_course_folder_is_found_upwards(tmp_path: Path) -> None:
    write_course(tmp_path)
    assert find_root(tmp_path / "solutions" / "small") == tmp_path
    with pytest.raises(UsageError, match="not a course folder"):
        find_root(Path("/"))


@pytest.mark.parametrize(
    ("texts", "error", "words"),
    [
        ({"cases": CASES.replace('"mean"', '"median"')}, CasesError, "belongs to no question"),
        ({"cases": CASES.split('@case("mean", public')[0]}, CasesError, "question `mean` has no case"),
        ({"spec": SPEC.replace('id = "small"', 'id = "other"')}, SpecError, "the folder's name"),
        (
            {"spec": SPEC.replace("points = 4", "points = 4\ncase_points = { three_numbers = 4 }")},
            SpecError,
            "a_matrix",
        ),
        (
            {"misconceptions": MISCONCEPTIONS.replace("return 2 * x", "return 3 * x")},
            AuthorError,
            "is not in the reference",
        ),
        ({"misconceptions": MISCONCEPTIONS.replace("sum_for_mean", "square")}, AuthorError, "`square` is used twice"),
        (
            {"misconceptions": MISCONCEPTIONS.replace('"a_matrix"', '"a_vector"')},
            AuthorError,
            "fails a case that there is not",
        ),
        ({"misconceptions": MISCONCEPTIONS.replace('"double"', '"triple"')}, AuthorError, "triple"),
        ({"misconceptions": MISCONCEPTIONS + "colour = 1\n"}, SpecError, "unknown key"),
        ({"cases": CASES.replace("import case", "import cases")}, CasesError, "did you mean `case`?"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, texts: dict[str, str], error: type, words: str) -> None:
    write_course(tmp_path, **texts)
    with pytest.raises(error) as caught:
        load_whole(tmp_path)
    assert words in str(caught.value)


def test_unknown_assignments_and_missing_files_are_named(tmp_path: Path) -> None:
    write_course(tmp_path)
    with pytest.raises(UsageError) as caught:
        load_source(tmp_path, "big")
    assert "there is no assignment `big`" in str(caught.value)
    assert "assignments: small" in str(caught.value)
    (tmp_path / "solutions/small/small.py").unlink()
    with pytest.raises(AuthorError, match="there is no such file"):
        load_source(tmp_path, "small")


def test_a_damaged_certificate_is_named(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "solutions/small/certificate.json").write_text("[]")
    with pytest.raises(AuthorError, match="is not a certificate"):
        load_source(tmp_path, "small")


def in_folders(root: Path) -> Path:
    """The small course with its cases and misconceptions in folders."""
    write_course(root)
    private = root / "solutions/small"
    head, *_ = CASES.split('@case("double"', 1)
    double, mean = CASES.removeprefix(head).split('@case("mean"', 1)
    first, second = MISCONCEPTIONS.split('\n[[misconceptions]]\nid = "sum_for_mean"', 1)
    for name, text in {
        "cases/double.py": head + double,
        "cases/mean.py": f'{head}@case("mean"{mean}',
        "misconceptions/double.toml": first,
        "misconceptions/mean.toml": f'[[misconceptions]]\nid = "sum_for_mean"{second}',
    }.items():
        (private / name).parent.mkdir(exist_ok=True)
        (private / name).write_text(text)
    (private / "cases.py").unlink()
    (private / "misconceptions.toml").unlink()
    return root


def test_cases_and_misconceptions_may_stand_in_folders(tmp_path: Path) -> None:
    single, folders = (
        load_source(write_course(tmp_path / "a"), "small"),
        load_source(in_folders(tmp_path / "b"), "small"),
    )
    assert [c.name for c in folders.cases.cases] == [c.name for c in single.cases.cases]
    assert folders.misconceptions == single.misconceptions
    assert folders.cases.probes(["three_numbers", "a_matrix"]) == single.cases.probes(["three_numbers", "a_matrix"])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("cases.py", CASES, ("cases.py", "stands beside the folder cases/")),
        ("misconceptions.toml", MISCONCEPTIONS, ("misconceptions.toml", "stands beside the folder misconceptions/")),
        ("misconceptions/median.toml", MISCONCEPTIONS, ("median.toml", "is named after no machine-graded question")),
        ("misconceptions/mean.toml", MISCONCEPTIONS, ("mean.toml", "`square` belongs to another question")),
        ("misconceptions/double.toml", MISCONCEPTIONS.split("\n\n")[0].replace("a_matrix", "x"), ("double.toml", "x")),
        (
            "misconceptions/double.toml",
            MISCONCEPTIONS.replace('"double"', '"duoble"'),
            ("double.toml:3: misconception `square` names a question that there is not", "did you mean `double`?"),
        ),
        (
            "misconceptions/double.toml",
            MISCONCEPTIONS.replace('"double"', '"softmax"'),
            ("expected: one of double, mean", 'write question = "double", as its file is named'),
        ),
        ("cases/mean.py", CASES, ("cases/mean.py:7", "`three_numbers` belongs to another question")),
        ("cases/means.py", CASES, ("cases/means.py:7", "no question has this file's name", "double.py")),
    ],
)
def test_what_does_not_fit_a_folder_is_named_with_its_file(
    tmp_path: Path, name: str, text: str, words: tuple[str, ...]
) -> None:
    (in_folders(tmp_path) / "solutions/small" / name).write_text(text)
    with pytest.raises(AuthorError) as caught:
        load_source(tmp_path, "small")
    for word in words:
        assert word in str(caught.value)
