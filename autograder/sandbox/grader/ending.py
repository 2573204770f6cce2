"""Why a worker is gone, as a verdict with its text: a full one for staff, one of a few fixed ones for students.

A worker that was sent hidden probes may choose how it ends: a length that it announces, a line that it is seen at, a
signal. So once a hidden probe of a submission is out, what students may read of an ending hangs on its status alone.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.sandbox.grader.conversation import Lost
from autograder.sandbox.wire.messages import Answer, Attempt, Effort, Status

TOLD: dict[str, str] = {
    "timeout": "this did not finish in time",
    "crashed": "the process ended before there was an answer",
    "memory": "the memory did not suffice",
    "protocol": "the process did not answer as it must",
    "error": "there was no answer",
    "broken": "the grader could not judge this",
}


@dataclass(frozen=True)
class Ending:
    """How a worker was lost. `hint` is the worker's own word about where it was."""

    status: Status
    message: str
    hint: str = ""
    effort: Effort = field(default_factory=Effort)
    attempts: tuple[Attempt, ...] = ()

    def answer(self, case: str, seconds: float = 0.0, hidden_out: bool = False) -> Answer:
        """The answer of a case that this ended. `hidden_out`: a hidden probe of the submission had been sent."""
        text = self.message + (f"; it was last seen at {self.hint}" if self.hint else "")
        told = TOLD[self.status] if hidden_out else ""
        return Answer(case, self.status, message=text, seconds=seconds, told=told, effort=self.effort,
                      attempts=self.attempts)  # fmt: skip

    def for_good(self, before: Attempt) -> Ending:
        """What stands after a second try: where the machine was busy again, the grader could not judge."""
        effort, attempts = self.effort, (before,)
        if not effort.busy:
            return replace(self, attempts=attempts)
        text = (
            f"the machine was too busy, twice: in {effort.brake:g} s of wall time this had {effort.processor:.1f} s of "
            f"a processor and waited for one {effort.load:.0%} of the time; grade it again with fewer jobs at once"
        )
        return Ending("broken", text, effort=effort, attempts=attempts)


def ending_of(lost: Lost, when: str, report: dict[str, Any]) -> Ending:
    """The verdict for a lost worker.

    Args:
        when: "in this case", say.
        report: how its process ended, by the keeper; looked at where the worker hung up.
    """
    if lost.loss == "disk":
        return Ending("error", lost.message, effort=lost.effort)
    if lost.loss != "closed":
        return Ending(lost.loss, lost.message, lost.hint, lost.effort)
    status, message, hint = _of_process(when, report, lost.hint)
    return Ending(status, message, hint, lost.effort)


def _of_process(when: str, report: dict[str, Any], hint: str) -> tuple[Status, str, str]:
    if report["killed"]:
        return "protocol", f"the worker hung up {when}", ""
    if report["signal"] == signal.SIGKILL:
        return "memory", f"the process was killed {when}, most likely because it took too much memory", ""
    if report["signal"] == getattr(signal, "SIGXCPU", None):
        return "timeout", f"the processor time ran out {when}", hint
    if report["signal"]:
        name = signal.strsignal(report["signal"]) or f"signal {report['signal']}"
        return "crashed", f"the process crashed {when} ({name})", ""
    return "crashed", f"the process ended itself {when} (exit status {report['exit']})", ""
