"""Torch operators that ran during a case and look like a forbidden name: evidence for a person, not a wall.

A student may switch this off; it sees aliases that the scan of the text does not (`eval`, names made at run time).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any

MOST, MOST_SEEN = 16, 1000
LATE = "torch was imported while the case ran, by a name that the text does not show"


class Operators:
    """Records operators while a case runs, when one of the forbidden names is torch's.

    Args:
        backward: whether operators of backward passes count; on given ground they may be a stand-in's.
    """

    def __init__(self, forbidden: Sequence[str], backward: bool = True) -> None:
        self._backward = backward
        self._keys = {key_of(name): name for name in forbidden if name.startswith("torch.")}
        self._recorder: Any = None

    def __enter__(self) -> Operators:
        if self._keys and "torch" in sys.modules:
            self._recorder = _recorder()
        if self._recorder is not None:
            self._recorder.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._recorder is not None:
            self._recorder.__exit__(kind, error, trace)

    def seen(self) -> list[str]:
        """Sentences such as "aten._softmax ran (torch.softmax is forbidden)"."""
        if self._keys and self._recorder is None and "torch" in sys.modules:
            return [LATE]
        lines: list[str] = []
        for operator in self._recorder.operators if self._recorder is not None else ():
            bare = operator.rpartition(".")[2].strip("_")
            if "_backward" in bare and not self._backward:
                continue
            lines += [f"{operator} ran ({name} is forbidden)" for key, name in self._keys.items()
                      if bare == key or bare.startswith(key + "_")]  # fmt: skip
        return lines[:MOST]


def _recorder() -> Any:
    """A dispatch mode that notes the name of each operator and runs it; `operators` has them in order."""
    from torch.utils._python_dispatch import TorchDispatchMode

    class Recorder(TorchDispatchMode):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.operators: dict[str, None] = {}

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if len(self.operators) < MOST_SEEN:
                self.operators.setdefault(str(func.overloadpacket))
            return func(*args, **(kwargs or {}))

    return Recorder()


def key_of(name: str) -> str:
    """How torch's operator for a dotted name begins.

    >>> key_of("torch.nn.functional.cross_entropy"), key_of("torch.linalg.inv")
    ('cross_entropy', 'linalg_inv')
    """
    for prefix in ("torch.nn.functional.", "torch.special.", "torch.Tensor.", "torch.nn.", "torch."):
        if name.startswith(prefix):
            return name.removeprefix(prefix).replace(".", "_").lower()
    return name
