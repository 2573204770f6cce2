"""An assignment as its author keeps it: spec, cases, reference, misconceptions and alternates of the course folder.

Cases stand in cases.py or in cases/<question>.py with helper modules beside them, misconceptions in misconceptions.toml
or in misconceptions/<question>.toml; never in both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.authoring.loading import SINGLE, CaseSet, load_cases
from autograder.errors import AuthorError, SpecError, UsageError, near
from autograder.grading.artifacts import Artifacts, in_place, judges_module, read_artifacts
from autograder.grading.fitting import check_cases_fit, check_misconceptions_fit
from autograder.grading.keys import Keys, read_salt, read_secret
from autograder.grading.misconceptions import Hunk as Hunk  # named so that other files may import it from here
from autograder.grading.misconceptions import Misconception as Misconception
from autograder.grading.misconceptions import MisconceptionFile, by_function, line_of_entry, program_of
from autograder.sandbox.wire.messages import Submission
from autograder.spec.lines import line_of
from autograder.spec.loading import load_assignment, load_model
from autograder.spec.models import Assignment


@dataclass(frozen=True)
class AssignmentSource:
    """Everything in assignments/<name>/ and solutions/<name>/.

    `support` are the public support files by name, `alternates` the texts appended to the reference by stem, `keys`
    what seeds and chooses worlds, `weights` the files of fixtures.py by program, `artifacts` the private files of the
    reference.
    """

    root: Path
    spec: Assignment
    spec_text: str
    cases: CaseSet
    reference: str
    support: Mapping[str, bytes]
    misconceptions: tuple[Misconception, ...]
    alternates: Mapping[str, str]
    tolerances: Mapping[str, float]
    keys: Keys
    weights: Mapping[str, bytes] = field(default_factory=dict)
    artifacts: Artifacts = field(default_factory=dict)

    @property
    def public_folder(self) -> Path:
        """assignments/<name>."""
        return self.root / "assignments" / self.spec.id

    @property
    def private_folder(self) -> Path:
        """solutions/<name>."""
        return self.root / "solutions" / self.spec.id

    def misconception_file(self, question: str) -> Path:
        """Where the misconceptions of a question stand."""
        folder = self.private_folder / "misconceptions"
        return folder / f"{question}.toml" if folder.is_dir() else self.private_folder / "misconceptions.toml"

    def variant(self, misconception: Misconception) -> str:
        """The reference with a misconception's patch applied.

        Raises:
            AuthorError: a hunk does not occur exactly once.
        """
        return program_of(self.reference, misconception, str(self.misconception_file(misconception.question)))

    def parts(self, misconception: Misconception) -> tuple[str, ...]:
        """The reference with a misconception's mistake in one function at a time; nothing where it changes only one."""
        alone = () if misconception.function else by_function(self.reference, misconception.patch)
        return tuple(self.variant(misconception.model_copy(update={"patch": hunks})) for hunks in alone)

    def submission(self, name: str, text: str, bare: bool = False) -> Submission:
        """A program of the author's as if it were handed in, with the artifacts in its place.

        Args:
            bare: without them, as a student's is.
        """
        main = self.spec.submission.file
        return Submission.of(name, main, {**({} if bare else in_place(self.artifacts)), main: text.encode()})

    def alternate(self, name: str) -> str:
        """The reference with an alternate's functions on top."""
        return f"{self.reference}\n\n# %%\n{self.alternates[name]}"


def find_root(start: Path) -> Path:
    """The course folder: the nearest one upwards with `assignments/` and `solutions/`.

    Raises:
        UsageError: there is none.
    """
    for folder in (start, *start.parents):
        if (folder / "assignments").is_dir() and (folder / "solutions").is_dir():
            return folder
    raise UsageError(
        "this is not a course folder",
        where=str(start),
        expected="a folder with assignments/ and solutions/",
        fix="change into the course's folder, or give --root; autograder init COURSE makes a new one",
    )


def assignment_names(root: Path) -> tuple[str, ...]:
    """Names of all assignments of a course, sorted."""
    return tuple(sorted(p.parent.name for p in (root / "assignments").glob("*/assignment.toml")))


def unknown_assignment(root: Path, name: str) -> UsageError:
    """What to say about a name that no assignment of the course has, with the one that may be meant."""
    known = assignment_names(root)
    return UsageError(
        f"there is no assignment `{name}`", where=str(root), found=f"assignments: {', '.join(known) or 'none'}",
        fix=near(name, known),
    )  # fmt: skip


