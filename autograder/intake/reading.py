"""A submission read from disk: a file, a zip, a tar or a folder to the files that a worker loads; nothing runs here."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from autograder.errors import SubmissionError
from autograder.intake.archive import MOST_ARCHIVE, tar_members, zip_members
from autograder.intake.choosing import NEAR, rank_of
from autograder.intake.folder import Folder, kind_of_path, open_file, read_most, shown
from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.ignoring import ENVIRONMENT_MARK, environments_in, litter, litter_folder, plain_path
from autograder.intake.kinds import ending, forms_text, kind_of_file
from autograder.intake.members import MOST_NOTEBOOK, Member, Members, sifted
from autograder.intake.packing import alone, packed
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm

_START = 2**16
_ARCHIVES = ("zip", "tar")


def read_submission(path: Path, form: SubmissionForm) -> Submission:
    """The submission at `path`. A .py or .ipynb of any name stands for `form.file`; among several it is looked for.

    Raises:
        SubmissionError: it is missing, a link, too large, of a form that is not accepted, or cannot be read.
    """
    return read_hand_in(HandIn(shown(path.stem), path), form)


def read_hand_in(hand_in: HandIn, form: SubmissionForm) -> Submission:
    """The submission of a hand-in; see `read_submission`. Of a folder, `files` are read, or all where none are named.

    Raises:
        SubmissionError: as for `read_submission`.
    """
    path = hand_in.path
    kind = kind_of_path(path)
    if kind == "folder" or (kind == "link" and path.is_dir() and not hand_in.files):
        with Folder(path) as folder:
            return _of_folder(path.name, folder, hand_in, form)
    if not kind:
        raise SubmissionError("there is no such file", where=shown(path.name), expected=forms_text(form))
    with open_file(path) as file:
        return _of_file(path.name, file, form)


def _of_file(name: str, file: BinaryIO, form: SubmissionForm) -> Submission:
    start = file.read(_START)
    kind = kind_of_file(name, start, form)
    file.seek(0)
    if kind in _ARCHIVES:
        return _of_archive(name, kind, file, form)
    data = read_most(file, name, MOST_NOTEBOOK if kind == "ipynb" else form.max_mb * 2**20)
    odd = kind != ending(name) or not name.lower().endswith(f".{kind}") or rank_of(name, form) == NEAR
    notes = (f"`{shown(name)}` was taken as {form.module}.{kind}",) if odd else ()
    return alone(shown(name), kind, data, form, notes)


def _of_archive(name: str, kind: str, file: BinaryIO, form: SubmissionForm, depth: int = 0) -> Submission:
    where = shown(name)
    found = zip_members(file, where) if kind == "zip" else tar_members(file, where)
    members = sifted(found, where)
    if not depth and len(members.files) == 1 and ending(members.files[0].name) in _ARCHIVES:
        (inner,) = members.files
        data = inner.read(min(MOST_ARCHIVE, 4 * form.max_mb * 2**20))
        return _of_archive(name, kind_of_file(inner.name, data, form), io.BytesIO(data), form, 1)
    return packed(where, members, form)


def _of_folder(name: str, folder: Folder, hand_in: HandIn, form: SubmissionForm) -> Submission:
    found = _named(folder, hand_in) if hand_in.files else _all(folder)
    members = sifted(found, shown(name))
    if len(members.files) == 1 and not members.skipped:
        (only,) = members.files
        with folder.open(only.path) as file:  # a folder around one file, a zip among others
            return _of_file(only.name, file, form)
    archives = [m for m in members.files if ending(m.name) in _ARCHIVES]
    if len(archives) == 1 and not any(m.is_code for m in members.files):
        with folder.open(archives[0].path) as file:
            return _of_file(archives[0].name, file, form)
    skipped = tuple(Skipped(s.path, s.why) for s in hand_in.skipped)
    return packed(shown(name), Members(members.files, members.skipped + skipped), form)


def _named(folder: Folder, hand_in: HandIn) -> list[Member]:
    environments = environments_in(hand_in.files)
    counted = [path for path in hand_in.files if not litter(path, environments)]
    return [Member(plain_path(path), "file", _reader(folder, path)) for path in counted]


def _all(folder: Folder) -> list[Member]:
    """Everything below a folder that is no litter; environments are told by their mark and not entered."""

    def enter(path: str) -> bool:
        return not litter_folder(path) and not folder.has(f"{path}/{ENVIRONMENT_MARK}")

    return [
        Member(entry.path, entry.kind, _reader(folder, entry.path))
        for entry in folder.entries(enter)
        if entry.kind != "folder" and not litter(entry.path)
    ]


def _reader(folder: Folder, path: str) -> Callable[[int], bytes]:
    return lambda most: folder.read(path, most)
