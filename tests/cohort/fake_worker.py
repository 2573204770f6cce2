"""A worker process with the fake sandbox: `python tests/cohort/fake_worker.py PID`. Submissions may kill it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from autograder.cohort.worker import end_with, serve
from tests.fakes import FakeSandbox

if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, out, lambda mode: FakeSandbox())
