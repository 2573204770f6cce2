"""Descriptors: a worker keeps its own socket and its value memory, nothing else that the session had open."""

from __future__ import annotations

import os
from collections.abc import Iterable

from autograder.sandbox.layers.base import Confinement, Stage


class Descriptors:
    """Closes everything but `keep`; standard input, output and error become /dev/null."""

    name = "descriptors"
    stage: Stage = "worker"
    stops = "writing to the terminal, and using sockets or files that the grader had open"
    remedy = "mount /dev with a usable /dev/null"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        return "" if os.path.exists(os.devnull) else "there is no /dev/null"

    def apply(self, confinement: Confinement) -> None:
        """Close, and point 0, 1 and 2 at nothing."""
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        for low, high in gaps({0, 1, 2, *confinement.keep}):
            os.closerange(low, high)


def gaps(keep: Iterable[int], top: int = 2**31 - 1) -> list[tuple[int, int]]:
    """Half-open ranges between the kept numbers.

    >>> gaps({0, 1, 4}, top=9)
    [(2, 4), (5, 9)]
    """
    edges = sorted(keep)
    return [(a + 1, b) for a, b in zip(edges, [*edges[1:], top], strict=True) if b > a + 1]
