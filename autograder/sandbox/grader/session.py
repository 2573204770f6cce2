"""One submission in the sandbox: a plan is carried out, each question in a worker of its own.

No hidden probe is in any process before the last public answer is in; workers that have more to do wait in between,
parked. What a lost worker means for the rest is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from types import TracebackType

from autograder.errors import MachineError
from autograder.sandbox.grader.conversation import Lost
from autograder.sandbox.grader.course_code import with_code, without_stand_ins
from autograder.sandbox.grader.effort import Brake
from autograder.sandbox.grader.ending import Ending, ending_of
from autograder.sandbox.grader.forbidden import find_forbidden, suspicions
from autograder.sandbox.grader.keeping import Keeping
from autograder.sandbox.grader.plan import Phase, Plan, Visit, plan_of
from autograder.sandbox.grader.table import PARKED_MB, Table, Worker
from autograder.sandbox.wire.frames import Channel
from autograder.sandbox.wire.index import Index
from autograder.sandbox.wire.messages import Answer, Attempt, Job, ProbeCall, Submission
from autograder.sandbox.worker.measuring import Measured
from autograder.sandbox.worker.uses import mentions_of


class Session:
    """A submission whose plans are carried out one after the other; a context manager."""

    def __init__(
        self,
        channel: Channel,
        submission: Submission,
        support: dict[str, bytes],
        folder: str,
        layers: tuple[str, ...],
        brake: Brake = Brake(),  # noqa: B008  # frozen
        parked_mb: int = PARKED_MB,
    ) -> None:
        beside = PurePosixPath(submission.main).parent
        course = {str(beside / name): data for name, data in with_code(support).items()}
        theirs = without_stand_ins(dict(submission.files), support, str(beside))
        own = [path for path in theirs if path not in course]
        files = theirs | course
        capped_by_kernel = "namespaces" in layers or "scratch" not in layers
        looked_at = None if capped_by_kernel else sum(len(data) + 8192 for data in files.values())
        self.layers = layers
        self.keeping = Keeping(channel)
        self.table = Table(self.keeping, folder, looked_at, brake, parked_mb)
        self._code = b""
        self._index: Index | None = None
        self._held: Ending | None = None
        self._found: dict[str, dict[str, Answer]] = {}
        self._problems: tuple[str, ...] | None = None
        self._hidden_out = False
        self.keeping.open(files, submission.main, own)

    def run(self, *jobs: Job) -> list[Answer]:
        """The answers of all cases of some jobs: those of public ones first, then those of hidden ones."""
        return self.run_plan(plan_of(jobs))

    def run_plan(self, plan: Plan) -> list[Answer]:
        """The answers of all cases, in the order of the plan.

        A worker goes through the visits of its name; one that is lost in a case is replaced for the others. Once a
        submission could not even be loaded, it is not tried again: what no parked worker can answer gets that verdict.

        Raises:
            ValueError: it asks for a public answer when this session has sent hidden probes.
        """
        if not self.takes(plan):
            raise ValueError("a public case is asked for in a session that has sent hidden probes")
        answers: list[Answer] = []
        try:
            for number, phase in enumerate(plan.phases):
                answers += self._phase(plan, phase, plan.phases[number + 1 :])
        finally:
            self.table.end_all()
        return answers

    def measured(self, job: Job) -> Measured:
        """The submission's text measured for the budgets of a milestone, by a worker that does nothing else."""
        worker = self.table.start("measure", job, 0)
        try:
            return worker.conversation.measure()
        except Lost as lost:
            return Measured(problem=self._ending(worker, lost, "while the submission was read").message)
        finally:
            self.table.end(worker)

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong while the submission was loaded for its first public case; the worker's text."""
        return self._problems or ()

    def takes(self, plan: Plan) -> bool:
        """Whether it may still be carried out here: without public cases, or before any hidden probe was sent."""
        return not (self._hidden_out and any(phase.public for phase in plan.phases))

    def _phase(self, plan: Plan, phase: Phase, later: Sequence[Phase]) -> list[Answer]:
        """The visits of a phase, and then what met the brake on a busy machine once more, alone."""
        self._hidden_out = self._hidden_out or phase.hidden
        needed = {visit.worker for after in later for visit in after.visits}
        done: list[tuple[Visit, ProbeCall, Answer]] = []
        for visit in phase.visits:
            answers = self._visit(visit, visit.job.calls, plan.calls_of(visit.worker), visit.worker in needed)
            done += zip([visit] * len(answers), visit.job.calls, answers, strict=True)
        return [self._alone(visit, call, answer) if answer.effort.busy else answer for visit, call, answer in done]

    def _alone(self, visit: Visit, call: ProbeCall, before: Answer) -> Answer:
        """The second answer of a case, from a worker of its own while all others stand still."""
        if before.status == "broken":
            return before
        (answer,) = self._visit(replace(visit, worker=f"{visit.worker}, alone"), [call], 1, False)
        first = Attempt(before.status, before.seconds, before.effort.load)
        if answer.effort.busy and answer.status == "timeout":
            ending = Ending("timeout", answer.message, effort=answer.effort).for_good(first)
            return ending.answer(call.case, answer.seconds, self._hidden_out)
        return replace(answer, attempts=(first,))

    def _visit(self, visit: Visit, calls: Sequence[ProbeCall], most: int, keep: bool) -> list[Answer]:
        """The answers of these cases, from as many workers as it takes; `most` is what one may be asked in all."""
        answers: list[Answer] = []
        left, first = list(calls), None
        while left and (self._held is None or visit.worker in self.table.parked):
            try:
                fresh, failed = self._some(visit, left, most, keep)
            except MachineError as error:
                return answers + [Answer(c.case, "broken", message=error.text()) for c in left]
            answers += fresh
            left = left[len(fresh) :]
            if failed is None:
                continue
            if first is not None:
                self._held = failed.for_good(first)
            elif failed.effort.busy:  # the loading that the brake ended is tried once more
                first = Attempt(failed.status, failed.effort.brake, failed.effort.load)
            else:
                self._held = failed
        if self._held is not None:
            answers += [self._held.answer(c.case, hidden_out=self._hidden_out) for c in left]
        return answers

    def _some(
        self, visit: Visit, left: Sequence[ProbeCall], most: int, keep: bool
    ) -> tuple[list[Answer], Ending | None]:
        """Answers of the first cases, as far as one worker gets; or why loading ended it."""
        if found := self._all_forbidden(visit.job, left):
            return found, None
        worker = self._woken(visit)
        if worker is None and self._held is not None:
            return [], None
        worker = worker or self.table.start(visit.worker, visit.job, most)
        alive = False
        try:
            given = [] if worker.loaded else self._load(worker, left)
            if given:
                return given, None
            answers, alive = self._cases(worker, left)
            return self._with_suspicions(visit.job, answers), None
        except Lost as lost:
            return [], self._ending(worker, lost, "while the submission was loaded")
        finally:
            if alive and keep:
                self.table.park(worker)
            else:
                self.table.end(worker)

    def _woken(self, visit: Visit) -> Worker | None:
        """The parked worker of a visit, with the visit's probes; None where whatever it did before has spoilt it."""
        worker = self.table.wake(visit.worker)
        if worker is not None:
            try:
                worker.conversation.more(visit.job)
            except Lost:
                self.table.end(worker)
                return None
        return worker

    def _load(self, worker: Worker, left: Sequence[ProbeCall]) -> list[Answer]:
        """Load the submission; answers where nothing of it is to be run."""
        job = worker.conversation.job
        ready = worker.conversation.prepare(self._code, read=self._index is None and bool(job.forbidden))
        self._code, self._index = self._code or ready.code, self._index or ready.index
        if ready.broken:
            return [Answer(c.case, "broken", message=ready.broken) for c in left]
        found = self._all_forbidden(job, left)
        if not found:
            problems = worker.conversation.load()
            if not self._hidden_out and self._problems is None:  # later workers may have heard of hidden things
                self._problems = problems
            worker.loaded = True
        return found

    def _all_forbidden(self, job: Job, left: Sequence[ProbeCall]) -> list[Answer]:
        """The answers of these cases where each of them reaches something forbidden: then nothing need be run."""
        found = self._forbidden(job)
        return [found[c.case] for c in left] if all(c.case in found for c in left) else []

    def _forbidden(self, job: Job) -> Mapping[str, Answer]:
        """Case → its answer, for cases whose calls reach something that their question forbids."""
        if self._index is None or not job.forbidden:
            return {}
        if job.source not in self._found:
            whole = find_forbidden(self._index, mentions_of(job.source), job.forbidden)
            findings = {c.case: self._findings(job, c.case, whole) for c in job.calls} if whole else {}
            self._found[job.source] = {
                case: Answer(case, "forbidden", message="; ".join(lines)) for case, lines in findings.items() if lines
            }
        return self._found[job.source]

    def _findings(self, job: Job, case: str, whole: list[str]) -> list[str]:
        """What a case reaches, by its own probe where that is known."""
        own = job.own.get(case)
        if own is None or self._index is None:
            return whole
        return find_forbidden(self._index, mentions_of(own), job.forbidden)

    def _with_suspicions(self, job: Job, answers: list[Answer]) -> list[Answer]:
        """The answers, with what a person may look at in the text beside the first of them."""
        if self._index is None or not job.forbidden or not answers:
            return answers
        notes = tuple(suspicions(self._index, mentions_of(job.source), job.forbidden))
        return [replace(answers[0], evidence=(*answers[0].evidence, *notes)), *answers[1:]]

    def _cases(self, worker: Worker, left: Sequence[ProbeCall]) -> tuple[list[Answer], bool]:
        """Answers until the worker is lost, and whether it is still of use."""
        answers: list[Answer] = []
        forbidden = self._forbidden(worker.conversation.job)
        for call in left:
            if call.case in forbidden:
                answers.append(forbidden[call.case])
                continue
            try:
                answers.append(worker.conversation.call(call))
            except Lost as lost:
                ending = self._ending(worker, lost, "in this case")
                return [*answers, ending.answer(call.case, worker.conversation.elapsed(), self._hidden_out)], False
            if answers[-1].status == "memory":
                return answers, False
        return answers, True

    def _ending(self, worker: Worker, lost: Lost, when: str) -> Ending:
        return ending_of(lost, when, self.keeping.how_it_ended(worker.number) if lost.loss == "closed" else {})

    def close(self) -> None:
        """End the session; its process kills what is left and removes its folder, without keeping us waiting."""
        self.keeping.channel.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()
