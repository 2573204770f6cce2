"""Forbidden names in a submission's text, found where the functions of this question can reach them.

What is covered: aliases, `from … import … as`, star imports, getattr and `__dict__` with constants, a torch function
under its sister names (`torch.softmax`, `torch.nn.functional.softmax`, `x.softmax(…)`).
What is not covered: `eval`, names put together at run time. The operators that ran are kept as evidence instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice

from autograder.sandbox.wire.index import BARE, PATH, Index, Unit, Use

SISTERS = ("torch", "torch.nn.functional", "torch.special", "torch.Tensor", "torch._C._nn",
           "torch._C._VariableFunctions", "torch.ops.aten")  # fmt: skip
MOST_FINDINGS = 8


def find_forbidden(index: Index, roots: Iterable[str], forbidden: Sequence[str]) -> list[str]:
    """A sentence for each use of a forbidden name by code that the probes may call.

    Args:
        index: the submission's text, read.
        roots: the names that the question's probes mention.
        forbidden: dotted names such as `torch.nn.functional.softmax`; a module's name stands for all in it.
    """
    scan = _Scan(index, forbidden)
    findings = (finding for unit in _reached(index.units, roots) for finding in scan.findings(unit))
    return list(islice(findings, MOST_FINDINGS))


def _reached(units: Sequence[Unit], roots: Iterable[str]) -> list[Unit]:
    """Units that the roots lead to, and those that bind no name (they act when the module is loaded)."""
    binders: dict[str, list[int]] = {}
    for index, unit in enumerate(units):
        for name in unit.binds:
            binders.setdefault(name, []).append(index)
    wanted = set(roots)
    queue = list(wanted)
    kept = {i for i, unit in enumerate(units) if not unit.binds}
    while queue:
        for index in binders.get(queue.pop(), ()):
            if index not in kept:
                kept.add(index)
                queue += units[index].mentions - wanted
                wanted |= units[index].mentions
    return [units[i] for i in sorted(kept)]


class _Scan:
    """Looks for the forbidden names of one question."""

    def __init__(self, index: Index, forbidden: Sequence[str]) -> None:
        self.index = index
        self.paths: dict[str, tuple[int, str]] = {}
        self.methods: dict[str, str] = {}
        for rank, name in enumerate(forbidden):
            paths, method = family(name)
            for path in paths:
                self.paths.setdefault(path, (rank, name))
            self.methods.setdefault(method, name)

    def findings(self, unit: Unit) -> Iterator[str]:
        """Uses in one top-level statement; a name once for each line."""
        seen: set[tuple[int, str]] = set()
        for use in unit.uses:
            name = self._forbidden(use)
            if name is not None and (use.line, name) not in seen:
                seen.add((use.line, name))
                yield f"`{name}` may not be used in this question ({unit.label}, line {use.line}: `{use.code}`)"

    def _forbidden(self, use: Use) -> str | None:
        """The forbidden name that is used here, if any."""
        if use.kind == PATH:
            return self._matching(use.name)
        if use.kind == BARE:
            return self._bare(use.name)
        return None if use.name in self.index.methods else self.methods.get(use.name)

    def _matching(self, dotted: str) -> str | None:
        """The first forbidden name that a dotted path falls under."""
        parts = accumulate(dotted.removeprefix("builtins.").split("."), "{}.{}".format)
        return min((self.paths[part] for part in parts if part in self.paths), default=(0, None))[1]

    def _bare(self, name: str) -> str | None:
        """A builtin, or what a star import brought in."""
        if name in self.index.functions:
            return None
        candidates = (name, *(f"{module}.{name}" for module in self.index.starred))
        return min((self.paths[path] for path in candidates if path in self.paths), default=(0, None))[1]


def family(name: str) -> tuple[tuple[str, ...], str]:
    """All dotted paths that mean `name`, and the method of a tensor that does ("" for none).

    >>> family("numpy.linalg.inv")
    (('numpy.linalg.inv',), '')
    """
    parent, _, last = name.rpartition(".")
    if parent in SISTERS:
        return tuple(f"{sister}.{last}" for sister in SISTERS), last
    return (name,), ""
