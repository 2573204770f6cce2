"""The status of a verdict: what a case came to, and what follows from that, in one place.

passed failed                              values came back and were judged
error timeout crashed memory protocol      something else came back; the case gives nothing
forbidden                                  the text uses what the question rules out
skipped                                    not run: it may be left out, and was; or nothing was handed in for it
waiting                                    cannot be judged yet: a replay, a GPU or a person is to come; no zero
broken                                     the grader's own fault; no zero either

What a *worker* answers is another matter (`sandbox.wire.messages.Status`): of those, `returned` is not yet a verdict.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """See the module; as text it is what stands in files and reports."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    MEMORY = "memory"
    FORBIDDEN = "forbidden"
    PROTOCOL = "protocol"
    SKIPPED = "skipped"
    WAITING = "waiting"
    BROKEN = "broken"

    @property
    def passed(self) -> bool:
        """All points of the case."""
        return self is Status.PASSED

    @property
    def scores(self) -> bool:
        """Says something about the student's work: its points, 0 among them, count."""
        return not (self.pending or self.grader_fault)

    @property
    def pending(self) -> bool:
        """Will be judged by a later run; its points wait, and a total with them is one "so far"."""
        return self is Status.WAITING

    @property
    def grader_fault(self) -> bool:
        """The grader's own fault: a grade with such a case is none."""
        return self is Status.BROKEN

    @property
    def worth_a_look(self) -> bool:
        """A person should see it."""
        return self in _WORTH_A_LOOK

    @property
    def explained(self) -> bool:
        """A known mistake may be named behind it."""
        return self in _EXPLAINED

    @property
    def limited(self) -> bool:
        """Hangs on the limits of the question: others may give another status."""
        return self in _LIMITED


_WORTH_A_LOOK = frozenset({Status.FORBIDDEN, Status.PROTOCOL, Status.CRASHED, Status.MEMORY, Status.BROKEN})
_EXPLAINED = frozenset({Status.FAILED, Status.ERROR, Status.TIMEOUT, Status.MEMORY})
_LIMITED = frozenset({Status.TIMEOUT, Status.MEMORY})
