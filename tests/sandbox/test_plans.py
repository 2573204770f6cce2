"""Plans: every hidden probe comes after the last public answer, and what students read of endings is then fixed."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.conversation import Conversation
from autograder.sandbox.grader.ending import TOLD
from autograder.sandbox.grader.plan import Phase, Plan, Visit, plan_of
from autograder.sandbox.wire.messages import Answer, Job, Submission
from tests.sandbox.conftest import job_for

QUESTIONS = ("one", "two", "three")


def job(question: str, public: bool, **options: Any) -> Job:
    name = f"{question}_{'shown' if public else 'secret'}"
    probe = f"def {name}(student, world):\n    return student.{question}(world.normal())\n"
    return replace(job_for(probe, public, **options), question=question)


def jobs(**options: Any) -> list[Job]:
    """As a course has them: question by question, public ones first."""
    return [job(question, public, **options) for question in QUESTIONS for public in (True, False)]


def text(**bodies: str) -> str:
    """A submission that defines all questions, some with a body of their own."""
    functions = [f"def {q}(x):\n{textwrap.indent(bodies.get(q, 'return x'), '    ')}\n" for q in QUESTIONS]
    return bodies.get("top", "") + "\n" + "".join(functions)


def run(sandbox: Sandbox, submission: str, **options: Any) -> dict[str, Answer]:
    with sandbox.session(Submission.of_text("hw.py", "hw", submission), torch=False) as session:
        return {answer.case: answer for answer in session.run(*jobs(**options))}


def test_public_jobs_come_before_hidden_ones_in_the_order_given() -> None:
    plan = plan_of(jobs())
    assert [[(v.worker, v.job.public) for v in phase.visits] for phase in plan.phases] == [
        [("one", True), ("two", True), ("three", True)],
        [("one", False), ("two", False), ("three", False)],
    ]
    assert plan.calls_of("two") == 2


@pytest.mark.parametrize("order", [(False, True), (True, False, True)])
def test_a_plan_with_a_public_case_after_a_hidden_one_cannot_be_made(order: tuple[bool, ...]) -> None:
    visits = [Visit("one", job("one", public)) for public in order]
    with pytest.raises(ValueError, match="a public case is planned"):
        Plan(tuple(Phase((visit,)) for visit in visits))
    with pytest.raises(ValueError, match="a public case is planned"):
        Plan((Phase(tuple(visits)),))


def test_a_session_that_has_sent_hidden_probes_gives_no_public_answer_any_more(sandbox: Sandbox) -> None:
    with sandbox.session(Submission.of_text("hw.py", "hw", text()), torch=False) as session:
        session.run(job("one", True))
        session.run(job("one", False))
        session.run(job("two", False))
        with pytest.raises(ValueError, match="has sent hidden probes"):
            session.run(job("two", True))


class Record:
    """What goes to workers and comes back, in order: ("sent", source) and ("answer", case)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[tuple[str, str]] = []
        ask: Callable[..., None] = Conversation._ask
        call: Callable[..., Answer] = Conversation.call

        def asking(conversation: Conversation, op: str, *rest: Any, **fields: Any) -> None:
            if "source" in fields:
                self.events.append(("sent", fields["source"]))
            ask(conversation, op, *rest, **fields)

        def calling(conversation: Conversation, one: Any) -> Answer:
            try:
                return call(conversation, one)
            finally:
                self.events.append(("answer", one.case))

        monkeypatch.setattr(Conversation, "_ask", asking)
        monkeypatch.setattr(Conversation, "call", calling)

    def first_hidden(self) -> int:
        return next(i for i, (kind, what) in enumerate(self.events) if kind == "sent" and "_secret" in what)

    def last_public(self) -> int:
        return max(i for i, (kind, what) in enumerate(self.events) if kind == "answer" and "_shown" in what)


@pytest.mark.parametrize(
    "submission",
    [
        text(),
        text(one="import os; os._exit(3)"),
        text(two="while True: pass"),
        text(one="raise MemoryError", three="import os; os._exit(3)"),
    ],
)
def test_no_hidden_probe_is_sent_before_the_last_public_answer_is_in(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, submission: str
) -> None:
    record = Record(monkeypatch)
    found = run(sandbox, submission, seconds=0.3)
    assert len(found) == 6
    assert record.last_public() < record.first_hidden()


