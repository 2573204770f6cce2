"""The process of a separate judge (separate.py): it takes answers and says verdicts, until nobody asks any more."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from autograder.grading.bundle import Bundle
from autograder.grading.caching import Caching
from autograder.grading.judging import InProcess
from autograder.grading.verdict import Verdict
from autograder.grading.worlds import parse_world
from autograder.sandbox.layers.privileges import die_with_parent
from autograder.sandbox.wire.frames import TRUSTED, Channel, Closed
from autograder.sandbox.wire.messages import Answer

OUT_OF_MEMORY = 77
_MOST_FDS = 65_536


def serve(sock: socket.socket, bundles: Mapping[str, Bundle], memory: int) -> NoReturn:
    """Work in a forked process and end it; nothing of the parent's is touched, closed in order or flushed."""
    try:
        _settle(sock, memory)
        _work(Channel(sock), bundles)
        os._exit(0)
    except Closed:
        os._exit(0)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException:
        with contextlib.suppress(BaseException):
            traceback.print_exc(file=sys.stderr)
            sys.stderr.flush()
        os._exit(1)


def _settle(sock: socket.socket, memory: int) -> None:
    """Let go of all that is the parent's alone (its sockets to sandboxes above all), and take the limits."""
    die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.closerange(3, sock.fileno())
    os.closerange(sock.fileno() + 1, _MOST_FDS)
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # a system without /proc, or a lower limit in force already
        have = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (have + memory, have + memory))


def _work(channel: Channel, bundles: Mapping[str, Bundle]) -> None:
    def watch(case: str) -> None:
        channel.send({"at": case})

    judge = Caching(InProcess(last=False, watch=watch))
    answers: dict[str, Answer] = {}
    while True:
        request = channel.receive(TRUSTED)
        if request["op"] == "answers":
            for case, *row in request["answers"]:
                own = _answer(case, *row[:4])
                answers[case] = replace(own, given=_answer(case, *row[4:])) if row[4:] else own
            continue
        worlds = {case: parse_world(text) for case, text in request["worlds"].items()}
        bundle, run, explain = bundles[request["bundle"]], tuple(request["run"]), request["explain"]
        found = judge.of_these(bundle, answers, worlds, run, explain)
        answers = {}
        channel.send({"rows": json.dumps([_row(v) for v in found]).encode()})


def _answer(case: str, status: Any, payload: bytes, *texts: bytes) -> Answer:
    message, told = (text.decode("utf-8", "surrogatepass") for text in texts)
    return Answer(case, status, payload=payload, message=message, told=told)


def _row(verdict: Verdict) -> list[Any]:
    """What the other side cannot know: it has the case and the answer itself."""
    told = verdict.explanation
    words = [told.message, told.got, told.expected, told.where, told.misconception, told.feedback, told.diagnosis]
    words = words if any(words) else []
    return [verdict.case, verdict.status.value, str(verdict.credit), verdict.deviation, verdict.board, words]
