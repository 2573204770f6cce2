"""Exceptions of student code as one capped line: type, message, and the student's own line.

Nothing of the exception is trusted: `__str__`, `__class__` or the traceback may raise, loop or lie. Loops end at the
deadline, the rest is caught here.
"""

from __future__ import annotations

import linecache
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from autograder.sandbox.wire.messages import PROBES

MESSAGE_CAP = 600
LINE_CAP = 160
_STARTS = ("/subprocess.py", "/os.py")
_NO_DEVICE = (
    "not compiled with CUDA", "CUDA library", "No CUDA GPUs", "'MPS' backend", "Cannot access accelerator",
    "Device type CUDA is not supported",
)  # fmt: skip  # as PyTorch 2.6 to 2.13 say it


class MissingName(AttributeError):
    """The submission does not define what a case calls; the message is a whole sentence."""


@dataclass(frozen=True)
class Origin:
    """Where student code lies: `folder` with its files, and `cells`, the pseudo file names of a notebook's cells.

    `missing` grows while the submission is loaded: name → why it is not there.
    """

    folder: str
    cells: frozenset[str] = frozenset()
    missing: dict[str, str] = field(default_factory=dict, compare=False)

    def label(self, filename: str) -> str:
        """`filename` as a student knows it, empty when it is none of the student's."""
        if filename in self.cells:
            return filename
        return (
            filename[len(self.folder) + 1 :] if filename.startswith((self.folder + "/", self.folder + os.sep)) else ""
        )


def explain(error: BaseException, origin: Origin) -> str:
    """What happened, where, in one line; never raises."""
    try:
        return cap(_explain(error, origin), MESSAGE_CAP + LINE_CAP + 200)
    except BaseException:
        return "your code raised an exception that cannot be described (its own methods fail)"


def _explain(error: BaseException, origin: Origin) -> str:
    kind = type(error)
    if kind is MissingName:
        return str(error.args[0])
    frames = traceback.extract_tb(own_traceback(error), limit=5000)
    own = [f for f in frames if origin.label(f.filename)]
    if issubclass(kind, SyntaxError) and origin.label(str(getattr(error, "filename", ""))):
        place = _place(origin.label(str(error.filename)), error.lineno, "", error.text or "")  # type: ignore[attr-defined]
        return f"{kind.__name__}: {error.msg} ({place})"  # type: ignore[attr-defined]
    place = ""
    if own:
        last = own[-1]
        place = _place(origin.label(last.filename), last.lineno, last.name, last.line or "")
    elif any(f.filename == PROBES for f in frames):
        last = [f for f in frames if f.filename == PROBES][-1]
        line = last.line or linecache.getline(PROBES, last.lineno or 0)
        place = f"in the test case, at `{cap(line.strip(), LINE_CAP)}`"
    suffix = f" ({place})" if place else ""
    if issubclass(kind, NotImplementedError) and own and own[-1] is frames[-1] and _raises(own[-1].line):
        name = own[-1].name if not own[-1].name.startswith("<") else "a function"
        return f"`{name}` is still to be written{suffix}"
    if issubclass(kind, SystemExit):
        return f"your code asked Python to exit{suffix}"
    told = _message(error)
    if any(sign in told for sign in _NO_DEVICE):
        told = "this asks for a graphics processor, and there is none here"
    if kind is PermissionError and any(
        f.filename.endswith(_STARTS) or "/multiprocessing/" in f.filename for f in frames
    ):
        told = "no other process can be started here"
    text = f"{cap(str(kind.__name__), 80)}: {told}{suffix}"
    if kind is NameError and isinstance(error, NameError) and type(error.name) is str and error.name in origin.missing:
        text += f"; it is missing because {origin.missing[error.name]}"
    return text


def _raises(line: str | None) -> bool:
    """Whether a line raises by itself; a library written in C has no frame of its own, and may raise in any line."""
    return not line or line.lstrip().startswith("raise")


def own_traceback(error: BaseException) -> TracebackType | None:
    """The traceback as the interpreter keeps it, not as a subclass pretends."""
    getter: Callable[[BaseException], TracebackType | None] = BaseException.__dict__["__traceback__"].__get__
    return getter(error)


def _message(error: BaseException) -> str:
    try:
        return cap(str(error), MESSAGE_CAP)
    except BaseException as inner:
        return f"(its __str__ raises {cap(type(inner).__name__, 80)})"


def _place(label: str, line: int | None, function: str, text: str) -> str:
    inside = f", in `{cap(function, 80)}`" if function and not function.startswith("<") else ""
    code = f": `{cap(text.strip(), LINE_CAP)}`" if text.strip() else ""
    return f"{label}, line {line}{inside}{code}"


def cap(text: str, limit: int) -> str:
    """At most `limit` characters, printable, valid UTF-8."""
    text = str.encode(text[: limit + 1], "utf-8", "replace").decode("utf-8", "replace")
    text = "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def out_of_memory(error: BaseException) -> bool:
    """Whether this is an allocation that the memory limit refused."""
    try:
        return isinstance(error, MemoryError) or (
            isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)
        )
    except BaseException:
        return False
