"""Evidence comes back as it was kept, whoever kept it, and grows case by case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgpack
import pytest
import zstandard

from autograder.errors import StoredError
from autograder.grading.evidence import Attempt, Evidence
from autograder.grading.worlds import Drawn, Recorded
from autograder.sandbox.wire.messages import Answer

WRITTEN = Path(__file__).parent / "written_by_0_1_0"


def answer(case: str, status: str = "returned", payload: bytes = b"\x01") -> Answer:
    return Answer(case, status, payload=payload if status == "returned" else b"", trace=("f(1)",), seconds=0.5)  # type: ignore[arg-type]


def evidence(**statuses: str) -> Evidence:
    answers = {case: answer(case, status) for case, status in statuses.items()}
    return Evidence("ada", "d" * 64, "b" * 64, answers, dict.fromkeys(answers, Recorded(1)))


def on_both(case: str) -> Answer:
    return replace(answer(case), given=answer(case, payload=b"\x02"))


def test_all_of_it_comes_back() -> None:
    kept = replace(
        evidence(a="returned", b="waiting"),
        answers={"a": on_both("a"), "b": answer("b", "waiting")},
        attempts={"a": (Attempt("timeout", 10.0, 0.75),)},
    )
    assert {c: a.payload for c, a in kept.given.items()} == {"a": b"\x02"}
    assert Evidence.from_bytes(kept.to_bytes()) == kept


def test_measurements_are_no_part_of_what_must_be_the_same() -> None:
    one = replace(evidence(a="returned"), attempts={"a": (Attempt("timeout", 10.0, 0.75),)})
    other = replace(evidence(a="returned"), answers={"a": replace(answer("a"), seconds=9.0, value=1)})
    assert one.without_measurements().to_bytes() == other.without_measurements().to_bytes()
    assert one.to_bytes() != other.to_bytes()


def test_evidence_of_0_1_0_is_read() -> None:
    found = Evidence.from_bytes((WRITTEN / "crash_and_loop_max.evidence.zst").read_bytes())
    statuses = [a.status for a in found.answers.values()]
    assert (found.submission, len(statuses)) == ("crash_and_loop_max", 75)
    assert {s: statuses.count(s) for s in set(statuses)} == {"returned": 68, "timeout": 5, "crashed": 2}
    assert set(found.worlds) == set(found.answers)
    assert Evidence.from_bytes(found.to_bytes()) == found


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not evidence"),
        (b"junk", "is not evidence"),
        (zstandard.ZstdCompressor().compress(msgpack.packb({"format": 2})), "is not evidence"),
        (zstandard.ZstdCompressor().compress(msgpack.packb([1, 2])), "is not evidence"),
        (zstandard.ZstdCompressor().compress(msgpack.packb({"format": 3})), "format 3"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(data: bytes, words: str) -> None:
    with pytest.raises(StoredError, match=words):
        Evidence.from_bytes(data)


def test_a_later_run_adds_to_an_earlier_one() -> None:
    older = evidence(a="returned", b="waiting", c="error")
    newer = replace(evidence(b="returned"), worlds={"b": Drawn(2)})
    merged = Evidence.merged(older, newer)
    assert {c: x.status for c, x in merged.answers.items()} == {"a": "returned", "b": "returned", "c": "error"}
    assert merged.worlds == {"a": Recorded(1), "b": Drawn(2), "c": Recorded(1)}


def test_a_case_that_waits_again_takes_nothing_away() -> None:
    older = replace(evidence(a="returned", b="returned"), answers={"a": answer("a"), "b": on_both("b")})
    newer = replace(evidence(a="error", b="waiting"), worlds={"a": Drawn(2), "b": Drawn(2)})
    merged = Evidence.merged(older, newer)
    assert {c: x.status for c, x in merged.answers.items()} == {"a": "error", "b": "returned"}
    assert merged.worlds == {"a": Drawn(2), "b": Recorded(1)}
    assert merged.given == older.given


def test_a_newer_answer_replaces_both_grounds() -> None:
    older = replace(evidence(a="returned"), answers={"a": on_both("a")})
    merged = Evidence.merged(older, evidence(a="error"))
    assert (merged.answers["a"].status, dict(merged.given)) == ("error", {})


def test_two_submissions_are_never_mixed() -> None:
    with pytest.raises(ValueError, match="two different submissions"):
        Evidence.merged(evidence(a="returned"), replace(evidence(a="returned"), digest="e" * 64))
