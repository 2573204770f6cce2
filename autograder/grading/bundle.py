"""A bundle: all that a grader carries, without the reference.

Spec, cases with their checks, public support files, and what was recorded when the reference and the misconceptions
ran: encoded outputs per case and world. It can be kept in memory, or as files in an autograder zip.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgpack

from autograder.authoring.loading import SINGLE, CaseSet, load_cases
from autograder.authoring.world import World
from autograder.errors import AutograderError, BundleError
from autograder.spec.loading import parse_model
from autograder.spec.models import Assignment
from autograder.values.codec import BadValue, decode

FORMAT = 1
FOLDER = "bundle/"
HANDOUT_WORLD = 0


@dataclass(frozen=True)
class WorldRecord:
    """What the reference returned in one world."""

    seed: int
    payload: bytes


@dataclass(frozen=True)
class MisconceptionRecord:
    """What a misconception returned: per case, one (status, payload) per world; only for cases that it fails."""

    id: str
    question: str
    feedback: str
    hint: str
    outputs: Mapping[str, tuple[tuple[str, bytes], ...]]


@dataclass(frozen=True)
class Bundle:
    """See the module. `tolerances` come from the certificate."""

    spec: Assignment
    spec_text: str
    cases: CaseSet
    support: Mapping[str, bytes]
    expected: Mapping[str, tuple[WorldRecord, ...]]
    misconceptions: tuple[MisconceptionRecord, ...] = ()
    tolerances: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """sha256 over everything in the bundle, computed once."""
        files = to_files(self)
        return hashlib.sha256(b"".join(k.encode() + b"\0" + files[k] + b"\0" for k in sorted(files))).hexdigest()

    def world_index(self, case: str, student: str, secret: str) -> int:
        """Which recorded world a student gets: the same one every time, not to be foretold without the secret.

        The handout ships expected values of one world of a public case; grading uses the others where there are some,
        so that copying the shipped values earns nothing.
        """
        count = len(self.expected[case])
        first = 1 if self.cases.get(case).public and count > 1 else 0
        mac = hmac.new(secret.encode(), f"{student}\x1f{case}".encode(), hashlib.sha256).digest()
        return first + int.from_bytes(mac[:8], "big") % (count - first)

    def expected_value(self, case: str, index: int) -> Any:
        """The reference's outputs of a case in one of its worlds, decoded anew."""
        return decode(self.expected[case][index].payload)

    def world(self, case: str, index: int) -> World:
        """A fresh world of that seed."""
        return World(self.expected[case][index].seed)


def to_files(bundle: Bundle) -> dict[str, bytes]:
    """The bundle as files, by path inside the autograder zip; the same bundle gives the same bytes."""
    files = {
        f"{FOLDER}assignment.toml": bundle.spec_text.encode(),
        f"{FOLDER}recorded.msgpack": bytes(msgpack.packb(_recorded(bundle))),
    }
    files |= {f"{FOLDER}{path}": text.encode() for path, text in bundle.cases.texts.items()}
    files |= {f"{FOLDER}trusted/{n}.py": t.encode() for n, t in bundle.cases.trusted.items()}
    files |= {f"{FOLDER}support/{n}": data for n, data in bundle.support.items()}
    return files


def _recorded(bundle: Bundle) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "expected": {c: [[w.seed, w.payload] for w in ws] for c, ws in sorted(bundle.expected.items())},
        "tolerances": dict(sorted(bundle.tolerances.items())),
        "misconceptions": [
            [m.id, m.question, m.feedback, m.hint, {c: [list(o) for o in os] for c, os in sorted(m.outputs.items())}]
            for m in bundle.misconceptions
        ],
    }


def from_files(files: Mapping[str, bytes], where: str) -> Bundle:
    """The bundle in the files of an autograder zip (or folder); other files are left alone.

    Raises:
        BundleError: a part is missing or damaged.
    """
    try:
        spec_text = files[f"{FOLDER}assignment.toml"].decode()
        recorded = msgpack.unpackb(files[f"{FOLDER}recorded.msgpack"], strict_map_key=False)
        spec = parse_model(spec_text, f"{where}: assignment.toml", Assignment)
        trusted = {_stem(p): d.decode() for p, d in files.items() if p.startswith(f"{FOLDER}trusted/")}
        prefix = f"{FOLDER}support/"
        support = {p.removeprefix(prefix): d for p, d in files.items() if p.startswith(prefix)}
        cases = _cases(files, spec, trusted, where, support)
        return _bundle(spec, spec_text, cases, support, recorded)
    except KeyError as error:
        fix = "make one with: autograder release NAME"
        raise BundleError(f"is not an autograder zip of ours: no {error}", where=where, fix=fix) from None
    except AutograderError:
        raise
    except (ValueError, TypeError, BadValue, msgpack.UnpackException) as error:
        raise BundleError(f"is damaged: {error}", where=where, fix="build the release again") from None


def _cases(
    files: Mapping[str, bytes], spec: Assignment, trusted: Mapping[str, str], where: str, support: Mapping[str, bytes]
) -> CaseSet:
    folder = {_stem(p): d.decode() for p, d in files.items() if p.startswith(f"{FOLDER}cases/")}
    texts = folder or files[f"{FOLDER}{SINGLE}"].decode()
    place = f"{where}: {'cases' if folder else SINGLE}"
    return load_cases(texts, trusted, place, support, [q.id for q in spec.questions])


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[1].removesuffix(".py")


def _bundle(
    spec: Assignment, spec_text: str, cases: CaseSet, support: Mapping[str, bytes], recorded: dict[str, Any]
) -> Bundle:
    if recorded["format"] != FORMAT:
        raise BundleError(f"has format {recorded['format']}; this version reads {FORMAT}", where="recorded.msgpack")
    return Bundle(
        spec=spec,
        spec_text=spec_text,
        cases=cases,
        support=support,
        expected={c: tuple(WorldRecord(s, p) for s, p in ws) for c, ws in recorded["expected"].items()},
        misconceptions=tuple(
            MisconceptionRecord(i, q, f, h, {c: tuple((s, p) for s, p in os) for c, os in outputs.items()})
            for i, q, f, h, outputs in recorded["misconceptions"]
        ),
        tolerances=recorded["tolerances"],
    )
