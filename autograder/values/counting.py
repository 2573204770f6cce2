"""Counting what encoded values would build, before any of it is built.

A few megabytes of msgpack can stand for gigabytes of Python objects (an empty list is one byte there and 56 here), and
the announced length of a list is taken from memory before its items are seen. So the bytes are walked first: items,
numbers in arrays and nodes of formulas are added up, and the first count above its cap ends the walk.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_DEPTH = 24
MAX_ITEMS = 100_000
MAX_NUMBERS = 2**24
MAX_NODES = 20_000
"""Caps for one answer. The largest of the shipped assignments have 2,237 items, 22,968 numbers and 658 nodes."""
_FORMULA_DEPTH = 2 * 120 + 2
_SMALL_EXTENSION = 1100  # the longest integer, complex number or fraction
_COMPLEX, _FRACTION, _INT, _ARRAY, _FORMULA = 1, 2, 3, 4, 5
_ITEM_BYTES = {b"bool": 1, b"int8": 1, b"uint8": 1, b"int16": 2, b"float16": 2, b"int32": 4, b"float32": 4,
               b"int64": 8, b"float64": 8, b"complex64": 8, b"complex128": 16}  # fmt: skip


class BadValue(ValueError):
    """Bytes that are not the encoding of a value, or break a cap."""


class TooMany(BadValue):
    """More than is judged; the message says of what."""


@dataclass
class Counts:
    """What an answer would build."""

    items: int = 0
    numbers: int = 0
    nodes: int = 0


def count(data: bytes) -> Counts:
    """What `data` would build.

    Raises:
        TooMany: a count is above its cap.
        BadValue: the bytes end too early, are nested too deep, or are no msgpack.
    """
    counts = Counts()
    _Walk(data, counts, MAX_DEPTH, MAX_ITEMS, "items in lists and dicts").through(0, len(data))
    return counts


def _sizes() -> list[int]:
    """Bytes of what begins with each byte, where that byte says it; 0 where more must be read."""
    sizes = [0] * 256
    for byte in (*range(0x80), *range(0xE0, 0x100), 0xC0, 0xC2, 0xC3):
        sizes[byte] = 1
    for byte in range(0xA0, 0xC0):
        sizes[byte] = 1 + (byte & 31)
    for first, width in ((0xCC, 1), (0xCD, 2), (0xCE, 4), (0xCF, 8), (0xD0, 1), (0xD1, 2), (0xD2, 4), (0xD3, 8),
                         (0xCA, 4), (0xCB, 8)):  # fmt: skip
        sizes[first] = 1 + width
    return sizes


_SIZES = _sizes()
_CONTAINERS = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}  # bytes of the length, items for each
_BLOBS = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}  # bytes of the length
_EXTENSIONS = {0xC7: 1, 0xC8: 2, 0xC9: 4}
_FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}


class _Walk:
    """One walk over msgpack, whole or inside an extension."""

    def __init__(self, data: bytes, counts: Counts, depth: int, most: int, what: str) -> None:
        self.data, self.counts, self.depth, self.most, self.what = data, counts, depth, most, what
        self.items = 0

    def through(self, pos: int, end: int) -> None:
        """One value from `pos` to `end`, and nothing behind it."""
        data, sizes = self.data, _SIZES
        open_levels: list[int] = []
        left = 1
        while True:
            while left == 0:
                if not open_levels:
                    if pos != end:
                        raise BadValue("bytes behind the value")
                    return
                left = open_levels.pop()
            if pos >= end:
                raise BadValue("the value ends too early")
            left -= 1
            size = sizes[data[pos]]
            if size:
                pos += size
                continue
            pos, inside = self._long(pos, end)
            if inside >= 0:
                open_levels.append(left)
                left = inside
                if len(open_levels) > self.depth + 1:
                    raise BadValue("outputs are nested too deep")

    def _long(self, pos: int, end: int) -> tuple[int, int]:
        """Where the next value is, and how many items of a container are to come (-1 for anything else)."""
        byte = self.data[pos]
        if 0x80 <= byte < 0xA0:
            return pos + 1, self._container((byte & 15) * (1 if byte >= 0x90 else 2), pos + 1, end)
        if byte in _CONTAINERS:
            width, each = _CONTAINERS[byte]
            return pos + 1 + width, self._container(self._number(pos, width) * each, pos + 1 + width, end)
        if byte in _BLOBS:
            width = _BLOBS[byte]
            return pos + 1 + width + self._number(pos, width), -1
        if byte in _FIXED_EXTENSIONS:
            return self._extension(pos + 1, _FIXED_EXTENSIONS[byte], end), -1
        if byte in _EXTENSIONS:
            width = _EXTENSIONS[byte]
            return self._extension(pos + 1 + width, self._number(pos, width), end), -1
        raise BadValue("not msgpack")

    def _number(self, pos: int, width: int) -> int:
        return int.from_bytes(self.data[pos + 1 : pos + 1 + width], "big")

    def _container(self, items: int, pos: int, end: int) -> int:
        self.items += items
        if self.items > self.most:
            raise TooMany(f"the outputs have more than {self.most:,} {self.what}, too many to judge")
        if items > end - pos:
            raise BadValue("the value ends too early")
        if self.depth == MAX_DEPTH:
            self.counts.items += items
        return items

    def _extension(self, pos: int, length: int, end: int) -> int:
        """Past an extension whose type stands at `pos`; what is inside is counted too."""
        code, start, stop = self.data[pos : pos + 1], pos + 1, pos + 1 + length
        if stop > end or not code:
            raise BadValue("the value ends too early")
        kind = code[0]
        if self.depth != MAX_DEPTH and kind != _INT:
            raise BadValue(f"extension {kind} inside an extension")
        if kind == _FORMULA:
            self._formula(start, stop)
        elif kind == _ARRAY:
            self._array(start, stop)
        elif kind in (_COMPLEX, _FRACTION, _INT):
            if length > _SMALL_EXTENSION:
                raise BadValue(f"extension {kind} of {length:,} bytes")
        else:
            raise BadValue(f"extension type {kind} is not known")
        return stop

    def _formula(self, start: int, stop: int) -> None:
        """A node is [head, text, arguments]: three items, and a fourth in its parent."""
        left = MAX_NODES - self.counts.nodes
        inside = _Walk(self.data, Counts(), _FORMULA_DEPTH, 4 * left, "parts of formulas")
        try:
            inside.through(start, stop)
        except TooMany:
            raise TooMany(f"the formulas have more than {MAX_NODES:,} nodes, too many to judge") from None
        self.counts.nodes += (inside.items + 1) // 4

    def _array(self, start: int, stop: int) -> None:
        """[dtype, shape, bytes]."""
        _Walk(self.data, Counts(), 2, 3 + 16, "parts of an array").through(start, stop)
        name = bytes(self.data[start + 2 : start + 2 + (self.data[start + 1] & 31)])
        self.counts.numbers += (stop - start) // _ITEM_BYTES.get(name, 1)
        if self.counts.numbers > MAX_NUMBERS:
            raise TooMany(f"the arrays have more than {MAX_NUMBERS:,} numbers, too many to judge")
