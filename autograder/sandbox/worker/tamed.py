"""PyTorch's settings for another machine, made harmless: threads, compilers, worker processes, missing devices.

Only what the submission's text names is touched, before it is loaded; whoever names nothing pays nothing. A device that
is missing falls back to the processor, and it is said once. At home nothing of this is done: there the machine is the
student's own.
"""

from __future__ import annotations

import functools
import resource
import sys
from collections.abc import Callable
from typing import Any

SPARE_THREADS = 4
DEVICES = ("cuda", "mps", "xpu")
Say = Callable[[str], None]


def tame(text: bytes, say: Say) -> None:
    """Make harmless what `text` names.

    Args:
        text: all of the submission's own files.
        say: told in a sentence what was done otherwise than asked, once for each.
    """
    torch = sys.modules.get("torch")
    if torch is None:
        return
    said: set[str] = set()

    def once(sentence: str) -> None:
        if sentence not in said:
            said.add(sentence)
            say(sentence)

    if b"set_num_" in text:
        _threads(torch, once)
    if b"compile" in text:
        _compile(torch)
    if b"num_workers" in text:
        _loader(once)
    if any(device.encode() in text for device in DEVICES) and not torch.cuda.is_available():
        _devices(torch, once)


def most_threads() -> int:
    """Threads that a worker may have beside those that its libraries start."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    return 64 if limit == resource.RLIM_INFINITY else max(1, limit - SPARE_THREADS)


def _threads(torch: Any, once: Say) -> None:
    for name in ("set_num_threads", "set_num_interop_threads"):
        setattr(torch, name, _capped(getattr(torch, name), name == "set_num_threads", once))


def _capped(function: Callable[[int], None], counts: bool, once: Say) -> Callable[[int], None]:
    @functools.wraps(function)
    def call(number: int) -> None:
        most = most_threads()
        if number > most:
            once(f"{number} threads were asked for; {most} are allowed here")
        if counts:
            function(min(number, most))

    return call


def _compile(torch: Any) -> None:
    @functools.wraps(torch.compile)
    def compile_(model: Any = None, **_: Any) -> Any:
        """The model as it is: no compiler may be started here, and the values are the same."""
        return (lambda other: other) if model is None else model

    torch.compile = compile_
    torch.nn.Module.compile = lambda self, *_, **__: None


def _loader(once: Say) -> None:
    from torch.utils.data import DataLoader

    whole = DataLoader.__init__

    @functools.wraps(whole)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        given = list(args)
        asked = given[5] if len(given) > 5 else kwargs.get("num_workers", 0)
        if asked:
            once("a DataLoader asked for worker processes, and there are none here: it loads by itself")
        if len(given) > 5:
            given[5] = 0
        else:
            kwargs["num_workers"] = 0
        for name in ("persistent_workers", "prefetch_factor", "multiprocessing_context", "pin_memory", "timeout"):
            kwargs.pop(name, None)
        whole(self, *given, **kwargs)

    DataLoader.__init__ = init


def _devices(torch: Any, once: Say) -> None:
    from torch.overrides import TorchFunctionMode

    def here(value: Any) -> Any:
        name = value if isinstance(value, str) else value.type if isinstance(value, torch.device) else ""
        if name.split(":")[0] not in DEVICES:
            return value
        once(f"there is no `{name.split(':')[0]}` here: what was asked of it ran on the processor")
        return "cpu"

    class OnTheProcessor(TorchFunctionMode):  # type: ignore[misc]  # torch is untyped here
        """Every call of PyTorch, with devices that are missing replaced."""

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if function in moves:
                once(f"there is no `{function.__name__}` here: what was asked of it ran on the processor")
                return args[0]
            kwargs = {k: here(v) if k == "device" else v for k, v in (kwargs or {}).items()}
            if function is torch.Tensor.to:
                args = tuple(map(here, args))
            return function(*args, **kwargs)

    moves = {getattr(torch.Tensor, name) for name in ("cuda", "xpu") if hasattr(torch.Tensor, name)}
    OnTheProcessor().__enter__()
    whole = torch.set_default_device
    torch.set_default_device = lambda device: whole(here(device) if device is not None else None)
    for name in ("synchronize", "empty_cache", "reset_peak_memory_stats", "set_device"):
        for library in (torch.cuda, torch.mps):
            if hasattr(library, name):
                setattr(library, name, lambda *_, **__: None)
