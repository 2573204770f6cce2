"""Vendoring: a release carries the modules that its roots import, and no others."""

import pytest

from autograder.release.vendor import closure, renamed, vendored


def test_the_closure_follows_imports_and_brings_packages() -> None:
    names = closure(["autograder.values.rendering"])
    assert names == ("autograder", "autograder.values", "autograder.values.formula", "autograder.values.rendering")


def test_a_root_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"autograder\.nothing"):
        closure(["autograder.nothing"])


def test_a_package_under_another_name_does_not_import_ours() -> None:
    files = vendored(["autograder.checks", "autograder.home.command"], "selfcheck")
    assert "selfcheck/home/command.py" in files
    assert not any("release" in path for path in files)
    for text in files.values():
        assert b"from autograder" not in text
        assert b"import autograder" not in text


def test_a_grader_s_copy_is_letter_for_letter_the_source() -> None:
    assert renamed("from autograder.checks import close", "autograder") == "from autograder.checks import close"
