"""The leak scan: what a release would give away, found in its files before they are packed.

What is covered: lines of the solution regions, source and docstrings of hidden cases, recorded hidden outputs, private
files of the reference, keys and salts, compiled Python, outputs and execution counts of notebooks, paths of the machine
that built the release. Texts are searched as they are, and as JSON and notebooks write them; private files also in
usual codings of bytes, and where they are text by their words, whatever stands between.
What is not covered: a solution said in other words, or packed, encrypted or encoded in another way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from autograder.errors import AuthorError
from autograder.release.private_files import PrivateFile, Searched, private_files

LeakKind = Literal[
    "solution line", "hidden case", "hidden output", "artifact", "compiled Python", "notebook output", "local path",
    "key",
]  # fmt: skip
_TRIVIAL_CHARACTERS = 14
_OUTPUT_BYTES = 16
_TOGETHER = 3
ARTIFACTS = "artifacts/"
_HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:\\{1,2}Users\\{1,2})[A-Za-z0-9._-]+[/\\]")


@dataclass(frozen=True)
class Leak:
    """One finding. `found` is the text that leaks, for the author's eyes only."""

    kind: LeakKind
    path: str
    found: str


@dataclass(frozen=True)
class Secrets:
    """What must not be in a release.

    `solution` and `hidden` are source lines, `outputs` encoded values, `local` path prefixes of this machine, `keys`
    what worlds hang on (looked for as bytes and as hexadecimal text). `known`
    is text that may be there (the stub, the vendored package): its lines are no secret. `by_hand` are beginnings of
    paths of other people's code (support files, cases), where a short line alone proves nothing. `artifacts` are the
    reference's private files, by name.
    """

    solution: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    outputs: tuple[bytes, ...] = ()
    local: tuple[str, ...] = ()
    known: tuple[str, ...] = field(default=(), repr=False)
    by_hand: tuple[str, ...] = ()
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    artifacts: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def scan(files: Mapping[str, bytes], secrets: Secrets) -> tuple[Leak, ...]:
    """Every leak in `files` (relative path -> content), in order of path."""
    scanner = Scanner(files, secrets)
    return tuple(leak for path in sorted(files) for leak in scanner.leaks(path))


class Scanner:
    """What is looked for in each of a release's files, made ready once."""

    def __init__(self, files: Mapping[str, bytes], secrets: Secrets) -> None:
        known = {line for text in secrets.known for line in _lines(text)}
        self.files, self.secrets = files, secrets
        self.solution, self.hidden = _telling(secrets.solution, known), _telling(secrets.hidden, known)
        self.outputs = sorted({output for output in secrets.outputs if len(output) >= _OUTPUT_BYTES})
        self.private = private_files(secrets.artifacts, files, secrets.known)

    def leaks(self, path: str) -> list[Leak]:
        """Every leak in one of the files."""
        return [*self._of_file(path, self.files[path]), *_artifacts(path, Searched(self.files[path]), self.private)]

    def _of_file(self, path: str, content: bytes) -> Iterator[Leak]:
        secrets = self.secrets
        if path.endswith((".pyc", ".pyo")) or "__pycache__" in path.split("/"):
            yield Leak("compiled Python", path, path)
        texts = [content.decode("utf-8", "replace")]
        if path.endswith(".ipynb"):
            cells = _cells(content)
            texts.append("\n".join(source for source, _ in cells))
            if any(ran for _, ran in cells):
                yield Leak("notebook output", path, "a cell with outputs or an execution count")
        present = {line for text in texts for line in _lines(text)}
        whole = re.sub(r"\s+", " ", "\n".join(texts))
        found = sorted(_present(self.solution, present, whole))
        if path.startswith(secrets.by_hand) and len(found) < _TOGETHER:
            found = [line for line in found if len(line) >= 2 * _TRIVIAL_CHARACTERS]
        yield from (Leak("solution line", path, line) for line in found)
        yield from (Leak("hidden case", path, line) for line in sorted(_present(self.hidden, present, whole)))
        yield from (Leak("hidden output", path, output[:12].hex()) for output in self.outputs if output in content)
        if any(key in content or key.hex() in texts[0].lower() for key in secrets.keys if key):
            yield Leak("key", path, "a key or salt of the course")
        places = {match.group() for text in texts for match in _HOME.finditer(text)}
        places |= {prefix for prefix in secrets.local for text in texts if prefix in text}
        yield from (Leak("local path", path, place) for place in sorted(places))


def refuse_leaks(files: Mapping[str, bytes], secrets: Secrets, where: str) -> None:
    """Nothing, when `scan` finds nothing.

    Raises:
        AuthorError: with the first five leaks.
    """
    leaks = scan(files, secrets)
    if not leaks:
        return
    listing = "; ".join(f"{leak.path}: {leak.kind} {leak.found!r}" for leak in leaks[:5])
    more = f"; and {len(leaks) - 5} more" if len(leaks) > 5 else ""
    raise AuthorError(
        "the release would give away what it must not",
        where=where,
        found=listing + more,
        fix="put solutions inside `# BEGIN SOLUTION` … `# END SOLUTION`, clear notebook outputs, and remove the rest",
    )


def _artifacts(path: str, file: Searched, private: Iterable[PrivateFile]) -> Iterator[Leak]:
    for one in private:
        if one.held_by(file) or path.startswith(ARTIFACTS):
            yield Leak("artifact", path, f"of {ARTIFACTS}{one.name}")


def _present(secret: Iterable[str], lines: set[str], whole: str) -> Iterator[str]:
    """The secret lines that are lines of the file, or stand inside one, as they are or escaped as in JSON."""
    for line in secret:
        escaped = json.dumps(line, ensure_ascii=False)[1:-1]
        if line in lines or (len(line) >= 2 * _TRIVIAL_CHARACTERS and (line in whole or escaped in whole)):
            yield line


def _telling(lines: Iterable[str], known: set[str]) -> frozenset[str]:
    """The lines that tell something: not trivial, and not known anyway."""
    return frozenset(line for text in lines for line in _lines(text) if line not in known and not _trivial(line))


def _trivial(line: str) -> bool:
    """Short lines, imports, and lines without two words: they prove nothing about where they come from."""
    if len(line) < _TRIVIAL_CHARACTERS or re.match(r"(import|from) [\w.]+", line):
        return True
    return len(re.findall(r"\w+", line)) < 3


def _lines(text: str) -> Iterator[str]:
    """Lines without surrounding or repeated white space."""
    for line in text.splitlines():
        line = " ".join(line.split())
        if line:
            yield line


def _cells(content: bytes) -> list[tuple[str, bool]]:
    """(source, whether it was run) of every cell; nothing for a file that is no notebook."""
    try:
        cells = json.loads(content)["cells"]
        return [
            (
                "".join(cell.get("source", "")),
                bool(cell.get("outputs")) or cell.get("execution_count") is not None,
            )
            for cell in cells
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
