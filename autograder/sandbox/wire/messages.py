"""What goes into a sandbox and what comes out: the nouns that the rest of the package knows of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.spec.models import Limits

Status = Literal[
    "returned", "error", "timeout", "crashed", "memory", "forbidden", "protocol", "skipped", "waiting", "broken"
]
Mode = Literal["strict", "standard", "off"]
PROBES = "<test case>"
"""The pseudo file name of the test cases."""


@dataclass(frozen=True)
class Submission:
    """A submission as read from disk, before anything of it runs.

    `files` are (relative path, bytes), sorted by path; `main` is the path of the file that is loaded as the module
    (a notebook is turned into cells by the worker). `digest` identifies the content (sha256 over paths and bytes).
    `notes` are what the reader of the hand-in has to say about it, a sentence each: which of two files was taken, what
    was left out and why. They are the grader's own words, and not part of the content.
    """

    name: str
    main: str
    files: tuple[tuple[str, bytes], ...]
    digest: str
    notes: tuple[str, ...] = ()

    @staticmethod
    def of(name: str, main: str, files: Mapping[str, bytes], notes: Sequence[str] = ()) -> Submission:
        """A submission of these files (relative path → bytes)."""
        digest = hashlib.sha256()
        for path in sorted(files):
            for part in (path.encode(), files[path]):
                digest.update(len(part).to_bytes(8, "big") + part)
        return Submission(name, main, tuple((p, files[p]) for p in sorted(files)), digest.hexdigest(), tuple(notes))

    @staticmethod
    def of_text(name: str, module: str, text: str) -> Submission:
        """A submission of one Python file, from its text."""
        return Submission.of(name, f"{module}.py", {f"{module}.py": text.encode()})


@dataclass(frozen=True)
class ProbeCall:
    """One case to run: the probe's name in the job's source, and the seed of its world.

    `given` is, of a milestone, the encoded data that the probe gets in place of a world; the seed is then that of the
    libraries' generators and of nothing else. `stand_ins` says whether it runs on given ground.
    """

    case: str
    seed: int
    given: bytes = field(default=b"", repr=False)
    stand_ins: bool = False


@dataclass(frozen=True)
class Job:
    """The cases of one question and one visibility.

    `source` holds the probes of `calls` and nothing else (no check, no expected value, no other case).
    `module` is the name under which the submission is loaded. `forbidden` are dotted names the student may not use;
    `own` has the source of each case by itself, so that a use costs the cases that reach it.
    """

    question: str
    public: bool
    module: str
    source: str
    calls: tuple[ProbeCall, ...]
    limits: Limits = field(default_factory=Limits)
    forbidden: tuple[str, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Effort:
    """What a case took. It differs from run to run, so it is never part of a grade, only kept beside it.

    `processor` is processor time in seconds. Where the brake on wall time ended the case, `brake` is its seconds and
    `load` the share of them (0 to 1) that a thread stood ready with no processor free; `busy` says that this was too
    much to hold against the case.
    """

    processor: float = 0.0
    load: float = 0.0
    brake: float = 0.0
    busy: bool = False


@dataclass(frozen=True)
class Attempt:
    """An earlier run of a case that was run again: how it ended, and how busy the machine was (0 to 1)."""

    status: str
    seconds: float
    load: float


@dataclass(frozen=True)
class Answer:
    """What one case came back with.

    `payload` is the encoded value when `status` is "returned" (already decoded once, so it is known to be well-formed),
    and `value` the decoded one. `message` is the worker's or the sandbox's text: for a person, capped, never trusted.
    Where hidden probes were out already it may speak of them, and is for staff; `told` is then what a student may read.
    `attempts` are earlier runs that do not stand, because the machine was too busy.
    `trace` are the calls of student functions, as text ("softmax(x=array of shape (5, 7))").
    `evidence` is what a person may look at later (operators seen under a forbidden alias, for example).
    `draws` are digests of what the world drew: of use where our own reference ran, no evidence of anything elsewhere.
    `given` is what the same case came back with on given ground, where it has one.
    """

    case: str
    status: Status
    value: Any = None
    payload: bytes = b""
    message: str = ""
    trace: tuple[str, ...] = ()
    stdout: str = ""
    seconds: float = 0.0
    evidence: tuple[str, ...] = ()
    told: str = ""
    effort: Effort = Effort()
    attempts: tuple[Attempt, ...] = ()
    draws: tuple[str, ...] = ()
    given: Answer | None = None
