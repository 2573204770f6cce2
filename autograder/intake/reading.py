"""A submission read from disk: a file, a zip, a tar or a folder to the files that a worker loads; nothing runs here."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from autograder.errors import SubmissionError
from autograder.intake.archive import tar_members, zip_members
from autograder.intake.choosing import NEAR, rank_of
from autograder.intake.folder import Folder, kind_of_path, open_file, read_most, refusal, shown
from autograder.intake.hand_in import HandIn
from autograder.intake.ignoring import environments_in, litter, may_hold_work, plain_path
from autograder.intake.kinds import ending, forms_text, kind_of_file
from autograder.intake.members import MOST_NOTEBOOK, Member, sifted, without_litter
from autograder.intake.packing import alone, packed, told
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm

_START = 2**16
_ARCHIVES = ("zip", "tar")
_MOST_PACKED = 4  # an archive inside another may be so many times larger than the work may be: litter is in it


def read_submission(path: Path, form: SubmissionForm) -> Submission:
    """The submission at `path`. A .py or .ipynb of any name stands for `form.file`; among several it is looked for.

    Raises:
        SubmissionError: it is missing, a link, too large, of a form that is not accepted, or cannot be read.
    """
    return read_hand_in(HandIn(shown(path.stem), path), form)


def read_bytes(name: str, data: bytes, form: SubmissionForm) -> Submission:
    """The submission that the bytes of a file make; see `read_submission`. No disk is touched.

    Raises:
        SubmissionError: as for `read_submission`.
    """
    return _of_file(name, io.BytesIO(data), form)


def read_hand_in(hand_in: HandIn, form: SubmissionForm) -> Submission:
    """The submission of a hand-in; see `read_submission`. Of a folder or a class's zip, `files` are read where named.

    Raises:
        SubmissionError: as for `read_submission`; UnreachableError where this computer failed, not what was handed in.
    """
    try:
        return _read(hand_in, form)
    except OSError as error:  # a disk that fails in the middle of a file
        raise refusal(hand_in.path.name, "file", error) from None


def _read(hand_in: HandIn, form: SubmissionForm) -> Submission:
    path = hand_in.path
    kind = kind_of_path(path)
    if kind == "folder":
        with Folder(path) as folder:
            return _of_members(shown(path.name), _in_folder(folder, hand_in), hand_in, form)
    if not kind:
        raise SubmissionError("there is no such file", where=shown(path.name), expected=forms_text(form))
    with open_file(path) as file:
        if hand_in.files:
            return _of_members(hand_in.who, _in_zip(file, shown(path.name), hand_in), hand_in, form)
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
        data = inner.read(_MOST_PACKED * form.max_mb * 2**20)
        one = _of_archive(name, kind_of_file(inner.name, data, form), io.BytesIO(data), form, 1)
        return replace(one, notes=(*one.notes, *told(members.missed)))
    return packed(where, members, form)


def _of_members(name: str, found: Sequence[Member], hand_in: HandIn, form: SubmissionForm) -> Submission:
    """The submission of several files; a folder around one file, or around one zip and no code, is that file."""
    members = sifted(found, name)
    archives = [m for m in members.files if ending(m.name) in _ARCHIVES]
    lone = members.files if len(members.files) == 1 and not members.skipped else ()
    if lone or (len(archives) == 1 and not any(m.is_code for m in members.files)):
        (only,) = lone or archives
        limit = form.max_mb * 2**20
        data = only.read(max(MOST_NOTEBOOK, limit) if ending(only.name) == "ipynb" else _MOST_PACKED * limit)
        one = _of_file(only.name, io.BytesIO(data), form)
        return replace(one, notes=(*one.notes, *told(members.missed)))
    environments = environments_in([m.path for m in found])
    beside = [one for one in hand_in.skipped if not litter(one.path, environments)]
    skipped = (*members.skipped, *beside)
    return packed(name, replace(members, skipped=skipped), form)


def _in_folder(folder: Folder, hand_in: HandIn) -> list[Member]:
    return _named(hand_in, lambda path: ("file", _reader(folder, path))) if hand_in.files else _all(folder)


def _in_zip(file: BinaryIO, where: str, hand_in: HandIn) -> list[Member]:
    """The members of a class's zip that are one student's."""
    inside = {member.path: member for member in zip_members(file, where)}
    missing = [path for path in hand_in.files if path not in inside]
    if missing:
        raise SubmissionError("there is no such file in the zip", where=where, found=shown(missing[0]))
    return _named(hand_in, lambda path: (inside[path].kind, inside[path].read))


def _named(hand_in: HandIn, of: Callable[[str], tuple[str, Callable[[int], bytes]]]) -> list[Member]:
    """Members for the files that a hand-in names, under the names that the student gave them."""
    names = [plain_path(name) for name in hand_in.names or hand_in.files]
    return without_litter(list(zip(names, hand_in.files, strict=True)), lambda name, path: Member(name, *of(path)))


def _all(folder: Folder) -> list[Member]:
    """Everything below a folder that is no litter, and what of it may be work; folders of machines are not entered."""
    found = [(e.path, e.kind) for e in folder.entries(partial(may_hold_work, folder.has)) if e.kind != "folder"]
    return without_litter(found, lambda path, kind: Member(path, kind, _reader(folder, path)))


def _reader(folder: Folder, path: str) -> Callable[[int], bytes]:
    return lambda most: folder.read(path, most)
