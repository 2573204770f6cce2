"""Keys: a secret of the course, a salt of the assignment, and what is derived from them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from autograder.errors import AuthorError, UsageError
from autograder.grading.keys import Keys, derived, make_salt, make_secret, read_salt, read_secret


def test_keys_differ_by_secret_label_and_name() -> None:
    found = {
        derived(b"s", "world", "a"),
        derived(b"t", "world", "a"),
        derived(b"s", "deck", "a"),
        derived(b"s", "world", "b"),
    }
    assert len(found) == 4
    assert {len(key) for key in found} == {32}


def test_without_a_course_secret_keys_come_from_the_salt() -> None:
    alone, kept = Keys("a", b"salt"), Keys("a", b"salt", b"secret")
    assert alone.of("world") == derived(b"salt", "world", "a")
    assert kept.of("world") == derived(b"secret", "world", "a")
    assert kept.of("world") == Keys("a", b"other salt", b"secret").of("world")
    assert "secret" not in repr(kept)


def test_a_secret_is_random_private_ignored_and_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.pyc")
    path = make_secret(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / ".gitignore").read_text() == "*.pyc\n/course.secret\n"
    first = read_secret(tmp_path)
    assert first is not None
    assert len(first) == 32
    with pytest.raises(UsageError, match="already"):
        make_secret(tmp_path)
    assert read_secret(tmp_path) == first
    path.rename(tmp_path / "elsewhere")
    assert read_secret(tmp_path) is None
    assert read_secret(tmp_path, tmp_path / "elsewhere") == first
    make_secret(tmp_path)
    assert read_secret(tmp_path) != first
    assert (tmp_path / ".gitignore").read_text().count("course.secret") == 1


def test_a_secret_that_others_may_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    path = make_secret(tmp_path)
    path.chmod(0o640)
    with pytest.raises(AuthorError, match=r"other users may read[\s\S]*chmod 600"):
        read_secret(tmp_path)
    path.chmod(0o600)
    path.write_text("short")
    with pytest.raises(AuthorError, match="64 hexadecimal digits"):
        read_secret(tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        read_secret(tmp_path, tmp_path / "nowhere")


def test_a_salt_is_kept_until_a_new_one_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match=r"has no salt[\s\S]*autograder salt .* --new"):
        read_salt(tmp_path)
    make_salt(tmp_path)
    first = read_salt(tmp_path)
    with pytest.raises(UsageError, match="already"):
        make_salt(tmp_path)
    make_salt(tmp_path, replace=True)
    assert read_salt(tmp_path) != first
    (tmp_path / "salt").write_text("zz" * 32)
    with pytest.raises(AuthorError, match="hexadecimal"):
        read_salt(tmp_path)


def test_a_secret_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_secret(tmp_path)

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", refuse)
        with pytest.raises(AuthorError, match="cannot be read: Permission denied") as caught:
            read_secret(tmp_path)
    assert "backup" not in str(caught.value)
    assert read_secret(tmp_path)
