"""Keys: one secret of the course, one salt of each assignment, and what is derived from them by label.

    COURSE/course.secret         32 random bytes as hex, mode 0600, in no repository; chooses the worlds of releases
    solutions/<name>/salt        32 random bytes as hex, committed; seeds the recorded worlds

Derivation is HKDF (RFC 5869) with SHA-256: who knows one key can compute neither the secret nor another key. Without a
course secret the keys are derived from the salt: then whoever reads the private repository can foretell them.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.errors import AuthorError, MachineError, UsageError

SECRET, SALT = "course.secret", "salt"
BYTES = 32
Label = Literal["world", "milestone", "deck", "marker", "board", "rubric"]
_EXTRACT = b"autograder keys 1"


@dataclass(frozen=True)
class Keys:
    """Where the keys of an assignment come from; `secret` is None where the course has none."""

    assignment: str
    salt: bytes = field(repr=False)
    secret: bytes | None = field(default=None, repr=False)

    def of(self, label: Label) -> bytes:
        """The assignment's key for a purpose, 32 bytes."""
        return derived(self.salt if self.secret is None else self.secret, label, self.assignment)

    def all(self) -> tuple[bytes, ...]:
        """The secret and the salt, which stand in no release."""
        return (self.salt,) if self.secret is None else (self.salt, self.secret)


def derived(secret: bytes, label: Label, name: str) -> bytes:
    """A key of 32 bytes for a purpose and a name (an assignment, a course)."""
    inner = hmac.new(_EXTRACT, secret, hashlib.sha256).digest()
    return hmac.new(inner, f"{label}\x1f{name}".encode() + b"\x01", hashlib.sha256).digest()


def make_secret(root: Path) -> Path:
    """Write a new course secret; its path. `.gitignore` of the course names it afterwards.

    Raises:
        UsageError: there is one.
        MachineError: the folder cannot be written.
    """
    path = root / SECRET
    try:
        _write_new(path, 0o600)
        ignore = root / ".gitignore"
        lines = ignore.read_text(encoding="utf-8").splitlines() if ignore.is_file() else []
        if not {SECRET, f"/{SECRET}"} & set(lines):
            ignore.write_text("\n".join([*lines, f"/{SECRET}"]) + "\n", encoding="utf-8")
    except FileExistsError:
        fix = "keep it: with another one students get other worlds. To replace it, move it away first"
        raise UsageError("there is a course secret already", where=str(path), fix=fix) from None
    except OSError as error:
        raise MachineError(f"cannot be written: {error.strerror}", where=str(path)) from None
    return path


def read_secret(root: Path, file: Path | None = None) -> bytes | None:
    """The course secret; None where the course has none.

    Args:
        file: where it lies, if not in the course folder; it must be there then.

    Raises:
        UsageError: `file` is not there.
        AuthorError: it is no secret, it cannot be read, or others may read it.
    """
    path = file or root / SECRET
    if not path.is_file():
        if file is not None:
            raise UsageError("there is no such file", where=str(file), expected="the course secret")
        return None
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise AuthorError("other users may read the course secret", where=str(path), fix=f"chmod 600 {path}")
    return _read(path, "restore it from your backup; docs/grading.md says what works without it")


def make_salt(folder: Path, *, replace: bool = False) -> Path:
    """Write a salt into solutions/<name>; its path.

    Raises:
        UsageError: there is one, and it is not to be replaced.
        MachineError: the folder cannot be written.
    """
    path = folder / SALT
    try:
        if replace:
            path.unlink(missing_ok=True)
        _write_new(path, 0o644)
    except FileExistsError:
        raise UsageError("there is a salt already", where=str(path), fix="to replace it, give --new") from None
    except OSError as error:
        raise MachineError(f"cannot be written: {error.strerror}", where=str(path)) from None
    return path


def read_salt(folder: Path) -> bytes:
    """The salt of an assignment.

    Raises:
        AuthorError: there is none, it cannot be read, or it is damaged.
    """
    path, fix = folder / SALT, f"autograder salt {folder.name} --new"
    if not path.is_file():
        raise AuthorError("the assignment has no salt: its worlds hang on it", where=str(path), fix=fix)
    return _read(path, f"restore it, or make another one: {fix}")


def _write_new(path: Path, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(BYTES) + "\n")


def _read(path: Path, fix: str) -> bytes:
    try:
        data = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        expected, mend = "a file that you may read", f"work as its owner, or give yourself the right: chmod u+r {path}"
        raise AuthorError(f"cannot be read: {error.strerror}", where=str(path), expected=expected, fix=mend) from None
    except ValueError:
        data = b""
    if len(data) != BYTES:
        expected = f"{BYTES} bytes as {2 * BYTES} hexadecimal digits"
        raise AuthorError("does not hold what it should", where=str(path), expected=expected, fix=fix)
    return data
