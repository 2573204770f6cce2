"""Arguments kept: what a probe hands to a student's function is compared afterwards with a copy of it.

A function that changes what it is given spoils whatever the caller does next, and the fault would show as a wrong
value of something else. So it is told by name, costs the case in which it happens, and what can be put back is put
back: no other call and no other case is touched.
What is watched: NumPy arrays, tensors, lists and dicts, also inside lists, tuples and dicts. What is not: other
objects, iterators and modules; calls that student code makes by itself; what is above MOST_ITEMS values in a call.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import inspect
import sys
from collections.abc import Callable, Collection, Iterator
from typing import Any, Protocol

import numpy as np

COPIED = 1 << 20
"""Bytes up to which a copy is kept; of larger arrays a digest."""
MOST_ITEMS = 100_000
MOST_DEPTH = 6
MOST_TOLD = 3
_PLAIN = (bool, int, float, complex, str, bytes, type(None))


class Kept(Protocol):
    """How a value was before a call."""

    def changed(self) -> bool:
        """Whether it is another now."""

    def restore(self) -> None:
        """Make it as it was, where that can be done."""


class Arguments:
    """The calls of one case. `may_change` names functions of the student that may change what they are given."""

    def __init__(self, may_change: Collection[str] = ()) -> None:
        self.may_change = may_change
        self.changes: dict[tuple[str, str], None] = {}

    def watched(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, its arguments compared after each call that returns."""
        if name in self.may_change:
            return function

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            keeper = Keeper()
            kept: list[tuple[int | str, Kept | None]]
            kept = [
                *((i, keeper.keep(v)) for i, v in enumerate(args)),
                *((n, keeper.keep(v)) for n, v in kwargs.items()),
            ]
            result = function(*args, **kwargs)
            for label, value in kept:
                if value is not None and value.changed():
                    self.changes.setdefault((name, _named(function, label)))
                    value.restore()
            return result

        return call

    def told(self) -> str:
        """The changes in a sentence, "" where there was none."""
        by_function: dict[str, list[str]] = {}
        for function, argument in self.changes:
            by_function.setdefault(function, []).append(argument)
        parts = [
            f"`{function}` changed its argument{'s' if len(names) > 1 else ''} {' and '.join(names)}"
            for function, names in list(by_function.items())[:MOST_TOLD]
        ]
        more = "" if len(by_function) <= MOST_TOLD else ", and others did so"
        hint = ": what a function is given belongs to its caller; work on a copy"
        return f"{'; '.join(parts)}{more}{hint}" if parts else ""


def _named(function: Callable[..., Any], label: int | str) -> str:
    """`` `cotangent` ``, as the student's own definition calls it, or "number 2"."""
    if isinstance(label, str):
        return f"`{label}`"
    try:
        names = [p.name for p in inspect.signature(function).parameters.values() if p.kind <= p.POSITIONAL_OR_KEYWORD]
        return f"`{names[label]}`"
    except BaseException:  # whatever a signature of the student's own making raises
        return f"number {label + 1}"


class Keeper:
    """Makes the copies of one call, as many as MOST_ITEMS allows."""

    def __init__(self) -> None:
        self.items = 0

    def keep(self, value: Any, depth: int = 0) -> Kept | None:
        """The value as it is now; None for what is not watched."""
        self.items += 1
        if type(value) in _PLAIN or depth > MOST_DEPTH or self.items > MOST_ITEMS:
            return None
        with contextlib.suppress(Exception):  # a value that cannot be copied is not watched
            if type(value) is np.ndarray:
                return _Array(value) if value.flags.writeable else None
            if isinstance(value, (list, tuple, dict)) and type(value) in (list, tuple, dict):
                parts = value.items() if isinstance(value, dict) else enumerate(value)
                return _Container(value, [(key, part, self.keep(part, depth + 1)) for key, part in parts])
            torch = sys.modules.get("torch")
            if torch is not None and type(value) in (torch.Tensor, torch.nn.Parameter):
                return _Tensor(value)
        return None


class _Array:
    def __init__(self, array: Any) -> None:
        self.array = array
        self.copy = array.copy() if array.dtype.hasobject or array.nbytes <= COPIED else None
        self.form = (array.shape, array.dtype)
        self.digest = None if self.copy is not None else _digest(array)

    def changed(self) -> bool:
        now = self.array
        if (now.shape, now.dtype) != self.form:
            return True
        if self.copy is None:
            return _digest(now) != self.digest
        if now.dtype.hasobject:
            return any(not _same(a, b) for a, b in zip(now.flat, self.copy.flat, strict=True))
        return bool(now.tobytes() != self.copy.tobytes())

    def restore(self) -> None:
        if self.copy is not None:
            with contextlib.suppress(Exception):
                self.array.shape = self.copy.shape
                self.array[...] = self.copy


class _Tensor:
    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor
        self.form = (tensor.shape, tensor.dtype)
        with _unseen():
            now = _bytes_of(tensor)
            large = now.nbytes > COPIED
            self.copy = None if large else tensor.detach().clone()
            self.digest = _digest(now)

    def changed(self) -> bool:
        if (self.tensor.shape, self.tensor.dtype) != self.form:
            return True
        with _unseen():
            return _digest(_bytes_of(self.tensor)) != self.digest

    def restore(self) -> None:
        if self.copy is not None:
            with contextlib.suppress(Exception), _unseen():
                self.tensor.detach().copy_(self.copy)


class _Container:
    def __init__(self, value: Any, parts: list[tuple[Any, Any, Kept | None]]) -> None:
        self.value, self.parts = value, parts

    def changed(self) -> bool:
        now = list(self.value.items() if isinstance(self.value, dict) else enumerate(self.value))
        if len(now) != len(self.parts):
            return True
        pairs = zip(now, self.parts, strict=True)
        return any(
            not (_same(key, other) and _same(part, before)) or (kept is not None and kept.changed())
            for (key, part), (other, before, kept) in pairs
        )

    def restore(self) -> None:
        for _, _, kept in self.parts:
            if kept is not None:
                kept.restore()
        if isinstance(self.value, list):
            self.value[:] = [part for _, part, _ in self.parts]
        elif isinstance(self.value, dict):
            self.value.clear()
            self.value.update({key: part for key, part, _ in self.parts})


def _same(now: Any, before: Any) -> bool:
    """The same object, or an equal one without parts."""
    if now is before:
        return True
    if type(now) is not type(before):
        return False
    return type(now) in _PLAIN and (now == before or (now != now and before != before))


def _digest(array: Any) -> bytes:
    return hashlib.sha256(np.ascontiguousarray(array).data).digest()


def _bytes_of(tensor: Any) -> Any:
    torch = sys.modules["torch"]
    return tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1).view(torch.uint8).cpu().numpy()


@contextlib.contextmanager
def _unseen() -> Iterator[None]:
    """Inside, operators are the grader's own: none is recorded against the student, none is differentiated."""
    from torch.utils._python_dispatch import _disable_current_modes

    with _disable_current_modes(), sys.modules["torch"].no_grad():
        yield
