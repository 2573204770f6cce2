"""Weights: what the usual library writes is read, and nothing else; every refusal says what to do."""

from __future__ import annotations

import json
import struct
import time
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.values.weights import MOST_HEADER, BadWeights, parameters, read_header, read_weights, write_weights

ARRAYS = {
    "embed.weight": np.arange(12, dtype=np.float32).reshape(3, 4),
    "norm.bias": np.ones(4, dtype=np.float32),
    "scale": np.array(0.5, dtype=np.float32),
}
GOOD = write_weights(ARRAYS)
LENGTH = struct.unpack("<Q", GOOD[:8])[0]
HEAD: dict[str, Any] = json.loads(GOOD[8 : 8 + LENGTH])
BODY = GOOD[8 + LENGTH :]


def file_of(head: object, body: bytes = BODY, raw: bytes | None = None) -> bytes:
    text = json.dumps(head, separators=(",", ":")).encode() if raw is None else raw
    return struct.pack("<Q", len(text)) + text + body


def with_entry(name: str, **changes: object) -> dict[str, Any]:
    return {**HEAD, name: {**HEAD[name], **changes}}


def raw_head() -> bytes:
    return json.dumps(HEAD, separators=(",", ":")).encode()


def shifted(by: int) -> dict[str, Any]:
    first = next(iter(HEAD))
    return {
        n: e if n == first else {**e, "data_offsets": [e["data_offsets"][0] + by, e["data_offsets"][1] + by]}
        for n, e in HEAD.items()
    }


