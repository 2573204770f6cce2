"""A hand-in read from disk: .py, .ipynb, .zip or a folder's files to what a worker loads; nothing of it runs here."""

from __future__ import annotations

import io
import json
import os
import tokenize
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.intake.archive import MAX_ENTRIES, read_zip, refuse_shadows
from autograder.intake.hand_in import HandIn, printable
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm


def read_hand_in(hand_in: HandIn, form: SubmissionForm) -> Submission:
    """The submission in a hand-in: a file as `read_submission` reads it, several files of a folder as one submission.

    Raises:
        SubmissionError: as `read_submission`.
    """
    files = hand_in.files
    if not files:
        return read_submission(hand_in.path, form)
    if len(files) == 1 and "/" not in files[0]:
        return read_submission(hand_in.path / files[0], form)
    where = printable(hand_in.path.name)
    return _of_several(_read_files(hand_in.path, files, form, where), form, where)


def _read_files(folder: Path, names: tuple[str, ...], form: SubmissionForm, where: str) -> dict[str, bytes]:
    """The bytes of files in a folder; a link is never followed."""
    if len(names) > MAX_ENTRIES:
        raise SubmissionError("there are too many files", where=where, found=f"{len(names):,}",
                              expected=f"at most {MAX_ENTRIES:,}", fix="leave out data sets and caches")  # fmt: skip
    left = limit = form.max_mb * 2**20
    files: dict[str, bytes] = {}
    for name in names:
        try:
            with os.fdopen(os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                files[printable(name)] = file.read(left + 1)
        except OSError as error:
            raise SubmissionError("a file cannot be read", where=where, found=f"{printable(name)}: {error.strerror}",
                                  expected="plain files") from None  # fmt: skip
        left -= len(files[printable(name)])
        if left < 0:
            raise SubmissionError("the files are too large together", where=where,
                                  expected=f"at most {limit:,} bytes", fix="leave out data sets")  # fmt: skip
    return files


def _of_several(files: dict[str, bytes], form: SubmissionForm, where: str) -> Submission:
    main = _main_of(files, form, where)
    for folder in {PurePosixPath("."), PurePosixPath(main).parent}:
        refuse_shadows(files, folder, where)
    return _submission(where, main, files)


def read_submission(path: Path, form: SubmissionForm) -> Submission:
    """The submission at `path`. A .py or .ipynb of any name stands for `form.file`; in a zip it is looked for.

    Raises:
        SubmissionError: it is missing, a folder, too large, of a form that is not accepted, or cannot be read.
    """
    where = printable(path.name)
    if path.is_dir() and not any(path.iterdir()):
        raise SubmissionError("nothing was handed in", where=where, found="an empty folder", fix=f"submit {form.file}",
                              expected="one " + _forms(form))  # fmt: skip
    if path.is_dir():
        raise SubmissionError("this is a folder", where=where, expected="one " + _forms(form),
                              fix="give the file, or zip the folder")  # fmt: skip
    if not path.is_file():
        raise SubmissionError("there is no such file", where=where, expected="one " + _forms(form))
    kind = path.suffix.lower().removeprefix(".")
    if kind not in form.forms:
        raise SubmissionError("files of this form are not accepted", where=where, found=path.suffix or "no ending",
                              expected=_forms(form), fix=f"submit {form.file}")  # fmt: skip
    limit = form.max_mb * 2**20
    if path.stat().st_size > limit:
        raise SubmissionError("the file is too large", where=where, found=f"{path.stat().st_size:,} bytes",
                              expected=f"at most {limit:,} bytes", fix="remove outputs and data")  # fmt: skip
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SubmissionError("the file cannot be read", where=where, found=error.strerror or str(error)) from None
    if kind != "zip":
        return _submission(where, f"{form.module}.{kind}", {f"{form.module}.{kind}": data})
    return _of_several(read_zip(data, where, limit), form, where)


def _forms(form: SubmissionForm) -> str:
    return " or ".join(f".{f}" for f in form.forms) + " file"


def _main_of(files: Mapping[str, bytes], form: SubmissionForm, where: str) -> str:
    """The file of a zip that is loaded: `form.file`, a notebook of that name, or the only candidate."""
    for wanted in (form.file, f"{form.module}.ipynb"):
        same = sorted((p for p in files if PurePosixPath(p).name == wanted), key=lambda p: (p.count("/"), p))
        if len(same) > 1 and same[0].count("/") == same[1].count("/"):
            raise SubmissionError(f"the zip has more than one {wanted}", where=where, found=", ".join(same[:5]),
                                  fix="keep one of them")  # fmt: skip
        if same:
            return same[0]
    candidates = sorted(p for p in files if PurePosixPath(p).suffix in (".py", ".ipynb"))
    if len(candidates) != 1:
        raise SubmissionError(f"the zip has no {form.file}", where=where,
                              found=", ".join(sorted(files)[:5]) + (", …" if len(files) > 5 else ""),
                              expected=f"{form.file} or {form.module}.ipynb", fix="name your file so")  # fmt: skip
    return candidates[0]


def _submission(name: str, main: str, files: dict[str, bytes]) -> Submission:
    """Check the main file and put all together."""
    if main.endswith(".ipynb"):
        _check_notebook(files[main], name)
    else:
        _check_python(files[main], name)
    return Submission.of(name, main, files)


def _check_python(data: bytes, where: str) -> None:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise SubmissionError("the file is not text in UTF-8", where=where, found=str(error)[:200],
                              fix="save it as UTF-8 (your editor's \"save with encoding\")") from None  # fmt: skip
    if "\x00" in text:
        raise SubmissionError("the file is not text: it has NUL bytes", where=where, fix="save it as UTF-8 text")


def _check_notebook(data: bytes, where: str) -> None:
    fix = "open it in Jupyter, save it and submit it again"
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SubmissionError("the notebook is not text in UTF-8", where=where, found=str(error)[:200],
                              fix=fix) from None  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise SubmissionError("the notebook is damaged", where=where, found=str(error)[:200],
                              expected="a Jupyter notebook (JSON)", fix=fix) from None  # fmt: skip
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(c, dict) and "cell_type" in c for c in cells):
        raise SubmissionError("the notebook has no list of cells", where=where,
                              expected="a Jupyter notebook of format 4", fix=fix)  # fmt: skip
    for index, cell in enumerate(cells, 1):
        source = cell.get("source", "")
        if not isinstance(source, str) and not (
            isinstance(source, list) and all(isinstance(line, str) for line in source)
        ):
            raise SubmissionError(f"cell {index} of the notebook has no text", where=where, fix=fix)
