"""Files of a student: the one to check, what is wrong with it, and the modules of their own that it imports."""

from __future__ import annotations

import io
import json
import os
import re
import tokenize
from pathlib import Path

from autograder.home.facts import Facts
from autograder.intake.choosing import imported_by


def wrong_file(file: Path) -> str | None:
    """Why a file cannot be run, in a sentence; None if it can be tried."""
    if os.path.isdir(file):
        return f"{file} is a folder; a .py or .ipynb is expected"
    if not os.path.exists(file):
        return f"there is no file {file}{_beside(file)}"
    if file.suffix not in (".py", ".ipynb"):
        return f"a .py or .ipynb is expected, not {file.suffix or 'a file without an ending'}: {file}"
    try:
        data = file.read_bytes()
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
    try:
        code_of(file.suffix, data)
    except (UnicodeDecodeError, SyntaxError):
        where = "open it in Jupyter, save it" if file.suffix == ".ipynb" else "save it as UTF-8 in your editor"
        return f"{file} is damaged: it is not UTF-8 text; {where}"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return f"{file} is damaged: it is no Jupyter notebook (JSON); open it in Jupyter, save it"
    return None


def _beside(file: Path) -> str:
    """Files that may have been meant."""
    folder = file.parent
    near = (
        sorted(p.name for p in folder.glob(f"{file.stem[:4]}*") if p.suffix in (".py", ".ipynb"))
        if folder.is_dir()
        else []
    )
    return f"; there is {', '.join(near[:4])}" if near else ""


def code_of(suffix: str, data: bytes) -> str:
    """The Python of a .py or .ipynb.

    Raises:
        UnicodeDecodeError, SyntaxError: it is no text.
        ValueError, LookupError, TypeError, AttributeError, RecursionError: it is no notebook.
    """
    if suffix != ".ipynb":
        return data.decode(tokenize.detect_encoding(io.BytesIO(data).readline)[0])
    cells = json.loads(data.decode("utf-8-sig"))["cells"]
    sources = [cell.get("source", "") for cell in cells if cell.get("cell_type") == "code"]
    return "\n".join(source if isinstance(source, str) else "".join(source) for source in sources)


def own_modules(file: Path, facts: Facts) -> list[Path]:
    """Modules beside a file that are its author's and that it imports, at any depth; no file of the handout."""
    return [path for relative, path in _imported(file, facts).items() if not _ours(relative)]


def left_behind(file: Path, facts: Facts) -> tuple[str, ...]:
    """Modules that a file imports, none of the handout's, that no grader takes, for the name of their folder."""
    return tuple(relative for relative in _imported(file, facts) if relative.split("/")[0] == "tests")


def _imported(file: Path, facts: Facts) -> dict[str, Path]:
    found: dict[str, Path] = {}
    queue = [file]
    while queue:
        code = code_of(queue[0].suffix, queue.pop(0).read_bytes())
        for name in sorted(imported_by(re.sub(r"^[ \t]*[%!].*$", "", code, flags=re.M))):
            for path in (file.parent / f"{name}.py", *sorted((file.parent / name).glob("**/*.py"))):
                relative = path.relative_to(file.parent).as_posix()
                if path.is_file() and relative not in {*found, *facts.files, file.name}:
                    found[relative] = path
                    queue += [] if _ours(relative) else [path]
    return found


def _ours(path: str) -> bool:
    return path.split("/")[0] in ("selfcheck", "tests", "check.py")
