"""Evidence: what every case of a submission came back with, as bytes that can be kept and judged again.

Format 2: compressed msgpack, field by field. A case has an answer on its own ground (the student's functions) and may
have one on given ground (the library's functions in place of earlier questions'); both are kept, the judge takes the
better. Format 1 (written by 0.1.0, without a number) is read too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgpack
import zstandard

from autograder.errors import StoredError
from autograder.grading.worlds import Recorded, Worlds, parse_world
from autograder.sandbox.wire.messages import Answer, Attempt, Effort

FORMAT = 2
OWN, GIVEN = "own", "given"


@dataclass(frozen=True)
class Evidence:
    """The answers of one submission, with the worlds that they were given in.

    Attributes:
        answers: case → what came back, on own ground, and on given ground where the case has one.
        attempts: case → what came before the answer that stands; measurements of a machine, as `seconds` is.
        materials: milestone or replay → part → sha256 of what was drawn for it, and of the weights that were judged.
    """

    submission: str
    digest: str
    bundle: str
    answers: Mapping[str, Answer]
    worlds: Worlds
    attempts: Mapping[str, tuple[Attempt, ...]] = field(default_factory=dict)
    materials: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def without_measurements(self) -> Evidence:
        """The same without times, attempts and decoded values: what must be the same in every run."""
        return replace(self, answers={c: _unmeasured(a) for c, a in self.answers.items()}, attempts={})

    def of(self, cases: Collection[str]) -> Evidence:
        """The part that speaks of these cases."""
        return replace(
            self,
            answers={c: x for c, x in self.answers.items() if c in cases},
            worlds={c: w for c, w in self.worlds.items() if c in cases},
            attempts={c: x for c, x in self.attempts.items() if c in cases},
            materials={c: x for c, x in self.materials.items() if c in cases},
        )

    @property
    def given(self) -> dict[str, Answer]:
        """Case → what came back on given ground."""
        return {case: answer.given for case, answer in self.answers.items() if answer.given is not None}

    def settled(self) -> set[str]:
        """Cases with an answer that is not waiting."""
        return {case for case, answer in self.answers.items() if answer.status != "waiting"}

    @staticmethod
    def merged(older: Evidence, newer: Evidence) -> Evidence:
        """What both know, case by case: the newer answer, except where it is still waiting and the older is not.

        Raises:
            ValueError: they are of different files.
        """
        if older.digest != newer.digest:
            raise ValueError(f"evidence of two different submissions ({older.digest[:12]}, {newer.digest[:12]})")
        stay = older.settled() - newer.settled() | (older.answers.keys() - newer.answers.keys())
        old, new = older.of(stay), newer.of(newer.worlds.keys() - stay)
        return replace(
            newer,
            answers={**old.answers, **new.answers},
            worlds={**old.worlds, **new.worlds},
            attempts={**old.attempts, **new.attempts},
            materials={**old.materials, **new.materials},
        )

    def to_bytes(self) -> bytes:
        """Compressed msgpack; decoded values are left out, their payloads kept."""
        rows = [
            _row(case, ground, answer)
            for ground, side in ((OWN, self.answers), (GIVEN, self.given))
            for case, answer in sorted(side.items())
        ]
        table = {
            "format": FORMAT,
            "submission": self.submission,
            "digest": self.digest,
            "bundle": self.bundle,
            "worlds": {case: str(world) for case, world in sorted(self.worlds.items())},
            "answers": rows,
            "attempts": {
                case: [[a.status, a.seconds, a.load] for a in several]
                for case, several in sorted(self.attempts.items())
            },
            **({"materials": _sorted(self.materials)} if self.materials else {}),
        }
        return zstandard.ZstdCompressor(level=3).compress(msgpack.packb(table))

    @staticmethod
    def from_bytes(data: bytes) -> Evidence:
        """The reverse of `to_bytes` (the grader's own files, not a student's).

        Raises:
            StoredError: damaged, or written by a newer version.
        """
        try:
            table: dict[str, Any] = msgpack.unpackb(zstandard.ZstdDecompressor().decompress(data), strict_map_key=False)
            number = table.get("format", 1)
            if number == 1:
                return _from_format_1(table)
            if number == FORMAT:
                return _from_format_2(table)
        except (zstandard.ZstdError, msgpack.UnpackException, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoredError(
                f"is not evidence: {type(error).__name__}: {error}", where="evidence", fix="restore it, or grade again"
            ) from None
        raise StoredError(
            f"is evidence of format {number}", where="evidence", expected=f"format 1 or {FORMAT}",
            fix="read it with the version that wrote it, or a newer one",
        )  # fmt: skip


def _sorted(materials: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {case: dict(sorted(parts.items())) for case, parts in sorted(materials.items())}


def _unmeasured(answer: Answer) -> Answer:
    given = _unmeasured(answer.given) if answer.given is not None else None
    return replace(answer, seconds=0.0, value=None, effort=Effort(), attempts=(), given=given)


def _row(case: str, ground: str, answer: Answer) -> dict[str, Any]:
    return {
        "case": case,
        "ground": ground,
        "status": answer.status,
        "payload": answer.payload,
        "message": answer.message,
        "trace": list(answer.trace),
        "stdout": answer.stdout,
        "seconds": answer.seconds,
        "evidence": list(answer.evidence),
        **({"told": answer.told} if answer.told else {}),
    }


def _answer(case: str, row: Mapping[str, Any]) -> Answer:
    return Answer(
        case=case,
        status=row["status"],
        payload=row["payload"],
        message=row["message"],
        trace=tuple(row["trace"]),
        stdout=row["stdout"],
        seconds=row["seconds"],
        evidence=tuple(row["evidence"]),
        told=row.get("told", ""),
    )


def attempts_of(answers: Mapping[str, Answer]) -> dict[str, tuple[Attempt, ...]]:
    """Case → what came before its answer, for cases that were run again."""
    return {case: answer.attempts for case, answer in answers.items() if answer.attempts}


def _from_format_1(table: Mapping[str, Any]) -> Evidence:
    answers = {case: _answer(case, row) for case, row in table["answers"].items()}
    worlds = {case: Recorded(int(index)) for case, index in table["worlds"].items()}
    return Evidence(table["submission"], table["digest"], table["bundle"], answers, worlds)


def _from_format_2(table: Mapping[str, Any]) -> Evidence:
    sides: dict[str, dict[str, Answer]] = {OWN: {}, GIVEN: {}}
    for row in table["answers"]:
        sides[row["ground"]][row["case"]] = _answer(row["case"], row)
    return Evidence(
        table["submission"],
        table["digest"],
        table["bundle"],
        {case: replace(answer, given=sides[GIVEN].get(case)) for case, answer in sides[OWN].items()},
        {case: parse_world(text) for case, text in table["worlds"].items()},
        {case: tuple(Attempt(*one) for one in several) for case, several in table["attempts"].items()},
        table.get("materials", {}),
    )