def load_source(root: Path, name: str, secret: Path | None = None) -> AssignmentSource:
    """Read and cross-check one assignment.

    Args:
        secret: file of the course secret, if it is not in the course folder.

    Raises:
        UsageError: no assignment of that name.
        AuthorError: a fault in one of its files.
    """
    public, private = root / "assignments" / name, root / "solutions" / name
    toml = public / "assignment.toml"
    if not toml.is_file():
        raise unknown_assignment(root, name)
    spec = load_assignment(toml)
    if spec.id != name:
        raise SpecError("id", where=str(toml), found=spec.id, expected=f"{name}, the folder's name")
    reference = _text(private / spec.submission.file)
    trusted = {
        p.stem: _text(p) for p in sorted(private.glob("*.py")) if p.name not in ("cases.py", spec.submission.file)
    }
    support = {n: _support(toml, n) for n in spec.support}
    artifacts = read_artifacts(private)
    trusted |= judges_module(artifacts, [*trusted.values(), *(_text(p) for p in _case_files(private))])
    cases = _cases(private, spec, trusted, support)
    check_cases_fit(spec, cases, (_text(toml), str(toml)))
    alternates = {p.stem: _text(p) for p in sorted((private / "alternates").glob("*.py"))}
    source = AssignmentSource(
        root=root,
        spec=spec,
        spec_text=_text(toml),
        cases=cases,
        reference=reference,
        support=support,
        misconceptions=_misconceptions(private, spec),
        alternates=alternates,
        tolerances=_tolerances(private / "certificate.json"),
        keys=Keys(name, read_salt(private), read_secret(root, secret)),
        artifacts=artifacts,
        weights={p.stem: _bytes(p) for p in sorted((private / "weights").glob("*.safetensors"))},
    )
    check_misconceptions_fit(source.misconceptions, spec, cases, source.weights, source.misconception_file)
    return source


def _case_files(private: Path) -> list[Path]:
    return sorted([*private.glob(SINGLE), *(private / "cases").glob("*.py")])


def _cases(private: Path, spec: Assignment, trusted: Mapping[str, str], support: Mapping[str, bytes]) -> CaseSet:
    single, folder = private / SINGLE, private / "cases"
    _refuse_both(single, folder)
    questions = [q.id for q in spec.questions]
    if folder.is_dir():
        texts = {p.stem: _text(p) for p in sorted(folder.glob("*.py"))}
        return load_cases(texts, trusted, str(folder), support, questions)
    return load_cases(_text(single), trusted, str(single), support, questions)


def _refuse_both(file: Path, folder: Path) -> None:
    if file.exists() and folder.exists():
        fix = f"move what is in {file.name} into {folder.name}/, a file per question, and remove it"
        raise AuthorError(f"stands beside the folder {folder.name}/: one of the two", where=str(file), fix=fix)


def _misconceptions(private: Path, spec: Assignment) -> tuple[Misconception, ...]:
    """Those of misconceptions.toml, or of the questions' files in the order of the questions."""
    single, folder = private / "misconceptions.toml", private / "misconceptions"
    _refuse_both(single, folder)
    if not folder.is_dir():
        return load_model(single, MisconceptionFile).misconceptions if single.exists() else ()
    graded = [q.id for q in spec.graded()]
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in graded:
            expected = f"one of {', '.join(graded)}"
            raise AuthorError(
                "is named after no machine-graded question", where=str(path), found=path.stem, expected=expected,
                fix=near(path.stem, graded),
            )  # fmt: skip
    found: list[Misconception] = []
    for path in (folder / f"{question}.toml" for question in graded):
        own = load_model(path, MisconceptionFile).misconceptions if path.exists() else ()
        for misconception in own:
            if misconception.question != path.stem:
                raise _of_another(misconception, path, [q.id for q in spec.questions])
        found += own
    return tuple(found)


def _of_another(misconception: Misconception, path: Path, questions: Sequence[str]) -> AuthorError:
    """A misconception that stands in the file of another question, or names none that there is."""
    where, named = f"{path}:{line_of_entry(_text(path), misconception.id)}", misconception.question
    if named in questions:
        what = f"misconception `{misconception.id}` belongs to another question"
        return AuthorError(what, where=where, found=named, fix=f"move it to {named}.toml")
    what = f"misconception `{misconception.id}` names a question that there is not"
    fix = near(named, questions) or f'write question = "{path.stem}", as its file is named'
    return AuthorError(what, where=where, found=named, expected=f"one of {', '.join(questions)}", fix=fix)


def _tolerances(path: Path) -> dict[str, float]:
    """Tolerances of a certificate; none before there is one."""
    if not path.exists():
        return {}
    try:
        cases = json.loads(_text(path))["cases"]
        return {name: float(row["tolerance"]) for name, row in cases.items() if row.get("tolerance") is not None}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AuthorError(
            "is not a certificate", where=str(path), fix="write it anew: autograder verify --write"
        ) from None


def _support(toml: Path, name: str) -> bytes:
    """A file that assignment.toml names under `support`."""
    path = toml.parent / name
    if path.is_file():
        return _bytes(path)
    line = line_of(_text(toml), ("support",))
    beside = near(name, (p.name for p in toml.parent.iterdir() if p.is_file()))
    fix = beside or "put the file there, or take its name off `support`"
    raise SpecError(f"support: there is no file {path}", where=f"{toml}, line {line}", found=name, fix=fix)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        private = path.parent.parent.name == "solutions"
        fix = (
            "every assignment has one: autograder new NAME shows its form" if private else "look for a slip in its name"
        )
        raise AuthorError("there is no such file", where=str(path), fix=fix) from None
    except OSError as error:
        raise AuthorError(
            f"cannot be read: {error.strerror}", where=str(path), fix="give yourself the right to read it"
        ) from None


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode()
    except UnicodeDecodeError as error:
        raise AuthorError(f"is not UTF-8 (byte {error.start})", where=str(path)) from None
