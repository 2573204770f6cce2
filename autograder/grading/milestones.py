"""Milestones and replays of one submission, run: budgets first, then each in processes of its own.

A milestone is one process: the code, the grader's data, the weights as the grader has read them. A replay is two: the
first gets the code and a supply of data in a world that nobody has seen, and no weights; what it trains leaves as
arrays under the budget of the question; the second gets code, inputs and those arrays, and never saw the supply. What
comes back is judged elsewhere, by what was never sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from autograder.authoring.case import Case
from autograder.authoring.loading import CaseSet
from autograder.authoring.milestone import Material
from autograder.errors import CasesError
from autograder.grading.drawing import libraries_seed, prints
from autograder.grading.trained import Trained
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.layers.devices import names
from autograder.sandbox.wire.messages import Answer, Job, ProbeCall, Status, Submission
from autograder.sandbox.worker.measuring import Measured
from autograder.spec.models import Assignment, Milestone
from autograder.values.codec import NotAValue, encode
from autograder.values.weights import BadWeights, read_weights, write_weights

WAITS = "your `train` has not been run by the grader yet; the course does that later, and these points are given then"
_LINES = "lines are those of your code without comments, docstrings and annotations"


@dataclass(frozen=True)
class Draw:
    """A draw of one case: its seed, and what makes its material (or raises a CasesError)."""

    seed: int
    make: Callable[[], Material]


@dataclass(frozen=True)
class Ran:
    """What came of a milestone or a replay.

    Attributes:
        weights: sha256 of the weights that were judged, where there were any.
        prints: what identifies the data that it came back for; see `drawing.prints`.
    """

    answer: Answer
    weights: str = ""
    prints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """One submission and what its milestones need.

    Attributes:
        code: without its weights.
        replay: whether replays are run; they wait otherwise.
        counted: whether the budgets of code are held; programs that an exam makes up are larger than their pattern.
        seconds: a time limit below the question's own.
        device: what replays train on: "cpu" or "cuda".
        recorded: replay and seed → weights that its training came to before, by this very code.
    """

    sandbox: Sandbox
    spec: Assignment
    cases: CaseSet
    support: Mapping[str, bytes]
    code: Submission
    trained: Trained
    replay: bool = True
    counted: bool = True
    seconds: float | None = None
    recorded: Mapping[tuple[str, int], bytes] = field(default_factory=dict)
    device: str = "cpu"

    def run(self, draws: Mapping[str, Draw]) -> dict[str, Ran]:
        """What comes of the cases in `draws`, in the order of the assignment."""
        found: dict[str, Ran] = {}
        wanted = [c for c in self.cases.cases if c.name in draws]
        if not wanted:
            return found
        measured = self._measured(wanted[0])
        bare = self.code if measured.problem else _bare(self.code, self.spec.submission.module, measured.text)
        for case in wanted:
            budget = self._budget(case)
            problem = self._not_chosen(case, budget) or refused(measured, budget, self.counted)
            problem = problem or self._problem(case, budget)
            found[case.name] = problem_answer(case, problem) if problem else self._one(case, draws[case.name], bare)
        return found

    def _budget(self, case: Case) -> Milestone:
        budget = self.spec.question(case.question).milestone
        assert budget is not None  # checked when the assignment was loaded
        return budget

    def _measured(self, case: Case) -> Measured:
        with self.sandbox.session(self.code, self.support) as session:
            return session.measured(self._job(case, case.name, ProbeCall(case.name, 0)))

    def _not_chosen(self, case: Case, budget: Milestone) -> tuple[Status, str] | None:
        """What is said of a question that may be left out, and was."""
        instead = self.spec.question(case.question).instead_of
        if not instead or not budget.weights or not self.trained.of(budget.weights).absent:
            return None
        return "skipped", (
            f"not chosen: there is no {budget.weights}. Nothing is lost: `{instead}` is judged by your "
            f"{self.spec.submission.weights} and can have all its points"
        )

    def _problem(self, case: Case, budget: Milestone) -> tuple[Status, str] | None:
        """Why the trained work of a case is not looked at."""
        if case.kind == "replay":
            return None if self.replay else ("waiting", WAITS)
        own = self.trained.of(budget.weights)
        if own.absent:
            return "error", f"{budget.weights} was not handed in, or is empty; pack.py of the handout writes it"
        return ("error", own.problem) if own.problem else too_many(own.parameters, budget)

    def _one(self, case: Case, draw: Draw, bare: Submission) -> Ran:
        try:
            material = draw.make()
            if case.kind == "milestone":
                own = self.trained.of(self._budget(case).weights)
                predicted = self._asked(case, case.name, bare, material.given, own.arrays, draw.seed)
                ran = Ran(predicted, own.sha256)
            else:
                ran = self._replayed(case, draw.seed, material, bare)
            return replace(ran, prints=prints(material)) if ran.answer.status == "returned" else ran
        except CasesError as error:
            return Ran(Answer(case.name, "broken", message=error.sentence()))
        except NotAValue as error:
            return Ran(Answer(case.name, "broken", message=f"the material cannot be sent: {error}"))

    def _replayed(self, case: Case, seed: int, material: Material, bare: Submission) -> Ran:
        known = self.recorded.get((case.name, seed))
        if known:
            trained = Answer(case.name, "returned", read_weights(known))
        else:
            trained = self._trained(case, seed, material, bare)
        if trained.status != "returned":
            return Ran(trained)
        budget = self._budget(case)
        try:
            arrays = weights_in(trained.value)
            data = write_weights(arrays)
        except BadWeights as error:
            return Ran(_ended(trained, f"what the training made: {error}"))
        problem = too_many(sum(a.size for a in arrays.values()), budget)
        if problem:
            return Ran(_ended(trained, problem[1].replace("the file of weights holds", "what the training made has")))
        predicted = self._asked(case, case.predict, bare, material.given, arrays, seed)
        both = replace(
            predicted, case=case.name, seconds=trained.seconds + predicted.seconds,
            stdout=trained.stdout + predicted.stdout, trace=(*trained.trace, *predicted.trace),
            evidence=(*trained.evidence, *predicted.evidence),
        )  # fmt: skip
        return Ran(both, hashlib.sha256(data).hexdigest())

    def _trained(self, case: Case, seed: int, material: Material, bare: Submission) -> Answer:
        """What `train` makes of the supply; on the processor, too, where a device came to nothing: its absence, its
        memory, and code that was written for a processor are no mistakes."""
        if self.device == "cpu":
            return self._asked(case, case.name, bare, material.supply, None, seed)
        box = self.sandbox.on_device()
        there = self._asked(case, case.name, bare, material.supply, None, seed, box)
        loosened = "; ".join(f"{layer}: {what}" for layer, what in box.relaxed.items())
        if there.status == "returned":
            note = f"trained on {', '.join(names()) or 'a device'}, with layers loosened ({loosened})"
            return replace(there, evidence=(*there.evidence, note))
        here = self._asked(case, case.name, bare, material.supply, None, seed)
        note = f"trained on the processor, because the device came to `{there.status}`: {there.message[:200]}"
        return replace(here, evidence=(*here.evidence, note))

    def _asked(
        self,
        case: Case,
        probe: str,
        bare: Submission,
        values: Mapping[str, Any],
        weights: Mapping[str, np.ndarray[Any, Any]] | None,
        seed: int,
        box: Sandbox | None = None,
    ) -> Answer:
        """The answer of one probe in a process of its own, in this sandbox by default."""
        given = encode({"values": dict(values), "weights": None if weights is None else dict(weights)})
        call = ProbeCall(probe, libraries_seed(seed, "predict" if weights is not None else "train"), given)
        with (box or self.sandbox).session(bare, self.support) as session:
            (answer,) = session.run(self._job(case, probe, call))
        if answer.status == "error":
            answer = replace(answer, message=answer.message + self._hint(answer.message))
        return answer

    def _hint(self, message: str) -> str:
        """What is behind an error that a student cannot see from the file as it was handed in."""
        own = PurePosixPath(self.code.main)
        others = sorted(PurePosixPath(p).stem for p, _ in self.code.files if p.endswith(".py") and p != self.code.main)
        missing = next((name for name in others if _speaks_of(message, name)), "")
        if missing:
            return f"; trained work is judged with {own.name} alone: put what it needs of {missing}.py into it"
        return f" ({_LINES})" if "line" in message else ""

    def _job(self, case: Case, probe: str, call: ProbeCall) -> Job:
        """A job that is called public, since nothing in it is to be hidden from the student."""
        question = self.spec.question(case.question)
        source = self.cases.probes([probe])
        limits = self.spec.limits_of(case.question)
        if self.seconds is not None:
            limits = limits.model_copy(update={"seconds": min(self.seconds, limits.seconds)})
        return Job(question.id, True, self.spec.submission.module, source, (call,), limits, question.forbidden_names)


def _speaks_of(message: str, module: str) -> bool:
    """Whether an error comes of an import of that module."""
    name = re.escape(module)
    return re.search(rf"No module named '{name}'|\b(from|import) {name}\b", message) is not None


def refused(measured: Measured, budget: Milestone, counted: bool = True) -> tuple[Status, str] | None:
    """Why code is not run in a milestone: what it uses, or how much of it there is (where that is counted)."""
    if measured.problem:
        return "error", measured.problem
    if measured.refused:
        names = ", ".join(f"`{name}`" for name in measured.refused)
        return "forbidden", f"uses {names}; trained work may not turn text into code or open files"
    counts = (
        (measured.nodes, budget.nodes, "nodes in its syntax tree (without docstrings and annotations)"),
        (measured.constants, budget.constants, "characters of constants (numbers, texts)"),
        (measured.names, budget.names, "characters of distinct names"),
    )
    for used, allowed, what in counts:
        if counted and used > allowed:
            return "error", f"the code has {used:,} {what}; at most {allowed:,} are allowed"
    return None


def too_many(parameters: int, budget: Milestone) -> tuple[Status, str] | None:
    """Why weights are not loaded: how many there are."""
    if parameters <= budget.parameters:
        return None
    return "error", (
        f"the file of weights holds {parameters:,} parameters; at most {budget.parameters:,} are allowed: "
        "make the model smaller, and hand in named_parameters() without buffers"
    )


def problem_answer(case: Case, problem: tuple[Status, str]) -> Ran:
    """The answer of a case of which nothing is run."""
    status, message = problem
    return Ran(Answer(case.name, status, message=message))


def weights_in(value: Any) -> dict[str, np.ndarray[Any, Any]]:
    """What a training process returned, as float32 arrays by name.

    Raises:
        BadWeights: it is something else.
    """
    if not isinstance(value, dict) or not value:
        raise BadWeights("no weights came back", "the probe of a replay returns given.weights_of(model)")
    for name, array in value.items():
        if not isinstance(name, str) or not isinstance(array, np.ndarray):
            raise BadWeights(f"`{str(name)[:80]}` is no array of weights", "every parameter is a float32 tensor")
    return value


def _ended(answer: Answer, message: str) -> Answer:
    """The same run, which came to nothing after all."""
    return replace(answer, status="error", value=None, payload=b"", message=message)


def _bare(code: Submission, module: str, text: str) -> Submission:
    """The one file that is run: what the tree of the code says."""
    name = f"{module}.py"
    return Submission(code.name, name, ((name, text.encode("utf-8", "replace")),), code.digest)
