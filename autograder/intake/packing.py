"""The files of a hand-in as a worker gets them: the main file first, then what it may need, checked and normalised."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath

from autograder.errors import SubmissionError, UnreachableError
from autograder.intake.choosing import Candidate, candidate, chosen, imported_by, may_be_main
from autograder.intake.folder import shown
from autograder.intake.hand_in import Skipped
from autograder.intake.ignoring import odd
from autograder.intake.kinds import ending, kind_of_file, without_extra_ending
from autograder.intake.members import MOST_NOTEBOOK, Member, Members
from autograder.intake.notebooks import stripped
from autograder.intake.shadows import refuse_shadows
from autograder.intake.texts import python_text
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm

_COMPILED = (".pyc", ".pyo", ".so", ".pyd", ".pth", ".dll", ".dylib", ".egg", ".whl")
_MOST_NAMED = 5


def packed(name: str, members: Members, form: SubmissionForm) -> Submission:
    """The submission that several files make.

    Raises:
        SubmissionError: no file among them can be graded, or they are too large together.
    """
    where = name
    looked: dict[str, tuple[Candidate, bytes, tuple[str, ...]]] = {}

    def look(member: Member) -> Candidate:
        found = _looked_at(member, form, where)
        looked[member.path] = found
        return found[0]

    possible = [m for m in members.files if may_be_main(m) and not _handouts(m, form)]
    if not possible:
        raise _nothing(members, form, where)
    main, notes = chosen(possible, form, look, where)
    _, content, said = looked[main.path]
    files = {_proper(main, form): content}
    left = _limit(form) - len(content)
    folder = PurePosixPath(main.path).parent
    skipped = [*members.missed, *members.skipped]
    for member in members.files:
        if member.path == main.path:
            continue
        reason = _left_out(member, folder, form, where)
        if reason is None:
            continue
        if not reason:
            try:
                data = _helper(member, left)
            except SubmissionError as error:
                if isinstance(error, UnreachableError) or not member.path.endswith(".ipynb"):
                    raise
                reason = error.what
            else:
                left -= len(data)
                if left < 0:
                    raise _too_large(form, where)
                files.setdefault(member.path, data)
        if reason:
            skipped.append(Skipped(shown(member.path), reason))
    if left < 0:
        raise _too_large(form, where)
    codes = [data.decode("utf-8", "replace") for path, data in files.items() if path.endswith(".py")]
    used = frozenset().union(*map(imported_by, [main.code, *codes]))
    refuse_shadows(files, _proper(main, form), used, where)
    return Submission.of(name, _proper(main, form), files, (*notes, *said, *told(skipped)))


def alone(name: str, kind: str, data: bytes, form: SubmissionForm, notes: tuple[str, ...] = ()) -> Submission:
    """The submission that one .py or .ipynb makes, whatever its name.

    Raises:
        SubmissionError: it cannot be read as what it is, or is too large.
    """
    content, said = (stripped if kind == "ipynb" else python_text)(data, name)
    if len(content) > _limit(form):
        raise _too_large(form, name)
    main = f"{form.module}.{kind}"
    return Submission.of(name, main, {main: content}, (*notes, *said))


def _looked_at(member: Member, form: SubmissionForm, where: str) -> tuple[Candidate, bytes, tuple[str, ...]]:
    data = member.read(MOST_NOTEBOOK if ending(member.name) == "ipynb" else _limit(form))
    place = f"{where}: {shown(member.path)}"
    kind = kind_of_file(member.name, data, form)
    if kind not in ("py", "ipynb"):
        raise SubmissionError("this is an archive, though its name says otherwise", where=place,
                              fix="hand in the file itself")  # fmt: skip
    content, notes = (stripped if kind == "ipynb" else python_text)(data, place)
    code = _code_of(content) if kind == "ipynb" else content.decode("utf-8", "replace")
    return candidate(member.path, kind, code, form), content, notes


def _code_of(notebook: bytes) -> str:
    cells = json.loads(notebook)["cells"]
    return "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")


def _proper(main: Candidate, form: SubmissionForm) -> str:
    """The main file's path, with an ending and a name that a worker can load."""
    path = PurePosixPath(without_extra_ending(main.path))
    fine = path.suffix == f".{main.kind}" and not odd(main.path)
    folder = "." if odd(main.path) else str(path.parent)
    return str(path if fine else PurePosixPath(folder) / f"{form.module}.{main.kind}")


def _helper(member: Member, left: int) -> bytes:
    if member.path.endswith(".ipynb"):
        return stripped(member.read(MOST_NOTEBOOK), shown(member.path))[0]
    return member.read(left)


def _handouts(member: Member, form: SubmissionForm) -> bool:
    """Whether it is the handout's own check.py."""
    return member.name == "check.py" and b"selfcheck" in member.read(_limit(form))


def _left_out(member: Member, folder: PurePosixPath, form: SubmissionForm, where: str) -> str | None:
    """Why a file is not given to the worker; "" where it is, None where nobody needs to hear of it.

    Raises:
        SubmissionError: it is compiled code that the main file could import.
    """
    path = PurePosixPath(member.path)
    beside = path.is_relative_to(folder)
    if form.weights and path.suffix.lower() == ".pth":
        return ""  # what torch.save calls weights: the grader says that it is not opened
    if path.suffix.lower() in _COMPILED:
        if beside:
            raise SubmissionError(
                "there is compiled code beside your file, which cannot be read before it is run", where=where,
                found=shown(member.path), expected="Python as text", fix="hand in the .py that it was made of",
            )  # fmt: skip
        return "it is compiled code, and nothing of yours could import it"
    if odd(member.path):
        return odd(member.path)
    return None if _handouts(member, form) else ""


def told(skipped: Sequence[Skipped]) -> tuple[str, ...]:
    """What to say of files that were left out."""
    notes = tuple(f"`{one.path}` was left out: {one.why}" for one in skipped[:_MOST_NAMED])
    more = len(skipped) - _MOST_NAMED
    return (*notes, f"{more} more files were left out") if more > 0 else notes


def _nothing(members: Members, form: SubmissionForm, where: str) -> SubmissionError:
    names = [shown(m.path) for m in members.files] + [
        f"{s.path} ({s.why})" for s in (*members.missed, *members.skipped)
    ]
    if not names:
        return SubmissionError("nothing was handed in: it is empty", where=where, expected=form.file,
                               fix="put your solution into it and submit again")  # fmt: skip
    for member in members.files:
        try:
            kind_of_file(member.name, member.read(2**30)[:512], form)
        except UnreachableError:
            raise
        except SubmissionError as error:
            if error.what != "files of this form are not accepted":
                return SubmissionError(f"there is no {form.file}; of {shown(member.path)}: {error.what}", where=where,
                                       expected=f"{form.file} or {form.module}.ipynb", fix=error.fix)  # fmt: skip
    return SubmissionError(
        f"there is no {form.file}", where=where, found=", ".join(names[:5]) + (", …" if len(names) > 5 else ""),
        expected=f"{form.file} or {form.module}.ipynb", fix="put your file into it and submit again",
    )  # fmt: skip


def _too_large(form: SubmissionForm, where: str) -> SubmissionError:
    return SubmissionError("the files are too large, unpacked and without outputs", where=where,
                           expected=f"at most {_limit(form):,} bytes", fix="leave out data sets")  # fmt: skip


def _limit(form: SubmissionForm) -> int:
    return form.max_mb * 2**20
