"""A worker process with the fake sandbox: `python tests/cohort/fake_worker.py PID`. Submissions may kill it.

A hand-in with the words of FAULT in it meets a fault in our own reading, as no reader is free of them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from autograder.cohort.worker import end_with, serve
from autograder.intake import opening
from tests.fakes import FakeSandbox

FAULT = b"# our reader fails here"


def faulty(read):
    """`read_hand_in` with the fault."""

    def reads(hand_in, form):
        if hand_in.path.is_file() and FAULT in hand_in.path.read_bytes():
            raise RecursionError("a fault of the reader")
        return read(hand_in, form)

    return reads


if __name__ == "__main__":
    opening.read_hand_in = faulty(opening.read_hand_in)
    end_with(int(sys.argv[1]))
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, out, lambda mode: FakeSandbox())
