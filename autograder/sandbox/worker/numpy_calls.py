"""Calls of forbidden functions of NumPy and SciPy in a case, under whatever name: evidence for a person, not a wall.

Python tells of every call from 3.12 on (`sys.monitoring`); before, nothing is recorded, and results say so (RECORD).
Calls by the libraries themselves and by the probes are not the student's. A function that is handed to another one
(`map(np.tanh, …)`) counts where it is the first argument. A student may switch this off, which is noticed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import CodeType, TracebackType
from typing import Any

from autograder.sandbox.wire.messages import PROBES

ROOTS = ("numpy", "scipy")
MOST = 16
NAME = "autograder"
TOOLS = (3, 4, 1)
"""Numbers of tools; 0, 2 and 5 are the debugger's, the profiler's and the optimizer's."""
OFF = "the recording of calls was switched off while the case ran"
MONITORED = sys.version_info >= (3, 12)
RECORD = "record of NumPy calls" if MONITORED else "no record of NumPy calls (Python before 3.12)"
"""What a result says among the layers in force."""
_OURS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep
_LIBRARIES = tuple({os.path.join(p, part) for p in (sys.prefix, sys.base_prefix) for part in ("lib", "lib64")})


class NumpyCalls:
    """Records calls while a case runs, when one of the forbidden names is NumPy's or SciPy's."""

    def __init__(self, forbidden: Sequence[str]) -> None:
        names = [name for name in forbidden if name.partition(".")[0] in ROOTS] if MONITORED else []
        self._functions = {id(thing): (name, thing) for name in reversed(names) for thing in _things(name)}
        self._ran: dict[str, None] = {}
        self._own: dict[str, bool] = {}
        self._tool: int | None = None
        self._off = False

    def __enter__(self) -> NumpyCalls:
        if self._functions:
            self._start(sys.monitoring)  # type: ignore[attr-defined,unused-ignore]  # from 3.12 on
        return self

    def _start(self, monitoring: Any) -> None:
        free = [tool for tool in TOOLS if monitoring.get_tool(tool) is None]
        if not free:
            self._off = True
            return
        self._tool = free[0]
        monitoring.use_tool_id(self._tool, NAME)
        monitoring.register_callback(self._tool, monitoring.events.CALL, self._called)
        monitoring.set_events(self._tool, monitoring.events.CALL)

    def _called(self, code: CodeType, offset: int, function: object, first: object) -> object:
        own = self._own.get(code.co_filename)
        if own is None:
            own = self._own[code.co_filename] = _is_students(code.co_filename)
        if not own:
            return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]
        found = self._functions.get(id(function)) or self._functions.get(id(first))
        if found is not None:
            self._ran.setdefault(found[0])
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._tool is not None:
            self._stop(sys.monitoring, self._tool)  # type: ignore[attr-defined,unused-ignore]
            self._tool = None

    def _stop(self, monitoring: Any, tool: int) -> None:
        holder = monitoring.get_tool(tool)
        if holder is None:
            monitoring.use_tool_id(tool, NAME)
        elif holder != NAME:
            self._off = True
            return
        events = monitoring.get_events(tool)
        monitoring.set_events(tool, 0)
        callback = monitoring.register_callback(tool, monitoring.events.CALL, None)
        monitoring.free_tool_id(tool)
        self._off = holder is None or events != monitoring.events.CALL or callback != self._called

    def seen(self) -> list[str]:
        """Sentences such as "numpy.tanh was called, though it is forbidden"."""
        lines = [f"{name} was called, though it is forbidden" for name in self._ran]
        return ([OFF] if self._off else []) + lines[:MOST]


def _things(name: str) -> list[object]:
    """The function of that name, or all functions of the module; nothing where it is not loaded."""
    root, *parts = name.split(".")
    thing: object = sys.modules.get(root)
    for part in parts:
        thing = getattr(thing, "__dict__", {}).get(part)
    if callable(thing):
        return [thing]
    inside = getattr(thing, "__dict__", {}) if thing is not None else {}
    return [value for key, value in inside.items() if callable(value) and not key.startswith("_")]


def _is_students(filename: str) -> bool:
    """Whether code of this file belongs to the submission: neither to a library, nor to us, nor to a probe."""
    return filename != PROBES and not filename.startswith((_OURS, *_LIBRARIES, "<frozen"))
