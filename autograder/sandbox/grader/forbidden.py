"""Forbidden names in a submission's text, found where the functions of this question can reach them.

What is covered: aliases in any order, `from … import … as`, star imports, getattr, attrgetter, `__dict__`, `globals()`
and `setattr` with constants, texts put together from constants, code that is run as a constant text, a function under
its other paths in the same library (`torch.nn.functional.softmax`, `x.softmax(…)`, `np._core.umath.tanh`), contents
that are exchanged from outside (`f.__code__ = g.__code__`), sympy's lambdify, patterns (`case object(tanh=f)`), getattr
as an argument (`map(getattr, [np], ["tanh"])`).
What is not covered: names put together at run time, and another function that computes the same. Where the text looks
something up that it does not say, `suspicions` says so; what ran is kept as evidence besides. Both are for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, islice

import numpy as np

from autograder.sandbox.grader.reach import reached
from autograder.sandbox.wire.index import BARE, BLIND, FIRM, METHOD, PATH, Index, Unit, Use

SISTERS = ("torch", "torch.nn.functional", "torch.special", "torch.Tensor", "torch._C._nn",
           "torch._C._VariableFunctions", "torch.ops.aten")  # fmt: skip
ROOTS = {"np": "numpy", "numpy": "numpy", "torch": "torch", "scipy": "scipy"}
"""Libraries inside of other libraries: `matplotlib.pyplot.np.tanh`."""
NUMPY = (np, np.linalg, np.fft, np.random)
LAMBDIFIERS = ("lambdify", "ufuncify", "autowrap", "lambdastr")
UNRECORDED = ("threading.Thread", "threading.Timer", "_thread.start_new_thread",
              "concurrent.futures.ThreadPoolExecutor",
              "concurrent.futures.thread.ThreadPoolExecutor", "_thread.start_new", "_thread.start_joinable_thread",
              "concurrent.futures.ProcessPoolExecutor", "concurrent.futures.process.ProcessPoolExecutor",
              "multiprocessing.Process", "multiprocessing.Pool", "multiprocessing.pool", "multiprocessing.dummy",
              "torch.utils._python_dispatch", "torch.utils._mode_utils", "torch._C._DisableTorchDispatch",
              "torch._C.DisableTorchFunction", "torch._C.DisableTorchFunctionSubclass")  # fmt: skip
"""Where these are used, library functions may run that the recorder of operators does not see."""
RUN_TEXTS = ("doctest", "logging.config", "unittest.mock", "pydoc", "pkgutil", "importlib.metadata.EntryPoint",
             "importlib.metadata.EntryPoints", "importlib.metadata.entry_points", "code", "codeop", "pdb", "bdb",
             "cProfile", "profile", "trace", "runpy", "dataclasses.make_dataclass")  # fmt: skip
"""Parts of the standard library that run a text as code, or look up what a dotted text names."""
MOST_FINDINGS = 8
TANGLED = "the text is written so that not all of it could be read for forbidden names"


def find_forbidden(index: Index, roots: Iterable[str], forbidden: Sequence[str]) -> list[str]:
    """A sentence for each use of a forbidden name by code that the probes may call.

    Args:
        index: the submission's text, read.
        roots: the names that the question's probes mention.
        forbidden: dotted names such as `torch.nn.functional.softmax`; a module's name stands for all in it.
    """
    roots = set(roots)
    units = reached(index.units, roots)
    scan = _Scan(index, forbidden, units)
    findings = (finding for unit in units for finding in scan.findings(unit))
    return list(islice((*scan.starred(roots), *findings), MOST_FINDINGS))


def suspicions(index: Index, roots: Iterable[str], forbidden: Sequence[str]) -> list[str]:
    """What a person may look at where nothing was found: names, or code, that the text does not show."""
    if not forbidden:
        return []
    found = [TANGLED] if index.tangled else []
    for unit in reached(index.units, set(roots)):
        for use in unit.uses:
            if why := _why_a_person(use):
                found.append(f"{why} here ({unit.label}, line {use.line}: `{use.code}`)")
    return list(dict.fromkeys(found))[:MOST_FINDINGS]


def _why_a_person(use: Use) -> str:
    """What is to be said of a use that nobody can judge by the text; "" of others."""
    if use.kind == BLIND:
        return "the text does not say what is looked up or run"
    if use.kind == PATH and _is_of(use.name, UNRECORDED):
        return f"with `{use.name}` library functions may run unrecorded"
    if use.kind == PATH and _is_of(use.name, RUN_TEXTS):
        return f"`{use.name}` may run code that stands in a text"
    return ""


def _is_of(name: str, several: Iterable[str]) -> bool:
    """Whether a dotted name is one of several, or within one of them."""
    return any(name == one or name.startswith(f"{one}.") for one in several)


class _Scan:
    """Looks for the forbidden names of one question."""

    def __init__(self, index: Index, forbidden: Sequence[str], units: Sequence[Unit]) -> None:
        self.index = index
        self.paths: dict[str, tuple[int, str]] = {}
        self.lasts: dict[tuple[str, str], tuple[int, str]] = {}
        self.methods: dict[str, str] = {}
        for rank, name in enumerate(forbidden):
            paths, method = family(name)
            for path in paths:
                self.paths.setdefault(path, (rank, name))
                if "." in path:
                    self.lasts.setdefault(_ends(path), (rank, name))
            if method:
                self.methods.setdefault(method.strip("_"), name)
        self.bound = {name for unit in index.units for name in unit.binds | unit.changes}
        self.lambdified = any(
            use.kind == PATH and use.name.startswith("sympy.") and use.name.rpartition(".")[2] in LAMBDIFIERS
            for unit in units
            for use in unit.uses
        )

    def findings(self, unit: Unit) -> Iterator[str]:
        """Uses in one top-level statement; a name once for each line."""
        seen: set[tuple[int, str]] = set()
        for use in unit.uses:
            name = self._forbidden(use)
            if name is not None and (use.line, name) not in seen:
                seen.add((use.line, name))
                yield f"`{name}` may not be used in this question ({unit.label}, line {use.line}: `{use.code}`)"

    def starred(self, roots: set[str]) -> Iterator[str]:
        """Names that the probes ask for and that a star import makes a library's."""
        for number, unit in enumerate(self.index.units):
            for module in self._modules(unit):
                for root in sorted(roots):
                    name = self._matching(f"{module}.{root}")
                    if name is not None and not self._bound_after(number, root):
                        yield f"`{name}` may not be used in this question ({unit.label}: `from {module} import *`)"

    def _forbidden(self, use: Use) -> str | None:
        """The forbidden name that is used here, if any."""
        if use.kind == PATH:
            return self._matching(use.name)
        if use.kind == BARE:
            return self._bare(use.name)
        return self.methods.get(use.name.strip("_")) if use.kind == METHOD else None

    def _matching(self, dotted: str) -> str | None:
        """The first forbidden name that a dotted path falls under."""
        parts = dotted.removeprefix("builtins.").split(".")
        starts = [0, *(i for i, part in enumerate(parts) if i and part in ROOTS)]
        found = []
        for start in starts:
            root = ROOTS.get(parts[start], parts[start])
            for path in accumulate([root, *parts[start + 1 :]], "{}.{}".format):
                found += [known for known in (self.paths.get(path), self.lasts.get(_ends(path))) if known is not None]
        if self.lambdified and parts[0] == "sympy":
            found += [known for (_, last), known in self.lasts.items() if last == parts[-1].lower()]
        return min(found, default=(0, None))[1]

    def _bare(self, name: str) -> str | None:
        """A builtin, or what a star import brought in."""
        found = [] if name in self.bound or name not in self.paths else [self.paths[name]]
        for number, unit in enumerate(self.index.units):
            if unit.stars and not self._bound_after(number, name):
                brought = (self._matching(f"{module}.{name}") for module in self._modules(unit))
                found += [(0, one) for one in brought if one is not None]
        return min(found, default=(0, None))[1]

    def _bound_after(self, number: int, name: str) -> bool:
        """Whether the text gives `name` a value of its own after its unit of that number, whatever happens."""
        label = self.index.units[number].label
        later = self.index.units[number + 1 :]
        return any(unit.label == label and unit.flags & FIRM and name in unit.binds for unit in later)

    def _modules(self, unit: Unit) -> Iterable[str]:
        """What a unit star-imports; everything that the text does, where it takes another file of its own."""
        if all("." in module or not self._own(module) for module in unit.stars):
            return sorted(unit.stars)
        return sorted({module for other in self.index.units for module in other.stars})

    def _own(self, module: str) -> bool:
        return any(unit.label in (f"{module}.py", module) for unit in self.index.units)


