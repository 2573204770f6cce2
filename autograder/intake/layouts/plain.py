"""A folder as people make it: files named after their students, and a folder for each who handed in more than one.

ada.py   bela.ipynb   chen.zip        a file is a hand-in
dora/hw.py, dora/helper.py            a folder is a hand-in, with all its files
ada_v1.py   ada_v2.py                 versions; so are `dora/v1/`, `dora/v2/`, and the times of Otter's exports
hw.py beside helper.py                one student's own folder: one hand-in
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath

from autograder.errors import SubmissionError
from autograder.intake.choosing import EXACT, imported_by, rank_of
from autograder.intake.folder import Entry
from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.kinds import promising, without_extra_ending
from autograder.intake.layouts.tree import Collected, Tree
from autograder.intake.layouts.versions import is_version, split
from autograder.spec.models import SubmissionForm

_SHOWS = (".pdf", ".rar", ".7z", ".doc", ".docx", ".odt", ".html", ".htm", ".rmd", ".qmd", ".r")
_BESIDE = "a file of this form is no hand-in"


def fits(tree: Tree, form: SubmissionForm) -> bool:
    """A folder always; a zip when it is plainly a whole class: three folders or more, each with the file asked for."""
    if not tree.zipped:
        return True
    tree = tree.unwrapped()
    exact = (form.file, f"{form.module}.ipynb")
    with_work = [f for f in tree.tops() if any(PurePosixPath(e.path).name in exact for e in tree.under(f).files)]
    return len(with_work) > 2 and len(with_work) == len(tree.tops()) and not any(e.path in exact for e in tree.loose())


def read(tree: Tree, form: SubmissionForm) -> Collected:
    """The hand-ins of a folder."""
    if not tree.zipped and one_students(tree, form):
        return Collected((HandIn(tree.path.name, tree.path),))
    tree = _top(tree, form)
    hand_ins: list[HandIn] = []
    skipped: list[Skipped] = []
    stems = Counter(_stem(e.path) for e in tree.loose() if promising(e.path))
    for entry in tree.loose():
        if entry.kind != "file" and not promising(entry.path) and "." in entry.path:
            skipped.append(Skipped(tree.place(entry.path), "it is a link or no plain file, which is never followed"))
        elif promising(entry.path) or entry.kind != "file" or _shows(entry, stems):
            who, version = split(_stem(entry.path))
            hand_ins.append(tree.hand_in(who, [entry.path], version=version))
        else:
            skipped.append(Skipped(tree.place(entry.path), _BESIDE))
    for folder in tree.tops():
        hand_ins += _of_student(tree, folder)
        if not tree.under(folder).files:
            skipped.append(Skipped(tree.place(folder), "there is no file in it that counts"))
    return Collected(tuple(hand_ins), tuple(skipped))


def one_students(tree: Tree, form: SubmissionForm) -> bool:
    """Whether a folder is one student's own: the file asked for lies in it, and whatever else is no one else's work."""
    tree = tree.unwrapped()
    work = [e for e in tree.loose() if promising(e.path)]
    mains = [e for e in work if rank_of(e.path, form) == EXACT]
    if not mains:
        return False
    others = [e for e in work if e not in mains]
    if not others:
        return True
    used = {"check"}
    for entry in (e for e in work if e.kind == "file" and e.path.endswith(".py")):
        try:
            used |= imported_by(tree.read(entry.path).decode("utf-8", "replace"))
        except SubmissionError:
            return False
    return all(e.path.endswith(".py") and PurePosixPath(e.path).stem in used for e in others)


def _top(tree: Tree, form: SubmissionForm) -> Tree:
    """The folder of the class: a folder around everything is dropped, one student's own is not."""
    while not tree.loose() and len(tree.tops()) == 1:
        inner = tree.under(tree.tops()[0])
        if not inner.files or one_students(inner, form) or len([e for e in inner.files if promising(e.path)]) < 2:
            return tree
        tree = inner
    return tree


def _of_student(tree: Tree, folder: str) -> list[HandIn]:
    """A student's folder: one hand-in, or several versions."""
    own = tree.under(folder)
    if not own.files:
        return []
    work = [e for e in own.files if promising(e.path)]
    tops = own.tops()
    if len(tops) > 1 and all(is_version(f) for f in tops) and all("/" in e.path for e in work):
        return [own.whole(folder, f, version=f) for f in tops if own.under(f).files]
    loose = [e.path for e in own.loose() if promising(e.path)]
    named = [split(_stem(path)) for path in loose]
    if len(loose) > 1 and len(loose) == len(work) and all(v for _, v in named) and len({w for w, _ in named}) == 1:
        return [own.hand_in(folder, [path], version=v) for path, (_, v) in zip(loose, named, strict=True)]
    return [tree.whole(folder, folder)]


def _shows(entry: Entry, stems: Counter[str]) -> bool:
    """Whether it is what somebody handed in in place of their work: a PDF alone, a .rar. It is refused when read."""
    return entry.path.lower().endswith(_SHOWS) and not stems[_stem(entry.path)]


def _stem(path: str) -> str:
    name = without_extra_ending(path)
    for ending in (".tar.gz", ".tar.bz2", ".tar.xz"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return PurePosixPath(name).stem