def test_a_question_goes_on_in_the_process_that_ran_its_public_cases(sandbox: Sandbox) -> None:
    counts = text(
        top="calls = []", one="calls.append(x); return len(calls)", three="calls.append(x); return len(calls)"
    )
    found = run(sandbox, counts)
    assert [found[f"{q}_{kind}"].value for q in ("one", "three") for kind in ("shown", "secret")] == [1, 2, 1, 2]


def test_a_worker_that_ends_takes_no_other_with_it(sandbox: Sandbox) -> None:
    counts = text(top="calls = []", one="calls.append(x); return len(calls)", two="import os; os._exit(3)")
    found = run(sandbox, counts)
    assert (found["two_shown"].status, found["two_secret"].status) == ("crashed", "crashed")
    assert (found["one_secret"].status, found["one_secret"].value) == ("returned", 2)


FORGE = """
import os, stat, struct
for n in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(n).st_mode):
            os.write(n, struct.pack("!I", 0x80000000 | 1234567))
    except OSError:
        pass
import time; time.sleep(60)
"""


@pytest.mark.parametrize(
    ("body", "status", "staff"),
    [
        ("import os; os._exit(77)", "crashed", "exit status 77"),
        ("while True: pass", "timeout", "last seen at hw.py, line"),
        (FORGE, "protocol", "a frame of 2,148,718,215 bytes"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGUSR1)", "crashed", "User defined signal 1"),
    ],
)
def test_once_hidden_probes_are_out_students_may_read_one_of_a_few_texts(
    sandbox: Sandbox, body: str, status: str, staff: str
) -> None:
    found = run(sandbox, text(one=body, two=body), seconds=0.6)
    for question in ("one", "two"):
        shown, secret = found[f"{question}_shown"], found[f"{question}_secret"]
        assert (shown.status, shown.told) == (status, "")
        assert staff in shown.message
        assert (secret.status, secret.told) == (status, TOLD[status])
        assert staff in secret.message


def test_a_submission_that_cannot_be_loaded_any_more_is_told_alike_in_the_hidden_phase(sandbox: Sandbox) -> None:
    """It dies while it is loaded for a hidden case only, with words that it chose; who waits parked goes on."""
    top = "import linecache\nif '_secret' in ''.join(linecache.cache['<test case>'][2]):\n    import os; os._exit(99)\n"
    body = "import os; os._exit(1)"
    submission = Submission.of_text("hw.py", "hw", text(top=top, one=body, three=body))
    with sandbox.session(submission, torch=False) as session:
        found = {answer.case: answer for answer in session.run(*jobs())}
        loads = session.table.started
    assert [found[f"{q}_shown"].status for q in QUESTIONS] == ["crashed", "returned", "crashed"]
    assert [found[f"{q}_secret"].status for q in QUESTIONS] == ["crashed", "returned", "crashed"]
    assert {found[f"{q}_secret"].told for q in ("one", "three")} == {TOLD["crashed"]}
    for question in ("one", "three"):  # held for the third without another try
        assert "while the submission was loaded (exit status 99)" in found[f"{question}_secret"].message
    assert loads == 4


@pytest.mark.parametrize(
    ("bodies", "loads"),
    [
        ({}, 3),  # one for each question
        ({"one": "import os; os._exit(1)"}, 4),  # its worker is lost with the public case, so there is one more
        (dict.fromkeys(QUESTIONS, "import os; os._exit(1)"), 6),
        ({"top": "import os; os._exit(1)"}, 1),  # it dies while it is loaded: tried once
    ],
)
def test_a_submission_is_loaded_once_for_each_question_and_each_lost_worker(
    sandbox: Sandbox, bodies: dict[str, str], loads: int
) -> None:
    with sandbox.session(Submission.of_text("hw.py", "hw", text(**bodies)), torch=False) as session:
        session.run(*jobs())
        assert session.table.started == loads