def _ends(path: str) -> tuple[str, str]:
    """First and last part of a path: what has both in common is one function under several paths."""
    return path.partition(".")[0], path.rpartition(".")[2].strip("_")


@lru_cache(maxsize=1024)
def family(name: str) -> tuple[tuple[str, ...], str]:
    """All dotted paths that mean `name`, and the method of a tensor that does ("" for none).

    >>> family("numpy.linalg.inv")
    (('numpy.linalg.inv',), '')
    >>> family("numpy.abs")
    (('numpy.abs', 'numpy.absolute'), '')
    """
    parent, _, last = name.rpartition(".")
    if parent in SISTERS:
        return tuple(f"{sister}.{last}" for sister in SISTERS), last
    return tuple(dict.fromkeys((name, *_same_in_numpy(name)))), ""


def _same_in_numpy(name: str) -> list[str]:
    """Names of NumPy for the very same object: `absolute` is `abs`."""
    root, *parts = name.split(".")
    if root != "numpy" or not parts:
        return []
    thing: object = np
    for part in parts:
        thing = vars(thing).get(part) if hasattr(thing, "__dict__") else None
    if not isinstance(thing, Callable):  # type: ignore[arg-type]
        return []
    return [f"{m.__name__}.{key}" for m in NUMPY for key, value in vars(m).items() if value is thing]
