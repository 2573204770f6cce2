"""Weights as bytes: a strict reader of safetensors, every byte of which is accounted for; no pickle, no library.

The file is eight bytes of length, a JSON header and the tensors' data (huggingface/safetensors, "Format"). A student's
file may hold float32 numbers under plain names and nothing else: what the general format leaves room for (metadata,
gaps, names twice, padding, white space, unused bytes) would be room for data that no budget counts.

What is covered: the header's size and depth, keys, types, names, shapes, overlaps, gaps, trailing bytes, numbers that
are not finite. What is not covered: what the numbers mean.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

HEADER = struct.Struct("<Q")
MOST_HEADER = 65_536
MOST_TENSORS = 300
MOST_DIMENSIONS = 8
MOST_IN_NAMES = 8_192
"""Characters of all names together: they are no numbers, so no budget of parameters counts what they could hold."""
ALIGNMENT = 8
"""The usual writers fill the header with blanks up to a multiple of this."""
NAME = re.compile(r"[A-Za-z0-9_.]{1,80}")
ENTRY = ("dtype", "shape", "data_offsets")
FIX = "write the file with pack.py of the handout (or safetensors.torch.save_file of float32 tensors)"

Arrays = Mapping[str, np.ndarray[Any, np.dtype[np.float32]]]


class BadWeights(ValueError):
    """Bytes that are no weights; the text is a sentence for a student, with what to do."""

    def __init__(self, what: str, fix: str = FIX) -> None:
        self.what, self.fix = what, fix
        super().__init__(f"{what}; {fix}")


@dataclass(frozen=True)
class Tensor:
    """A tensor's place in the data: its name, shape, and first byte behind the header."""

    name: str
    shape: tuple[int, ...]
    begin: int

    @property
    def count(self) -> int:
        """Numbers in it."""
        return math.prod(self.shape)

    @property
    def end(self) -> int:
        """The byte behind its last one."""
        return self.begin + 4 * self.count


def read_header(data: bytes) -> tuple[tuple[Tensor, ...], int]:
    """The tensors of a file in the order of their data, and where the data begins; no number is looked at.

    Raises:
        BadWeights: says which rule is broken.
    """
    text, start = _header_text(data)
    tensors = tuple(_tensors(_parsed(text), text))
    at = 0
    for tensor in tensors:
        if tensor.begin != at:
            kind = "overlaps the one before it" if tensor.begin < at else "leaves a gap before it"
            raise BadWeights(f"the data of `{tensor.name}` {kind}")
        at = tensor.end
    if start + at != len(data):
        what = (
            f"{len(data) - start - at:,} bytes behind the last tensor"
            if start + at < len(data)
            else "the end is missing"
        )
        raise BadWeights(f"the file's length does not fit its header: {what}")
    return tensors, start


def read_weights(data: bytes) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """Name → float32 array, in the order of the data; views of `data`, which cannot be written to.

    Raises:
        BadWeights: the file breaks a rule of the format, or a number is NaN or infinite.
    """
    tensors, start = read_header(data)
    arrays = {}
    for tensor in tensors:
        array = np.frombuffer(data, "<f4", tensor.count, start + tensor.begin).reshape(tensor.shape)
        if not np.isfinite(array).all():
            bad = int(np.count_nonzero(~np.isfinite(array)))
            fix = "training diverged: look at the loss, lower the rate, clip the gradient"
            raise BadWeights(f"{bad:,} of {array.size:,} numbers of `{tensor.name}` are NaN or infinite", fix)
        arrays[tensor.name] = array
    return arrays


