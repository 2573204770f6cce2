"""Which assignments sit the exam: those that changed since the branch left main, all where that cannot be told."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.assignments.exam import chosen, names_in, touched

ROOT = Path(__file__).parents[2]


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text((root / path).read_text() + "more\n" if (root / path).exists() else "text\n")


def commit(root: Path, *paths: str) -> None:
    write(root, *paths)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "change")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Two assignments, on main, with one commit."""
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, *(f"{f}/{n}/{file}" for n in ("one", "two") for f, file in (
        ("assignments", "assignment.toml"), ("solutions", "cases.py"), ("tests/assignments", "test_x.py"),
    )), "autograder/checks/close.py", "README.md")  # fmt: skip
    return tmp_path


def test_without_a_history_all_of_them(course: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert chosen(course)[0] == ("one", "two")
    bare = tmp_path_factory.mktemp("bare")
    write(bare, "assignments/three/assignment.toml")
    assert chosen(bare)[0] == ("three",)


def test_on_main_what_the_last_commit_changed(course: Path) -> None:
    commit(course, "solutions/one/cases.py")
    assert chosen(course)[0] == ("one",)
    commit(course, "README.md")
    assert chosen(course)[0] == ()


def test_on_a_branch_all_that_changed_since_it_left_main(course: Path) -> None:
    git(course, "checkout", "-qb", "work")
    commit(course, "assignments/two/handout.md")
    commit(course, "README.md")
    assert chosen(course)[0] == ("two",)
    git(course, "checkout", "-q", "main")
    commit(course, "solutions/one/cases.py")
    git(course, "checkout", "-q", "work")
    assert chosen(course)[0] == ("two",)


@pytest.mark.parametrize(
    "path", ["solutions/two/cases.py", "tests/assignments/two/test_new.py", "assignments/two/new.py"]
)
def test_what_is_not_committed_counts(course: Path, path: str) -> None:
    commit(course, "README.md")
    write(course, path)
    assert chosen(course)[0] == ("two",)


def test_a_deleted_file_counts(course: Path) -> None:
    commit(course, "README.md")
    (course / "solutions" / "two" / "cases.py").unlink()
    assert chosen(course)[0] == ("two",)


def test_a_base_may_be_named_and_one_that_is_not_there_means_all(course: Path) -> None:
    commit(course, "solutions/one/cases.py")
    commit(course, "README.md")
    assert chosen(course, "HEAD~2")[0] == ("one",)
    assert chosen(course, "HEAD~1")[0] == ()
    names, why = chosen(course, "nowhere")
    assert names == ("one", "two")
    assert "`nowhere`" in why


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("autograder/checks/close.py", ("one", "two")),
        ("autograder/verify/exam.py", ("one", "two")),
        ("autograder/report/html.py", ()),
        ("solutions/one_more/cases.py", ()),
        ("docs/one/x.md", ()),
        ("assignments/two/assignment.toml", ("two",)),
    ],
)
def test_what_all_stand_on_touches_all(path: str, names: tuple[str, ...]) -> None:
    assert touched(("one", "two"), [path]) == names


def test_every_assignment_of_this_course_has_tests_of_its_own() -> None:
    """Positive control: the folders are named as the assignments are, or the exam would find nothing in them."""
    assert names_in(ROOT)
    for name in names_in(ROOT):
        assert list((ROOT / "tests" / "assignments" / name).glob("test_*.py")), name
