"""What a file is, by its name and its first bytes; and in clear words why a form is not taken."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from autograder.errors import SubmissionError
from autograder.intake.folder import shown
from autograder.intake.notebooks import looks_like_a_notebook
from autograder.spec.models import SubmissionForm

_MAGIC = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x1f\x8b", "tar"), (b"BZh", "tar"), (b"\xfd7zXZ", "tar"),
    (b"%PDF", "pdf"), (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"), (b"\xd0\xcf\x11\xe0", "doc"), (b"\x7fELF", "exe"),
    (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"),
)  # fmt: skip
_ADVICE = {
    "pdf": ("this is a PDF: it shows the work and cannot be run",
            "hand in the notebook or the .py that it was made of"),
    "rar": ("this is a RAR archive, which is not read here", "make a .zip of the same files"),
    "7z": ("this is a 7-Zip archive, which is not read here", "make a .zip of the same files"),
    "doc": ("this is a document of a word processor", "hand in the notebook or the .py itself"),
    "docx": ("this is a document of a word processor", "hand in the notebook or the .py itself"),
    "html": ("this is a web page: it shows the work and cannot be run",
             "hand in the notebook or the .py that it was made of"),
    "exe": ("this is a program, not its text", "hand in the notebook or the .py itself"),
    "image": ("this is a picture", "hand in the notebook or the .py itself"),
    "pyc": ("this is compiled Python, not its text", "hand in the .py that it was made of"),
}  # fmt: skip
_OFFICE = (".docx", ".docm", ".odt", ".xlsx", ".pptx", ".odp", ".ods", ".pages")
_AFTER = re.compile(r"\.(py|ipynb|zip)\.(txt|json|download|htm|text|crdownload)$", re.IGNORECASE)
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz")


def without_extra_ending(name: str) -> str:
    """`hw.py.txt`, as a browser or an editor saves it, is `hw.py`."""
    return _AFTER.sub(r".\1", name)


def ending(name: str) -> str:
    """The form that a name promises: py, ipynb, zip, tar, or its ending as it is."""
    lower = without_extra_ending(name).lower()
    if lower.endswith(ARCHIVES):
        return "zip" if lower.endswith(".zip") else "tar"
    return PurePosixPath(lower).suffix.removeprefix(".")


def promising(name: str) -> bool:
    """Whether a file of this name may be a hand-in."""
    return ending(name) in ("py", "ipynb", "zip", "tar")


def kind_of_file(name: str, start: bytes, form: SubmissionForm) -> str:
    """py, ipynb, zip or tar: the first bytes are believed before the name.

    Args:
        start: the beginning of the file, or all of it.

    Raises:
        SubmissionError: a form that is not taken, with what to do.
    """
    promised = ending(name)
    kind = next((k for magic, k in _MAGIC if start.startswith(magic)), "")
    if kind == "zip" and name.lower().endswith(_OFFICE):
        kind = "docx"
    if kind in ("", "zip", "tar") and promised in _ADVICE:
        kind = promised
    if not kind and start[:512].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        kind = "html"
    if not kind:
        kind = _by_text(name, start, form)
    if kind in _ADVICE:
        what, fix = _ADVICE[kind]
        raise SubmissionError(what, where=shown(name), expected=forms_text(form), fix=fix)
    if ("zip" if kind == "tar" else kind) not in form.forms:
        raise SubmissionError("files of this form are not accepted", where=shown(name),
                              found=PurePosixPath(shown(name)).suffix or "no ending",
                              expected=forms_text(form), fix=f"submit {form.file}")  # fmt: skip
    return kind


def _by_text(name: str, start: bytes, form: SubmissionForm) -> str:
    """What a file without magic bytes is: a notebook's JSON under any name, Python under a notebook's, or as named."""
    promised = ending(name)
    if looks_like_a_notebook(start):
        return "ipynb"
    if promised == "ipynb":
        return "ipynb" if start.lstrip()[:1] in (b"{", b"[", b"", b"\xff", b"\xfe", b"\xef") else "py"
    lost = promised not in ("py", "zip", "tar") and _is_text(name, start, form)
    return "py" if lost else promised


def forms_text(form: SubmissionForm) -> str:
    """The accepted forms, in words."""
    return "one " + " or ".join(f".{f}" for f in form.forms) + " file"


def _is_text(name: str, start: bytes, form: SubmissionForm) -> bool:
    """`backprop` or `backprop.txt`: the name that is asked for, with the ending lost, and Python inside."""
    path = PurePosixPath(name)
    named = path.suffix.lower() in ("", ".txt", ".text") and path.stem.lower() == form.module.lower()
    return named and b"def " in start and b"\x00" not in start