def write_weights(arrays: Arrays) -> bytes:
    """The file of these arrays, sorted by name; the same arrays give the same bytes, and `read_weights` takes them.

    Raises:
        BadWeights: a name, a type or a shape that the reader would refuse.
    """
    head: dict[str, dict[str, Any]] = {}
    at = 0
    for name in sorted(arrays):
        array = arrays[name]
        if array.dtype != np.float32:
            raise BadWeights(f"`{name}` is {array.dtype}, not float32", "convert it: tensor.float()")
        head[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = _canonical(head)
    text += b" " * (-len(text) % ALIGNMENT)
    body = b"".join(np.ascontiguousarray(arrays[name]).astype("<f4").tobytes() for name in head)
    data = HEADER.pack(len(text)) + text + body
    read_weights(data)
    return data


def parameters(data: bytes) -> int:
    """Numbers in a file of weights.

    Raises:
        BadWeights: see `read_header`.
    """
    return sum(tensor.count for tensor in read_header(data)[0])


def _header_text(data: bytes) -> tuple[bytes, int]:
    """The header without its padding, and where the data begins."""
    if data[:4] == b"PK\x03\x04":
        raise BadWeights("this is a zip, as torch.save writes it; pickled weights are not opened")
    if len(data) < HEADER.size:
        raise BadWeights("the file is empty" if not data else "the file is too short for weights")
    (length,) = HEADER.unpack(data[: HEADER.size])
    if length > MOST_HEADER and data[:1] == b"\x80":  # a header of 128 bytes begins so, too
        raise BadWeights("this is a pickle; pickled weights are not opened")
    if length > MOST_HEADER:
        raise BadWeights(f"the header takes {length:,} bytes; at most {MOST_HEADER:,} are allowed")
    start = HEADER.size + length
    if start > len(data):
        raise BadWeights("the header is longer than the file")
    text = data[HEADER.size : start]
    bare = text.rstrip(b" ")
    if len(text) - len(bare) >= ALIGNMENT:
        raise BadWeights(f"{len(text) - len(bare):,} blanks behind the header; it may be filled to {ALIGNMENT} bytes")
    return bare, start


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        head = json.loads(text.decode("ascii"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except BadWeights:
        raise
    except (ValueError, RecursionError):
        raise BadWeights("the header is no JSON of names, types and shapes") from None
    if not isinstance(head, dict) or not head:
        raise BadWeights("the header names no tensor")
    if "__metadata__" in head:
        raise BadWeights("the header has metadata, which is not accepted", "save without metadata, or use pack.py")
    if (characters := sum(map(len, head))) > MOST_IN_NAMES:
        raise BadWeights(
            f"the names of the tensors have {characters:,} characters; at most {MOST_IN_NAMES:,} are allowed"
        )
    if len(head) > MOST_TENSORS:
        raise BadWeights(f"{len(head):,} tensors; at most {MOST_TENSORS} are allowed")
    return head


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object none of whose names stands twice (parsers take the last one and hide the first)."""
    table = dict(pairs)
    if len(table) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadWeights(f"the name {ascii(twice)[:90]} stands twice in the header")
    return table


def _no_constant(text: str) -> None:
    raise BadWeights("the header is no JSON of names, types and shapes")


def _tensors(head: Mapping[str, Any], text: bytes) -> Iterator[Tensor]:
    """The entries, checked one by one, in the order of their data."""
    found = [_tensor(name, entry) for name, entry in head.items()]
    if _canonical(head) != text:
        raise BadWeights("the header is written with white space or in another order than dtype, shape, data_offsets")
    yield from sorted(found, key=lambda tensor: (tensor.begin, tensor.end))


def _tensor(name: str, entry: object) -> Tensor:
    if not NAME.fullmatch(name):
        raise BadWeights(f"the name {ascii(name)[:90]} is not allowed: letters, digits, _ and . only, at most 80")
    if not isinstance(entry, dict) or set(entry) != set(ENTRY):
        raise BadWeights(f"the entry of `{name}` must have {', '.join(ENTRY)} and nothing else")
    shape, offsets = entry["shape"], entry["data_offsets"]
    if entry["dtype"] != "F32":
        raise BadWeights(f"`{name}` is {ascii(entry['dtype'])[:20]}, not F32", "convert it: tensor.float()")
    if not _integers(shape) or len(shape) > MOST_DIMENSIONS or any(size < 1 for size in shape):
        raise BadWeights(f"the shape of `{name}` must have at most {MOST_DIMENSIONS} sizes, each at least 1")
    if not _integers(offsets) or len(offsets) != 2 or offsets[0] < 0:
        raise BadWeights(f"the offsets of `{name}` are no pair of integers")
    tensor = Tensor(name, tuple(shape), offsets[0])
    if tensor.end != offsets[1]:
        raise BadWeights(f"`{name}` takes {offsets[1] - offsets[0]:,} bytes; its shape needs {4 * tensor.count:,}")
    return tensor


def _integers(value: object) -> bool:
    return isinstance(value, list) and all(type(item) is int for item in value)


def _canonical(head: Mapping[str, Any]) -> bytes:
    """The header as the usual writers write it: no white space, the keys of an entry in their order."""
    table = {name: {key: entry[key] for key in ENTRY} for name, entry in head.items()}
    return json.dumps(table, separators=(",", ":")).encode()
