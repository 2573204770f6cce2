"""One public case to work with: what your function is handed in it, what is expected, and what comes back now."""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.terms import check_of
from autograder.grading.worlds import HANDOUT
from autograder.home.box import case_box
from autograder.home.examining import examined
from autograder.home.facts import CaseFacts, QuestionFacts
from autograder.home.installed import Public
from autograder.home.said import case_lines
from autograder.home.shown import Shown
from autograder.sandbox.wire.index import Index
from autograder.sandbox.worker.loading import Loaded
from autograder.sandbox.worker.running import seed_libraries
from autograder.values.formula import Formula
from autograder.values.rendering import brief, infix

Look = Callable[[], tuple[Loaded, Index | None]]
NO_KEY = {
    "satisfies": "many answers are right here: the case tests a property of yours",
    "derivation": "only the first line of the derivation is in the handout; the others are the answer",
}


@dataclass(frozen=True)
class Call:
    """A call of one of your functions, with copies of what it was handed."""

    function: str
    arguments: Mapping[str, Any]

    def __repr__(self) -> str:
        inner = ", ".join(
            f"{name}={brief(value, 80) if _plain(value) else repr(value)}" for name, value in self.arguments.items()
        )
        return f"{self.function}({inner})"


def _plain(value: Any) -> bool:
    return type(value).__module__ in ("builtins", "numpy", "fractions") and not callable(value)


class _Recorder:
    """Stands in for the student: notes what it is asked for, and passes it on."""

    def __init__(self, names: Mapping[str, Any], calls: list[Call]) -> None:
        self.__names, self.__calls = names, calls

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self.__names:
            raise AttributeError(f"your code does not define `{name}`")
        value = self.__names[name]
        return self._noting(name, value) if inspect.isfunction(value) else value

    def _noting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            self.__calls.append(Call(name, _named(function, args, kwargs)))
            return function(*args, **kwargs)

        return call


def _named(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    names = list(inspect.signature(function).parameters)
    names += [f"argument {n}" for n in range(len(names) + 1, len(args) + 1)]
    return {name: _copied(v) for name, v in [*zip(names, args, strict=False), *kwargs.items()]}


def _copied(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception:  # a tensor inside a graph, say: the thing itself then
        return value


@dataclass
class OneCase:
    """A public case. `run()` calls your code as it is now and lets its exceptions through, for `%debug`.

    >>> case = grader.case("softmax_of_one_row")          # doctest: +SKIP
    >>> case.inputs["z"], case.expected, case.run()        # doctest: +SKIP
    """

    name: str
    asks: str
    public: Public = field(repr=False)
    question: QuestionFacts = field(repr=False)
    look: Look = field(repr=False)

    def run(self) -> Any:
        """What comes back from your code in this case, as the case hands it on."""
        return self._run([])

    def _run(self, calls: list[Call]) -> Any:
        world = self.public.bundle.world(self.name, HANDOUT)
        seed_libraries(world.seed)
        loaded, _ = self.look()
        return self.public.probes(self.question)[self.name](_Recorder(loaded.module.__dict__, calls), world)

    @property
    def calls(self) -> list[Call]:
        """The calls of your functions in this case, as far as it gets, each with its arguments."""
        calls: list[Call] = []
        with contextlib.suppress(Exception):  # the calls up to there are what is asked for
            self._run(calls)
        return calls

    @property
    def inputs(self) -> dict[str, Any]:
        """The arguments of the first call, by name: `softmax(**case.inputs)` calls your function as the case does."""
        calls = self.calls
        return dict(calls[0].arguments) if calls else {}

    @property
    def expected(self) -> Any:
        """What should come back: values as they are, formulas as text; None where the handout has none (see `why`)."""
        return None if self.why else _readable(self.public.bundle.expected_value(self.name, HANDOUT))

    @property
    def why(self) -> str:
        """Why there is no expected value; "" where there is one."""
        return NO_KEY.get(check_of(self.public.bundle.cases.get(self.name)).kind, "")

    def check(self) -> Shown:
        """The verdict on this case alone."""
        loaded, index = self.look()
        result = examined(self.public, self.question, loaded, index)
        (own,) = [c for c in result.cases if c.verdict.case == self.name]
        return Shown("\n".join(case_lines(own.verdict)), case_box(own), own.verdict.status.passed)

    def __repr__(self) -> str:
        lines = [f"case {self.name} of {self.question.id}: {self.asks}"]
        lines += [f"  calls     {call!r}" for call in self.calls[:3]]
        lines.append(f"  expected  {self.why or brief(self.expected)}")
        return "\n".join([*lines, "  .inputs, .expected, .run(), .check()"])


def _readable(value: Any) -> Any:
    if isinstance(value, Formula):
        return infix(value)
    if isinstance(value, list):
        return [_readable(v) for v in value]
    return {k: _readable(v) for k, v in value.items()} if isinstance(value, dict) else value


def facts_of_case(questions: tuple[QuestionFacts, ...], name: str) -> tuple[QuestionFacts, CaseFacts] | None:
    """A public case and its question; None where there is none of that name."""
    return next(((q, c) for q in questions for c in q.cases if c.name == name), None)