HOSTILE = {
    "empty": (b"", "the file is empty"),
    "three bytes": (b"abc", "too short"),
    "header length 2^63": (struct.pack("<Q", 2**63) + GOOD[8:], "at most 65,536"),
    "header longer than the file": (struct.pack("<Q", 60_000) + GOOD[8:], "longer than the file"),
    "a pickle": (b"\x80\x04\x95" + b"x" * 100, "pickle"),
    "torch.save": (b"PK\x03\x04" + b"\0" * 100, "torch.save"),
    "nested 30,000 deep": (file_of(None, raw=b"[" * 30_000), "no JSON"),
    "not JSON": (file_of(None, raw=b"{]"), "no JSON"),
    "not ASCII": (file_of(None, raw='{"é":1}'.encode()), "no JSON"),
    "NaN in the header": (file_of(None, raw=b'{"a":NaN}'), "no JSON"),
    "a list": (file_of([1]), "names no tensor"),
    "no tensor": (file_of({}, b""), "names no tensor"),
    "metadata": (file_of({"__metadata__": {"g": "x" * 1000}, **HEAD}), "metadata"),
    "short metadata": (file_of({"__metadata__": {"format": "pt"}, **HEAD}), "metadata"),
    "a name twice": (
        file_of(None, raw=b'{"scale":' + json.dumps(HEAD["scale"]).encode() + b"," + raw_head()[1:]),
        "twice",
    ),
    "301 tensors": (
        file_of(
            {f"t{i}": {"dtype": "F32", "shape": [1], "data_offsets": [4 * i, 4 * i + 4]} for i in range(301)},
            b"\0" * 1204,
        ),
        "at most 300",
    ),
    "an extra key": (file_of(with_entry("scale", note="x" * 60_000)), "nothing else"),
    "a key less": (file_of({**HEAD, "scale": {"dtype": "F32", "shape": []}}), "nothing else"),
    "an entry that is a list": (file_of({**HEAD, "scale": [1]}), "nothing else"),
    "a name with blanks": (file_of({**HEAD, "a b": HEAD["scale"]}), "not allowed"),
    "a long name": (file_of({**HEAD, "a" * 81: HEAD["scale"]}), "not allowed"),
    "an empty name": (file_of({**HEAD, "": HEAD["scale"]}), "not allowed"),
    "float64": (file_of(with_entry("scale", dtype="F64")), "not F32"),
    "float16": (file_of(with_entry("scale", dtype="F16")), "not F32"),
    "a type that is a number": (file_of(with_entry("scale", dtype=32)), "not F32"),
    "negative sizes": (file_of(with_entry("embed.weight", shape=[-3, -4])), "at least 1"),
    "an empty tensor": (file_of(with_entry("scale", shape=[0], data_offsets=[64, 64])), "at least 1"),
    "sizes that are floats": (file_of(with_entry("embed.weight", shape=[3.0, 4])), "at least 1"),
    "sizes that are booleans": (file_of(with_entry("scale", shape=[True])), "at least 1"),
    "nine dimensions": (file_of(with_entry("scale", shape=[1] * 9)), "at most 8"),
    "huge sizes": (file_of(with_entry("embed.weight", shape=[2**40, 2**40])), "its shape needs"),
    "offsets that are text": (file_of(with_entry("scale", data_offsets=["0", "4"])), "no pair"),
    "one offset": (file_of(with_entry("scale", data_offsets=[64])), "no pair"),
    "a negative offset": (file_of(with_entry("scale", data_offsets=[-4, 0])), "no pair"),
    "two names over the same bytes": (file_of({**HEAD, "twin": HEAD["embed.weight"]}), "overlaps"),
    "a gap": (file_of(shifted(4), BODY + b"1234"), "gap"),
    "bytes behind the last tensor": (GOOD + b"hidden grammar", "14 bytes behind"),
    "cut off": (GOOD[:-1], "the end is missing"),
    "white space in the header": (file_of(None, raw=json.dumps(HEAD).encode()), "white space"),
    "keys of an entry in another order": (
        file_of({n: {k: e[k] for k in ("shape", "dtype", "data_offsets")} for n, e in HEAD.items()}),
        "another order",
    ),
    "an escape in a name": (file_of(None, raw=raw_head().replace(b"scale", b"\\u0073cale")), "white space"),
    "blanks behind the header": (file_of(None, raw=raw_head() + b" " * 5000), "blanks"),
    "2 MB of blanks": (file_of(None, raw=raw_head() + b" " * 2_000_000), "at most 65,536"),
    "NaN": (write_weights(ARRAYS)[:-4] + struct.pack("<f", float("nan")), "NaN or infinite"),
    "infinity": (write_weights(ARRAYS)[:-4] + struct.pack("<f", float("inf")), "NaN or infinite"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_with_room_for_more_than_numbers_is_refused(name: str) -> None:
    data, said = HOSTILE[name]
    started = time.process_time()
    with pytest.raises(BadWeights, match=said) as caught:
        read_weights(data)
    assert caught.value.fix
    assert time.process_time() - started < 1


def test_what_is_written_is_read_again() -> None:
    found = read_weights(GOOD)
    assert list(found) == sorted(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].shape == array.shape
        assert found[name].dtype == np.float32
        assert np.array_equal(found[name], array)
    assert parameters(GOOD) == 17


def test_what_is_read_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        read_weights(GOOD)["scale"][...] = 0


def test_the_usual_library_and_this_reader_understand_each_other() -> None:
    theirs = safetensors.numpy.save(ARRAYS)
    assert {n: a.tolist() for n, a in read_weights(theirs).items()} == {n: a.tolist() for n, a in ARRAYS.items()}
    assert {n: a.tolist() for n, a in safetensors.numpy.load(GOOD).items()} == {
        n: a.tolist() for n, a in ARRAYS.items()
    }


def test_the_same_arrays_give_the_same_bytes() -> None:
    assert write_weights(dict(reversed(ARRAYS.items()))) == GOOD


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"a": np.ones(3)}, "not float32"),
        ({"a b": np.ones(3, np.float32)}, "not allowed"),
        ({"a": np.ones((0,), np.float32)}, "at least 1"),
        ({"a": np.array([np.nan], np.float32)}, "NaN"),
        ({}, "names no tensor"),
    ],
)
def test_the_writer_refuses_what_the_reader_would(arrays: dict[str, Any], said: str) -> None:
    with pytest.raises(BadWeights, match=said):
        write_weights(arrays)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=6), st.booleans())
def test_damage_anywhere_is_refused_or_changes_numbers_only(at: int, patch: bytes, grow: bool) -> None:
    damaged = GOOD[:at] + patch + GOOD[at if grow else at + len(patch) :]
    try:
        tensors, start = read_header(damaged)
    except BadWeights:
        return
    assert start + 4 * sum(t.count for t in tensors) == len(damaged)
    assert len(damaged[:start].rstrip(b" ")) <= 8 + MOST_HEADER


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
        max_leaves=12,
    )
)
def test_any_json_as_header_is_refused_in_words(head: object) -> None:
    with pytest.raises(BadWeights):
        read_weights(file_of(head))


def test_names_hold_no_more_than_names() -> None:
    def file(count: int) -> bytes:
        return write_weights({f"{i:03d}".ljust(80, "x"): np.zeros(1, np.float32) for i in range(count)})

    read_weights(file(102))
    with pytest.raises(BadWeights, match="names of the tensors have 8,240 characters; at most 8,192"):
        file(103)


def test_a_header_whose_length_begins_like_a_pickle_is_a_header() -> None:
    found = 0
    for count in range(1, 8):
        for pad in range(1, 80):
            arrays = {f"tensor{i}": np.zeros(1, np.float32) for i in range(count)} | {
                "x" * pad: np.zeros(1, np.float32)
            }
            data = write_weights(arrays)
            if data[:1] == b"\x80":
                assert set(read_weights(data)) == set(arrays)
                found += 1
    assert found >= 2
