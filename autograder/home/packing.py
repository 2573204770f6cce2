"""The zip that is handed in: the one file that counts, the modules of its author's, and what the assignment asks for
beside it. It is read back as a grader reads it, so that its digest is the one of the report that comes back."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.grading.trained import FORMAT, MANIFEST, MORE
from autograder.home.facts import Facts
from autograder.home.files import left_behind, own_modules, wrong_file
from autograder.home.written import content_of
from autograder.intake.reading import read_bytes
from autograder.spec.models import SubmissionForm

_LOST = "`{}` was not taken: graders leave the folder `tests` out. Move it beside {} and import it from there"
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """A zip and what is in it.

    Attributes:
        main: the file that counts.
        files: path in the zip → content.
        digest: of the submission as a grader reads it; "" where it cannot be read.
        notes: what the reader says, and what was not taken, a sentence each.
        problem: why it cannot be read, or "".
    """

    main: Path
    files: dict[str, bytes]
    data: bytes
    digest: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""


def form_of(facts: Facts) -> SubmissionForm:
    """The section `[submission]` of the assignment."""
    return SubmissionForm.model_validate_json(json.dumps(dict(facts.submission)))


def chosen(folder: Path, facts: Facts) -> tuple[Path | None, tuple[str, ...]]:
    """The file in a folder that is to be handed in, and what is to be said of others; None where there is none.

    Of the script and the notebook the one counts that has fewer functions to be written; one that was never touched
    does not; and where both are alike, the one that the assignment prefers. Other files are never an error.
    """
    both = [folder / f"{facts.module}.{kind}" for kind in ("ipynb", "py")]
    there = [path for path in both if path.is_file()]
    if not there:
        loose = sorted(p for p in folder.glob("*.ipynb") if p.name not in facts.files)
        return (loose[0], ()) if len(loose) == 1 else (None, ())
    prefer = str(facts.submission.get("prefer", "ipynb"))

    def rank(path: Path) -> tuple[bool, int, bool]:
        return _untouched(path, facts), _open(path, facts), path.suffix != f".{prefer}"

    best, *others = sorted(there, key=rank)
    return best, tuple(f"{path.name} was not taken: {_why(path, best, facts)}" for path in others)


def _untouched(path: Path, facts: Facts) -> bool:
    return facts.files.get(path.name) == hashlib.sha256(path.read_bytes()).hexdigest()


def _open(path: Path, facts: Facts) -> int:
    return 10**6 if wrong_file(path) else len(content_of(path.suffix, path.read_bytes(), facts).unwritten)


def _why(path: Path, best: Path, facts: Facts) -> str:
    if _untouched(path, facts):
        return "it is as the handout had it"
    more = _open(path, facts) - _open(best, facts)
    if more >= 10**5:
        return "it is damaged"
    return (
        f"{more} more of its functions are still to be written" if more else f"{best.name} counts where both are there"
    )


def packed(main: Path, facts: Facts, extra: Sequence[Path] = ()) -> Packed:
    """The zip of a file, with what it needs.

    Args:
        extra: further files to take along.
    """
    folder = main.parent
    files = {main.name: main.read_bytes()}
    lost: tuple[str, ...] = ()
    if not wrong_file(main):
        files |= {p.relative_to(folder).as_posix(): p.read_bytes() for p in own_modules(main, facts)}
        lost = tuple(_LOST.format(path, main.name) for path in left_behind(main, facts))
    files |= {p.name: p.read_bytes() for p in (*_asked_for(folder, facts), *extra) if p.is_file()}
    files |= _bound(files, str(facts.submission.get("weights") or ""), facts.further_weights)
    data = zip_of(files)
    form = form_of(facts)
    try:
        submission = read_bytes(f"{facts.module}.zip", data, form)
    except SubmissionError as error:
        return Packed(main, files, data, notes=lost, problem=error.sentence())
    return Packed(main, files, data, submission.digest, (*submission.notes, *lost))


def _asked_for(folder: Path, facts: Facts) -> Iterable[Path]:
    """Files that the assignment asks for beside the program: weights, and what goes with them."""
    weights = facts.submission.get("weights")
    return [folder / name for name in (str(weights), MANIFEST, *facts.further_weights)] if weights else ()


def _bound(files: dict[str, bytes], weights: str, further: Sequence[str]) -> dict[str, bytes]:
    """The manifest that binds a hand-in to its weights, made anew where it speaks of others; other keys are kept."""
    digests = {name: hashlib.sha256(files[name]).hexdigest() for name in (weights, *further) if name in files}
    if not digests:
        return {}
    try:
        table = json.loads(files.get(MANIFEST, b"{}"))
    except ValueError:
        table = {}
    table = table if isinstance(table, dict) else {}
    own = {"format": FORMAT} | ({"sha256": digests[weights]} if weights in digests else {})
    more = {name: digest for name, digest in digests.items() if name != weights}
    if own.items() <= table.items() and table.get(MORE, {}) == more:
        return {}
    table = {key: value for key, value in table.items() if key != MORE} | own | ({MORE: more} if more else {})
    return {MANIFEST: (json.dumps(table, indent=1) + "\n").encode()}


def zip_of(files: dict[str, bytes]) -> bytes:
    """The bytes of a zip, the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()
