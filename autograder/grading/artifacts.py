"""Private files of a reference: weights, tables, in solutions/<name>/artifacts/.

The author's own programs find them in their working place, as `artifacts/<file>`; a submission never does. A judge asks
for one with `import artifacts` and `artifacts.read("table.csv")`, which gives its bytes: a module of the grader's, made
here, that goes into the bundle where a check imports it, and nowhere else.
"""

from __future__ import annotations

import ast
import base64
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.errors import AuthorError
from autograder.values.parsing import tree_of

FOLDER = "artifacts"
MODULE = "artifacts"
MOST_BYTES = 32 << 20
Artifacts = Mapping[str, bytes]
"""Path below artifacts/ → content."""

_TEXT = '''\
"""Private files of the assignment, for its judges."""

import base64

FILES = {table}


def read(name):
    """The bytes of a file of artifacts/."""
    if name not in FILES:
        raise KeyError(f"there is no artifact {{name!r}}; there are {{', '.join(sorted(FILES))}}")
    return base64.b85decode(FILES[name])
'''


def read_artifacts(private: Path) -> dict[str, bytes]:
    """The files of artifacts/, hidden ones and links left out.

    Raises:
        AuthorError: they are larger together than a worker's place holds, or a module of that name stands beside them.
    """
    folder = private / FOLDER
    if not folder.is_dir():
        return {}
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()]
    kept = {p.relative_to(folder).as_posix(): p for p in paths}
    found = {name: p.read_bytes() for name, p in kept.items() if not any(s.startswith(".") for s in name.split("/"))}
    size = sum(map(len, found.values()))
    if size > MOST_BYTES:
        raise AuthorError(
            "the artifacts are too large", where=str(folder), found=f"{size / 2**20:.0f} MiB",
            expected=f"{MOST_BYTES >> 20} MiB at most", fix="keep what a program needs to run; train or make the rest",
        )  # fmt: skip
    if (private / f"{MODULE}.py").exists():
        fix = "rename it: judges read the files of artifacts/ with a module of that name"
        raise AuthorError("stands beside the folder artifacts/", where=str(private / f"{MODULE}.py"), fix=fix)
    return found


def judges_module(artifacts: Artifacts, texts: Iterable[str]) -> dict[str, str]:
    """The module `artifacts` as a trusted one, where one of these texts imports it; nothing otherwise."""
    if not artifacts or not any(_imports(text) for text in texts):
        return {}
    table = {name: base64.b85encode(data).decode() for name, data in artifacts.items()}
    return {MODULE: _TEXT.format(table=repr(table))}


def _imports(text: str) -> bool:
    try:
        body = ast.walk(tree_of(text))
    except SyntaxError:
        return False  # loading says so
    for node in body:
        if isinstance(node, ast.Import) and any(a.name == MODULE for a in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and node.module == MODULE:
            return True
    return False


def in_place(artifacts: Artifacts) -> dict[str, bytes]:
    """Path in a program's working place → content."""
    return {f"{FOLDER}/{name}": data for name, data in artifacts.items()}
