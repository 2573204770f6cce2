"""One probe run on a loaded submission: the same way in a worker and on a student's own machine.

Nothing here needs more than Python itself offers everywhere. Walls, limits, printed output and the state of the
libraries between two cases are the worker's business.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from autograder.authoring.case import GIVEN, MAY_CHANGE
from autograder.authoring.world import World
from autograder.sandbox.worker.arguments import Arguments
from autograder.sandbox.worker.explaining import cap, explain, out_of_memory
from autograder.sandbox.worker.given import Given
from autograder.sandbox.worker.ground import given_ground
from autograder.sandbox.worker.loading import Loaded
from autograder.sandbox.worker.student import Student
from autograder.values.codec import NotAValue, encode

Probe = Callable[[Any, Any], Any]


class Watcher(AbstractContextManager[Any], Protocol):
    """Looks on while a probe runs, and may have something to tell a person afterwards."""

    def seen(self) -> list[str]:
        """What it saw, a sentence each; asked once the outputs are there."""


@dataclass(frozen=True)
class Ran:
    """What came of a probe. `payload` is the encoded outputs when `status` is "returned", `message` says why not."""

    status: Literal["returned", "error", "memory"]
    payload: bytes = b""
    message: str = ""
    trace: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def run_case(
    loaded: Loaded,
    probe: Probe,
    world: World | Given,
    watchers: Sequence[Watcher] = (),
    *,
    seed: int = 0,
    most_bytes: int = 0,
    through: tuple[type[BaseException], ...] = (),
    stand_ins: bool = False,
) -> Ran:
    """Run `probe` on a submission in a world; what it raises is explained, not raised.

    A function of the student that changes what it is handed ends the case with that (see arguments.py), unless the
    probe allows it.

    Args:
        world: or what the grader gives in its place.
        seed: of the libraries' generators, where there is no world.
        watchers: entered in this order before the probe and left after it; their evidence is told in the same order.
        most_bytes: the most that the encoded outputs may take; 0 for any size.
        through: exceptions that are nobody's answer and go on (Ctrl-C at home).
        stand_ins: on given ground: with the stand-ins that the probe names in the places of the student's functions.
    """
    trace: list[str] = []
    arguments = Arguments(getattr(probe, MAY_CHANGE, ()))
    try:
        seed_libraries(world.seed if isinstance(world, World) else seed)
        with ExitStack() as stack:
            for watcher in watchers:
                stack.enter_context(watcher)
            if stand_ins:
                stack.enter_context(given_ground(loaded.module, getattr(probe, GIVEN, {})))
            outputs = probe(Student(loaded, trace, arguments), world)
        payload = encode(outputs)
        evidence = tuple(line for watcher in watchers for line in watcher.seen())
    except through:
        raise
    except NotAValue as error:
        message = arguments.told() or f"the case got something that it cannot use: {cap(str(error), 400)}"
        return Ran("error", message=message, trace=tuple(trace))
    except BaseException as error:  # SystemExit too: it must end neither a worker nor a student's kernel
        status: Literal["error", "memory"] = "memory" if out_of_memory(error) else "error"
        told = arguments.told() or explain(error, loaded.origin)  # what came later may have come of the change
        return Ran(status, message=told, trace=tuple(trace))
    if arguments.changes:
        return Ran("error", message=arguments.told(), trace=tuple(trace), evidence=evidence)
    if most_bytes and len(payload) > most_bytes:
        message = f"the outputs take {len(payload):,} bytes; at most {most_bytes:,} are allowed"
        return Ran("error", message=message, trace=tuple(trace), evidence=evidence)
    return Ran("returned", payload, "", tuple(trace), evidence)


def seed_libraries(seed: int) -> None:
    """Global generators begin at the same place in every run of a case."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.random.default_generator.manual_seed(seed)
