"""Cells: what a program of the course came back with in one case and one world, kept beside the course.

The programs are the author's (the reference, alternates, misconceptions, mutants), never a student's. An answer hangs
on the program's text, the case's own probe, its seed, the support files, the limits, and the code and libraries that
recorded it; so an edit of one case makes only that case's cells unknown. A damaged cell is recorded again.
Not covered: state that a program carries from one case to the next (each case is asked for by itself).
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import platform
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import msgpack
import zstandard

from autograder.grading import fixtures
from autograder.grading.code import code_digest
from autograder.grading.plan import Seeds, planned
from autograder.grading.run import run_plan, session_for
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.plan import Plan
from autograder.sandbox.grader.session import Session
from autograder.sandbox.wire.messages import Answer, Submission

FOLDER = ".autograder"
MOST_BYTES = 1 << 30
_RECORDING = ("authoring/case.py", "authoring/world.py", "values", "sandbox")  # the code that recorded outputs hang on
_LIBRARIES = ("numpy", "torch", "sympy")
_AT_A_LIMIT = frozenset({"timeout", "memory", "crashed"})
_KEPT = frozenset({"returned", "error", "forbidden", "protocol"})
_LISTS = ("trace", "evidence", "draws")  # of an answer


@dataclass(frozen=True)
class Program:
    """A program to run like a submission.

    Attributes:
        name: for messages.
        again: which run of the same text this is; 1 for a second one, whose outputs must not be taken from the first.
        wrong: whether it is a mistake: that it runs into a limit is then an answer to keep.
        bare: whether it is run without the reference's artifacts, as a student's work is.
    """

    name: str
    text: str
    again: int = 0
    wrong: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Cell:
    """An answer, and the seconds that it was given."""

    answer: Answer
    limit: float

    def answers_for(self, limit: float) -> bool:
        """Whether a run with this limit would have come to the same."""
        return all(
            limit <= self.limit if answer.status == "timeout" else limit >= self.limit or answer.seconds <= limit
            for answer in _grounds(self.answer)
        )


class Cells:
    """A folder of cells, oldest out first when it grows above `most` bytes. Threads may share it.

    Args:
        folder: where; None for a memory that nothing is kept in.
    """

    def __init__(self, folder: Path | None, most: int = MOST_BYTES) -> None:
        self.folder, self.most = folder, most
        self._lock = threading.Lock()
        self._written = False

    @staticmethod
    def beside(root: Path) -> Cells:
        """The cells of a course."""
        return Cells(root / FOLDER / "cells")

    def known(self, key: str) -> dict[int, Cell]:
        """Seed → cell of an entry; empty where there is none, or where it is damaged."""
        if self.folder is None:
            return {}
        path = self._path(key)
        try:
            table = msgpack.unpackb(zstandard.ZstdDecompressor().decompress(path.read_bytes()), strict_map_key=False)
            found = {seed: _cell(row) for seed, row in table.items()}
            os.utime(path)  # "oldest" is what nobody has asked for in the longest time
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, zstandard.ZstdError, msgpack.UnpackException):
            return {}
        return found

    def keep(self, key: str, found: Mapping[int, Cell]) -> None:
        """Add to an entry. A course that cannot be written to keeps nothing."""
        if self.folder is None or not found:
            return
        path = self._path(key)
        with self._lock, contextlib.suppress(OSError):
            table = {seed: _row(cell) for seed, cell in {**self.known(key), **found}.items()}
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_bytes(zstandard.ZstdCompressor(level=3).compress(msgpack.packb(table)))
            temporary.replace(path)
            self._written = True

    def trim(self) -> None:
        """Remove the oldest entries above the size that is allowed; nothing where nothing was written."""
        if self.folder is None or not self._written:
            return
        self._written = False
        entries = sorted(_entries(self.folder))
        total = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if total <= self.most:
                return
            with contextlib.suppress(OSError):
                os.unlink(path)
            total -= size

    def _path(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / key[:2] / key[2:]


NO_CELLS = Cells(None)


def _entries(folder: Path) -> Iterable[tuple[float, int, str]]:
    """(time of last use, bytes, path) of every file; another process may remove some meanwhile."""
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                status = os.stat(os.path.join(where, name))
                yield status.st_mtime, status.st_size, os.path.join(where, name)


def _grounds(answer: Answer) -> Iterator[Answer]:
    """The answer, and that on given ground."""
    yield answer
    if answer.given is not None:
        yield answer.given


def _row(cell: Cell) -> dict[str, Any]:
    rows = [
        {k: v for k, v in vars(one).items() if k not in ("value", "told", "effort", "attempts", "given")}
        for one in _grounds(cell.answer)
    ]
    return {"answers": rows, "limit": cell.limit}


def _cell(row: dict[str, Any]) -> Cell:
    own, *given = [Answer(**(one | {name: tuple(one[name]) for name in _LISTS})) for one in row["answers"]]
    return Cell(replace(own, given=given[0]) if given else own, float(row["limit"]))


class Runs:
    """One program's runs: what is known comes from the cells, the rest from one session, opened when it is needed."""

    def __init__(self, sandbox: Sandbox, source: AssignmentSource, program: Program, cells: Cells = NO_CELLS) -> None:
        self.sandbox, self.source, self.program, self.cells = sandbox, source, program, cells
        self._session: Session | None = None
        self._seen: dict[str, dict[int, Cell]] = {}
        self._base = _base(sandbox, source, program)

    def answers(self, seeds: Seeds, seconds: float | None = None) -> dict[str, tuple[Answer, ...]]:
        """Answers per case, one for each of its seeds.

        Args:
            seconds: a time limit for each run that is below the questions' own.
        """
        known = {case: self._known(case, seconds) for case in seeds}
        missing = {c: left for c, several in seeds.items() if (left := [s for s in several if s not in known[c]])}
        for case, several in self._run(missing, seconds).items():
            limit = self._limit(case, seconds)
            fresh = {seed: Cell(answer, limit) for seed, answer in zip(missing[case], several, strict=True)}
            self._seen[case] |= fresh
            known[case] |= fresh
            self.cells.keep(self._key(case), {s: c for s, c in fresh.items() if self._lasts(c.answer)})
        return {case: tuple(known[case][s].answer for s in several) for case, several in seeds.items()}

    def _run(self, missing: Mapping[str, list[int]], seconds: float | None) -> dict[str, tuple[Answer, ...]]:
        """Milestones and replays first, as for a submission; then the plain cases."""
        drawn = {c: several for c, several in missing.items() if self.source.cases.get(c).kind != "case"}
        plain = {c: several for c, several in missing.items() if c not in drawn}
        found: dict[str, tuple[Answer, ...]] = {}
        if drawn:
            code = self._submission()
            found |= fixtures.answers(self.sandbox, self.source, code, drawn, seconds)
        if plain:
            plan = _limited(planned(self.source.spec, self.source.cases, plain), seconds)
            found |= run_plan(self._opened(plan), plan)
        return found

    def _submission(self) -> Submission:
        return self.source.submission(self.program.name, self.program.text, self.program.bare)

    def _known(self, case: str, seconds: float | None) -> dict[int, Cell]:
        if case not in self._seen:
            self._seen[case] = self.cells.known(self._key(case))
        limit = self._limit(case, seconds)
        return {seed: cell for seed, cell in self._seen[case].items() if cell.answers_for(limit)}

    def _lasts(self, answer: Answer) -> bool:
        """Whether the same run would come to the same tomorrow; a busy machine makes right programs late."""
        statuses = {one.status for one in _grounds(answer)}
        return statuses <= _KEPT or (self.program.wrong and statuses <= _KEPT | _AT_A_LIMIT)

    def _limit(self, case: str, seconds: float | None) -> float:
        own = self.source.spec.limits_of(self.source.cases.get(case).question).seconds
        return own if seconds is None else min(own, seconds)

    def _key(self, case: str) -> str:
        question = self.source.cases.get(case).question
        limits = self.source.spec.limits_of(question).model_dump(mode="json", exclude={"seconds", "load_seconds"})
        forbidden = sorted(self.source.spec.question(question).forbidden_names)
        parts = [*self._base, self.source.cases.probes([case]), case, forbidden, limits]
        if self.source.cases.get(case).kind != "case":
            parts += fixtures.parts(self.source, self.program.name, case)
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _opened(self, plan: Plan) -> Session:
        """The session, or a new one where this one has sent hidden probes and public cases are asked for."""
        if self._session is not None and not self._session.takes(plan):
            self._session.close()
            self._session = None
        if self._session is None:
            submission = self._submission()
            session = session_for(self.sandbox, self.source.cases, submission, self.source.support)
            self._session = session.__enter__()
        return self._session

    def __enter__(self) -> Runs:
        return self

    def __exit__(self, *ending: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._session is not None:
            self._session.__exit__(*ending)


def _limited(plan: Plan, seconds: float | None) -> Plan:
    if seconds is None:
        return plan
    return plan.changed(
        lambda one: replace(one, limits=one.limits.model_copy(update={"seconds": min(seconds, one.limits.seconds)}))
    )


def _base(sandbox: Sandbox, source: AssignmentSource, program: Program) -> tuple[Any, ...]:
    """What all cells of a program hang on."""
    support = sorted((name, hashlib.sha256(data).hexdigest()) for name, data in source.support.items())
    text = hashlib.sha256(program.text.encode()).hexdigest()
    base = (recording_digest(), sorted(sandbox.layers), source.spec.submission.module, support, text, program.again)
    private = [] if program.bare else sorted((n, hashlib.sha256(d).hexdigest()) for n, d in source.artifacts.items())
    return (*base, private) if private else base


@functools.cache
def recording_digest() -> str:
    """sha256 over the code that runs probes and encodes what they return, and the versions of what it runs on."""
    whole = hashlib.sha256(f"{platform.python_version()} {platform.machine()}".encode())
    for name in _LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            whole.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    whole.update(code_digest(_RECORDING).encode())
    return whole.hexdigest()
